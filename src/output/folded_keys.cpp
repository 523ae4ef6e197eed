#include "output/folded_keys.h"

#include <string>
#include <unordered_map>

#include "image/members.h"
#include "output/text_value.h"

namespace hawk {

namespace {

bool has_folded_stack(const Type& type) {
  if (is_stack(type)) return type.stack_mode == StackMode::kFolded;
  bool packed = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord;
  if (!packed || !type.def) return false;
  for (const Field& field : type.def->fields) {
    if (has_folded_stack(field.type)) return true;
  }
  return false;
}

}  // namespace

std::optional<MapSnapshot> merge_folded_keys(const MapSnapshot& snapshot, const FormatContext& context) {
  const MapSchema& schema = *snapshot.schema;
  if (!schema.keyed || !is_aggregation(schema.value) || !has_folded_stack(schema.key)) return std::nullopt;
  MapSnapshot merged{.schema = snapshot.schema, .entries = {}, .written = snapshot.written};
  std::unordered_map<std::string, std::size_t> places;  // of the entries by their text
  for (const MapEntry& entry : snapshot.entries) {
    std::string text;
    append_key({text, context}, schema.key, entry.key);
    auto [place, is_new] = places.emplace(std::move(text), merged.entries.size());
    if (is_new) {
      merged.entries.push_back(entry);
    } else {
      merge_per_cpu(schema.value, merged.entries[place->second].value, entry.value);
    }
  }
  return merged;
}

}  // namespace hawk
