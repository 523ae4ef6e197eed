#include "output/jsonl_value.h"

#include <fmt/format.h>

#include <array>

#include "image/heat_map.h"
#include "image/load_value.h"
#include "image/members.h"
#include "image/summary.h"
#include "image/time_series.h"
#include "output/clock_text.h"
#include "output/heat_map.h"
#include "output/histogram.h"
#include "output/stack_frames.h"
#include "output/text_value.h"
#include "output/time_series.h"
#include "support/check.h"

namespace hawk {

namespace {

void write_integer(const JsonTarget& to, const Type& type, std::uint64_t raw) {
  std::uint64_t value = divide(type, raw, to.div);
  type.is_signed ? to.to.number(static_cast<std::int64_t>(value)) : to.to.number(value);
}

void write_number(const JsonTarget& to, const Type& type, std::uint64_t value) {
  type.is_signed ? to.to.number(static_cast<std::int64_t>(value)) : to.to.number(value);
}

void write_address(const JsonTarget& to, std::uint64_t address) { to.to.text(fmt::format("{:#x}", address)); }

void write_enum(const JsonTarget& to, const Type& type, std::uint64_t raw) {
  to.to.begin_object();
  to.to.key("enum");
  const std::string* name = find_enumerator(type, raw);
  name != nullptr ? to.to.text(*name) : to.to.null();
  to.to.key("value");
  write_number(to, type, raw);
  to.to.end_object();
}

// A string that did not fit says so.
void write_string(const JsonTarget& to, const Type& type, Bytes bytes) {
  StringText string = load_string(type, bytes);
  if (!string.cut) return to.to.text(string.text);
  to.to.begin_object();
  to.to.key("$cut").text(string.text);
  to.to.end_object();
}

// What is shown in text as one text is one here.
void write_as_text(const JsonTarget& to, const Type& type, Bytes bytes) {
  std::string text;
  append_value({text, to.context}, type, bytes);
  to.to.text(text);
}

void write_frame(const JsonTarget& to, const StackFrame& frame) {
  to.to.begin_object();
  if (!frame.build_id.empty()) {
    to.to.key("build_id").text(frame.build_id);
    to.to.key("offset").number(frame.offset);
    to.to.end_object();
    return;
  }
  to.to.key("address");
  write_address(to, frame.address);
  if (!frame.symbol.empty()) {
    to.to.key("symbol").text(frame.symbol);
    to.to.key("offset").number(frame.offset);
  }
  if (!frame.module.empty()) to.to.key("module").text(frame.module);
  to.to.end_object();
}

StackFrame frame_at(const JsonTarget& to, bool kernel, std::uint64_t address, std::uint32_t tgid) {
  Resolver& resolver = *to.context.resolver;
  StackFrame frame = kernel ? resolver.kernel_frame(address) : resolver.user_frame(address, tgid);
  frame.address = address;
  return frame;
}

// Frames from the innermost on; those of stacks that are wanted raw are addresses alone.
void write_stack(const JsonTarget& to, const Type& type, Bytes bytes) {
  bool named = type.stack_mode != StackMode::kRaw;
  to.to.begin_array();
  for (const StackFrame& frame : stack_frames(type, bytes, to.context, named)) write_frame(to, frame);
  to.to.end_array();
}

void write_symbol(const JsonTarget& to, const Type& type, Bytes bytes) {
  bool kernel = type.kind == TypeKind::kKernelSymbol;
  std::uint32_t tgid = kernel ? 0 : static_cast<std::uint32_t>(load_word(bytes, 1));
  write_frame(to, frame_at(to, kernel, load_word(bytes, 0), tgid));
}

void write_user(const JsonTarget& to, Bytes bytes) {
  std::string name = to.context.resolver->user_name(load_unsigned(bytes));
  to.to.begin_object();
  to.to.key("uid").number(load_unsigned(bytes));
  to.to.key("name");
  name.empty() ? to.to.null() : to.to.text(name);
  to.to.end_object();
}

void write_timestamp(const JsonTarget& to, const Type& type, Bytes bytes) {
  auto clock = static_cast<Clock>(load_unsigned(bytes, 4));
  to.to.begin_object();
  to.to.key("text");
  write_as_text(to, type, bytes);
  to.to.key("time");
  write_time(to.to, to.context.resolver->wall_clock_ns(load_word(bytes, 1), clock));
  to.to.end_object();
}

// --- values of several parts ----------------------------------------------------------------------

// Arrays of char are text where they are members of a struct.
void write_member(const JsonTarget& to, const Type& type, Bytes bytes, bool in_struct) {
  if (in_struct && is_char_array(type)) {
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    return to.to.text({text, strnlen(text, bytes.size())});
  }
  if (type.kind != TypeKind::kArray) return write_value(to, type, bytes);
  to.to.begin_array();
  for_each_element(type, bytes, [&](Bytes element) { write_member(to, *type.element, element, in_struct); });
  to.to.end_array();
}

void write_tuple(const JsonTarget& to, const Type& type, Bytes bytes) {
  to.to.begin_array();
  if (type.def) for_each_member(*type.def, bytes, [&](const Member& part) { write_value(to, part.type, part.bytes); });
  to.to.end_array();
}

void write_fields(const JsonTarget& to, const Type& type, Bytes bytes) {
  to.to.begin_object();
  if (type.def) {
    for_each_member(*type.def, bytes, [&](const Member& member) {
      to.to.key(member.name);
      write_member(to, member.type, member.bytes, type.kind == TypeKind::kStruct);
    });
  }
  to.to.end_object();
}

void write_stats(const JsonTarget& to, const Type& type, Bytes bytes) {
  StatsNumbers numbers = load_stats(type, bytes, to.div);
  to.to.begin_object();
  to.to.key("count").number(numbers.count);
  to.to.key("average");
  write_number(to, type, numbers.average);
  to.to.key("total");
  write_number(to, type, numbers.total);
  to.to.end_object();
}

void write_summary(const JsonTarget& to, const Type& type, Bytes bytes) {
  to.to.begin_object();
  for (const SummaryNumber& number : summary_of(type, bytes, to.div)) {
    to.to.key(number.name);
    write_value({to.to, to.context}, number.type, number.bytes());
  }
  to.to.end_object();
}

void write_bucket(const JsonTarget& to, const Bucket& bucket, bool is_signed) {
  Type bound = int_type(8, is_signed);
  to.to.begin_object();
  if (bucket.has_low) write_number({to.to.key("min"), to.context}, bound, bucket.low);
  if (bucket.has_high)
    write_number({to.to.key("max"), to.context}, int_type(8, is_signed || !bucket.has_low), bucket.high);
  to.to.key("count").number(bucket.count);
  to.to.end_object();
}

void write_histogram(const JsonTarget& to, const Type& type, Bytes bytes) {
  bool linear = type.kind == TypeKind::kLinearHist;
  to.to.begin_object();
  to.to.key("kind").text(linear ? "linear" : "log2");
  if (linear) {
    to.to.key("min").number(type.range_min);
    to.to.key("max").number(type.range_max);
    to.to.key("step").number(type.range_step);
  } else {
    to.to.key("bits").number(std::uint64_t{type.count});
  }
  to.to.key("buckets").begin_array();
  for (const Bucket& bucket : shown_buckets(type, bytes, to.div)) write_bucket(to, bucket, linear);
  to.to.end_array();
  to.to.end_object();
}

constexpr std::array<std::string_view, 5> kSeriesKeeps = {"last", "avg", "max", "min", "sum"};  // by SeriesKeeps

}  // namespace

void write_time(JsonWriter& to, std::int64_t wall_ns) {
  std::string text;
  append_utc_time(text, "%Y-%m-%dT%H:%M:%S.%kZ", wall_ns);
  to.text(text);
}

void write_series(const JsonTarget& to, const Type& type, Bytes bytes, std::optional<std::uint64_t> newest) {
  to.to.begin_object();
  to.to.key("kind").text("series");
  to.to.key("keeps").text(kSeriesKeeps.at(type.count));
  to.to.key("interval_ns").number(type.range_min);
  to.to.key("points").begin_array();
  for (const SeriesRow& row : shown_intervals(type, bytes, newest)) {
    if (!row.value) continue;
    to.to.begin_object();
    to.to.key("time");
    write_time(to.to, start_of(type, row, to.context));
    to.to.key("value");
    write_number(to, type, *row.value);
    to.to.end_object();
  }
  to.to.end_array();
  to.to.end_object();
}

void write_heat_map(const JsonTarget& to, const Type& type, Bytes bytes, std::optional<std::uint64_t> newest) {
  HeatGrid grid = heat_grid(type, bytes, newest);
  to.to.begin_object();
  to.to.key("kind").text("heatmap");
  to.to.key("interval_ns").number(type.range_min);
  to.to.key("intervals").begin_array();
  for (std::size_t i = 0; i < grid.columns.size(); ++i) {
    to.to.begin_object();
    to.to.key("time");
    write_time(to.to, start_of(type, {.interval = grid.first + i, .value = {}}, to.context));
    to.to.key("buckets").begin_array();
    for (std::uint32_t index = grid.low; index <= grid.high; ++index) {
      Bucket bucket = hist_bucket(index, 0);
      bucket.count = grid.columns[i][index];
      write_bucket(to, bucket, false);
    }
    to.to.end_array();
    to.to.end_object();
  }
  to.to.end_array();
  to.to.end_object();
}

void write_value(const JsonTarget& to, const Type& type, Bytes bytes) {
  switch (type.kind) {
    case TypeKind::kError:
    case TypeKind::kNone: return to.to.null();
    case TypeKind::kBool: return to.to.boolean(load_scalar(type, bytes) != 0);
    case TypeKind::kPointer:
    case TypeKind::kContext: return write_address(to, load_unsigned(bytes));
    case TypeKind::kEnum: return write_enum(to, type, load_scalar(type, bytes));
    case TypeKind::kInt:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: return write_integer(to, type, load_scalar(type, bytes));
    case TypeKind::kFloat:
      return to.to.real(load_float(bytes) / static_cast<double>(std::max<std::uint64_t>(to.div, 1)));
    case TypeKind::kString: return write_string(to, type, bytes);
    case TypeKind::kBuffer: return to.to.bytes(load_buffer(bytes));
    case TypeKind::kArray: return write_member(to, type, bytes, false);
    case TypeKind::kTuple: return write_tuple(to, type, bytes);
    case TypeKind::kStruct:
    case TypeKind::kRecord: return write_fields(to, type, bytes);
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser: return write_stack(to, type, bytes);
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol: return write_symbol(to, type, bytes);
    case TypeKind::kUsername: return write_user(to, bytes);
    case TypeKind::kTimestamp: return write_timestamp(to, type, bytes);
    case TypeKind::kText:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kCgroupPath: return write_as_text(to, type, bytes);
    case TypeKind::kAvg: return write_stats(to, type, bytes);
    case TypeKind::kStats:
    case TypeKind::kPercentiles:
    case TypeKind::kDeviation: return write_summary(to, type, bytes);
    case TypeKind::kHist:
    case TypeKind::kLinearHist: return write_histogram(to, type, bytes);
    case TypeKind::kTimeSeries: return write_series(to, type, bytes, newest_interval(type, bytes));
    case TypeKind::kHeatMap: return write_heat_map(to, type, bytes, newest_heat_interval(type, bytes));
  }
}

}  // namespace hawk
