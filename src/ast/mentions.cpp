#include "ast/mentions.h"

#include <algorithm>

namespace hawk {

namespace {

// Walks every expression; `found` is set at the first mention.
struct MentionFinder {
  const std::function<bool(const std::string&)>& wanted;
  bool found = false;

  void name(const std::string& text) { found = found || wanted(text); }
  void visit(const ast::ExprPtr& expr) {
    if (expr && !found) std::visit(*this, expr->node);
  }
  void visit(const std::unique_ptr<ast::TypeSyntax>& type) {
    if (type) visit(*type);
  }
  void visit(const ast::TypeSyntax& type) {
    visit(type.of_expr);
    visit(type.of_type);
    for (const ast::TypeModifier& modifier : type.modifiers) visit(modifier.count);
  }
  void visit(const ast::Block& block) {
    for (const ast::StmtPtr& stmt : block.statements) {
      if (!found) std::visit(*this, stmt->node);
    }
    visit(block.tail);
  }

  void operator()(const ast::IntegerLiteral&) {}
  void operator()(const ast::FloatLiteral&) {}
  void operator()(const ast::BoolLiteral&) {}
  void operator()(const ast::StringLiteral&) {}
  void operator()(const ast::Identifier& node) { name(node.name); }
  void operator()(const ast::PositionalParameter&) {}
  void operator()(const ast::ParameterCount&) {}
  void operator()(const ast::Variable&) {}
  void operator()(const ast::MapAccess& node) { visit(node.key); }
  void operator()(const ast::Unary& node) { visit(node.operand); }
  void operator()(const ast::Binary& node) {
    visit(node.left);
    visit(node.right);
  }
  void operator()(const ast::Conditional& node) {
    visit(node.condition);
    visit(node.then);
    visit(node.otherwise);
  }
  void operator()(const ast::Cast& node) {
    visit(node.type);
    visit(node.operand);
  }
  void operator()(const ast::FieldAccess& node) { visit(node.base); }
  void operator()(const ast::Index& node) {
    visit(node.base);
    visit(node.index);
  }
  void operator()(const ast::Call& node) {
    name(node.function);
    for (const ast::ExprPtr& argument : node.arguments) visit(argument);
  }
  void operator()(const ast::SizeOf& node) {
    visit(node.type);
    visit(node.expr);
  }
  void operator()(const ast::TypeOf& node) {
    visit(node.type);
    visit(node.expr);
  }
  void operator()(const ast::TypeInfo& node) {
    visit(node.type);
    visit(node.expr);
  }
  void operator()(const ast::OffsetOf& node) {
    visit(node.type);
    visit(node.expr);
  }
  void operator()(const ast::Tuple& node) {
    for (const ast::ExprPtr& element : node.elements) visit(element);
  }
  void operator()(const ast::Record& node) {
    for (const auto& [field, value] : node.fields) visit(value);
  }
  void operator()(const ast::ArrayLiteral& node) {
    for (const ast::ExprPtr& element : node.elements) visit(element);
  }
  void operator()(const ast::StructLiteral& node) {
    if (node.type) visit(*node.type);
    for (const ast::Initialiser& each : node.members) visit(each.value);
  }
  void operator()(const ast::BlockExpr& node) { visit(node.block); }
  void operator()(const ast::IfExpr& node) {
    visit(node.condition);
    visit(node.then);
    if (node.otherwise) visit(*node.otherwise);
  }
  void operator()(const ast::Match& node) {
    visit(node.subject);
    for (const ast::Arm& arm : node.arms) {
      for (const ast::Pattern& pattern : arm.patterns) {
        visit(pattern.first);
        visit(pattern.last);
      }
      visit(arm.body);
    }
  }
  void operator()(const ast::Comptime& node) { visit(node.operand); }
  void operator()(const ast::FunctionBody& node) {
    if (node.result) visit(*node.result);
    visit(node.body);
  }

  void operator()(const ast::ExprStatement& node) { visit(node.expr); }
  void operator()(const ast::Discard& node) { visit(node.expr); }
  void operator()(const ast::Let& node) {
    if (node.type) visit(*node.type);
    visit(node.value);
  }
  void operator()(const ast::Assign& node) {
    visit(node.target);
    visit(node.value);
  }
  void operator()(const ast::While& node) {
    visit(node.condition);
    visit(node.body);
  }
  void operator()(const ast::ForRange& node) {
    visit(node.begin);
    visit(node.end);
    visit(node.body);
  }
  void operator()(const ast::ForMap& node) {
    visit(node.map);
    visit(node.body);
  }
  void operator()(const ast::Unroll& node) {
    visit(node.count);
    visit(node.body);
  }
  void operator()(const ast::Break&) {}
  void operator()(const ast::Continue&) {}
  void operator()(const ast::Return& node) { visit(node.value); }
  void operator()(const ast::ImportStatement&) {}
};

}  // namespace

bool mentions(const ast::Clause& clause, const std::function<bool(const std::string&)>& wanted) {
  MentionFinder finder{wanted};
  finder.visit(clause.predicate);
  finder.visit(clause.body);
  return finder.found;
}

bool mentions(const ast::Expr& expr, const std::function<bool(const std::string&)>& wanted) {
  MentionFinder finder{wanted};
  std::visit(finder, expr.node);
  return finder.found;
}

bool mentions(const ast::Block& block, const std::function<bool(const std::string&)>& wanted) {
  MentionFinder finder{wanted};
  finder.visit(block);
  return finder.found;
}

bool mentions_any(const ast::Clause& clause, std::initializer_list<Builtin> builtins) {
  return mentions(clause, [&](const std::string& name) {
    auto builtin = find_builtin(name);
    return builtin && std::find(builtins.begin(), builtins.end(), *builtin) != builtins.end();
  });
}

}  // namespace hawk
