#include "ast/copy.h"

#include <utility>

namespace hawk::ast {

namespace {

// One overload a node: a node that is not here does not compile.
struct NodeCopy {
  const Copier& c;

  IntegerLiteral operator()(const IntegerLiteral& node) const { return node; }
  FloatLiteral operator()(const FloatLiteral& node) const { return node; }
  BoolLiteral operator()(const BoolLiteral& node) const { return node; }
  StringLiteral operator()(const StringLiteral& node) const { return node; }
  Identifier operator()(const Identifier& node) const { return node; }
  PositionalParameter operator()(const PositionalParameter& node) const { return node; }
  ParameterCount operator()(const ParameterCount& node) const { return node; }
  Variable operator()(const Variable& node) const { return node; }
  MapAccess operator()(const MapAccess& node) const { return {node.name, c.copy(node.key)}; }
  Unary operator()(const Unary& node) const { return {node.op, c.copy(node.operand)}; }
  Binary operator()(const Binary& node) const { return {node.op, c.copy(node.left), c.copy(node.right)}; }
  Conditional operator()(const Conditional& node) const {
    return {c.copy(node.condition), c.copy(node.then), c.copy(node.otherwise)};
  }
  Cast operator()(const Cast& node) const { return {c.copy(node.type), c.copy(node.operand)}; }
  FieldAccess operator()(const FieldAccess& node) const {
    return {c.copy(node.base), node.field, c.on_span(node.field_span)};
  }
  Index operator()(const Index& node) const { return {c.copy(node.base), c.copy(node.index)}; }
  Call operator()(const Call& node) const { return {node.function, list(node.arguments), c.on_span(node.name_span)}; }
  SizeOf operator()(const SizeOf& node) const { return {c.copy(node.type), c.copy(node.expr)}; }
  TypeOf operator()(const TypeOf& node) const { return {c.copy(node.type), c.copy(node.expr)}; }
  TypeInfo operator()(const TypeInfo& node) const { return {c.copy(node.type), c.copy(node.expr)}; }
  OffsetOf operator()(const OffsetOf& node) const {
    std::vector<std::string> path;
    for (const std::string& name : node.path) path.push_back(c.on_field(name));
    return {c.copy(node.type), c.copy(node.expr), std::move(path)};
  }
  Tuple operator()(const Tuple& node) const { return {list(node.elements)}; }
  Record operator()(const Record& node) const {
    Record made;
    for (const auto& [name, value] : node.fields) made.fields.emplace_back(name, c.copy(value));
    return made;
  }
  ArrayLiteral operator()(const ArrayLiteral& node) const { return {list(node.elements)}; }
  StructLiteral operator()(const StructLiteral& node) const {
    StructLiteral made{c.copy(node.type), {}};
    for (const Initialiser& each : node.members)
      made.members.push_back({c.on_span(each.span), each.member, c.copy(each.value)});
    return made;
  }
  BlockExpr operator()(const BlockExpr& node) const { return {c.copy(node.block)}; }
  IfExpr operator()(const IfExpr& node) const {
    IfExpr made{c.copy(node.condition), c.copy(node.then), std::nullopt, node.comptime};
    if (node.otherwise) made.otherwise = c.copy(*node.otherwise);
    return made;
  }
  Match operator()(const Match& node) const {
    Match made{c.copy(node.subject), {}, node.is_switch};
    for (const Arm& arm : node.arms) {
      made.arms.push_back({c.on_span(arm.span), {}, c.copy(arm.body)});
      for (const Pattern& pattern : arm.patterns) {
        made.arms.back().patterns.push_back(
            {c.on_span(pattern.span), c.copy(pattern.first), c.copy(pattern.last), pattern.inclusive});
      }
    }
    return made;
  }
  Comptime operator()(const Comptime& node) const { return {c.copy(node.operand)}; }
  FunctionBody operator()(const FunctionBody& node) const {
    return {node.function, c.copy(node.body), c.copy(node.result)};
  }

  ExprStatement operator()(const ExprStatement& node) const { return {c.copy(node.expr)}; }
  Discard operator()(const Discard& node) const { return {c.copy(node.expr)}; }
  Let operator()(const Let& node) const {
    return {c.on_declared(node.variable), c.copy(node.type), c.copy(node.value)};
  }
  Assign operator()(const Assign& node) const { return {c.copy(node.target), node.op, c.copy(node.value)}; }
  While operator()(const While& node) const { return {c.copy(node.condition), c.copy(node.body)}; }
  ForRange operator()(const ForRange& node) const {
    return {c.on_declared(node.variable), c.copy(node.begin), c.copy(node.end), c.copy(node.body)};
  }
  ForMap operator()(const ForMap& node) const {
    return {c.on_declared(node.variable), c.copy(node.map), c.copy(node.body)};
  }
  Unroll operator()(const Unroll& node) const { return {c.copy(node.count), c.copy(node.body)}; }
  Break operator()(const Break& node) const { return node; }
  Continue operator()(const Continue& node) const { return node; }
  Return operator()(const Return& node) const { return {c.copy(node.value)}; }
  ImportStatement operator()(const ImportStatement& node) const { return node; }

 private:
  [[nodiscard]] std::vector<ExprPtr> list(const std::vector<ExprPtr>& nodes) const {
    std::vector<ExprPtr> made;
    for (const ExprPtr& node : nodes) made.push_back(c.copy(node));
    return made;
  }
};

}  // namespace

namespace {

class Deeper {
 public:
  explicit Deeper(unsigned* depth) : depth_(depth) {
    if (depth_ != nullptr) ++*depth_;
  }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() {
    if (depth_ != nullptr) --*depth_;
  }

 private:
  unsigned* depth_;
};

}  // namespace

ExprPtr Copier::copy(const Expr& expr) const {
  Deeper inside(depth);
  if (ExprPtr instead = on_expr(expr)) return instead;
  auto made = std::make_unique<Expr>();
  made->span = on_span(expr.span);
  std::visit([&](const auto& node) { made->node = NodeCopy{*this}(node); }, expr.node);
  return made;
}

StmtPtr Copier::copy(const Stmt& stmt) const {
  if (StmtPtr instead = on_stmt(stmt)) return instead;
  auto made = std::make_unique<Stmt>();
  made->span = on_span(stmt.span);
  std::visit([&](const auto& node) { made->node = NodeCopy{*this}(node); }, stmt.node);
  return made;
}

Block Copier::copy(const Block& block) const {
  Block made;
  made.span = on_span(block.span);
  for (const StmtPtr& stmt : block.statements) made.statements.push_back(copy(*stmt));
  made.tail = copy(block.tail);
  return made;
}

TypeSyntax Copier::copy(const TypeSyntax& type) const {
  TypeSyntax made;
  if (auto instead = on_type(type)) {
    made = std::move(*instead);
  } else {
    made.name = type.name;
    made.of_expr = copy(type.of_expr);
    made.of_type = copy(type.of_type);
  }
  made.span = on_span(type.span);
  for (const TypeModifier& modifier : type.modifiers) made.modifiers.push_back({modifier.kind, copy(modifier.count)});
  return made;
}

std::unique_ptr<TypeSyntax> Copier::copy(const std::unique_ptr<TypeSyntax>& type) const {
  return type ? std::make_unique<TypeSyntax>(copy(*type)) : nullptr;
}

std::optional<TypeSyntax> Copier::copy(const std::optional<TypeSyntax>& type) const {
  return type ? std::optional(copy(*type)) : std::nullopt;
}

}  // namespace hawk::ast
