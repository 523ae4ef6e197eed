#include "codegen/walk.h"

#include <set>

#include "codegen/lower_call.h"
#include "semantics/typed_search.h"

namespace hawk {

namespace {

using typed::Block;
using typed::Expr;
using typed::Search;
using typed::Stmt;

template <class... Nodes, class Variant>
bool holds_one_of(const Variant& node) {
  return (std::holds_alternative<Nodes>(node) || ...);
}

// Not allowed while something waits to be finished: these loop, jump, emit, or change what others read.
bool is_effect(const Expr& expr) {
  if (const auto* binary = std::get_if<typed::Binary>(&expr.node)) return binary->zero_event.has_value();
  if (const auto* element = std::get_if<typed::Element>(&expr.node)) return element->bounds_event.has_value();
  if (const auto* call = std::get_if<typed::Call>(&expr.node)) return !is_plain_builtin(call->builtin);
  if (const auto* stack = std::get_if<typed::StackTrace>(&expr.node)) return stack->unwound.has_value();
  return holds_one_of<typed::BlockExpr, typed::AddToMap, typed::AddToVariable, typed::FindKey, typed::DeleteKey,
                      typed::MapLength, typed::ReadAggregation>(expr.node);
}

}  // namespace

bool is_short_loop(const typed::ForRange& loop) {
  const auto* begin = std::get_if<typed::Constant>(&loop.begin->node);
  const auto* end = std::get_if<typed::Constant>(&loop.end->node);
  if (begin == nullptr || end == nullptr) return false;
  constexpr std::uint64_t kMostTurns = 64;
  constexpr std::int64_t kMostNodes = 1500;  // over all turns
  if (static_cast<std::int64_t>(end->value) <= static_cast<std::int64_t>(begin->value)) return true;
  if (end->value - begin->value > kMostTurns) return false;
  auto turns = static_cast<std::int64_t>(end->value - begin->value);
  std::int64_t nodes = 0;
  Search count{.on_expr = [&](const Expr&) { return ++nodes * turns > kMostNodes; },
               .on_stmt =
                   [&](const Stmt& stmt) {
                     ++nodes;
                     return holds_one_of<typed::While, typed::ForRange, typed::ForMap>(stmt.node);
                   }};
  return !count.find(loop.body);
}

bool has_loop_functions(const Block& block) {
  Search search{.on_stmt = [](const Stmt& stmt) {
    if (const auto* range = std::get_if<typed::ForRange>(&stmt.node)) return !is_short_loop(*range);
    return std::holds_alternative<typed::ForMap>(stmt.node);
  }};
  return search.find(block);
}

bool has_return(const Block& block) {
  return Search{.on_stmt = [](const Stmt& stmt) { return std::holds_alternative<typed::Return>(stmt.node); }}.find(
      block);
}

bool leaves_region(const Block& block) {
  auto leaves = [](const Stmt& stmt) { return std::holds_alternative<typed::LeaveRegion>(stmt.node); };
  std::set<const Stmt*> caught;  // by a region inside
  Search catches{.on_stmt = [&](const Stmt& stmt) {
    const auto* region = std::get_if<typed::Region>(&stmt.node);
    if (region == nullptr) return false;
    Search inside{.on_stmt = [&](const Stmt& below) {
      if (leaves(below)) caught.insert(&below);
      return false;
    }};
    return inside.find(region->block);
  }};
  static_cast<void>(catches.find(block));
  return Search{.on_stmt = [&](const Stmt& stmt) { return leaves(stmt) && !caught.contains(&stmt); }}.find(block);
}

bool is_plain(const Expr& expr) { return !Search{.on_expr = is_effect}.find(expr); }

std::vector<std::uint32_t> count_aggregating_clauses(const typed::CheckedProgram& program) {
  std::vector<std::uint32_t> counts(program.maps.size(), 0);
  for (const typed::Clause& clause : program.clauses) {
    std::vector<bool> seen(program.maps.size(), false);
    Search mark{.on_stmt = [&](const Stmt& stmt) {
      if (const auto* aggregate = std::get_if<typed::Aggregate>(&stmt.node)) seen[aggregate->map] = true;
      return false;
    }};
    static_cast<void>(mark.find(clause.body));
    for (std::size_t i = 0; i < seen.size(); ++i) counts[i] += seen[i] ? 1 : 0;
  }
  return counts;
}

bool uses_map(const Block& block, typed::MapId map) {
  auto is_it = [map](const auto& node) {
    if constexpr (requires { node.map; }) return node.map == map;
    return false;
  };
  Search search{.on_expr = [&](const Expr& expr) { return std::visit(is_it, expr.node); },
                .on_stmt = [&](const Stmt& stmt) { return std::visit(is_it, stmt.node); }};
  return search.find(block);
}

bool mentions_variable(const Expr& expr, typed::VariableId variable) {
  Search search{.on_expr =
                    [variable](const Expr& e) {
                      if (const auto* read = std::get_if<typed::ReadVariable>(&e.node))
                        return read->variable == variable;
                      if (const auto* find = std::get_if<typed::FindKey>(&e.node)) return find->variable == variable;
                      if (const auto* load = std::get_if<typed::Load>(&e.node))
                        return load->space == AddressSpace::kNone;
                      return false;
                    },
                .on_stmt = [](const Stmt&) { return true; }};
  return search.find(expr);
}

}  // namespace hawk
