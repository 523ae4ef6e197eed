#include "semantics/type_table.h"

#include <algorithm>
#include <array>

#include "semantics/struct_layout.h"

namespace hawk {

namespace {

constexpr int kMaxDepth = 64;  // nested definitions, defines that name defines

struct OwnType {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array kOwnTypes = {
    OwnType{"ksym_t", TypeKind::kKernelSymbol},   OwnType{"usym_t", TypeKind::kUserSymbol},
    OwnType{"inet", TypeKind::kInet},             OwnType{"macaddr_t", TypeKind::kMacAddress},
    OwnType{"username_t", TypeKind::kUsername},   OwnType{"timestamp", TypeKind::kTimestamp},
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

Type incomplete_struct(std::string name) {
  Type type;
  type.kind = TypeKind::kStruct;
  type.name = std::move(name);
  return type;
}

}  // namespace

TypeTable::TypeTable(const ast::Program& program, TargetInfo& target, DiagSink& diagnostics)
    : target_(target), diagnostics_(diagnostics) {
  for (const ast::CDefinition& definition : program.definitions) define(definition);
}

void TypeTable::define(const ast::CDefinition& definition) {
  if (const auto* structure = std::get_if<ast::CStruct>(&definition.node)) {
    (void)define_struct(*structure, definition.span, 0);
  } else if (const auto* enumeration = std::get_if<ast::CEnum>(&definition.node)) {
    (void)define_enum(*enumeration);
  } else if (const auto* alias = std::get_if<ast::CTypedef>(&definition.node)) {
    named_[alias->name] = convert(*alias->type, 0);
  } else if (const auto* constant = std::get_if<ast::CDefine>(&definition.node)) {
    defines_[constant->name] = constant->value.get();
  } else if (const auto* include = std::get_if<ast::CInclude>(&definition.node)) {
    diagnostics_.report(Diag::IncludeUnsupported, definition.span, include->path).help =
        "kernel types need no #include: hawk reads them from BTF; define other structs in the script";
  }
}

Type TypeTable::define_struct(const ast::CStruct& definition, Span span, int depth) {
  std::string name = definition.tag.empty() ? "" : (definition.is_union ? "union " : "struct ") + definition.tag;
  if (!definition.complete) return find(name).value_or(incomplete_struct(name));
  std::vector<MemberToPlace> members;
  for (const ast::CField& field : definition.fields) {
    Type type = convert(*field.type, depth + 1);
    if (type.kind == TypeKind::kError) continue;
    bool flexible = type.kind == TypeKind::kArray && type.count == 0;
    if (type.size == 0 && !flexible && !(type.kind == TypeKind::kStruct && type.def)) {
      diagnostics_.report(Diag::IncompleteField, field.span, field.name, type_name(type));
      continue;
    }
    std::optional<std::uint32_t> width;
    if (field.bit_width) width = static_cast<std::uint32_t>(evaluate(*field.bit_width).value_or(0));
    if (width && *width > type.size * 8) {
      diagnostics_.report(Diag::BitFieldTooWide, field.span, field.name, type_name(type));
      continue;
    }
    members.push_back({field.name, std::move(type), width});
  }
  std::uint64_t total = 0;
  for (const MemberToPlace& member : members) total += member.type.size;
  if (total > kMaxArrayBytes) {
    diagnostics_.report(Diag::StructTooLarge, span, kMaxArrayBytes);
    return error_type();
  }
  StructLayout layout = lay_out_struct(std::move(members), definition.is_union, definition.packed);
  Type type = incomplete_struct(name);
  type.size = layout.size;
  type.align = layout.align;
  type.def = std::make_shared<const StructDef>(std::move(layout.def));
  if (!name.empty()) named_[name] = type;
  return type;
}

Type TypeTable::define_enum(const ast::CEnum& definition) {
  std::string name = definition.tag.empty() ? "" : "enum " + definition.tag;
  if (!definition.complete) return find(name).value_or(error_type());
  auto values = std::make_shared<EnumDef>();
  std::int64_t next = 0;
  bool is_signed = false;
  for (const ast::CEnumerator& row : definition.values) {
    if (row.value) next = evaluate(*row.value).value_or(next);
    is_signed = is_signed || next < 0;
    values->values.push_back({row.name, static_cast<std::uint64_t>(next)});
    Type integer = int_type(8, true);
    enumerators_[row.name] = {integer, static_cast<std::uint64_t>(next)};  // for later rows of this enum
    ++next;
  }
  Type type = int_type(4, is_signed);
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
  return target_.find_type(name);
}

std::shared_ptr<const StructDef> TypeTable::definition(const Type& type) {
  if (type.def || type.name.empty()) return type.def;
  auto found = find(type.name);
  return found ? found->def : nullptr;
}

Type TypeTable::complete(const Type& type) {
  if (type.kind != TypeKind::kStruct || type.def || type.name.empty()) return type;
  return find(type.name).value_or(type);
}

std::optional<std::pair<Type, std::uint64_t>> TypeTable::find_enumerator(std::string_view name) {
  if (auto found = enumerators_.find(name); found != enumerators_.end()) return found->second;
  return target_.find_enumerator(name);
}

const ast::Expr* TypeTable::find_define(std::string_view name) const {
  auto found = defines_.find(name);
  return found == defines_.end() ? nullptr : found->second;
}

namespace {

std::optional<std::int64_t> apply(ast::BinaryOp op, std::int64_t left, std::int64_t right) {
  switch (op) {
    case ast::BinaryOp::kAdd: return left + right;
    case ast::BinaryOp::kSubtract: return left - right;
    case ast::BinaryOp::kMultiply: return left * right;
    case ast::BinaryOp::kDivide: return right == 0 ? std::nullopt : std::optional(left / right);
    case ast::BinaryOp::kModulo: return right == 0 ? std::nullopt : std::optional(left % right);
    case ast::BinaryOp::kShiftLeft: return left << (right & 63);
    case ast::BinaryOp::kShiftRight: return left >> (right & 63);
    case ast::BinaryOp::kBitAnd: return left & right;
    case ast::BinaryOp::kBitOr: return left | right;
    case ast::BinaryOp::kBitXor: return left ^ right;
    case ast::BinaryOp::kLess:
    case ast::BinaryOp::kGreater:
    case ast::BinaryOp::kLessEqual:
    case ast::BinaryOp::kGreaterEqual:
    case ast::BinaryOp::kEqual:
    case ast::BinaryOp::kNotEqual:
    case ast::BinaryOp::kAnd:
    case ast::BinaryOp::kOr:
    case ast::BinaryOp::kMatches:
    case ast::BinaryOp::kMatchesNot:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> TypeTable::evaluate(const ast::Expr& expr, int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  if (const auto* literal = std::get_if<ast::IntegerLiteral>(&expr.node)) return static_cast<std::int64_t>(literal->value);
  if (const auto* name = std::get_if<ast::Identifier>(&expr.node)) {
    if (const ast::Expr* value = find_define(name->name)) return evaluate(*value, depth + 1);
    auto found = find_enumerator(name->name);
    return found ? std::optional(static_cast<std::int64_t>(found->second)) : std::nullopt;
  }
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node)) {
    auto value = evaluate(*unary->operand, depth + 1);
    if (!value) return std::nullopt;
    if (unary->op == ast::UnaryOp::kNegate) return -*value;
    if (unary->op == ast::UnaryOp::kBitNot) return ~*value;
    return unary->op == ast::UnaryOp::kPlus ? value : std::nullopt;
  }
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node)) {
    auto left = evaluate(*binary->left, depth + 1);
    auto right = evaluate(*binary->right, depth + 1);
    return left && right ? apply(binary->op, *left, *right) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace hawk
