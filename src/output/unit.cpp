#include "output/unit.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>
#include <span>

namespace hawk {

namespace {

struct UnitScale {
  double step;
  std::span<const char* const> suffixes;
};
constexpr std::array kSiSuffixes = {"", "k", "M", "G", "T", "P", "E"};
constexpr std::array kByteSuffixes = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
constexpr std::array kSecondSuffixes = {"ns", "us", "ms", "s"};

// Whether it would be written as `limit`, rounded to one decimal.
bool reaches(double value, double limit) { return std::round(value * 10) >= limit * 10; }

void append_amount(std::string& out, double value) {
  bool whole = value == std::floor(value);
  fmt::format_to(std::back_inserter(out), "{:.{}f}", value, whole ? 0 : 1);
}

void append_scaled(std::string& out, double value, const UnitScale& scale) {
  std::size_t step = 0;
  for (; step + 1 < scale.suffixes.size() && reaches(value, scale.step); ++step) value /= scale.step;
  if (step == 0) {
    append_amount(out, value);
  } else {
    fmt::format_to(std::back_inserter(out), "{:.1f}", value);
  }
  out += scale.suffixes[step];
}

// From a minute on in two parts: 1m30s, 2h05m, 3d07h.
void append_duration(std::string& out, double ns) {
  if (!reaches(ns / 1e9, 60)) return append_scaled(out, ns, {1000, kSecondSuffixes});
  auto seconds = static_cast<std::uint64_t>(std::llround(ns / 1e9));
  std::uint64_t minutes = seconds / 60;
  std::uint64_t hours = minutes / 60;
  auto into = std::back_inserter(out);
  if (hours == 0) {
    fmt::format_to(into, "{}m{:02}s", minutes, seconds % 60);
  } else if (hours < 24) {
    fmt::format_to(into, "{}h{:02}m", hours, minutes % 60);
  } else {
    fmt::format_to(into, "{}d{:02}h", hours / 24, hours % 24);
  }
}

}  // namespace

void append_with_unit(std::string& out, double value, Unit unit, double sum) {
  if (std::isnan(value) || std::isinf(value)) {
    out += std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    return;
  }
  if (value < 0) out += '-';
  double size = std::fabs(value);
  switch (unit) {
    case Unit::kPlain: return append_amount(out, size);
    case Unit::kSi: return append_scaled(out, size, {1000, kSiSuffixes});
    case Unit::kBytes: return append_scaled(out, size, {1024, kByteSuffixes});
    case Unit::kDuration: return append_duration(out, size);
    case Unit::kPercent:
      fmt::format_to(std::back_inserter(out), "{:.1f}%", sum == 0 ? 0 : std::fabs(value / sum) * 100);
      return;
  }
}

}  // namespace hawk
