// format_value: one row per kind of type, each a call into its family.
#include "output/text_value.h"

#include "image/heat_map.h"
#include "image/summary.h"
#include "image/time_series.h"
#include "output/heat_map.h"
#include "output/histogram.h"
#include "output/time_series.h"
#include "output/utf8.h"
#include "support/check.h"

namespace hawk {

namespace {

void append_string(const TextTarget& to, const Type& type, Bytes bytes) {
  StringText string = load_string(type, bytes);
  append_foreign(to, string.text);
  if (string.cut && to.context.config != nullptr) to.out += to.context.config->str_trunc_trailer;
}

void append_enum(const TextTarget& to, const Type& type, std::uint64_t raw) {
  if (const std::string* name = find_enumerator(type, raw)) {
    to.out += *name;
  } else {
    append_integer(to.out, type, raw, to.options);
  }
}

void append_address(std::string& out, std::uint64_t address) {
  out += "0x";
  append_hex(out, address);
}

void append_summary(const TextTarget& to, const Type& type, Bytes bytes) {
  const char* separator = "{ .";
  for (const SummaryNumber& number : summary_of(type, bytes, to.options.div)) {
    to.out += separator;
    separator = ", .";
    to.out += number.name;
    to.out += " = ";
    append_value({to.out, to.context}, number.type, number.bytes());
  }
  to.out += " }";
}

}  // namespace

void append_foreign(const TextTarget& to, std::string_view text) {
  std::size_t start = to.out.size();
  to.out += text;
  if (to.context.escape_controls) escape_controls(to.out, start);
}

void append_value(const TextTarget& to, const Type& type, Bytes bytes) {
  switch (type.kind) {
    case TypeKind::kError:
    case TypeKind::kNone: return;
    case TypeKind::kBool: to.out += load_scalar(type, bytes) != 0 ? "true" : "false"; return;
    case TypeKind::kEnum: return append_enum(to, type, load_scalar(type, bytes));
    case TypeKind::kPointer:
    case TypeKind::kContext: return append_address(to.out, load_unsigned(bytes));
    case TypeKind::kFloat: return append_float(to.out, load_float(bytes), to.options);
    case TypeKind::kText: return append_foreign(to, to.context.resolver->text(load_unsigned(bytes)));
    case TypeKind::kString: return append_string(to, type, bytes);
    case TypeKind::kBuffer: return append_escaped_bytes(to.out, load_buffer(bytes));
    case TypeKind::kArray: return append_array(to, type, bytes);
    case TypeKind::kStruct:
    case TypeKind::kRecord: return append_fields(to, type, bytes);
    case TypeKind::kTuple: return append_tuple(to, type, bytes);
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser: return append_stack(to, type, bytes);
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol: return append_symbol(to, type, bytes);
    case TypeKind::kInet: return append_inet(to.out, bytes);
    case TypeKind::kMacAddress: return append_mac_address(to.out, bytes);
    case TypeKind::kUsername: return append_foreign(to, to.context.resolver->user_name(load_unsigned(bytes)));
    case TypeKind::kTimestamp: return append_timestamp(to, bytes);
    case TypeKind::kCgroupPath: return append_cgroup_path(to, bytes);
    case TypeKind::kInt:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: return append_integer(to.out, type, load_scalar(type, bytes), to.options);
    case TypeKind::kAvg: return append_integer(to.out, type, load_stats(type, bytes, to.options.div).average, {});
    case TypeKind::kStats:
    case TypeKind::kPercentiles:
    case TypeKind::kDeviation: return append_summary(to, type, bytes);
    case TypeKind::kHist:
    case TypeKind::kLinearHist: return append_histogram(to.out, shown_buckets(type, bytes, to.options.div));
    case TypeKind::kTimeSeries:
      return append_time_series(to.out, type, shown_intervals(type, bytes, newest_interval(type, bytes)), to.context);
    case TypeKind::kHeatMap:
      return append_heat_map(to.out, type, heat_grid(type, bytes, newest_heat_interval(type, bytes)), to.context);
  }
}

void format_value(std::string& out, const Type& type, std::span<const std::uint8_t> bytes,
                  const FormatContext& context) {
  append_value({out, context}, type, bytes);
}

}  // namespace hawk
