#include "runtime/dwarf_types.h"

#include <dwarf.h>
#include <fmt/format.h>

#include <algorithm>

#include "runtime/debug_file.h"
#include "runtime/field_layout.h"

namespace hawk {

namespace {

constexpr int kMostNestedTypes = 64;                              // of types in types
constexpr std::uint64_t kMostTypeBytes = std::uint64_t{1} << 30;  // of a type

std::uint32_t bytes_of_die(Dwarf_Die& die) {
  std::uint64_t size = die_number(die, DW_AT_byte_size).value_or(0);
  return size <= kMostTypeBytes ? static_cast<std::uint32_t>(size) : 0;
}

std::int64_t constant_value(Dwarf_Die& die, bool is_signed) {
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0;
  Dwarf_Sword signed_number = 0;
  dwarf_attr(&die, DW_AT_const_value, &attribute);
  if (is_signed && dwarf_formsdata(&attribute, &signed_number) == 0) return signed_number;
  return dwarf_formudata(&attribute, &number) == 0 ? static_cast<std::int64_t>(number) : 0;
}

// Elements of each dimension of an array, from the outermost on; 0 where it is not known.
std::vector<std::uint64_t> dimensions(Dwarf_Die& array) {
  std::vector<std::uint64_t> counts;
  visit_children(array, [&](Dwarf_Die& child) {
    if (dwarf_tag(&child) != DW_TAG_subrange_type) return false;
    auto count = die_number(child, DW_AT_count);
    auto last = die_number(child, DW_AT_upper_bound);
    bool empty = last && static_cast<std::int64_t>(*last) < 0;  // `int a[0]` of C++
    counts.push_back(count ? *count : last && !empty ? *last + 1 : 0);
    return false;
  });
  return counts;
}

// Counted from the beginning of the struct; DWARF 2 counts from the most significant bit of the member's unit.
std::uint64_t bit_of_member(Dwarf_Die& member, std::uint64_t offset, std::uint64_t width, std::uint32_t type_size) {
  if (auto bit = die_number(member, DW_AT_data_bit_offset)) return offset * 8 + *bit;
  auto from_top = die_number(member, DW_AT_bit_offset);
  if (!from_top) return offset * 8;
  std::uint64_t unit = die_number(member, DW_AT_byte_size).value_or(type_size);
  return offset * 8 + unit * 8 - *from_top - width;
}

bool is_static_member(Dwarf_Die& member) {
  return has_attribute(member, DW_AT_external) || has_attribute(member, DW_AT_declaration);
}

}  // namespace

Type DwarfTypes::type_of(Dwarf_Die& die, Wanted wanted) {
  auto type = die_reference(die, DW_AT_type);
  return type ? convert(*type, wanted) : none_type();
}

Type DwarfTypes::convert(Dwarf_Die die, Wanted wanted) {
  auto plain = peeled(die);
  if (!plain || depth_ > kMostNestedTypes) return none_type();
  ++depth_;
  Type type = none_type();  // functions, and what other languages have
  switch (dwarf_tag(&*plain)) {
    case DW_TAG_base_type: type = convert_base(*plain); break;
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type: type = convert_pointer(*plain); break;
    case DW_TAG_unspecified_type: type = pointer_type(none_type(), AddressSpace::kUser); break;  // of nullptr
    case DW_TAG_ptr_to_member_type:
      type = pointer_to_member_bytes(*plain) == 16 ? array_type(int_type(8, false), 2) : int_type(8, true);
      break;
    case DW_TAG_subrange_type: type = type_of(*plain, wanted); break;
    case DW_TAG_array_type: type = convert_array(*plain, wanted); break;
    case DW_TAG_enumeration_type: type = convert_enum(*plain); break;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_union_type: type = convert_struct(*plain, wanted); break;
    default: break;
  }
  --depth_;
  return type;
}

Type DwarfTypes::convert_base(Dwarf_Die& die) {
  std::uint32_t size = bytes_of_die(die);
  std::uint64_t encoding = die_number(die, DW_AT_encoding).value_or(0);
  bool is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
  if (encoding == DW_ATE_boolean && size == 1) return bool_type();
  if (encoding == DW_ATE_float || encoding == DW_ATE_complex_float || encoding == DW_ATE_imaginary_float) {
    Type bytes = array_type(int_type(1, false), size);  // readable as bytes
    bytes.align = encoding == DW_ATE_complex_float ? size / 2 : size;
    return bytes;
  }
  if (size == 16) {  // __int128
    Type words = array_type(int_type(8, false), 2);
    words.align = size;
    return words;
  }
  bool whole = size == 1 || size == 2 || size == 4 || size == 8;
  return whole ? int_type(size, is_signed) : array_type(int_type(1, false), size);
}

Type DwarfTypes::convert_pointer(Dwarf_Die& die) {
  return pointer_type(type_of(die, Wanted::kName), AddressSpace::kUser);
}

Type DwarfTypes::convert_array(Dwarf_Die& die, Wanted wanted) {
  Type type = type_of(die, wanted);
  std::vector<std::uint64_t> counts = dimensions(die);
  if (counts.empty()) counts.push_back(0);
  for (auto count = counts.rbegin(); count != counts.rend(); ++count) {
    bool fits = *count <= kMostTypeBytes / std::max<std::uint64_t>(type.size, 1);
    type = array_type(std::move(type), fits ? static_cast<std::uint32_t>(*count) : 0);
  }
  if (has_flag(die, DW_AT_GNU_vector)) type.align = std::max(type.size, 1U);
  return type;
}

Type DwarfTypes::convert_enum(Dwarf_Die& die) {
  auto [slot, is_new] = enums_.try_emplace(die.addr);
  if (!is_new) return slot->second;
  auto base = plain_type(die);
  bool is_signed = base && convert_base(*base).is_signed;
  std::uint32_t size = bytes_of_die(die);
  if (size == 0 && base) size = bytes_of_die(*base);
  auto def = std::make_shared<EnumDef>();
  visit_children(die, [&](Dwarf_Die& child) {
    if (dwarf_tag(&child) != DW_TAG_enumerator) return false;
    std::int64_t value = constant_value(child, base ? is_signed : true);
    is_signed = is_signed || (!base && value < 0);
    def->values.push_back({.name = std::string(die_name(child)), .value = static_cast<std::uint64_t>(value)});
    return false;
  });
  Type result = int_type(size == 0 ? 4 : size, is_signed);
  result.kind = TypeKind::kEnum;
  result.name = die_name(die).empty() ? "" : fmt::format("enum {}", die_name(die));
  result.enumerators = std::move(def);
  enums_[die.addr] = result;
  return result;
}

std::uint64_t DwarfTypes::origin_of(Dwarf_Die& die) {
  auto [slot, is_new] = origin_ids_.try_emplace(die.addr, first_origin_ + origins_.size());
  if (is_new) origins_.push_back(die);
  return slot->second;
}

std::optional<Type> DwarfTypes::complete(std::uint64_t origin) {
  Type type = convert(origins_.at(origin - first_origin_), Wanted::kWhole);
  return type.def ? std::optional(type) : std::nullopt;
}

Type DwarfTypes::convert_struct(Dwarf_Die& die, Wanted wanted) {
  if (is_declaration(die) && wanted == Wanted::kWhole) {
    auto [slot, is_new] = definitions_.try_emplace(die.addr);
    if (is_new) slot->second = find_definition_(die);
    if (auto definition = slot->second) return convert_struct(*definition, wanted);
  }
  auto known = structs_.find(die.addr);
  if (known != structs_.end() && known->second.def) return known->second;
  Type result;
  result.kind = TypeKind::kStruct;
  result.size = bytes_of_die(die);
  const char* keyword = dwarf_tag(&die) == DW_TAG_union_type ? "union" : "struct";
  result.name = die_name(die).empty() ? "" : fmt::format("{} {}", keyword, die_name(die));
  result.origin = origin_of(die);
  if (wanted == Wanted::kName || known != structs_.end() || is_declaration(die)) return result;
  structs_[die.addr] = result;
  auto def = std::make_shared<StructDef>();
  visit_children(die, [&](Dwarf_Die& child) {
    int tag = dwarf_tag(&child);
    if (tag == DW_TAG_member || tag == DW_TAG_inheritance) add_member(child, result.size, def->fields);
    return false;
  });
  result.align = struct_align(def->fields, result.size);
  result.def = std::move(def);
  structs_[die.addr] = result;
  return result;
}

// A base class is a member without a name, whose fields count as those of the struct.
void DwarfTypes::add_member(Dwarf_Die& member, std::uint32_t parent_size, std::vector<Field>& fields) {
  auto offset = member_offset(member);
  bool generated = has_flag(member, DW_AT_artificial);  // where C++ keeps virtual functions
  if (!offset || *offset > parent_size || generated || is_static_member(member)) return;
  Field field{.name = std::string(die_name(member)), .type = type_of(member, Wanted::kWhole)};
  if (dwarf_tag(&member) == DW_TAG_inheritance) field.name.clear();
  if (field.type.kind == TypeKind::kNone) return;
  bool hidden = field.name.empty() && (!field.type.def || field.type.def->fields.empty());
  if (hidden) return;
  field.offset = static_cast<std::uint32_t>(*offset);
  std::uint64_t width = die_number(member, DW_AT_bit_size).value_or(0);
  if (width != 0) {
    std::uint64_t bit = bit_of_member(member, *offset, width, field.type.size);
    if (width > 64 || bit + width > std::uint64_t{parent_size} * 8) return;
    place_bit_field(field, static_cast<std::uint32_t>(bit), static_cast<std::uint32_t>(width), parent_size);
  }
  fields.push_back(std::move(field));
}

}  // namespace hawk
