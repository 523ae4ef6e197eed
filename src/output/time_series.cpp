#include "output/time_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>

#include "image/time_series.h"
#include "output/clock_text.h"
#include "output/text_value.h"

namespace hawk {

namespace {

constexpr std::size_t kWidth = 53;  // columns, the two borders included
constexpr std::string_view kRule = "___________________________________________________";
static_assert(kRule.size() == kWidth - 2);

// How far a time is shown: as far as the intervals differ.
struct Precision {
  std::int64_t interval;  // of at least so many ns
  std::string_view heading;
  std::string_view format;  // append_time, with fractions
  std::size_t width;
};
constexpr Precision kPrecisions[] = {{1'000'000'000, "hh:mm:ss", "%H:%M:%S", 8},
                                     {1'000'000, "hh:mm:ss.ms", "%H:%M:%S.%l", 12},
                                     {1'000, "hh:mm:ss.μs", "%H:%M:%S.%f", 15},
                                     {0, "hh:mm:ss.ns", "%H:%M:%S.%k", 18}};

const Precision& precision_of(std::int64_t interval_ns) {
  return *std::find_if(std::begin(kPrecisions), std::end(kPrecisions),
                       [=](const Precision& row) { return interval_ns >= row.interval; });
}

const Precision& precision_of(const Type& type, const std::vector<SeriesRow>& rows) {
  if (rows.size() < 2) return kPrecisions[3];  // as bpftrace, for which two rows make an interval
  return precision_of(type.range_min);
}

// The values between the two borders of the graph.
struct Scale {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  // Of the value that lies on the left border (0), on the right one (52), or between them. In single precision, as
  // bpftrace computes.
  [[nodiscard]] float column(std::uint64_t value) const {
    return static_cast<float>(value - low) / static_cast<float>(high - low) * (kWidth - 1);
  }
};

// nullopt where no row has a value.
std::optional<Scale> scale_of(const Type& type, const std::vector<SeriesRow>& rows) {
  std::optional<Scale> scale;
  for (const SeriesRow& row : rows) {
    if (!row.value) continue;
    if (!scale) scale = Scale{*row.value, *row.value};
    if (is_less(type, *row.value, scale->low)) scale->low = *row.value;
    if (is_less(type, scale->high, *row.value)) scale->high = *row.value;
  }
  if (!scale || scale->low != scale->high) return scale;
  constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
  std::uint64_t lowest = type.is_signed ? kSignBit : 0;
  if (scale->low != lowest) --scale->low;
  if (scale->high != lowest - 1) ++scale->high;
  return scale;
}

std::string number_text(const Type& type, std::uint64_t value) {
  std::string text;
  if (type.is_signed) append_decimal(text, static_cast<std::int64_t>(value));
  else append_decimal(text, value);
  return text;
}

// The borders, and a dot where zero is, if it is between them.
std::string empty_line(const Type& type, const std::optional<Scale>& scale) {
  std::string line(kWidth, ' ');
  line.front() = line.back() = '|';
  bool spans_zero = scale && type.is_signed && static_cast<std::int64_t>(scale->low) < 0 &&
                    static_cast<std::int64_t>(scale->high) > 0;
  if (spans_zero) line[static_cast<std::size_t>(std::round(scale->column(0)))] = '.';
  return line;
}

void append_bounds(std::string& out, std::size_t indent, const Type& type, const std::optional<Scale>& scale) {
  std::string low = scale ? number_text(type, scale->low) : "null";
  std::string high = scale ? number_text(type, scale->high) : "null";
  fmt::format_to(std::back_inserter(out), "{:{}}{:<21}{:>32}\n", "", indent, low, high);
}

}  // namespace

std::string_view interval_time_format(std::int64_t interval_ns) { return precision_of(interval_ns).format; }

std::int64_t start_of(const Type& type, const SeriesRow& row, const FormatContext& context) {
  std::uint64_t ns = row.interval * static_cast<std::uint64_t>(type.range_min);
  return context.resolver->wall_clock_ns(ns, Clock::kTai);
}

std::vector<SeriesRow> shown_intervals(const Type& type, Bytes bytes, std::optional<std::uint64_t> newest) {
  std::vector<SeriesRow> rows;
  if (!newest) return rows;
  auto length = static_cast<std::uint64_t>(type.range_max);
  std::uint64_t first = *newest < length ? 0 : *newest - length + 1;
  for (std::uint64_t interval = first; interval <= *newest; ++interval) {
    auto value = series_value(type, bytes, interval);
    if (value || !rows.empty() || interval == *newest) rows.push_back({interval, value});
  }
  return rows;
}

void append_time_series(std::string& out, const Type& type, const std::vector<SeriesRow>& rows,
                        const FormatContext& context) {
  if (rows.empty()) {
    out += "<no data>";
    return;
  }
  const Precision& precision = precision_of(type, rows);
  std::optional<Scale> scale = scale_of(type, rows);
  std::size_t indent = precision.width + 1;
  append_bounds(out, indent, type, scale);
  // Filled up by bytes, as bpftrace does: the two of `μ` leave the border one column to the left.
  out += precision.heading;
  out.append(indent - precision.heading.size(), ' ');
  fmt::format_to(std::back_inserter(out), "|{}|\n", kRule);
  std::string empty = empty_line(type, scale);
  for (const SeriesRow& row : rows) {
    append_time(out, precision.format, start_of(type, row, context), true);
    std::string line = empty;
    if (row.value) line[static_cast<std::size_t>(scale->column(*row.value))] = '*';
    fmt::format_to(std::back_inserter(out), " {} {}\n", line, row.value ? number_text(type, *row.value) : "-");
  }
  fmt::format_to(std::back_inserter(out), "{:{}}v{}v\n", "", indent, kRule);
  append_bounds(out, indent, type, scale);
}

void append_json_time_series(std::string& out, const Type& type, const std::vector<SeriesRow>& rows,
                             const FormatContext& context) {
  out += '[';
  const char* separator = "";
  for (const SeriesRow& row : rows) {
    if (!row.value) continue;
    out += separator;
    separator = ",";
    out += R"({"interval_start":")";
    append_utc_time(out, "%Y-%m-%d %H:%M:%S.%k", start_of(type, row, context));
    out += R"(","value":)";
    out += number_text(type, *row.value);
    out += '}';
  }
  out += ']';
}

}  // namespace hawk
