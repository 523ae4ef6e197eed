#include "image/map_order.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "image/deviation.h"
#include "image/heat_map.h"
#include "image/load_value.h"
#include "image/members.h"
#include "image/percentiles.h"

namespace hawk {

namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

template <class T>
int compare(T left, T right) {
  return left < right ? -1 : static_cast<int>(right < left);
}

int compare_bytes(Bytes left, Bytes right) {
  int order = std::memcmp(left.data(), right.data(), std::min(left.size(), right.size()));
  return order != 0 ? order : compare(left.size(), right.size());
}

int compare_numbers(const Type& type, std::uint64_t left, std::uint64_t right) {
  if (!type.is_signed) return compare(left, right);
  return compare(static_cast<std::int64_t>(left), static_cast<std::int64_t>(right));
}

int compare_arrays(const Type& type, Bytes left, Bytes right, const TextLookup& texts) {
  for (std::uint32_t i = 0; i < type.count; ++i) {
    std::uint32_t size = type.element->size;
    int order = compare_values(*type.element, slice(left, i * size, size), slice(right, i * size, size), texts);
    if (order != 0) return order;
  }
  return 0;
}

int compare_members(const StructDef& def, Bytes left, Bytes right, const TextLookup& texts) {
  for (const Field& field : def.fields) {
    int order = 0;
    if (field.bit_width != 0) {
      BitField a = load_bit_field(field, left);
      order = compare_numbers(field.type, a.value, load_bit_field(field, right).value);
    } else {
      order = compare_values(field.type, slice(left, field.offset, field.type.size),
                             slice(right, field.offset, field.type.size), texts);
    }
    if (order != 0) return order;
  }
  return 0;
}

int compare_texts(std::uint64_t left, std::uint64_t right, const TextLookup& texts) {
  return left == right ? 0 : compare(texts(left), texts(right));
}

// Numbers that compare as unsigned ones the way the floats do: the sign bit comes off the positive ones, and all bits
// of the negative ones turn over.
std::uint64_t float_rank(double value) {
  if (std::isnan(value)) return ~std::uint64_t{0};
  auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0 becomes 0
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

// What an entry is sorted by in front of its key; 0 for kinds that are sorted by key alone. Signed
// numbers are shifted so that they compare as unsigned ones.
std::uint64_t rank(const Type& type, Bytes value) {
  std::uint64_t shift = type.is_signed ? kSignBit : 0;
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kCount:
    case TypeKind::kSum: return load_scalar(type, value) ^ shift;
    case TypeKind::kMin:
    case TypeKind::kMax: return load_word(value, 0);  // as unsigned, like bpftrace: negative ones are last
    case TypeKind::kAvg:
    case TypeKind::kStats: return load_stats(type, value, 1).average ^ shift;
    case TypeKind::kHist:
    case TypeKind::kLinearHist: return total_samples(value);
    case TypeKind::kPercentiles: return percentile(type, value, kMedian) ^ shift;
    case TypeKind::kDeviation: return float_rank(load_deviation(type, value).deviation);
    case TypeKind::kHeatMap: return heat_samples(type, value);
    case TypeKind::kFloat: return float_rank(load_float(value));
    case TypeKind::kError:
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kPointer:
    case TypeKind::kText:
    case TypeKind::kString:
    case TypeKind::kBuffer:
    case TypeKind::kArray:
    case TypeKind::kStruct:
    case TypeKind::kTuple:
    case TypeKind::kRecord:
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
    case TypeKind::kTimeSeries: return 0;
  }
  return 0;
}

// bpftrace keeps the keys of time series in the order of their bytes, which for numbers is not that of the numbers.
int compare_keys(const MapSchema& schema, const MapEntry& left, const MapEntry& right, const TextLookup& texts) {
  bool by_bytes = schema.value.kind == TypeKind::kTimeSeries && !needs_host(schema.key);
  if (by_bytes) return compare_bytes(left.key, right.key);
  return compare_values(schema.key, left.key, right.key, texts);
}

struct Ranked {
  std::uint64_t rank = 0;
  const MapEntry* entry = nullptr;
};

}  // namespace

int compare_values(const Type& type, Bytes left, Bytes right, const TextLookup& texts) {
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kBool:
    case TypeKind::kPointer:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUsername:
    case TypeKind::kContext:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: return compare_numbers(type, load_scalar(type, left), load_scalar(type, right));
    case TypeKind::kText: return compare_texts(load_unsigned(left), load_unsigned(right), texts);
    case TypeKind::kFloat:
    case TypeKind::kAvg:
    case TypeKind::kStats:
    case TypeKind::kHist:
    case TypeKind::kLinearHist:
    case TypeKind::kPercentiles:
    case TypeKind::kDeviation:
    case TypeKind::kHeatMap: return compare(rank(type, left), rank(type, right));
    case TypeKind::kString: return compare(load_string(type, left).text, load_string(type, right).text);
    case TypeKind::kBuffer: return compare_bytes(load_buffer(left), load_buffer(right));
    case TypeKind::kArray: return compare_arrays(type, left, right, texts);
    case TypeKind::kTuple:
    case TypeKind::kRecord:
    case TypeKind::kStruct:
      return type.def ? compare_members(*type.def, left, right, texts) : compare_bytes(left, right);
    case TypeKind::kError:
    case TypeKind::kNone:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath:
    case TypeKind::kTimeSeries: return compare_bytes(left, right);
  }
  return 0;
}

std::vector<const MapEntry*> ordered_entries(const MapSnapshot& snapshot, std::uint64_t top, const TextLookup& texts) {
  const MapSchema& schema = *snapshot.schema;
  std::vector<Ranked> ranked;
  ranked.reserve(snapshot.entries.size());
  for (const MapEntry& entry : snapshot.entries) ranked.push_back({rank(schema.value, entry.value), &entry});
  std::stable_sort(ranked.begin(), ranked.end(), [&](const Ranked& left, const Ranked& right) {
    if (left.rank != right.rank) return left.rank < right.rank;
    return compare_keys(schema, *left.entry, *right.entry, texts) < 0;
  });
  std::size_t skipped = top == 0 || top >= ranked.size() ? 0 : ranked.size() - static_cast<std::size_t>(top);
  std::vector<const MapEntry*> entries;
  for (std::size_t i = skipped; i < ranked.size(); ++i) entries.push_back(ranked[i].entry);
  return entries;
}

}  // namespace hawk
