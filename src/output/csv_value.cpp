#include "output/csv_value.h"

#include <algorithm>

#include "image/load_value.h"
#include "image/members.h"
#include "image/summary.h"
#include "image/time_series.h"
#include "output/clock_text.h"
#include "output/heat_map.h"
#include "output/histogram.h"
#include "output/text_value.h"
#include "output/time_series.h"

namespace hawk {

namespace {

struct Target {
  std::vector<CsvPart>& parts;
  const FormatContext& context;
  const CsvOptions& options;
};

std::string decimal(std::uint64_t value, bool is_signed) {
  return is_signed ? std::to_string(static_cast<std::int64_t>(value)) : std::to_string(value);
}

std::string utc(std::int64_t wall_ns) {
  std::string text;
  append_utc_time(text, "%Y-%m-%dT%H:%M:%S.%kZ", wall_ns);
  return text;
}

// A stack in one cell, the outermost frame first, as folded stacks are written.
std::string folded(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    std::size_t end = lines.find_last_of('\n');
    std::string_view line = end == std::string_view::npos ? lines : lines.substr(end + 1);
    std::size_t begin = line.find_first_not_of(" \t");
    if (begin != std::string_view::npos) out += (out.empty() ? "" : ";") + std::string(line.substr(begin));
    lines = lines.substr(0, end == std::string_view::npos ? 0 : end);
  }
  return out;
}

std::string cell_text(const Type& type, Bytes bytes, const FormatContext& context, std::uint64_t div) {
  std::string text;
  append_value({text, context, {.plus = false, .div = div}}, type, bytes);
  return is_stack(type) ? folded(text) : text;
}

// A row for each interval and bucket with a count: the field is when the interval begins.
void add_heat_map(const Target& to, const Type& type, Bytes bytes) {
  HeatGrid grid = heat_grid(type, bytes, to.options.newest);
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    std::string start = utc(start_of(type, {.interval = grid.first + i, .value = {}}, to.context));
    for (std::uint32_t index = grid.low; index <= grid.high; ++index) {
      if (grid.columns[i][index] == 0) continue;
      Bucket bucket = hist_bucket(index, 0);
      to.parts.push_back({.field = start,
                          .low = bucket.has_low ? decimal(bucket.low, false) : "",
                          .high = bucket.has_high ? decimal(bucket.high, !bucket.has_low) : "",
                          .value = decimal(grid.columns[i][index], false)});
    }
  }
}

void add_parts(const Target& to, const std::string& field, const Type& type, Bytes bytes);

void add_members(const Target& to, const std::string& field, const Type& type, Bytes bytes) {
  if (!type.def) return;
  for_each_member(*type.def, bytes, [&](const Member& member) {
    std::string name = field.empty() ? member.name : field + "." + member.name;
    if (type.kind == TypeKind::kStruct && is_char_array(member.type)) {
      const auto* text = reinterpret_cast<const char*>(member.bytes.data());
      to.parts.push_back({.field = name, .value = std::string(text, strnlen(text, member.bytes.size()))});
    } else {
      add_parts(to, name, member.type, member.bytes);
    }
  });
}

void add_average(const Target& to, const Type& type, Bytes bytes) {
  StatsNumbers numbers = load_stats(type, bytes, to.options.div);
  to.parts.push_back({.field = "count", .value = decimal(numbers.count, false)});
  to.parts.push_back({.field = "average", .value = decimal(numbers.average, type.is_signed)});
  to.parts.push_back({.field = "total", .value = decimal(numbers.total, type.is_signed)});
}

void add_summary(const Target& to, const Type& type, Bytes bytes) {
  for (const SummaryNumber& number : summary_of(type, bytes, to.options.div)) {
    std::string text;
    format_value(text, number.type, number.bytes(), to.context);
    to.parts.push_back({.field = std::string(number.name), .value = std::move(text)});
  }
}

void add_buckets(const Target& to, const Type& type, Bytes bytes) {
  bool linear = type.kind == TypeKind::kLinearHist;
  for (const Bucket& bucket : shown_buckets(type, bytes, to.options.div)) {
    to.parts.push_back({.field = "count",
                        .low = bucket.has_low ? decimal(bucket.low, linear) : "",
                        .high = bucket.has_high ? decimal(bucket.high, linear || !bucket.has_low) : "",
                        .value = decimal(bucket.count, false)});
  }
}

void add_series(const Target& to, const Type& type, Bytes bytes) {
  for (const SeriesRow& row : shown_intervals(type, bytes, to.options.newest)) {
    if (!row.value) continue;
    std::int64_t start = start_of(type, row, to.context);
    to.parts.push_back(
        {.low = utc(start), .high = utc(start + type.range_min), .value = decimal(*row.value, type.is_signed)});
  }
}

void add_parts(const Target& to, const std::string& field, const Type& type, Bytes bytes) {
  switch (type.kind) {
    case TypeKind::kTuple:
    case TypeKind::kRecord:
    case TypeKind::kStruct: return add_members(to, field, type, bytes);
    case TypeKind::kAvg: return add_average(to, type, bytes);
    case TypeKind::kStats:
    case TypeKind::kPercentiles:
    case TypeKind::kDeviation: return add_summary(to, type, bytes);
    case TypeKind::kHeatMap: return add_heat_map(to, type, bytes);
    case TypeKind::kHist:
    case TypeKind::kLinearHist: return add_buckets(to, type, bytes);
    case TypeKind::kTimeSeries: return add_series(to, type, bytes);
    case TypeKind::kError:
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kPointer:
    case TypeKind::kFloat:
    case TypeKind::kText:
    case TypeKind::kString:
    case TypeKind::kBuffer:
    case TypeKind::kArray:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kUsername:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath:
    case TypeKind::kContext:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: break;
  }
  to.parts.push_back({.field = field, .value = cell_text(type, bytes, to.context, to.options.div)});
}

bool has_columns(const Type& key) { return (key.kind == TypeKind::kTuple || key.kind == TypeKind::kRecord) && key.def; }

}  // namespace

std::vector<CsvPart> csv_parts(const Type& type, Bytes bytes, const FormatContext& context, const CsvOptions& options) {
  std::vector<CsvPart> parts;
  add_parts({parts, context, options}, "", type, bytes);
  return parts;
}

std::size_t key_columns(const Type& key) {
  if (key.kind == TypeKind::kNone) return 0;
  return has_columns(key) ? key.def->fields.size() : 1;
}

std::vector<std::string> key_cells(const Type& key, Bytes bytes, const FormatContext& context) {
  if (!has_columns(key)) return {cell_text(key, bytes, context, 1)};
  std::vector<std::string> cells;
  for_each_member(*key.def, bytes,
                  [&](const Member& member) { cells.push_back(cell_text(member.type, member.bytes, context, 1)); });
  return cells;
}

}  // namespace hawk
