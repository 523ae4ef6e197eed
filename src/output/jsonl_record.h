// What every record of -f jsonl begins with.
#pragma once

#include <cstdint>
#include <string_view>

#include "output/json_writer.h"

namespace hawk {

struct Moment {
  std::uint64_t boot_ns = 0;  // CLOCK_BOOTTIME
  std::int64_t wall_ns = 0;   // since 1970 (UTC)
};
[[nodiscard]] Moment moment_now();

// Opens the object: schema, type, time and boot_ns.
void begin_record(JsonWriter& to, std::string_view type, const Moment& when);

}  // namespace hawk
