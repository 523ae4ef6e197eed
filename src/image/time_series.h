// The buckets of a time series, out of the bytes of a map's value (TypeKind::kTimeSeries in ast/type.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ast/type.h"
#include "image/bytes.h"

namespace hawk {

struct SeriesBucket {
  std::uint64_t interval = 0;  // number of the interval since 1970, TAI
  std::uint64_t value = 0;     // what the series keeps of it; for avg the quotient, toward zero
};

// What the ring's bucket `index` holds; nullopt if it was never written.
[[nodiscard]] std::optional<SeriesBucket> load_series_bucket(const Type& type, Bytes bytes, std::uint64_t index);
// What is known of an interval; nullopt if nothing came in it, or newer ones have taken its place.
[[nodiscard]] std::optional<std::uint64_t> series_value(const Type& type, Bytes bytes, std::uint64_t interval);
// The newest interval in which something came; nullopt if nothing ever did.
[[nodiscard]] std::optional<std::uint64_t> newest_interval(const Type& type, Bytes bytes);

// Of each bucket the newer interval stays; what two CPUs have of the same one becomes one.
void merge_series(const Type& type, std::span<std::uint8_t> into, Bytes from);

}  // namespace hawk
