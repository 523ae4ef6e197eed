#include "ast/type.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ast/round_up.h"
#include "support/check.h"

namespace hawk {

namespace {

Type make(TypeKind kind, std::uint32_t size, std::uint32_t align) {
  Type type;
  type.kind = kind;
  type.size = size;
  type.align = align;
  return type;
}

Type lay_out(TypeKind kind, std::vector<std::pair<std::string, Type>> members) {
  auto def = std::make_shared<StructDef>();
  std::uint32_t offset = 0;
  std::uint32_t align = 1;
  for (auto& [name, type] : members) {
    std::uint32_t field_align = std::max<std::uint32_t>(type.align, 1);
    offset = round_up(offset, field_align);
    align = std::max(align, field_align);
    std::uint32_t size = type.size;
    def->fields.push_back({.name = std::move(name), .type = std::move(type), .offset = offset});
    offset += size;
  }
  Type result = make(kind, round_up(offset, align), align);
  result.def = std::move(def);
  return result;
}

}  // namespace

FoundField find_field(const StructDef& def, std::string_view name) {
  for (const Field& field : def.fields) {
    if (field.name == name && !name.empty()) return {&field, field.offset};
    if (field.name.empty() && field.type.kind == TypeKind::kStruct && field.type.def) {
      FoundField inner = find_field(*field.type.def, name);
      if (inner.field != nullptr) return {inner.field, inner.offset + field.offset};
    }
  }
  return {};
}

Type error_type() { return make(TypeKind::kError, 0, 1); }
Type none_type() { return make(TypeKind::kNone, 0, 1); }
Type bool_type() { return make(TypeKind::kBool, 1, 1); }

Type float_type() {
  Type type = make(TypeKind::kFloat, 8, 8);
  type.is_signed = true;
  return type;
}

Type text_type() { return make(TypeKind::kText, 8, 8); }

Type int_type(std::uint32_t bytes, bool is_signed) {
  Type type = make(TypeKind::kInt, bytes, bytes);
  type.is_signed = is_signed;
  return type;
}

Type pointer_type(Type pointee, AddressSpace space) {
  Type type = make(TypeKind::kPointer, 8, 8);
  type.element = std::make_shared<const Type>(std::move(pointee));
  type.space = space;
  return type;
}

Type string_type(std::uint32_t capacity) { return make(TypeKind::kString, capacity, 1); }
Type buffer_type(std::uint32_t data_capacity) { return make(TypeKind::kBuffer, data_capacity + 4, 4); }

Type array_type(Type element, std::uint32_t count) {
  Type type = make(TypeKind::kArray, element.size * count, element.align);
  type.count = count;
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

Type tuple_type(std::vector<Type> elements) {
  std::vector<std::pair<std::string, Type>> members;
  for (std::size_t i = 0; i < elements.size(); ++i) members.emplace_back(std::to_string(i), std::move(elements[i]));
  return lay_out(TypeKind::kTuple, std::move(members));
}

Type record_type(std::vector<std::pair<std::string, Type>> fields) {
  return lay_out(TypeKind::kRecord, std::move(fields));
}

std::uint32_t frame_size(StackMode mode) {
  return mode == StackMode::kBuildId ? 32 : 8;  // struct bpf_stack_build_id, or an address
}

Type stack_type(bool kernel, StackMode mode, std::uint32_t limit) {
  Type type = make(kernel ? TypeKind::kStackKernel : TypeKind::kStackUser, 8 + frame_size(mode) * limit, 8);
  type.stack_mode = mode;
  type.count = limit;
  return type;
}

Type simple_type(TypeKind kind) {
  switch (kind) {
    case TypeKind::kKernelSymbol:
    case TypeKind::kUsername:
    case TypeKind::kContext: return make(kind, 8, 8);
    case TypeKind::kUserSymbol:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath: return make(kind, 16, 8);
    case TypeKind::kInet: return make(kind, 24, 8);
    case TypeKind::kMacAddress: return make(kind, 6, 1);
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
    case TypeKind::kStruct:
    case TypeKind::kTuple:
    case TypeKind::kRecord:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser: break;
#define AGGREGATION(kind, ...) case TypeKind::k##kind:
#include "ast/aggregations.def"
#undef AGGREGATION
      break;
  }
  HAWK_UNREACHABLE("simple_type of a kind that needs parameters");
}

Type aggregation_type(TypeKind kind, bool is_signed) {
  bool one_word = kind == TypeKind::kCount || kind == TypeKind::kSum;
  Type type = make(kind, one_word ? 8 : kind == TypeKind::kDeviation ? 48 : 16, 8);
  type.is_signed = is_signed;
  return type;
}

Type hist_type(std::uint32_t bits) {
  Type type = make(TypeKind::kHist, 8 * hist_bucket_count(bits), 8);
  type.count = bits;
  return type;
}

Type linear_hist_type(std::int64_t min, std::int64_t max, std::int64_t step) {
  Type type = make(TypeKind::kLinearHist, 0, 8);
  type.range_min = min;
  type.range_max = max;
  type.range_step = step;
  type.size = 8 * (linear_hist_bucket_count(type) + 2);
  return type;
}

Type time_series_type(SeriesKeeps keeps, bool is_signed, std::int64_t interval_ns, std::int64_t intervals) {
  Type type = make(TypeKind::kTimeSeries, series_bucket_size(keeps) * static_cast<std::uint32_t>(intervals), 8);
  type.is_signed = is_signed;
  type.count = static_cast<std::uint32_t>(keeps);
  type.range_min = interval_ns;
  type.range_max = intervals;
  return type;
}

Type percentiles_type(std::uint32_t bits, bool is_signed) {
  std::uint32_t counts = percentile_bucket_count(bits) * (is_signed ? 2 : 1);
  Type type = make(TypeKind::kPercentiles, kPercentileCounts + 8 * counts, 8);
  type.is_signed = is_signed;
  type.count = bits;
  return type;
}

Type heat_map_type(std::int64_t interval_ns, std::int64_t intervals) {
  Type type = make(TypeKind::kHeatMap, kHeatIntervalSize * static_cast<std::uint32_t>(intervals), 8);
  type.range_min = interval_ns;
  type.range_max = intervals;
  return type;
}

bool is_integer(const Type& type) { return type.kind == TypeKind::kInt || type.kind == TypeKind::kEnum; }

bool is_scalar(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kBool || type.kind == TypeKind::kPointer ||
         type.kind == TypeKind::kFloat || type.kind == TypeKind::kText;
}

bool needs_host(const Type& type) {
  if (type.kind == TypeKind::kFloat || type.kind == TypeKind::kText) return true;
  if (type.kind == TypeKind::kArray) return type.element && needs_host(*type.element);
  bool packed = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord;
  if (!packed || !type.def) return false;
  const auto& fields = type.def->fields;
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return needs_host(field.type); });
}

bool is_aggregation(const Type& type) { return type.kind >= TypeKind::kCount; }

bool is_castable_aggregation(const Type& type) { return type.kind >= TypeKind::kCount && type.kind <= TypeKind::kAvg; }

bool is_histogram(const Type& type) { return type.kind == TypeKind::kHist || type.kind == TypeKind::kLinearHist; }

Type aggregation_value(const Type& type) {
  if (type.kind != TypeKind::kStats) return aggregation_number(type);
  Type number = int_type(8, type.is_signed);
  return record_type({{"count", int_type(8, false)}, {"average", number}, {"total", number}});
}

Type aggregation_number(const Type& type) {
  if (type.kind == TypeKind::kDeviation) return float_type();
  bool is_number = is_castable_aggregation(type) || type.kind == TypeKind::kPercentiles;
  return is_number ? int_type(8, type.kind != TypeKind::kCount && type.is_signed) : none_type();
}

bool is_stack(const Type& type) { return type.kind == TypeKind::kStackKernel || type.kind == TypeKind::kStackUser; }

bool same_type(const Type& left, const Type& right) {
  if (left.kind != right.kind || left.size != right.size || left.is_signed != right.is_signed) return false;
  if (left.count != right.count || left.stack_mode != right.stack_mode || left.name != right.name) return false;
  if (left.range_min != right.range_min || left.range_max != right.range_max || left.range_step != right.range_step)
    return false;
  if (left.element && right.element && !same_type(*left.element, *right.element)) return false;
  if (left.kind == TypeKind::kStruct) return true;
  if (!left.def || !right.def) return left.def == right.def;
  const auto& a = left.def->fields;
  const auto& b = right.def->fields;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Field& x, const Field& y) {
    return x.name == y.name && x.offset == y.offset && same_type(x.type, y.type);
  });
}

BucketRange hist_bucket_range(std::uint32_t index, std::uint32_t k) {
  HAWK_CHECK(index >= 1 && index < hist_bucket_count(k), "histogram bucket out of range");
  std::uint32_t exact = 2U << k;
  std::uint32_t position = index - 1;
  if (position < exact) return {position, position};
  std::uint32_t group = (position - exact) >> k;  // 0: values from 2^(k+1)
  std::uint64_t sub = (position - exact) & ((1U << k) - 1);
  std::uint32_t power = group + k + 1;  // values in [2^power, 2^(power+1))
  std::uint64_t width = std::uint64_t{1} << (power - k);
  std::uint64_t low = (std::uint64_t{1} << power) + sub * width;
  return {low, low + width - 1};
}

std::uint32_t linear_hist_bucket_count(const Type& type) {
  return static_cast<std::uint32_t>((type.range_max - type.range_min) / type.range_step);
}

}  // namespace hawk
