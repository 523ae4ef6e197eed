// The events of `software:` and `hardware:` probes: their names, what perf_event_open(2) calls them, and how
// often a probe fires where the script does not say.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hawk {

struct PerfEventRow {
  std::string_view name;        // "context-switches"
  std::string_view alias;       // "cs", or ""
  std::uint32_t type;           // perf_event_attr.type: PERF_TYPE_SOFTWARE or PERF_TYPE_HARDWARE
  std::uint64_t config;         // perf_event_attr.config
  std::uint64_t default_count;  // fires once in so many events
};

[[nodiscard]] std::span<const PerfEventRow> software_events();
[[nodiscard]] std::span<const PerfEventRow> hardware_events();

// By name or alias; null if there is none.
[[nodiscard]] const PerfEventRow* find_perf_event(std::span<const PerfEventRow> events, std::string_view name);

}  // namespace hawk
