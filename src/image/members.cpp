#include "image/members.h"

namespace hawk {

BitField load_bit_field(const Field& field, Bytes parent) {
  std::uint64_t unit = load_unsigned(slice(parent, field.offset, field.type.size));
  BitField bits{field.type, widen(unit >> field.bit_offset, field.bit_width, field.type.is_signed)};
  bits.type.size = sizeof bits.value;
  return bits;
}

Bytes slice(Bytes parent, std::uint32_t offset, std::uint32_t size) {
  if (offset >= parent.size()) return {};
  return parent.subspan(offset, std::min<std::size_t>(size, parent.size() - offset));
}

DynamicString load_dynamic_string(const Field& field, Bytes parent) {
  std::uint64_t location = load_unsigned(slice(parent, field.offset, 4));
  Bytes text = slice(parent, location & 0xffff, static_cast<std::uint32_t>(location >> 16));
  return {string_type(static_cast<std::uint32_t>(text.size())), text};
}

bool is_char_array(const Type& type) {
  if (type.kind != TypeKind::kArray || !type.element) return false;
  return type.element->kind == TypeKind::kInt && type.element->size == 1 && type.element->is_signed;
}

}  // namespace hawk
