// Equality of arrays and structs: byte by byte, or member by member where there is padding, which may hold anything.
#include <algorithm>

#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

namespace {

constexpr std::size_t kMostLeaves = 256;  // beyond, the bytes are compared

// What is compared at once.
struct Leaf {
  std::uint32_t offset = 0;
  Type type;
  std::uint8_t bit_offset = 0;
  std::uint8_t bit_width = 0;
};

bool overlaps(const StructDef& def) {
  for (std::size_t i = 1; i < def.fields.size(); ++i) {
    const Field& before = def.fields[i - 1];
    bool bits = before.bit_width != 0 && def.fields[i].bit_width != 0;
    if (!bits && def.fields[i].offset < before.offset + before.type.size) return true;
  }
  return false;
}

class Leaves {
 public:
  explicit Leaves(TypeTable& types) : types_(types) {}

  std::vector<Leaf> found;

  void add(const Type& incomplete, std::uint32_t offset) {
    Type type = types_.complete(incomplete);
    auto def = type.kind == TypeKind::kStruct ? types_.definition(type) : nullptr;
    if (is_dense(type) || found.size() > kMostLeaves) {
      found.push_back({offset, type});
    } else if (type.kind == TypeKind::kArray) {
      for (std::uint32_t i = 0; i < type.count; ++i) add(*type.element, offset + i * type.element->size);
    } else if (def && !overlaps(*def)) {
      for (const Field& field : def->fields) add_field(field, offset);
    } else {
      found.push_back({offset, type});
    }
  }

 private:
  void add_field(const Field& field, std::uint32_t offset) {
    if (field.bit_width == 0) return add(field.type, offset + field.offset);
    found.push_back({offset + field.offset, field.type, field.bit_offset, field.bit_width});
  }

  // Every byte belongs to a member.
  bool is_dense(const Type& incomplete) {
    Type type = types_.complete(incomplete);
    if (type.kind == TypeKind::kArray) return type.element->kind != TypeKind::kString && is_dense(*type.element);
    if (type.kind != TypeKind::kStruct) return true;
    auto def = types_.definition(type);
    if (!def) return true;
    std::uint32_t end = 0;
    for (const Field& field : def->fields) {
      if (field.bit_width != 0 || field.offset != end || !is_dense(field.type)) return false;
      end += field.type.size;
    }
    return end == type.size;
  }

  TypeTable& types_;
};

typed::ExprPtr part_of(typed::VariableId variable, const Type& whole, const Leaf& leaf, Span span) {
  auto base = make_expr(whole, span, typed::ReadVariable{variable});
  return make_expr(leaf.type, span, typed::Member{std::move(base), leaf.offset, leaf.bit_offset, leaf.bit_width});
}

typed::ExprPtr equal(typed::ExprPtr left, typed::ExprPtr right, Span span) {
  if (!is_scalar(left->type))
    return make_expr(bool_type(), span, typed::CompareBytes{std::move(left), std::move(right), false});
  if (left->type.kind == TypeKind::kFloat || left->type.kind == TypeKind::kText) {
    return make_expr(bool_type(), span, typed::Binary{typed::BinaryOp::kEqual, std::move(left), std::move(right), {}});
  }
  return make_expr(bool_type(), span,
                   typed::Binary{typed::BinaryOp::kEqual,
                                 typed::to_int64(std::move(left), false),
                                 typed::to_int64(std::move(right), false),
                                 {}});
}

}  // namespace

Checker::ExprPtr Checker::compare_parts(bool negate, Compared compared, Span span) {
  const Type& type = compared.type;
  ExprPtr left = typed::convert(std::move(compared.left), type);
  ExprPtr right = typed::convert(std::move(compared.right), type);
  Leaves leaves(types_);
  leaves.add(type, 0);
  if (leaves.found.size() == 1 && leaves.found[0].bit_width == 0) {
    return make_expr(bool_type(), span, typed::CompareBytes{std::move(left), std::move(right), negate});
  }
  typed::VariableId a = add_temporary(type);
  typed::VariableId b = add_temporary(type);
  typed::Block block;
  block.statements.push_back(make_stmt(span, typed::SetVariable{a, std::move(left)}));
  block.statements.push_back(make_stmt(span, typed::SetVariable{b, std::move(right)}));
  ExprPtr result = typed::constant(bool_type(), 1, span);
  for (const Leaf& leaf : leaves.found) {
    ExprPtr same = equal(part_of(a, type, leaf, span), part_of(b, type, leaf, span), span);
    bool first = &leaf == &leaves.found.front();
    result = first ? std::move(same)
                   : make_expr(bool_type(), span, typed::Logical{true, std::move(result), std::move(same)});
  }
  if (negate) result = make_expr(bool_type(), span, typed::Unary{typed::UnaryOp::kNot, std::move(result)});
  return make_expr(bool_type(), span, typed::BlockExpr{std::move(block), std::move(result)});
}

// Tuples of different shapes are different, as in bpftrace.
Checker::ExprPtr Checker::unequal_tuples(bool negate, ExprPtr left, ExprPtr right, Span span) {
  typed::Block block;
  typed::append_effect(block, std::move(left));
  typed::append_effect(block, std::move(right));
  return make_expr(bool_type(), span, typed::BlockExpr{std::move(block), typed::bool_literal(negate, span)});
}

}  // namespace hawk
