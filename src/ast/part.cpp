#include "ast/part.h"

#include <algorithm>
#include <limits>

namespace hawk {

namespace {

constexpr std::array kStatsNames = {"count", "average", "total"};
constexpr std::array kDeviationNames = {"count", "average", "stddev"};
constexpr std::array kPercentileNames = {"count", "min", "p50", "p90", "p99", "p99.9", "max"};

}  // namespace

std::span<const char* const> summary_names(const Type& type) {
  if (type.kind == TypeKind::kStats) return kStatsNames;
  if (type.kind == TypeKind::kDeviation) return kDeviationNames;
  if (type.kind == TypeKind::kPercentiles) return kPercentileNames;
  return {};
}

std::vector<std::string> part_names(const Type& type) {
  auto numbers = summary_names(type);
  std::vector<std::string> names(numbers.begin(), numbers.end());
  bool has_members = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord || type.kind == TypeKind::kStruct;
  if (!has_members || !type.def) return names;
  for (const Field& field : type.def->fields) names.push_back(field.name);
  return names;
}

std::uint16_t find_part(const Type& type, std::string_view name) {
  std::vector<std::string> names = part_names(type);
  auto found = std::find(names.begin(), names.end(), name);
  auto number = static_cast<std::size_t>(found - names.begin()) + 1;
  bool there = found != names.end() && number <= std::numeric_limits<std::uint16_t>::max();
  return there ? static_cast<std::uint16_t>(number) : 0;
}

Type part_type(const Type& type, std::uint16_t part) {
  if (!summary_names(type).empty()) {
    if (part == 1) return int_type(8, false);
    return type.kind == TypeKind::kDeviation ? float_type() : int_type(8, type.is_signed);
  }
  const Field& field = type.def->fields[part - 1U];
  Type result = field.type;
  if (field.bit_width != 0) result.size = 8;
  return result;
}

Type part_type(Type type, const PartPath& path) {
  for (std::uint16_t part : path) {
    if (part == 0) break;
    type = part_type(type, part);
  }
  return type;
}

}  // namespace hawk
