// `-d types`: the typed tree, one node a line, the type of every expression behind it.
#include <fmt/format.h>

#include <bit>

#include "semantics/typed.h"

namespace hawk::typed {

namespace {

const char* spelling(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd: return "+";
    case BinaryOp::kSubtract: return "-";
    case BinaryOp::kMultiply: return "*";
    case BinaryOp::kDivide: return "/";
    case BinaryOp::kModulo: return "%";
    case BinaryOp::kBitAnd: return "&";
    case BinaryOp::kBitOr: return "|";
    case BinaryOp::kBitXor: return "^";
    case BinaryOp::kShiftLeft: return "<<";
    case BinaryOp::kShiftRight: return ">>";
    case BinaryOp::kSignedDivide: return "signed /";
    case BinaryOp::kSignedModulo: return "signed %";
    case BinaryOp::kSignedShiftRight: return "signed >>";
    case BinaryOp::kEqual: return "==";
    case BinaryOp::kNotEqual: return "!=";
    case BinaryOp::kLess: return "<";
    case BinaryOp::kLessEqual: return "<=";
    case BinaryOp::kGreater: return ">";
    case BinaryOp::kGreaterEqual: return ">=";
  }
  return "?";
}

std::string quoted(const std::string& bytes) {
  std::string text = "\"";
  for (unsigned char c : bytes)
    text += c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? std::string(1, static_cast<char>(c))
                                                          : fmt::format("\\x{:02x}", c);
  return text + "\"";
}

const char* space_name(AddressSpace space) {
  return space == AddressSpace::kKernel ? "kernel" : space == AddressSpace::kUser ? "user" : "direct";
}

class Dumper {
 public:
  explicit Dumper(const CheckedProgram& program) : program_(program) {}

  std::string text;

  void clause(const Clause& clause) {
    clause_ = &clause;
    depth_ = 0;
    std::string names;
    for (const ProbeSpec& probe : clause.probes) names += (names.empty() ? "" : ", ") + probe.name;
    line("clause " + names);
    ++depth_;
    for (const Variable& variable : clause.variables) {
      line(fmt::format("variable {} : {}", variable.name.empty() ? "temporary" : "$" + variable.name,
                       type_name(variable.type)));
    }
    block(clause.body);
    --depth_;
  }

  // --- expressions ---
  void operator()(const Constant& node) {
    if (type_->kind == TypeKind::kFloat) return head("constant {}", std::bit_cast<double>(node.value));
    head("constant {}",
         type_->is_signed ? fmt::to_string(static_cast<std::int64_t>(node.value)) : fmt::to_string(node.value));
  }
  void operator()(const DataConstant& node) { head("data {}", quoted(node.bytes)); }
  void operator()(const ReadVariable& node) { head("read ${}", variable(node.variable)); }
  void operator()(const VariableAddress& node) { head("address of ${}", variable(node.variable)); }
  void operator()(const MapAddress& node) { head("address of @{}", map(node.map)); }
  void operator()(const ReadMap& node) {
    head("read @{}", map(node.map));
    child(node.key);
  }
  void operator()(const ReadAggregation& node) {
    head("merge @{}", map(node.map));
    child(node.key);
    child(node.percent);
  }
  void operator()(const HasKey& node) {
    head("has key @{}", map(node.map));
    child(node.key);
  }
  void operator()(const FindKey& node) {
    head("find key @{}", map(node.map));
    child(node.key);
  }
  void operator()(const DeleteKey& node) {
    head("delete @{}", map(node.map));
    child(node.key);
  }
  void operator()(const MapLength& node) { head("length @{}", map(node.map)); }
  void operator()(const AddToMap& node) {
    head("atomic add @{}", map(node.map));
    child(node.key);
    child(node.delta);
  }
  void operator()(const AddToVariable& node) {
    head("add ${}", variable(node.variable));
    child(node.delta);
  }
  void operator()(const Unary& node) {
    head("unary {}", node.op == UnaryOp::kNegate ? "-" : node.op == UnaryOp::kBitNot ? "~" : "!");
    child(node.operand);
  }
  void operator()(const Binary& node) {
    head("binary {}", spelling(node.op));
    child(node.left);
    child(node.right);
  }
  void operator()(const Logical& node) {
    head("logical {}", node.is_and ? "&&" : "||");
    child(node.left);
    child(node.right);
  }
  void operator()(const CompareStrings& node) {
    head("compare strings {} {}", node.negate ? "!=" : "==", node.limit);
    child(node.left);
    child(node.right);
  }
  void operator()(const CompareBytes& node) {
    head("compare bytes {}", node.negate ? "!=" : "==");
    child(node.left);
    child(node.right);
  }
  void operator()(const MatchPattern& node) {
    head("match pattern {} of {} states", node.negate ? "!~" : "=~", node.automaton->states);
    child(node.subject);
  }
  void operator()(const Convert& node) {
    head("convert");
    child(node.operand);
  }
  void operator()(const Member& node) {
    head("member at {}", node.offset);
    child(node.base);
  }
  void operator()(const Element& node) {
    head("element of {}", node.count);
    child(node.base);
    child(node.index);
  }
  void operator()(const Load& node) {
    head("load {}", space_name(node.space));
    child(node.address);
  }
  void operator()(const ContextLoad& node) { head("context at {}", node.offset); }
  void operator()(const ContextAddress& node) { head("context address {}", node.offset); }
  void operator()(const ReadString& node) {
    head("read string {}", space_name(node.space));
    child(node.address);
    child(node.length);
  }
  void operator()(const ReadBuffer& node) {
    head("read buffer {}", space_name(node.space));
    child(node.address);
    child(node.length);
  }
  void operator()(const Pack& node) {
    head("pack");
    for (const PackPart& part : node.parts) child(part.value);
  }
  void operator()(const Conditional& node) {
    head("conditional");
    child(node.condition);
    child(node.then);
    child(node.otherwise);
  }
  void operator()(const BlockExpr& node) {
    head("block");
    ++depth_;
    block(node.block);
    --depth_;
    child(node.tail);
  }
  void operator()(const Call& node) {
    head("call {}", builtin_row(node.builtin).name);
    for (const ExprPtr& argument : node.arguments) child(argument);
  }
  void operator()(const StackTrace& node) {
    if (node.unwound) return head("stack by tables");
    head("stack");
  }

  // --- statements ---
  void operator()(const Evaluate& node) {
    line("evaluate");
    child(node.expr);
  }
  void operator()(const SetVariable& node) {
    line("set $" + variable(node.variable));
    child(node.value);
  }
  void operator()(const SetPart& node) {
    line(fmt::format("set part of ${} at {}", variable(node.variable), node.offset));
    for (const PartIndex& each : node.indices) child(each.index);
    child(node.value);
  }
  void operator()(const SetMap& node) {
    line("set @" + map(node.map));
    child(node.key);
    child(node.value);
  }
  void operator()(const Aggregate& node) {
    line("aggregate @" + map(node.map));
    child(node.key);
    child(node.argument);
  }
  void operator()(const Emit& node) {
    line(fmt::format("emit event {}", node.event));
    for (const ExprPtr& field : node.fields) child(field);
  }
  void operator()(const Join& node) {
    line(fmt::format("join event {}", node.event));
    child(node.address);
  }
  void operator()(const If& node) {
    line("if");
    child(node.condition);
    nested("then", node.then);
    nested("else", node.otherwise);
  }
  void operator()(const Choose& node) {
    line("choose");
    for (const Choice& choice : node.choices) {
      for (const ExprPtr& test : choice.tests) child(test);
      bool otherwise = node.otherwise && &choice == &node.choices[*node.otherwise];
      nested(otherwise ? "or else" : "then", choice.body);
    }
  }
  void operator()(const While& node) {
    line("while");
    child(node.condition);
    nested("do", node.body);
  }
  void operator()(const ForRange& node) {
    line("for $" + variable(node.variable));
    child(node.begin);
    child(node.end);
    nested("do", node.body);
  }
  void operator()(const ForMap& node) {
    line("for $" + variable(node.variable) + " in @" + map(node.map) + (node.order ? order(*node.order) : ""));
    if (node.order) child(node.order->limit);
    nested("do", node.body);
  }
  void operator()(const Break&) { line("break"); }
  void operator()(const Continue&) { line("continue"); }
  void operator()(const Return& node) {
    line("return");
    child(node.value);
  }
  void operator()(const Scope& node) { nested("scope", node.block); }
  void operator()(const Region& node) { nested("region", node.block); }
  void operator()(const LeaveRegion&) { line("leave region"); }

 private:
  void line(const std::string& what) { text += std::string(static_cast<std::size_t>(depth_) * 2, ' ') + what + "\n"; }
  template <class... Args>
  void head(fmt::format_string<Args...> format, Args&&... args) {
    line(fmt::format(format, std::forward<Args>(args)...) + " : " + type_name(*type_));
  }
  void child(const ExprPtr& expr) {
    if (!expr) return;
    const Type* outer = type_;
    type_ = &expr->type;
    ++depth_;
    std::visit(*this, expr->node);
    --depth_;
    type_ = outer;
  }
  void block(const Block& statements) {
    for (const StmtPtr& stmt : statements.statements) std::visit(*this, stmt->node);
  }
  void nested(const char* name, const Block& statements) {
    if (statements.statements.empty()) return;
    ++depth_;
    line(name);
    ++depth_;
    block(statements);
    depth_ -= 2;
  }
  std::string variable(VariableId id) const {
    const std::string& name = clause_->variables[id].name;
    return name.empty() ? fmt::format("{}", id) : name;
  }
  static std::string order(const SortOrder& order) { return describe(order.order); }
  std::string map(MapId id) const { return program_.maps[id].name; }

  const CheckedProgram& program_;
  const Clause* clause_ = nullptr;
  const Type* type_ = nullptr;
  int depth_ = 0;
};

}  // namespace

std::string dump(const CheckedProgram& program) {
  Dumper dumper(program);
  for (const Clause& clause : program.clauses) dumper.clause(clause);
  return dumper.text;
}

}  // namespace hawk::typed
