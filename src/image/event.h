// What the runtime hands to whoever formats: raw bytes together with the schema that explains them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ast/schema.h"

namespace hawk {

struct Event {
  const EventSchema* schema = nullptr;
  std::span<const std::uint8_t> bytes;  // whole record, header included; valid during the call
};

// When and where it happened; nullopt if the program was not compiled to say so.
[[nodiscard]] std::optional<EventOrigin> event_origin(const Event& event);

// One entry as user space reads it: for a per-CPU map the values of all CPUs, merged (merge_per_cpu).
struct MapEntry {
  std::vector<std::uint8_t> key;    // map_key_size bytes; empty for a scalar
  std::vector<std::uint8_t> value;  // schema.value.size bytes
};

struct MapSnapshot {
  const MapSchema* schema = nullptr;
  std::vector<MapEntry> entries;  // in the kernel's order; a scalar has one
  bool written = true;            // scalars: false while never written or cleared (value is then all zero)
};

// Bytes of memory, about.
[[nodiscard]] std::size_t memory_size(const MapSnapshot& snapshot);

// Merges one CPU's aggregation value into `into` (both type.size bytes): sums, minima, maxima, buckets.
void merge_per_cpu(const Type& type, std::span<std::uint8_t> into, std::span<const std::uint8_t> from);
// Adds each word of 8 bytes to the one at its place.
void add_words(std::span<std::uint8_t> into, std::span<const std::uint8_t> from);

}  // namespace hawk
