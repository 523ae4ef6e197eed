#include "output/jsonl_record.h"

#include <ctime>
#include <string>

#include "output/clock_text.h"
#include "output/jsonl_value.h"

namespace hawk {

namespace {
constexpr std::uint64_t kSchemaVersion = 1;
}  // namespace

Moment moment_now() {
  std::timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  auto boot_ns = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
  return {.boot_ns = boot_ns, .wall_ns = wall_clock_now()};
}

void begin_record(JsonWriter& to, std::string_view type, const Moment& when) {
  to.begin_object();
  to.key("schema").number(kSchemaVersion);
  to.key("type").text(type);
  to.key("time");
  write_time(to, when.wall_ns);
  to.key("boot_ns").text(std::to_string(when.boot_ns));
}

}  // namespace hawk
