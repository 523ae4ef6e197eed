#include "semantics/typed_search.h"

namespace hawk::typed {

namespace {

struct Below {
  const Search& search;

  template <class Pointer>
  bool any(const std::vector<Pointer>& nodes) const {
    for (const Pointer& node : nodes) {
      if (search.find(*node)) return true;
    }
    return false;
  }

  bool operator()(const Constant&) const { return false; }
  bool operator()(const DataConstant&) const { return false; }
  bool operator()(const ReadVariable&) const { return false; }
  bool operator()(const VariableAddress&) const { return false; }
  bool operator()(const MapAddress&) const { return false; }
  bool operator()(const ReadMap& node) const { return search.find(node.key); }
  bool operator()(const ReadAggregation& node) const { return search.find(node.key) || search.find(node.percent); }
  bool operator()(const HasKey& node) const { return search.find(node.key); }
  bool operator()(const FindKey& node) const { return search.find(node.key); }
  bool operator()(const DeleteKey& node) const { return search.find(node.key); }
  bool operator()(const MapLength&) const { return false; }
  bool operator()(const AddToMap& node) const { return search.find(node.key) || search.find(node.delta); }
  bool operator()(const AddToVariable& node) const { return search.find(node.delta); }
  bool operator()(const Unary& node) const { return search.find(node.operand); }
  bool operator()(const Binary& node) const { return search.find(node.left) || search.find(node.right); }
  bool operator()(const Logical& node) const { return search.find(node.left) || search.find(node.right); }
  bool operator()(const CompareStrings& node) const { return search.find(node.left) || search.find(node.right); }
  bool operator()(const CompareBytes& node) const { return search.find(node.left) || search.find(node.right); }
  bool operator()(const MatchPattern& node) const { return search.find(node.subject); }
  bool operator()(const Convert& node) const { return search.find(node.operand); }
  bool operator()(const Member& node) const { return search.find(node.base); }
  bool operator()(const Element& node) const { return search.find(node.base) || search.find(node.index); }
  bool operator()(const Load& node) const { return search.find(node.address); }
  bool operator()(const ContextLoad&) const { return false; }
  bool operator()(const ContextAddress&) const { return false; }
  bool operator()(const ReadString& node) const { return search.find(node.address) || search.find(node.length); }
  bool operator()(const ReadBuffer& node) const { return search.find(node.address) || search.find(node.length); }
  bool operator()(const Pack& node) const {
    for (const PackPart& part : node.parts) {
      if (search.find(part.value)) return true;
    }
    return false;
  }
  bool operator()(const Conditional& node) const {
    return search.find(node.condition) || search.find(node.then) || search.find(node.otherwise);
  }
  bool operator()(const BlockExpr& node) const { return search.find(node.block) || search.find(node.tail); }
  bool operator()(const Call& node) const { return any(node.arguments); }
  bool operator()(const StackTrace&) const { return false; }

  bool operator()(const Evaluate& node) const { return search.find(node.expr); }
  bool operator()(const SetVariable& node) const { return search.find(node.value); }
  bool operator()(const SetPart& node) const {
    for (const PartIndex& each : node.indices) {
      if (search.find(each.index)) return true;
    }
    return search.find(node.value);
  }
  bool operator()(const SetMap& node) const { return search.find(node.key) || search.find(node.value); }
  bool operator()(const Aggregate& node) const { return search.find(node.key) || search.find(node.argument); }
  bool operator()(const Emit& node) const { return any(node.fields); }
  bool operator()(const Join& node) const { return search.find(node.address); }
  bool operator()(const If& node) const {
    return search.find(node.condition) || search.find(node.then) || search.find(node.otherwise);
  }
  bool operator()(const Choose& node) const {
    for (const Choice& choice : node.choices) {
      if (any(choice.tests) || search.find(choice.body)) return true;
    }
    return false;
  }
  bool operator()(const While& node) const { return search.find(node.condition) || search.find(node.body); }
  bool operator()(const ForRange& node) const {
    return search.find(node.begin) || search.find(node.end) || search.find(node.body);
  }
  bool operator()(const ForMap& node) const {
    return search.find(node.body) || (node.order && search.find(node.order->limit));
  }
  bool operator()(const Break&) const { return false; }
  bool operator()(const Continue&) const { return false; }
  bool operator()(const Return& node) const { return search.find(node.value); }
  bool operator()(const Scope& node) const { return search.find(node.block); }
  bool operator()(const Region& node) const { return search.find(node.block); }
  bool operator()(const LeaveRegion&) const { return false; }
};

}  // namespace

bool Search::find(const Expr& expr) const { return on_expr(expr) || std::visit(Below{*this}, expr.node); }
bool Search::find(const Stmt& stmt) const { return on_stmt(stmt) || std::visit(Below{*this}, stmt.node); }
bool Search::find(const Block& block) const { return Below{*this}.any(block.statements); }

}  // namespace hawk::typed
