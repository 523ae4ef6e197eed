// Questions about types: sizeof, offsetof, typeinfo.
#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;

namespace {

typed::ExprPtr size_literal(std::uint64_t value, Span span) {
  typed::ExprPtr size = typed::constant(int_type(8, false), value, span);
  size->literal = true;
  return size;
}

// What typeinfo() calls the kind of a type; the names are bpftrace's where it has the kind.
std::string base_type_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::kNone: return "void";
    case TypeKind::kInt:
    case TypeKind::kEnum: return "int";
    case TypeKind::kPointer: return "pointer";
    case TypeKind::kString: return "string";
    case TypeKind::kBuffer: return "buffer";
    case TypeKind::kArray: return "array";
    case TypeKind::kStruct: return "c_type";
    case TypeKind::kTuple: return "tuple";
    case TypeKind::kRecord: return "record";
    case TypeKind::kStackKernel: return "kstack";
    case TypeKind::kStackUser: return "ustack";
    case TypeKind::kMacAddress: return "mac_address";
    case TypeKind::kError:
    case TypeKind::kBool:
    case TypeKind::kFloat:
    case TypeKind::kText:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kUsername:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath:
    case TypeKind::kContext:
#define AGGREGATION(kind, ...) case TypeKind::k##kind:
#include "ast/aggregations.def"
#undef AGGREGATION
      return type_name(type);
  }
  return "";
}

}  // namespace

Checker::ExprPtr Checker::check_sizeof(const ast::SizeOf& node, Span span) {
  Type type = types_.complete(type_of(node.type.get(), node.expr.get()));
  if (type.kind == TypeKind::kError) return typed::poison(span);
  if (type.size == 0 && type.kind == TypeKind::kStruct && !type.def)
    return refuse(Diag::IncompleteType, span, type_name(type));
  return size_literal(type.size, span);
}

std::optional<Checker::MemberPlace> Checker::member_place(Type type, const std::vector<std::string>& path, Span span) {
  MemberPlace place{0, std::move(type)};
  for (const std::string& name : path) {
    place.type = types_.complete(place.type);
    auto def = place.type.kind == TypeKind::kStruct || place.type.kind == TypeKind::kRecord
                   ? types_.definition(place.type)
                   : nullptr;
    if (!def) {
      report(Diag::FieldOfNonStruct, span, name, type_name(place.type));
      return std::nullopt;
    }
    FoundField found = struct_member(place.type, *def, name, span);
    if (found.field == nullptr) return std::nullopt;
    place.offset += found.offset;
    place.type = found.field->type;
  }
  return place;
}

Checker::ExprPtr Checker::check_offsetof(const ast::OffsetOf& node, Span span) {
  Type type = type_of(node.type.get(), node.expr.get());
  if (type.kind == TypeKind::kError) return typed::poison(span);
  auto place = member_place(std::move(type), node.path, span);
  return place ? size_literal(place->offset, span) : typed::poison(span);
}

Checker::ExprPtr Checker::check_typeinfo(const ast::TypeInfo& node, Span span) {
  if (config_.unstable_typeinfo == "error") {
    report(Diag::TypeInfoDisabled, span).help = "allow it: config = { unstable_typeinfo = enable }";
    return typed::poison(span);
  }
  if (config_.unstable_typeinfo == "warn") report(Diag::TypeInfoUnstable, span);
  Type type = type_of(node.type.get(), node.expr.get());
  if (type.kind == TypeKind::kError) return typed::poison(span);
  // bpftrace gives 0 for every type, too.
  ExprPtr id = size_literal(0, span);
  ExprPtr base = typed::string_literal(base_type_name(type), span);
  ExprPtr full = typed::string_literal(type.kind == TypeKind::kNone ? "void" : type_name(type), span);
  Type record = record_type({{"btf_id", id->type}, {"base_type", base->type}, {"full_type", full->type}});
  typed::Pack pack;
  pack.parts.push_back({record.def->fields[0].offset, std::move(id)});
  pack.parts.push_back({record.def->fields[1].offset, std::move(base)});
  pack.parts.push_back({record.def->fields[2].offset, std::move(full)});
  return make_expr(record, span, std::move(pack));
}

}  // namespace hawk
