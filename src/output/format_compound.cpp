// Arrays, tuples, records and structs as text, and map keys.
#include "image/members.h"
#include "output/text_value.h"

namespace hawk {

namespace {

// A member of a struct: as a value, except that arrays of char are text.
void append_struct_member(const TextTarget& to, const Type& type, Bytes bytes) {
  if (is_char_array(type)) {
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    return append_foreign(to, {text, strnlen(text, bytes.size())});
  }
  if (type.kind != TypeKind::kArray) return append_value(to, type, bytes);
  const char* separator = "[";
  for_each_element(type, bytes, [&](Bytes element) {
    to.out += separator;
    separator = ",";
    append_struct_member(to, *type.element, element);
  });
  to.out += type.count == 0 ? "[]" : "]";
}

void append_tuple_members(const TextTarget& to, const Type& type, Bytes bytes) {
  if (!type.def) return;
  const char* separator = "";
  for_each_member(*type.def, bytes, [&](const Member& member) {
    to.out += separator;
    separator = to.options.compact ? "," : ", ";
    append_value(to, member.type, member.bytes);
  });
}

}  // namespace

void append_array(const TextTarget& to, const Type& type, Bytes bytes) {
  to.out += '[';
  bool first = true;
  for_each_element(type, bytes, [&](Bytes element) {
    if (!first) to.out += ',';
    first = false;
    append_value(to, *type.element, element);
  });
  to.out += ']';
}

void append_tuple(const TextTarget& to, const Type& type, Bytes bytes) {
  to.out += '(';
  append_tuple_members(to, type, bytes);
  to.out += ')';
}

void append_fields(const TextTarget& to, const Type& type, Bytes bytes) {
  if (!type.def || type.def->fields.empty()) {
    to.out += "{}";
    return;
  }
  bool compact = to.options.compact;
  const char* separator = compact ? "{." : "{ .";
  for_each_member(*type.def, bytes, [&](const Member& member) {
    to.out += separator;
    separator = compact ? ",." : ", .";
    to.out += member.name;
    to.out += compact ? "=" : " = ";
    if (type.kind == TypeKind::kStruct) {
      append_struct_member(to, member.type, member.bytes);
    } else {
      append_value(to, member.type, member.bytes);
    }
  });
  to.out += compact ? "}" : " }";
}

void append_key(const TextTarget& to, const Type& type, Bytes bytes) {
  if (type.kind == TypeKind::kTuple) return append_tuple_members(to, type, bytes);
  append_value(to, type, bytes);
}

}  // namespace hawk
