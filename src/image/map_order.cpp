#include "image/map_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>

#include "image/deviation.h"
#include "image/heat_map.h"
#include "image/load_value.h"
#include "image/members.h"
#include "image/percentiles.h"
#include "image/value_part.h"

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

// Numbers that compare as unsigned ones the way values of the type do; nullopt for kinds whose values are compared
// otherwise.
std::optional<std::uint64_t> rank(const Type& type, Bytes value) {
  std::uint64_t shift = type.is_signed ? kSignBit : 0;
  switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kCount:
    case TypeKind::kSum:
    case TypeKind::kMin:
    case TypeKind::kMax: return load_scalar(type, value) ^ shift;
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
    case TypeKind::kTimeSeries: return std::nullopt;
  }
  return std::nullopt;
}

bool is_nan(const Type& type, Bytes value) { return type.kind == TypeKind::kFloat && std::isnan(load_float(value)); }
bool is_extreme(const Type& type) { return type.kind == TypeKind::kMin || type.kind == TypeKind::kMax; }

// Entries by their numbers in the vector.
class Sorter {
 public:
  Sorter(const MapSchema& schema, const std::vector<EntryBytes>& entries, const EntrySelection& selection,
         const TextLookup& texts)
      : schema_(schema),
        entries_(entries),
        texts_(texts),
        order_(selection.order),
        by_key_(order_.by == EntryOrder::By::kKey),
        part_(by_key_ ? schema.key : schema.value, order_.part) {
    bool printed = order_.by == EntryOrder::By::kPrinted;
    // bpftrace takes signed extremes for unsigned numbers. Which ones are the largest is not left to that.
    bool all = selection.limit == EntrySelection::kAll;
    flip_ = printed && all && is_extreme(part_.type()) && part_.type().is_signed ? kSignBit : 0;
    keys_by_bytes_ = printed && schema.value.kind == TypeKind::kTimeSeries && !needs_host(schema.key);
    for (const EntryBytes& entry : entries) marks_.push_back(mark(entry, printed));
  }

  [[nodiscard]] bool operator()(std::uint32_t left, std::uint32_t right) const {
    const Mark& a = marks_[left];
    const Mark& b = marks_[right];
    if (a.place != b.place) return a.place < b.place;
    int order = a.place != Place::kSorted ? 0 : a.compared ? compare_parts(left, right) : compare(a.rank, b.rank);
    if (order == 0) order = compare_keys(entries_[left].key, entries_[right].key);
    else if (order_.direction == EntryOrder::Direction::kDescending) order = -order;
    return order != 0 ? order < 0 : left < right;
  }

 private:
  // What has no number stands apart.
  enum class Place : std::uint8_t { kFirst, kSorted, kLast };
  struct Mark {
    Place place = Place::kSorted;
    bool compared = false;  // by its part, not by its rank
    std::uint64_t rank = 0;
  };

  // `printed`: kinds without a rank are not compared at all, and their keys decide.
  [[nodiscard]] Mark mark(const EntryBytes& entry, bool printed) const {
    Bytes whole = by_key_ ? entry.key : entry.value;
    bool last_count = order_.direction == EntryOrder::Direction::kNone;
    if (whole.empty()) return {last_count ? Place::kFirst : Place::kLast, false, 0};
    std::uint64_t room = 0;
    Bytes part = part_.load(whole, room);
    if (is_nan(part_.type(), part)) return {Place::kLast, false, 0};
    std::optional<std::uint64_t> number = rank(part_.type(), part);
    return {Place::kSorted, !number && !printed, number.value_or(0) ^ flip_};
  }

  [[nodiscard]] int compare_parts(std::uint32_t left, std::uint32_t right) const {
    std::uint64_t room[2] = {};
    Bytes a = part_.load(by_key_ ? entries_[left].key : entries_[left].value, room[0]);
    Bytes b = part_.load(by_key_ ? entries_[right].key : entries_[right].value, room[1]);
    return compare_values(part_.type(), a, b, texts_);
  }

  // bpftrace keeps the keys of time series in the order of their bytes, which for numbers is not that of the numbers.
  [[nodiscard]] int compare_keys(Bytes left, Bytes right) const {
    return keys_by_bytes_ ? compare_bytes(left, right) : compare_values(schema_.key, left, right, texts_);
  }

  const MapSchema& schema_;
  const std::vector<EntryBytes>& entries_;
  const TextLookup& texts_;
  EntryOrder order_;
  bool by_key_;
  ValuePart part_;
  std::uint64_t flip_ = 0;
  bool keys_by_bytes_ = false;
  std::vector<Mark> marks_;
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
    case TypeKind::kHeatMap: return compare(*rank(type, left), *rank(type, right));
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

std::vector<std::uint32_t> ordered_entries(const MapSchema& schema, const std::vector<EntryBytes>& entries,
                                           const EntrySelection& selection, const TextLookup& texts) {
  std::vector<std::uint32_t> indexes(entries.size());
  std::iota(indexes.begin(), indexes.end(), 0);
  Sorter less(schema, entries, selection, texts);
  auto count = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(selection.limit, entries.size()));
  bool last_count = selection.order.direction == EntryOrder::Direction::kNone;
  if (count < std::ssize(indexes) / 8 && !last_count) {
    std::partial_sort(indexes.begin(), indexes.begin() + count, indexes.end(), std::ref(less));
  } else {
    std::sort(indexes.begin(), indexes.end(), std::ref(less));
  }
  if (last_count) {
    indexes.erase(indexes.begin(), indexes.end() - count);
  } else {
    indexes.resize(static_cast<std::size_t>(count));
  }
  return indexes;
}

std::vector<const MapEntry*> ordered_entries(const MapSnapshot& snapshot, const MapView& view,
                                             const TextLookup& texts) {
  std::vector<EntryBytes> bytes;
  bytes.reserve(snapshot.entries.size());
  for (const MapEntry& entry : snapshot.entries) bytes.push_back({entry.key, entry.value});
  EntrySelection selection{view.order, view.top == 0 ? EntrySelection::kAll : view.top};
  std::vector<const MapEntry*> entries;
  for (std::uint32_t i : ordered_entries(*snapshot.schema, bytes, selection, texts))
    entries.push_back(&snapshot.entries[i]);
  return entries;
}

}  // namespace hawk
