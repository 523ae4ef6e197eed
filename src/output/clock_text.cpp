#include "output/clock_text.h"

#include <fmt/format.h>

#include <ctime>
#include <iterator>

namespace hawk {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::string expand_fractions(std::string_view format, std::int64_t ns) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    char next = format[i] == '%' && i + 1 < format.size() ? format[i + 1] : '\0';
    if (next == '\0') {
      out += format[i];
      continue;
    }
    ++i;
    if (next == 'f') fmt::format_to(std::back_inserter(out), "{:06}", ns / 1000);
    else if (next == 'k') fmt::format_to(std::back_inserter(out), "{:09}", ns);
    else if (next == 'l') fmt::format_to(std::back_inserter(out), "{:03}", ns / 1'000'000);
    else out += {'%', next};
  }
  return out;
}

// Rounded down.
std::time_t seconds_of(std::int64_t ns) { return static_cast<std::time_t>(ns / kSecond - (ns % kSecond < 0 ? 1 : 0)); }

void append_fields(std::string& out, std::string pattern, const std::tm& fields) {
  pattern += ' ';  // tells an empty result from one that did not fit
  std::size_t start = out.size();
  for (std::size_t room = 64 + 2 * pattern.size();; room *= 2) {
    out.resize(start + room);
    std::size_t length = std::strftime(out.data() + start, room, pattern.c_str(), &fields);
    if (length == 0 && room < (std::size_t{1} << 20)) continue;
    out.resize(start + (length == 0 ? 0 : length - 1));
    return;
  }
}

}  // namespace

void append_time(std::string& out, std::string_view format, std::int64_t ns, bool fractions) {
  std::time_t seconds = seconds_of(ns);
  std::tm fields{};
  if (localtime_r(&seconds, &fields) == nullptr) return;
  append_fields(out, fractions ? expand_fractions(format, ns - seconds * kSecond) : std::string(format), fields);
}

void append_utc_time(std::string& out, std::string_view format, std::int64_t ns) {
  std::time_t seconds = seconds_of(ns);
  std::tm fields{};
  if (gmtime_r(&seconds, &fields) == nullptr) return;
  append_fields(out, expand_fractions(format, ns - seconds * kSecond), fields);
}

std::int64_t wall_clock_now() {
  std::timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * kSecond + now.tv_nsec;
}

}  // namespace hawk
