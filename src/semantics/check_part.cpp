// Assignment to parts of variables: `$s.a.b = 1`, `$a[$i] += 2`, `$s.counts[3]++`.
#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

namespace {

// `root` with what is `depth` elements deep being of type `element`.
Type with_element(const Type& root, unsigned depth, const Type& element) {
  if (depth == 0) return element;
  return array_type(with_element(*root.element, depth - 1, element), root.count);
}

bool steps_down(ast::UnaryOp op) { return op == ast::UnaryOp::kPreDecrement || op == ast::UnaryOp::kPostDecrement; }
bool steps_first(ast::UnaryOp op) { return op == ast::UnaryOp::kPreIncrement || op == ast::UnaryOp::kPreDecrement; }

}  // namespace

// What is being assigned to. Its indices are evaluated by `before` where it is read as well.
struct Checker::Part {
  ClauseState::Variable* variable = nullptr;
  Type type = {};
  typed::SetPart place = {};  // without a value
  unsigned elements = 0;      // how deep in an array; 0 as soon as it is in a struct
  bool in_struct = false;
  std::vector<typed::StmtPtr> before = {};
  ExprPtr read = {};
};

bool Checker::find_part(const ast::Expr& target, bool reads, Part& part) {
  if (const auto* variable = std::get_if<ast::Variable>(&target.node)) {
    part.read = check_variable(*variable, target.span);
    if (is_poison(*part.read)) return false;
    part.variable = find_variable(variable->name);
    part.type = types_.complete(part.read->type);
    part.place.variable = part.variable->id;
    return true;
  }
  if (const auto* field = std::get_if<ast::FieldAccess>(&target.node)) {
    return find_part(*field->base, reads, part) && enter_member(*field, target.span, part);
  }
  if (const auto* index = std::get_if<ast::Index>(&target.node)) {
    return find_part(*index->base, reads, part) && enter_element(*index->index, target.span, reads, part);
  }
  if (std::holds_alternative<ast::MapAccess>(target.node)) {
    report(Diag::PartOfMap, target.span).help = "change a copy in a variable, and assign that to the map";
    return false;
  }
  if (std::holds_alternative<ast::Unary>(target.node)) {
    report(Diag::AssignThroughPointer, target.span);
    return false;
  }
  const auto* name = std::get_if<ast::Identifier>(&target.node);
  auto& diagnostic = report(Diag::NotAssignable, target.span, name != nullptr ? "a name" : "a part of a value");
  if (name != nullptr && !find_builtin(name->name))
    diagnostic.help = fmt::format("the name of a map begins with `@`: @{}[...]", name->name);
  return false;
}

// Reports why what a variable holds has no parts to assign to; true if it has.
bool Checker::is_changeable(const Type& type, Span span) {
  if (type.kind == TypeKind::kPointer) {
    report(Diag::AssignThroughPointer, span);
  } else if (type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord) {
    report(Diag::ImmutableTarget, span);
  } else if (type.kind == TypeKind::kString) {
    report(Diag::PartOfString, span);
  } else {
    return true;
  }
  return false;
}

bool Checker::enter_member(const ast::FieldAccess& access, Span span, Part& part) {
  if (!is_changeable(part.type, span)) return false;
  if (part.type.kind != TypeKind::kStruct) {
    report(Diag::FieldOfNonStruct, span, access.field, type_name(part.type));
    return false;
  }
  auto def = types_.definition(part.type);
  if (!def) {
    report(Diag::IncompleteType, span, type_name(part.type));
    return false;
  }
  FoundField found = struct_member(part.type, *def, access.field, span);
  if (found.field == nullptr) return false;
  part.type = types_.complete(found.field->type);
  part.place.offset += found.offset;
  part.place.bit_offset = found.field->bit_offset;
  part.place.bit_width = found.field->bit_width;
  part.in_struct = true;
  part.read =
      make_expr(part.type, span,
                typed::Member{std::move(part.read), found.offset, found.field->bit_offset, found.field->bit_width});
  return true;
}

bool Checker::enter_element(const ast::Expr& index_expr, Span span, bool reads, Part& part) {
  if (!is_changeable(part.type, span)) return false;
  if (part.type.kind != TypeKind::kArray) {
    report(Diag::NotIndexable, span, type_name(part.type));
    return false;
  }
  std::uint32_t count = part.type.count;
  Type element = types_.complete(*part.type.element);
  ExprPtr index = check_int(index_expr, "[]");
  if (is_poison(*index) || !check_bounds(*index, count, span)) return false;
  part.type = element;
  ++part.elements;
  if (const auto* constant = typed::node_as<typed::Constant>(*index)) {
    auto offset = static_cast<std::uint32_t>(constant->value * element.size);
    part.place.offset += offset;
    part.read = make_expr(element, span, typed::Member{std::move(part.read), offset, 0, 0});
    return true;
  }
  typed::EventId event = runtime_error("Array access out of bounds. Nothing is stored.", span);
  index = typed::to_int64(std::move(index), false);
  if (reads) {
    Type word = int_type(8, false);
    typed::VariableId kept = add_temporary(word);
    part.before.push_back(make_stmt(span, typed::SetVariable{kept, std::move(index)}));
    index = make_expr(word, span, typed::ReadVariable{kept});
    part.read =
        make_expr(element, span,
                  typed::Element{std::move(part.read), make_expr(word, span, typed::ReadVariable{kept}), count, {}});
  }
  part.place.indices.push_back({std::move(index), count, element.size, event});
  return true;
}

// Numbers in an array whose type is not declared widen with what is stored; true if they have, and the next walk sees
// them.
bool Checker::widen_elements(Part& part, const Type& wanted) {
  if (part.in_struct || part.elements == 0 || part.variable->type->fixed()) return false;
  auto common = common_type(part.type, wanted);
  if (!common || same_type(*common, part.type)) return false;
  Type root = part.variable->type->type();
  return part.variable->type->add(with_element(root, part.elements, *common)) &&
         !same_type(root, part.variable->type->type());
}

void Checker::assign_part(const ast::Assign& assign, Span span, typed::Block& out) {
  Part part;
  if (!find_part(*assign.target, assign.op.has_value(), part)) return;
  ExprPtr value = check_plain(*assign.value);
  if (assign.op) value = combine(*assign.op, std::move(part.read), std::move(value), span);
  if (is_poison(*value)) return;
  const auto* constant = typed::node_as<typed::Constant>(*value);
  bool small = constant != nullptr && value->literal && is_integer(value->type) && is_integer(part.type) &&
               typed::wrap(constant->value, part.type) == constant->value;
  if (!small && widen_elements(part, value->type)) return;
  Slot slot{part.type, part.place.bit_width, source_text(assign.target->span), span};
  part.place.value = fit(std::move(value), slot);
  if (is_poison(*part.place.value)) return;
  for (typed::StmtPtr& stmt : part.before) out.statements.push_back(std::move(stmt));
  out.statements.push_back(make_stmt(span, std::move(part.place)));
}

Checker::ExprPtr Checker::step_part(const ast::Unary& unary, Span span) {
  Part part;
  if (!find_part(*unary.operand, true, part)) return typed::poison(span);
  Type type = part.type;
  std::uint64_t step = 1;
  if (type.kind == TypeKind::kPointer) {
    step = std::max<std::uint64_t>(types_.complete(*type.element).size, 1);
  } else if (!is_integer(type)) {
    return refuse_step(unary.op, type, span);
  } else if (widen_elements(part, int_type(8, type.is_signed || steps_down(unary.op)))) {
    return typed::poison(span);
  }
  Type word = int_type(8, type.is_signed);
  typed::VariableId before = add_temporary(type);
  typed::VariableId after = add_temporary(type);
  auto read = [&](typed::VariableId variable) { return make_expr(type, span, typed::ReadVariable{variable}); };
  ExprPtr delta = typed::constant(int_type(8, true), steps_down(unary.op) ? 0 - step : step, span);
  ExprPtr sum = make_expr(word, span,
                          typed::Binary{typed::BinaryOp::kAdd,
                                        typed::to_int64(read(before), word.is_signed),
                                        typed::convert(std::move(delta), word),
                                        {}});
  typed::Block block;
  block.statements = std::move(part.before);
  block.statements.push_back(make_stmt(span, typed::SetVariable{before, std::move(part.read)}));
  block.statements.push_back(make_stmt(span, typed::SetVariable{after, typed::convert(std::move(sum), type)}));
  part.place.value = read(after);
  block.statements.push_back(make_stmt(span, std::move(part.place)));
  return make_expr(type, span, typed::BlockExpr{std::move(block), read(steps_first(unary.op) ? after : before)});
}

}  // namespace hawk
