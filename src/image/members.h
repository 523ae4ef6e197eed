// Walking the members of a struct, tuple or record: one place that knows about bit fields, anonymous
// members and dynamic strings of tracepoints. Text, JSON and the order of keys all use it.
#pragma once

#include <string>

#include "ast/type.h"
#include "image/bytes.h"

namespace hawk {

struct Member {
  const std::string& name;
  const Type& type;
  Bytes bytes;  // type.size of them
};

// A bit field as a whole number: its type widened to 8 bytes, and the value.
struct BitField {
  Type type;
  std::uint64_t value = 0;
};
[[nodiscard]] BitField load_bit_field(const Field& field, Bytes parent);

// `parent` cut to [offset, offset + size), or what there is of it.
[[nodiscard]] Bytes slice(Bytes parent, std::uint32_t offset, std::uint32_t size);

// The text a __data_loc field points to: its bytes and a string type that covers them.
struct DynamicString {
  Type type;
  Bytes bytes;
};
[[nodiscard]] DynamicString load_dynamic_string(const Field& field, Bytes parent);

// Calls visit(Member) in the order of declaration; the members of anonymous ones count as the parent's.
template <class Visit>
void for_each_member(const StructDef& def, Bytes bytes, Visit&& visit) {
  for (const Field& field : def.fields) {
    if (field.bit_width != 0) {
      BitField bits = load_bit_field(field, bytes);
      const auto* data = reinterpret_cast<const std::uint8_t*>(&bits.value);
      visit(Member{field.name, bits.type, Bytes(data, sizeof bits.value)});
    } else if (field.data_loc) {
      DynamicString text = load_dynamic_string(field, bytes);
      visit(Member{field.name, text.type, text.bytes});
    } else if (field.name.empty() && field.type.kind == TypeKind::kStruct && field.type.def) {
      for_each_member(*field.type.def, slice(bytes, field.offset, field.type.size), visit);
    } else {
      visit(Member{field.name, field.type, slice(bytes, field.offset, field.type.size)});
    }
  }
}

// Calls visit(Bytes) for each element of an array.
template <class Visit>
void for_each_element(const Type& array, Bytes bytes, Visit&& visit) {
  for (std::uint32_t i = 0; i < array.count; ++i) {
    visit(slice(bytes, i * array.element->size, array.element->size));
  }
}

// `char[N]` of C: prints as text when it is a member of a struct.
[[nodiscard]] bool is_char_array(const Type& type);

}  // namespace hawk
