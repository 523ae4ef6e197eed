#include "runtime/btf_types.h"

#include <bpf/btf.h>
#include <fmt/format.h>

#include <cstring>

#include "runtime/field_layout.h"

namespace hawk {

namespace {

constexpr std::uint32_t kPointerSize = 8;
constexpr BtfKinds kEnums = btf_kinds({BTF_KIND_ENUM, BTF_KIND_ENUM64});
constexpr BtfKinds kOrdinary = btf_kinds({BTF_KIND_INT, BTF_KIND_TYPEDEF, BTF_KIND_FLOAT});

struct Tagged {
  std::string_view keyword;
  BtfKinds kinds;
};
constexpr Tagged kTags[] = {
    {"struct ", btf_kinds({BTF_KIND_STRUCT})}, {"union ", btf_kinds({BTF_KIND_UNION})}, {"enum ", kEnums}};

// Qualifiers, tags and typedefs say nothing about the bytes.
bool is_transparent(unsigned kind) {
  return kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT ||
         kind == BTF_KIND_TYPE_TAG;
}

bool is_user_tag(const BtfFile& file, std::uint32_t id) {
  while (id != 0 && is_transparent(btf_kind(&file.type(id)))) {
    const btf_type& type = file.type(id);
    if (btf_is_type_tag(&type) && std::strcmp(file.name(type), "user") == 0) return true;
    id = type.type;
  }
  return false;
}

std::uint32_t strip(const BtfFile& file, std::uint32_t id) {
  while (id != 0 && is_transparent(btf_kind(&file.type(id)))) id = file.type(id).type;
  return id;
}

Enumerator enumerator(const BtfFile& file, const btf_type& type, unsigned index) {
  if (btf_is_enum64(&type)) {
    const auto& row = btf_enum64(&type)[index];
    return {.name = file.string(row.name_off), .value = std::uint64_t{row.val_hi32} << 32 | row.val_lo32};
  }
  const auto& row = btf_enum(&type)[index];
  bool is_signed = btf_kflag(&type);  // set by Linux 6.0 and later
  return {.name = file.string(row.name_off),
          .value = is_signed ? static_cast<std::uint64_t>(std::int64_t{row.val}) : static_cast<std::uint32_t>(row.val)};
}

// A struct that is only declared has no size to speak of.
std::optional<Type> defined(Type type) {
  if (type.kind == TypeKind::kStruct && !type.def) return std::nullopt;
  return type;
}

}  // namespace

std::optional<Type> BtfTypes::find_type(std::string_view name) {
  for (const Tagged& tag : kTags) {
    if (!name.starts_with(tag.keyword)) continue;
    std::uint32_t id = file_.find(name.substr(tag.keyword.size()), tag.kinds);
    return id == 0 ? std::nullopt : defined(convert(id, Wanted::kWhole));
  }
  std::uint32_t id = file_.find(name, kOrdinary);
  return id == 0 ? std::nullopt : defined(convert(id, Wanted::kWhole));
}

std::optional<std::pair<Type, std::uint64_t>> BtfTypes::find_enumerator(std::string_view name) {
  if (enumerators_.empty()) {
    std::uint32_t count = btf__type_cnt(file_.get());
    for (std::uint32_t id = 1; id < count; ++id) {
      if (!btf_is_any_enum(&file_.type(id))) continue;
      Type type = convert_enum(id);
      for (const Enumerator& value : type.enumerators->values) enumerators_.try_emplace(value.name, id, value.value);
    }
  }
  auto found = enumerators_.find(name);
  if (found == enumerators_.end()) return std::nullopt;
  return std::pair(convert_enum(found->second.first), found->second.second);
}

std::optional<FunctionSignature> BtfTypes::find_function(std::string_view name) {
  std::uint32_t id = file_.find(name, btf_kinds({BTF_KIND_FUNC}));
  if (id == 0) return std::nullopt;
  return signature(file_.type(id).type, 0);
}

std::optional<BtfTypes::Passing> BtfTypes::argument_passing(std::string_view name) {
  constexpr unsigned kLargestStruct = 16;  // bytes that are passed in registers
  std::uint32_t id = file_.find(name, btf_kinds({BTF_KIND_FUNC}));
  if (id == 0) return std::nullopt;
  const btf_type& prototype = file_.type(file_.type(id).type);
  Passing passing;
  for (unsigned i = 0; i < btf_vlen(&prototype); ++i) {
    std::uint32_t parameter = strip(file_, btf_params(&prototype)[i].type);
    if (parameter == 0 || btf_is_float(&file_.type(parameter))) return std::nullopt;
    std::int64_t size = btf__resolve_size(file_.get(), parameter);
    if (size < 0 || size > kLargestStruct) return std::nullopt;
    passing.words += size > 8 ? 2 : 1;
    passing.structs = passing.structs || btf_is_composite(&file_.type(parameter));
  }
  return passing;
}

std::optional<FunctionSignature> BtfTypes::raw_tracepoint(std::string_view event) {
  // This function (Linux 5.10) has the event's own prototype with names; that of the typedef has none.
  std::uint32_t function = file_.find(fmt::format("__traceiter_{}", event), btf_kinds({BTF_KIND_FUNC}));
  if (function != 0) return signature(file_.type(function).type, 1);
  std::uint32_t id = file_.find(fmt::format("btf_trace_{}", event), btf_kinds({BTF_KIND_TYPEDEF}));
  if (id == 0) return std::nullopt;
  std::uint32_t pointer = strip(file_, id);
  if (pointer == 0 || !btf_is_ptr(&file_.type(pointer))) return std::nullopt;
  std::uint32_t prototype = strip(file_, file_.type(pointer).type);
  if (prototype == 0 || !btf_is_func_proto(&file_.type(prototype))) return std::nullopt;
  return signature(prototype, 1);
}

FunctionSignature BtfTypes::signature(std::uint32_t prototype, unsigned skipped_parameters) {
  const btf_type& type = file_.type(prototype);
  FunctionSignature result;
  for (unsigned i = skipped_parameters; i < btf_vlen(&type); ++i) {
    const btf_param& parameter = btf_params(&type)[i];
    if (parameter.type == 0) break;  // `...`
    result.parameters.push_back(
        {.name = file_.string(parameter.name_off), .type = convert(parameter.type, Wanted::kName)});
  }
  result.result = convert(type.type, Wanted::kName);
  return result;
}

Type BtfTypes::convert(std::uint32_t id, Wanted wanted) {
  id = strip(file_, id);
  if (id == 0) return none_type();
  const btf_type& type = file_.type(id);
  switch (btf_kind(&type)) {
    case BTF_KIND_INT: return convert_integer(type);
    case BTF_KIND_PTR: return convert_pointer(type);
    case BTF_KIND_ARRAY: return convert_array(type, wanted);
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64: return convert_enum(id);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
    case BTF_KIND_FWD: return convert_struct(id, wanted);
    case BTF_KIND_FLOAT:
      return array_type(int_type(1, false), type.size);  // the kernel has none to speak of; readable as bytes
    default: return none_type();                         // functions
  }
}

Type BtfTypes::convert_integer(const btf_type& type) {
  std::string_view name = file_.name(type);
  if ((btf_int_encoding(&type) & BTF_INT_BOOL) != 0 || name == "_Bool") return bool_type();
  if (type.size > 8) return array_type(int_type(8, false), type.size / 8);  // __int128
  // Plain `char` carries no sign in BTF; it has one on x86, and scripts expect it.
  return int_type(type.size, (btf_int_encoding(&type) & BTF_INT_SIGNED) != 0 || name == "char");
}

Type BtfTypes::convert_pointer(const btf_type& type) {
  AddressSpace space = is_user_tag(file_, type.type) ? AddressSpace::kUser : pointers_;
  return pointer_type(convert(type.type, Wanted::kName), space);
}

Type BtfTypes::convert_array(const btf_type& type, Wanted wanted) {
  const auto& array = *btf_array(&type);
  return array_type(convert(array.type, wanted), array.nelems);
}

Type BtfTypes::convert_enum(std::uint32_t id) {
  auto [slot, is_new] = enums_.try_emplace(id);
  if (!is_new) return slot->second;
  const btf_type& type = file_.type(id);
  Type result = int_type(type.size, btf_kflag(&type));
  result.kind = TypeKind::kEnum;
  result.name = type.name_off == 0 ? "" : fmt::format("enum {}", file_.name(type));
  auto def = std::make_shared<EnumDef>();
  for (unsigned i = 0; i < btf_vlen(&type); ++i) def->values.push_back(enumerator(file_, type, i));
  result.enumerators = std::move(def);
  slot->second = result;
  return result;
}

Type BtfTypes::convert_struct(std::uint32_t id, Wanted wanted) {
  auto known = structs_.find(id);
  if (known != structs_.end() && wanted == Wanted::kWhole) return known->second;
  const btf_type& type = file_.type(id);
  bool is_union = btf_is_union(&type) || (btf_is_fwd(&type) && btf_kflag(&type));
  Type result;
  result.kind = TypeKind::kStruct;
  result.size = btf_is_fwd(&type) ? 0 : type.size;
  result.name = type.name_off == 0 ? "" : fmt::format("{} {}", is_union ? "union" : "struct", file_.name(type));
  if (btf_is_fwd(&type) || (wanted == Wanted::kName && !result.name.empty())) return result;
  if (known != structs_.end()) return known->second;
  structs_[id] = result;
  auto def = std::make_shared<StructDef>();
  def->fields.reserve(btf_vlen(&type));
  for (unsigned i = 0; i < btf_vlen(&type); ++i) def->fields.push_back(convert_member(type, i));
  result.align = struct_align(def->fields, result.size);
  result.def = std::move(def);
  structs_[id] = result;
  return result;
}

Field BtfTypes::convert_member(const btf_type& parent, unsigned index) {
  const btf_member& member = btf_members(&parent)[index];
  std::uint32_t first_bit = btf_member_bit_offset(&parent, index);
  std::uint32_t width = btf_member_bitfield_size(&parent, index);
  Field field{
      .name = file_.string(member.name_off), .type = convert(member.type, Wanted::kWhole), .offset = first_bit / 8};
  // Without the flag (kernels before 4.20's pahole) a bit field is an int type of fewer bits than its bytes.
  const btf_type& plain = file_.type(strip(file_, member.type));
  if (width == 0 && btf_is_int(&plain) && btf_int_bits(&plain) != plain.size * 8) {
    first_bit += btf_int_offset(&plain);
    width = btf_int_bits(&plain);
  }
  if (width != 0) place_bit_field(field, first_bit, width, parent.size);
  return field;
}

}  // namespace hawk
