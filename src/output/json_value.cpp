// json_value.h, and format_value_json: one row per kind of type.
#include "output/json_value.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "image/heat_map.h"
#include "image/members.h"
#include "image/summary.h"
#include "image/time_series.h"
#include "output/heat_map.h"
#include "output/histogram.h"
#include "output/jsonl_value.h"
#include "output/time_series.h"
#include "support/check.h"

namespace hawk {

namespace {

// Whether a double holds the number; one that it does not is written as a string.
bool fits_double(std::uint64_t magnitude) {
  if (magnitude == 0) return true;
  return std::bit_width(magnitude >> std::countr_zero(magnitude)) <= 53;
}

void append_json_number(std::string& out, std::uint64_t raw, bool is_signed) {
  auto number = static_cast<std::int64_t>(raw);
  bool negative = is_signed && number < 0;
  const char* quote = fits_double(negative ? ~raw + 1 : raw) ? "" : "\"";
  out += quote;
  if (is_signed) append_decimal(out, number);
  else append_decimal(out, raw);
  out += quote;
}

void append_json_integer(const TextTarget& to, const Type& type, std::uint64_t raw) {
  append_json_number(to.out, divide(type, raw, to.options.div), type.is_signed);
}

// JSON has no infinity and no NaN.
void append_json_float(const TextTarget& to, double value) {
  if (!std::isfinite(value)) {
    to.out += "null";
    return;
  }
  append_float(to.out, value, {.plus = false, .div = to.options.div});
}

void append_json_text(const TextTarget& to, const Type& type, Bytes bytes) {
  std::string text;
  append_value({text, to.context}, type, bytes);
  append_json_string(to.out, text);
}

void append_json_buffer(std::string& out, Bytes data) {
  const char* separator = "[";
  for (std::uint8_t byte : data) {
    out += separator;
    separator = ",";
    append_decimal(out, static_cast<std::int64_t>(static_cast<std::int8_t>(byte)));
  }
  out += data.empty() ? "[]" : "]";
}

void append_json_member(const TextTarget& to, const Type& type, Bytes bytes, bool in_struct);

void append_json_array(const TextTarget& to, const Type& type, Bytes bytes, bool in_struct) {
  const char* separator = "[";
  for_each_element(type, bytes, [&](Bytes element) {
    to.out += separator;
    separator = ",";
    append_json_member(to, *type.element, element, in_struct);
  });
  to.out += type.count == 0 ? "[]" : "]";
}

void append_json_member(const TextTarget& to, const Type& type, Bytes bytes, bool in_struct) {
  if (in_struct && is_char_array(type)) {
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    append_json_string(to.out, {text, strnlen(text, bytes.size())});
  } else if (type.kind == TypeKind::kArray) {
    append_json_array(to, type, bytes, in_struct);
  } else {
    append_json_value(to, type, bytes);
  }
}

void append_json_tuple(const TextTarget& to, const Type& type, Bytes bytes) {
  to.out += '[';
  const char* separator = "";
  if (type.def) {
    for_each_member(*type.def, bytes, [&](const Member& member) {
      to.out += separator;
      separator = ",";
      append_json_value(to, member.type, member.bytes);
    });
  }
  to.out += ']';
}

void append_json_object(const TextTarget& to, const Type& type, Bytes bytes) {
  to.out += '{';
  const char* separator = "";
  if (type.def) {
    for_each_member(*type.def, bytes, [&](const Member& member) {
      to.out += separator;
      separator = ", ";
      append_json_string(to.out, member.name);
      to.out += ": ";
      append_json_member(to, member.type, member.bytes, type.kind == TypeKind::kStruct);
    });
  }
  to.out += '}';
}

void append_json_summary(const TextTarget& to, const Type& type, Bytes bytes) {
  const char* separator = "{";
  for (const SummaryNumber& number : summary_of(type, bytes, to.options.div)) {
    to.out += separator;
    separator = ", ";
    append_json_string(to.out, number.name);
    to.out += ": ";
    append_json_value({to.out, to.context}, number.type, number.bytes());
  }
  to.out += '}';
}

void append_json_histogram(const TextTarget& to, const Type& type, Bytes bytes) {
  std::vector<Bucket> buckets = shown_buckets(type, bytes, to.options.div);
  const char* separator = "[";
  for (const Bucket& bucket : buckets) {
    to.out += separator;
    separator = ",";
    to.out += '{';
    append_json_bounds(to.out, bucket);
    to.out += R"(, "count": )";
    append_json_number(to.out, bucket.count, false);
    to.out += '}';
  }
  to.out += buckets.empty() ? "[]" : "]";
}

}  // namespace

void append_json_value(const TextTarget& to, const Type& type, Bytes bytes) {
  switch (type.kind) {
    case TypeKind::kError:
    case TypeKind::kNone: to.out += "null"; return;
    case TypeKind::kBool: to.out += load_scalar(type, bytes) != 0 ? "true" : "false"; return;
    case TypeKind::kPointer:
    case TypeKind::kContext: return append_json_number(to.out, load_unsigned(bytes), false);
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: return append_json_integer(to, type, load_scalar(type, bytes));
    case TypeKind::kFloat: return append_json_float(to, load_float(bytes));
    case TypeKind::kAvg:
      return append_json_number(to.out, load_stats(type, bytes, to.options.div).average, type.is_signed);
    case TypeKind::kStats:
    case TypeKind::kPercentiles:
    case TypeKind::kDeviation: return append_json_summary(to, type, bytes);
    case TypeKind::kHist:
    case TypeKind::kLinearHist: return append_json_histogram(to, type, bytes);
    case TypeKind::kBuffer: return append_json_buffer(to.out, load_buffer(bytes));
    case TypeKind::kArray: return append_json_array(to, type, bytes, false);
    case TypeKind::kTuple: return append_json_tuple(to, type, bytes);
    case TypeKind::kStruct:
    case TypeKind::kRecord: return append_json_object(to, type, bytes);
    case TypeKind::kText:
    case TypeKind::kString:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kUsername:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath: return append_json_text(to, type, bytes);
    case TypeKind::kTimeSeries:
      return append_json_time_series(to.out, type, shown_intervals(type, bytes, newest_interval(type, bytes)),
                                     to.context);
    case TypeKind::kHeatMap:
      return append_json_heat_map(to.out, type, heat_grid(type, bytes, newest_heat_interval(type, bytes)), to.context);
  }
}

void append_json_bounds(std::string& out, const Bucket& bucket) {
  if (bucket.has_low) {
    out += R"("min": )";
    append_json_number(out, bucket.low, false);
  }
  if (bucket.has_low && bucket.has_high) out += ", ";
  if (bucket.has_high) {
    out += R"("max": )";
    append_json_number(out, bucket.high, !bucket.has_low);
  }
}

void append_json_key(const TextTarget& to, const Type& type, Bytes bytes, JsonKeys form) {
  std::string text;
  if (form == JsonKeys::kTyped) {
    JsonWriter writer(text);
    write_value({writer, to.context}, type, bytes);
  } else {
    append_key({text, to.context, {.compact = true}}, type, bytes);
  }
  if (form == JsonKeys::kWithoutBlanks) std::erase(text, ' ');
  append_json_string(to.out, text);
}

void format_value_json(std::string& out, const Type& type, std::span<const std::uint8_t> bytes,
                       const FormatContext& context) {
  append_json_value({out, context}, type, bytes);
}

}  // namespace hawk
