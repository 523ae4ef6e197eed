#include "semantics/type_table.h"

#include <algorithm>
#include <array>
#include <bit>

namespace hawk {

namespace {

constexpr int kMaxDepth = 64;  // nested definitions
constexpr std::int64_t kMaxAlignment = 4096;

struct OwnType {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kOwnTypes = {
    OwnType{"ksym_t", TypeKind::kKernelSymbol},
    OwnType{"usym_t", TypeKind::kUserSymbol},
    OwnType{"inet", TypeKind::kInet},
    OwnType{"macaddr_t", TypeKind::kMacAddress},
    OwnType{"username_t", TypeKind::kUsername},
    OwnType{"timestamp", TypeKind::kTimestamp},
    OwnType{"cgroup_path_t", TypeKind::kCgroupPath},
};

std::optional<Type> own_type(std::string_view name) {
  for (std::uint32_t bytes : {1U, 2U, 4U, 8U}) {
    std::string bits = std::to_string(bytes * 8);
    if (name == "int" + bits) return int_type(bytes, true);
    if (name == "uint" + bits) return int_type(bytes, false);
  }
  if (name == "bool") return bool_type();
  if (name == "void") return none_type();
  for (const OwnType& row : kOwnTypes) {
    if (row.name == name) return simple_type(row.kind);
  }
  return std::nullopt;
}

bool is_tagged(std::string_view name) {
  return name.starts_with("struct ") || name.starts_with("union ") || name.starts_with("enum ");
}

// Bytes of an enum that has values from `least`, which is not positive, to `most`.
std::uint32_t enum_size(std::int64_t least, std::uint64_t most, bool packed) {
  for (std::uint32_t bytes : {1U, 2U, 4U}) {
    if (bytes < 4 && !packed) continue;
    std::uint32_t bits = bytes * 8;
    bool fits = least < 0 ? least >= -(std::int64_t{1} << (bits - 1)) && most < (std::uint64_t{1} << (bits - 1))
                          : (most >> bits) == 0;
    if (fits) return bytes;
  }
  return 8;
}

// Types that C has and hawk cannot compute with: their bytes.
std::optional<Type> opaque_type(std::string_view name) {
  auto bytes = [](std::uint32_t size) {
    Type type = array_type(int_type(1, false), size);
    type.align = size;
    return type;
  };
  if (name == "float") return bytes(4);
  if (name == "double") return bytes(8);
  if (name == "long double" || name == "double long") return bytes(16);
  if (name == "__int128" || name == "unsigned __int128" || name == "__int128 unsigned") return bytes(16);
  return std::nullopt;
}

Type incomplete_struct(std::string name) {
  Type type;
  type.kind = TypeKind::kStruct;
  type.name = std::move(name);
  return type;
}

}  // namespace

TypeTable::TypeTable(const ast::Program& program, TargetInfo& target, HeaderAccess headers, DiagSink& diagnostics)
    : target_(target), diagnostics_(diagnostics), headers_(headers) {
  if (!program.c_section.lines.empty()) include_ = program.c_section.lines.front().span;
  for (const ast::CDefinition& definition : program.definitions) define(definition);
}

void TypeTable::define(const ast::CDefinition& definition) {
  if (const auto* structure = std::get_if<ast::CStruct>(&definition.node)) {
    (void)define_struct(*structure, definition.span, 0);
  } else if (const auto* enumeration = std::get_if<ast::CEnum>(&definition.node)) {
    (void)define_enum(*enumeration);
  } else if (const auto* alias = std::get_if<ast::CTypedef>(&definition.node)) {
    Type type = convert(*alias->type, 0);
    if (std::uint32_t align = alignment(alias->attributes, definition.span); align > 0) type.align = align;
    named_[alias->name] = std::move(type);
  } else if (const auto* constant = std::get_if<ast::CDefine>(&definition.node)) {
    defines_[constant->name] = constant;
  }
}

std::uint32_t TypeTable::alignment(const ast::CAttributes& attributes, Span span) {
  if (!attributes.aligned) return 0;
  std::int64_t bytes = evaluate(*attributes.aligned).value_or(0);
  if (bytes > 0 && bytes <= kMaxAlignment && std::has_single_bit(static_cast<std::uint64_t>(bytes)))
    return static_cast<std::uint32_t>(bytes);
  diagnostics_.report(Diag::BadAlignment, attributes.aligned->span.end > 0 ? attributes.aligned->span : span,
                      kMaxAlignment);
  return 0;
}

std::optional<MemberToPlace> TypeTable::convert_field(const ast::CField& field, int depth) {
  MemberToPlace member{.name = field.name, .type = convert(*field.type, depth + 1)};
  const Type& type = member.type;
  if (type.kind == TypeKind::kError) return std::nullopt;
  bool flexible = type.kind == TypeKind::kArray && type.count == 0;
  if (type.size == 0 && !flexible && !(type.kind == TypeKind::kStruct && type.def)) {
    diagnostics_.report(Diag::IncompleteField, field.span, field.name, type_name(type));
    return std::nullopt;
  }
  if (field.bit_width) {
    auto width = evaluate(*field.bit_width);
    if (!width || *width < 0 || (*width == 0 && !field.name.empty())) {
      diagnostics_.report(Diag::BitFieldWidth, field.bit_width->span, field.name);
      return std::nullopt;
    }
    if (*width > type.size * 8) {
      diagnostics_.report(Diag::BitFieldTooWide, field.span, field.name, type_name(type));
      return std::nullopt;
    }
    member.bit_width = static_cast<std::uint32_t>(*width);
  }
  member.packed = field.attributes.packed;
  member.aligned = alignment(field.attributes, field.span);
  return member;
}

Type TypeTable::define_struct(const ast::CStruct& definition, Span span, int depth) {
  std::string name = definition.tag.empty() ? "" : (definition.is_union ? "union " : "struct ") + definition.tag;
  if (!definition.complete) return find(name).value_or(incomplete_struct(name));
  std::vector<MemberToPlace> members;
  std::uint64_t total = 0;
  for (const ast::CField& field : definition.fields) {
    auto member = convert_field(field, depth);
    if (!member) continue;
    total += member->type.size;
    members.push_back(std::move(*member));
  }
  if (total > kMaxArrayBytes) {
    diagnostics_.report(Diag::StructTooLarge, span, kMaxArrayBytes);
    return error_type();
  }
  auto layout = lay_out_struct(std::move(members), {.is_union = definition.is_union,
                                                    .packed = definition.attributes.packed,
                                                    .aligned = alignment(definition.attributes, span)});
  if (!layout) {
    diagnostics_.report(Diag::BitFieldSpread, span);
    return error_type();
  }
  Type type = incomplete_struct(name);
  type.size = layout->size;
  type.align = layout->align;
  type.def = std::make_shared<const StructDef>(std::move(layout->def));
  if (!name.empty()) named_[name] = type;
  return type;
}

Type TypeTable::define_enum(const ast::CEnum& definition) {
  std::string name = definition.tag.empty() ? "" : "enum " + definition.tag;
  if (!definition.complete) return find(name).value_or(error_type());
  auto values = std::make_shared<EnumDef>();
  std::int64_t next = 0;
  std::int64_t least = 0;
  std::uint64_t most = 0;
  for (const ast::CEnumerator& row : definition.values) {
    if (row.value) {
      auto value = evaluate(*row.value);
      if (!value) diagnostics_.report(Diag::NotConstant, row.value->span);
      next = value.value_or(next);
    }
    least = std::min(least, next);
    if (next >= 0) most = std::max(most, static_cast<std::uint64_t>(next));
    values->values.push_back({row.name, static_cast<std::uint64_t>(next)});
    Type integer = int_type(8, true);
    enumerators_[row.name] = {integer, static_cast<std::uint64_t>(next)};  // for later rows of this enum
    ++next;
  }
  Type type = int_type(enum_size(least, most, definition.attributes.packed), least < 0);
  type.kind = TypeKind::kEnum;
  type.name = name;
  type.enumerators = values;
  for (const Enumerator& row : values->values) enumerators_[row.name] = {type, row.value};
  if (!name.empty()) named_[name] = type;
  return type;
}

Type TypeTable::convert(const ast::CType& type, int depth) {
  if (depth > kMaxDepth) return error_type();
  if (const auto* named = std::get_if<ast::CNamed>(&type.node)) {
    if (auto opaque = opaque_type(named->name)) return *opaque;
    if (auto found = find(named->name)) return *found;
    if (is_tagged(named->name)) return incomplete_struct(named->name);
    diagnostics_.report(Diag::UnknownType, type.span, named->name);
    return error_type();
  }
  if (const auto* structure = std::get_if<ast::CStruct>(&type.node)) return define_struct(*structure, type.span, depth);
  if (const auto* enumeration = std::get_if<ast::CEnum>(&type.node)) return define_enum(*enumeration);
  if (const auto* pointer = std::get_if<ast::CPointer>(&type.node)) {
    Type pointee = convert(*pointer->pointee, depth + 1);
    // Behind a pointer a struct is kept by name, so that definitions may refer to each other.
    if (pointee.kind == TypeKind::kStruct && !pointee.name.empty()) pointee = incomplete_struct(pointee.name);
    return pointer_type(std::move(pointee), AddressSpace::kNone);
  }
  if (const auto* array = std::get_if<ast::CArray>(&type.node)) {
    std::int64_t count = array->count ? evaluate(*array->count).value_or(-1) : 0;
    Type element = convert(*array->element, depth + 1);
    auto most = static_cast<std::int64_t>(kMaxArrayBytes / std::max<std::uint32_t>(element.size, 1));
    if (count < 0 || count > most) {
      diagnostics_.report(Diag::ArraySizeNotConstant, type.span);
      return error_type();
    }
    return array_type(std::move(element), static_cast<std::uint32_t>(count));
  }
  return none_type();
}

std::optional<Type> TypeTable::find(std::string_view name) {
  if (auto found = named_.find(name); found != named_.end()) return found->second;
  if (auto own = own_type(name)) return own;
  if (headers_.headers != nullptr) {
    if (auto type = headers_.headers->find_type(name)) return type;
  }
  bool tagged = is_tagged(name);
  if (tagged && scope_ && scope_->names_arguments) {
    if (auto type = target_.find_user_type(scope_->code, name)) return type;
  }
  if (auto type = target_.find_type(name)) return type;
  bool of_program = scope_ && (tagged ? !scope_->names_arguments : scope_->names_arguments);
  return of_program ? target_.find_user_type(scope_->code, name) : std::nullopt;
}

std::shared_ptr<const StructDef> TypeTable::definition(const Type& type) { return complete(type).def; }

Type TypeTable::complete(const Type& type) {
  if (type.kind != TypeKind::kStruct || type.def) return type;
  if (type.origin != 0) return target_.user_struct(type.origin).value_or(type);
  if (type.name.empty()) return type;
  return find(type.name).value_or(type);
}

std::optional<std::pair<Type, std::uint64_t>> TypeTable::find_enumerator(std::string_view name) {
  if (auto found = enumerators_.find(name); found != enumerators_.end()) return found->second;
  if (headers_.headers != nullptr) {
    if (auto enumerator = headers_.headers->find_enumerator(name)) return enumerator;
  }
  if (scope_ && scope_->names_arguments) {
    if (auto enumerator = target_.find_user_enumerator(scope_->code, name)) return enumerator;
  }
  return target_.find_enumerator(name);
}

const ast::Expr* TypeTable::find_define(std::string_view name) {
  if (auto own = defines_.find(name); own != defines_.end()) return own->second->value.get();
  if (headers_.headers == nullptr) return nullptr;
  auto known = header_constants_.find(name);
  if (known == header_constants_.end()) {
    auto text = headers_.headers->find_macro(name);
    known = header_constants_.emplace(name, text ? headers_.parse_constant(*text, include_) : nullptr).first;
  }
  return known->second.get();
}

std::optional<std::string> TypeTable::find_c_text(std::string_view name) {
  auto own = defines_.find(name);
  if (own != defines_.end())
    return own->second->value || own->second->has_parameters || own->second->text.empty()
               ? std::nullopt
               : std::optional(own->second->text);
  return headers_.headers != nullptr ? headers_.headers->find_macro(name) : std::nullopt;
}

bool TypeTable::is_function_macro(std::string_view name) {
  auto own = defines_.find(name);
  if (own != defines_.end()) return own->second->has_parameters;
  return headers_.headers != nullptr && headers_.headers->is_function_macro(name);
}

}  // namespace hawk
