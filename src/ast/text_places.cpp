#include "ast/text_places.h"

namespace hawk {

namespace {

void add_places(const Type& type, std::uint32_t offset, std::vector<std::uint32_t>& places) {
  if (type.kind == TypeKind::kText) places.push_back(offset);
  if (type.kind == TypeKind::kArray && needs_host(*type.element)) {
    for (std::uint32_t i = 0; i < type.count; ++i) add_places(*type.element, offset + i * type.element->size, places);
  }
  bool has_fields = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord || type.kind == TypeKind::kStruct;
  if (!has_fields || !type.def) return;
  for (const Field& field : type.def->fields) add_places(field.type, offset + field.offset, places);
}

}  // namespace

std::vector<std::uint32_t> text_places(const Type& type) {
  std::vector<std::uint32_t> places;
  add_places(type, 0, places);
  return places;
}

}  // namespace hawk
