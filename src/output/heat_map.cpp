#include "output/heat_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <span>
#include <string_view>

#include "image/heat_map.h"
#include "output/clock_text.h"
#include "output/histogram.h"
#include "output/json_value.h"
#include "output/time_series.h"

namespace hawk {

namespace {

constexpr std::size_t kLabelWidth = 16;

// How counts are shown, from the smallest to the largest: a character each, and a colour (of 256) if there are any.
struct Shades {
  std::span<const std::string_view> glyphs;
  std::span<const std::uint8_t> colours = {};
};
constexpr std::array<std::string_view, 8> kAscii = {".", ":", "-", "=", "+", "*", "#", "@"};
constexpr std::array<std::string_view, 4> kBlocks = {"░", "▒", "▓", "█"};
constexpr std::array<std::string_view, 8> kColouredBlocks = {"░", "░", "▒", "▒", "▓", "▓", "█", "█"};
constexpr std::array<std::uint8_t, 8> kHeat = {52, 88, 124, 160, 202, 208, 220, 229};  // dark red to pale yellow

Shades shades_for(const Shading& wish) {
  if (!wish.colour) return {wish.blocks ? std::span<const std::string_view>(kBlocks) : kAscii};
  return {wish.blocks ? kColouredBlocks : kAscii, kHeat};
}

// The smallest count of each shade. Counts of a latency go over powers of ten, and the rare ones matter: the steps are
// equal ratios.
std::vector<std::uint32_t> steps_of(std::uint32_t most, std::size_t shades) {
  std::vector<std::uint32_t> steps;
  for (std::size_t i = 0; i < shades; ++i) {
    double step = std::pow(most, static_cast<double>(i) / static_cast<double>(shades));
    steps.push_back(static_cast<std::uint32_t>(std::ceil(step - 1e-9)));
  }
  return steps;
}

class Painter {
 public:
  Painter(std::string& out, const Shades& shades, std::uint32_t most)
      : out_(out), shades_(shades), steps_(steps_of(most, shades.glyphs.size())) {}

  void cell(std::uint32_t count) {
    if (count == 0) {
      colour(std::nullopt);
      out_ += ' ';
      return;
    }
    auto above = std::upper_bound(steps_.begin(), steps_.end(), count);
    paint(static_cast<std::size_t>(above - steps_.begin()) - 1);
  }

  void end_row() { colour(std::nullopt); }

  // Each shade that a count can have, and from which on.
  void legend() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (i + 1 < steps_.size() && steps_[i + 1] == steps_[i]) continue;
      paint(i);
      end_row();
      fmt::format_to(std::back_inserter(out_), " {}  ", steps_[i]);
    }
  }

 private:
  void paint(std::size_t shade) {
    if (!shades_.colours.empty()) colour(shades_.colours[shade]);
    out_ += shades_.glyphs[shade];
  }

  void colour(std::optional<std::uint8_t> wanted) {
    if (wanted == colour_) return;
    colour_ = wanted;
    if (wanted) fmt::format_to(std::back_inserter(out_), "\x1b[38;5;{}m", *wanted);
    else out_ += "\x1b[0m";
  }

  std::string& out_;
  Shades shades_;
  std::vector<std::uint32_t> steps_;
  std::optional<std::uint8_t> colour_;
};

std::int64_t start_of(const Type& type, std::uint64_t interval, const FormatContext& context) {
  std::uint64_t ns = interval * static_cast<std::uint64_t>(type.range_min);
  return context.resolver->wall_clock_ns(ns, Clock::kTai);
}

std::uint32_t largest_count(const HeatGrid& grid) {
  std::uint32_t most = 0;
  for (const auto& column : grid.columns) most = std::max(most, *std::max_element(column.begin(), column.end()));
  return most;
}

// `1s`, `250ms`: in the largest unit that gives a whole number.
std::string duration_text(std::int64_t ns) {
  struct Unit {
    std::int64_t ns;
    std::string_view name;
  };
  constexpr Unit kUnits[] = {{3'600'000'000'000, "h"}, {60'000'000'000, "m"}, {1'000'000'000, "s"},
                             {1'000'000, "ms"},        {1'000, "us"},         {1, "ns"}};
  const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return ns % u.ns == 0; });
  return fmt::format("{}{}", ns / unit->ns, unit->name);
}

// The times at which the first and the last column begin, below them where there is room.
void append_times(std::string& out, const Type& type, const HeatGrid& grid, const FormatContext& context) {
  std::string first;
  std::string last;
  std::string_view format = interval_time_format(type.range_min);
  append_time(first, format, start_of(type, grid.first, context), true);
  append_time(last, format, start_of(type, grid.first + grid.columns.size() - 1, context), true);
  fmt::format_to(std::back_inserter(out), "{:{}} {}", "", kLabelWidth, first);
  if (grid.columns.size() > 1) {
    std::size_t used = first.size() + last.size();
    out.append(grid.columns.size() > used ? grid.columns.size() - used : 1, ' ');
    out += last;
  }
  out += '\n';
}

// The newest columns that fit on the terminal.
HeatGrid cut_to_width(HeatGrid grid, std::size_t width) {
  constexpr std::size_t kBorders = 2;
  std::size_t most = width > kLabelWidth + kBorders ? width - kLabelWidth - kBorders : 0;
  if (most == 0 || grid.columns.size() <= most) return grid;
  std::size_t gone = grid.columns.size() - most;
  grid.columns.erase(grid.columns.begin(), grid.columns.begin() + static_cast<std::ptrdiff_t>(gone));
  grid.first += gone;
  return grid;
}

}  // namespace

HeatGrid heat_grid(const Type& type, Bytes bytes, std::optional<std::uint64_t> newest) {
  HeatGrid grid;
  if (!newest) return grid;
  std::vector<HeatInterval> intervals = heat_intervals(type, bytes, *newest);
  if (intervals.empty()) return grid;
  grid.first = intervals.front().interval;
  grid.columns.assign(*newest - grid.first + 1, std::vector<std::uint32_t>(hist_bucket_count(0)));
  grid.low = hist_bucket_count(0);
  for (HeatInterval& each : intervals) {
    for (std::uint32_t i = 0; i < each.counts.size(); ++i) {
      if (each.counts[i] == 0) continue;
      grid.low = std::min(grid.low, i);
      grid.high = std::max(grid.high, i);
    }
    grid.columns[each.interval - grid.first] = std::move(each.counts);
  }
  return grid;
}

void append_heat_map(std::string& out, const Type& type, const HeatGrid& whole, const FormatContext& context) {
  if (whole.columns.empty()) {
    out += "<no data>";
    return;
  }
  HeatGrid grid = cut_to_width(whole, context.shading.width);
  Painter painter(out, shades_for(context.shading), std::max<std::uint32_t>(largest_count(grid), 1));
  for (std::uint32_t bucket = grid.high + 1; bucket-- > grid.low;) {
    fmt::format_to(std::back_inserter(out), "{:<{}}|", hist_bucket(bucket, 0).label, kLabelWidth);
    for (const auto& column : grid.columns) painter.cell(column[bucket]);
    painter.end_row();
    out += "|\n";
  }
  fmt::format_to(std::back_inserter(out), "{:{}}|{}|\n", "", kLabelWidth, std::string(grid.columns.size(), '_'));
  append_times(out, type, grid, context);
  fmt::format_to(std::back_inserter(out), "{:{}} ", "", kLabelWidth);
  painter.legend();
  fmt::format_to(std::back_inserter(out), "{} a column\n", duration_text(type.range_min));
}

void append_json_heat_map(std::string& out, const Type& type, const HeatGrid& grid, const FormatContext& context) {
  fmt::format_to(std::back_inserter(out), R"({{"interval_ns": {}, "buckets": [)", type.range_min);
  const char* separator = "";
  for (std::uint32_t bucket = grid.low; !grid.columns.empty() && bucket <= grid.high; ++bucket) {
    out += separator;
    separator = ",";
    out += '{';
    append_json_bounds(out, hist_bucket(bucket, 0));
    out += '}';
  }
  out += R"(], "intervals": [)";
  separator = "";
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    out += separator;
    separator = ",";
    out += R"({"interval_start": ")";
    append_utc_time(out, "%Y-%m-%d %H:%M:%S.%k", start_of(type, grid.first + i, context));
    const auto& counts = grid.columns[i];
    auto end = counts.begin() + grid.high + 1;
    fmt::format_to(std::back_inserter(out), R"(", "counts": [{}]}})", fmt::join(counts.begin() + grid.low, end, ","));
  }
  out += "]}";
}

}  // namespace hawk
