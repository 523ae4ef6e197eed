#include "host/entry_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "image/host_interface.h"

namespace hawk {

namespace {

class EntryOrder {
 public:
  EntryOrder(const MapSchema& schema, std::uint64_t order, const TextLookup& texts)
      : schema_(schema), order_(order), texts_(texts) {}

  [[nodiscard]] bool operator()(const HostEntry& left, const HostEntry& right) const {
    int order = by_key() ? compare_keys(left, right) : compare_by_value(left, right);
    return (order != 0 || by_key() ? order : compare_keys(left, right)) < 0;
  }

 private:
  [[nodiscard]] bool by_key() const { return (order_ & kSortByKey) != 0; }

  [[nodiscard]] int compare_keys(const HostEntry& left, const HostEntry& right) const {
    return compare(schema_.key, left.key, right.key, by_key());
  }
  [[nodiscard]] int compare_by_value(const HostEntry& left, const HostEntry& right) const {
    return compare(schema_.value, left.value, right.value, true);
  }
  [[nodiscard]] int compare(const Type& type, const void* left, const void* right, bool may_descend) const {
    Bytes a(static_cast<const std::uint8_t*>(left), type.size);
    Bytes b(static_cast<const std::uint8_t*>(right), type.size);
    int order = compare_values(type, a, b, texts_);
    if (!may_descend || (order_ & kSortDescending) == 0) return order;
    return is_nan(type, a) || is_nan(type, b) ? order : -order;
  }
  [[nodiscard]] static bool is_nan(const Type& type, Bytes bytes) {
    return type.kind == TypeKind::kFloat && std::isnan(std::bit_cast<double>(load_word(bytes, 0)));
  }

  const MapSchema& schema_;
  std::uint64_t order_;
  const TextLookup& texts_;
};

}  // namespace

std::vector<std::uint32_t> sorted_entries(const MapSchema& schema, const std::vector<HostEntry>& entries,
                                          const EntrySelection& selection, const TextLookup& texts) {
  std::vector<std::uint32_t> indexes(entries.size());
  std::iota(indexes.begin(), indexes.end(), 0);
  EntryOrder order(schema, selection.order, texts);
  auto less = [&](std::uint32_t left, std::uint32_t right) { return order(entries[left], entries[right]); };
  auto count = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(selection.limit, entries.size()));
  if (count < std::ssize(indexes) / 8) {
    std::partial_sort(indexes.begin(), indexes.begin() + count, indexes.end(), less);
  } else {
    std::sort(indexes.begin(), indexes.end(), less);
  }
  indexes.resize(static_cast<std::size_t>(count));
  return indexes;
}

}  // namespace hawk
