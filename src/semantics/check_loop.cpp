// Loops: while, unroll, and for over numbers, over the entries of a map (in some order) and over lines.
#include <algorithm>

#include "semantics/builtin_checks.h"
#include "semantics/checker.h"
#include "semantics/map_order_words.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

namespace {

constexpr std::uint64_t kMaxUnroll = 100;
constexpr std::uint64_t kMaxUnrolledTurns = 10'000;  // of all unroll() in a clause together

}  // namespace

struct Checker::Sorting {
  OrderWords words;
  ExprPtr limit;  // null for all
};

void Checker::check_while(const ast::While& loop, Span span, typed::Block& out) {
  typed::While result;
  result.condition = check_condition(*loop.condition);
  ++clause_->loops;
  check_block(loop.body, result.body);
  --clause_->loops;
  if (!is_poison(*result.condition)) out.statements.push_back(make_stmt(span, std::move(result)));
}

void Checker::check_unroll(const ast::Unroll& loop, typed::Block& out) {
  auto count = check_constant(*loop.count);
  if (!count || *count == 0 || *count > kMaxUnroll) {
    report(Diag::UnrollCount, loop.count->span, kMaxUnroll);
    return;
  }
  for (std::uint64_t turn = 0; turn < *count; ++turn) {
    if (++clause_->unrolled == kMaxUnrolledTurns) report(Diag::UnrolledTooMuch, loop.count->span, kMaxUnrolledTurns);
    if (clause_->unrolled >= kMaxUnrolledTurns) return;
    typed::Scope copy;
    check_block(loop.body, copy.block);
    out.statements.push_back(make_stmt(loop.body.span, std::move(copy)));
  }
}

// --- for ----------------------------------------------------------------------------------------

// A scope with the loop's variable in it; nullopt after a diagnostic.
std::optional<typed::VariableId> Checker::open_loop(const std::string& name, const void* site, Span span,
                                                    const Type& type) {
  if (shadows(name, span)) return std::nullopt;
  clause_->scopes.emplace_back();
  ClauseState::Variable& variable = declare_variable(name, site, span);
  if (type.kind == TypeKind::kTuple) {
    variable.type->fix(type);
  } else {
    (void)variable.type->add(type);
  }
  clause_->out.variables[variable.id].type = variable.type->type();
  ++clause_->loops;
  return variable.id;
}

void Checker::close_loop() {
  --clause_->loops;
  clause_->scopes.pop_back();
}

void Checker::check_for_range(const ast::ForRange& loop, const ast::Stmt& stmt, typed::Block& out) {
  ExprPtr begin = check_int(*loop.begin, "..");
  ExprPtr end = check_int(*loop.end, "..");
  if (is_poison(*begin) || is_poison(*end)) return;
  auto variable = open_loop(loop.variable, &loop, stmt.span, int_type(8, true));
  if (!variable) return;
  typed::ForRange result{*variable, typed::to_int64(std::move(begin), true), typed::to_int64(std::move(end), true), {}};
  ++clause_->for_loops;
  check_block(loop.body, result.body);
  --clause_->for_loops;
  close_loop();
  out.statements.push_back(make_stmt(stmt.span, std::move(result)));
}

void Checker::check_for_map(const ast::ForMap& loop, const ast::Stmt& stmt, typed::Block& out) {
  LoopSite site{loop, stmt};
  if (const auto* call = std::get_if<ast::Call>(&loop.map->node)) {
    auto builtin = find_builtin(call->function);
    if (builtin == Builtin::kLines) return check_for_lines(site, *call, out);
    if (builtin == Builtin::kSort || builtin == Builtin::kTop) return check_for_sorted(site, *call, out);
  }
  check_for_entries(site, *loop.map, std::nullopt, out);
}

void Checker::check_for_entries(const LoopSite& site, const ast::Expr& map, std::optional<Sorting> sorting,
                                typed::Block& out) {
  const auto* access = std::get_if<ast::MapAccess>(&map.node);
  if (access == nullptr || access->key) {
    report(Diag::LoopOver, map.span);
    return;
  }
  MapUse use = whole_map(map, "for");
  // The loop variable stays unknown then: nothing in the body can be checked.
  if (use.info == nullptr) return;
  if (use.info->keyed != true) {
    report(Diag::KeyedMapExpected, map.span, "for", use.info->name);
    return;
  }
  Type value = map_value_type(*use.info);
  if (Type number = aggregation_value(value); number.kind != TypeKind::kNone) value = std::move(number);
  if (is_aggregation(value)) {
    report(Diag::AggregationAsValue, map.span, type_name(value));
    return;
  }
  std::optional<typed::SortOrder> order;
  if (sorting) {
    auto resolved = resolve_order(*this, sorting->words, *use.info, map.span);
    if (!resolved) return;
    order = typed::SortOrder{*resolved, std::move(sorting->limit)};
  }
  auto variable = open_loop(site.loop.variable, &site.loop, site.stmt.span, tuple_type({use.info->key.type(), value}));
  if (!variable) return;
  typed::ForMap result{*variable, use.id, {}, std::move(order)};
  ++clause_->for_loops;
  check_block(site.loop.body, result.body);
  --clause_->for_loops;
  close_loop();
  out.statements.push_back(make_stmt(site.stmt.span, std::move(result)));
}

void Checker::check_for_sorted(const LoopSite& site, const ast::Call& call, typed::Block& out) {
  CallSite sorted{*find_builtin(call.function), site.loop.map->span, &call};
  if (!check_argument_count(*this, sorted)) return;
  bool top = sorted.builtin == Builtin::kTop;
  Sorting sorting;
  for (std::size_t i = top ? 2 : 1; i < sorted.count(); ++i) {
    if (take_order_word(sorted.argument(i), sorting.words)) continue;
    report(Diag::UnknownWord, sorted.argument(i).span, sorted.name(), kOrderWords);
    return;
  }
  using Direction = EntryOrder::Direction;
  OrderWords& words = sorting.words;
  if (words.direction == Direction::kNone) words.direction = top ? Direction::kDescending : Direction::kAscending;
  if (!words.subject) words.subject = sorted.argument(0).span;  // by value, whatever print() does
  if (top) {
    sorting.limit = check_int(sorted.argument(1), sorted.name());
    if (is_poison(*sorting.limit)) return;
    sorting.limit = typed::to_int64(std::move(sorting.limit), true);
  }
  check_for_entries(site, sorted.argument(0), std::move(sorting), out);
}

typed::StmtPtr Checker::close_source(const OpenLines& open, Span span) {
  typed::Call call{Builtin::kClose, {}};
  call.arguments.push_back(make_expr(text_type(), span, typed::ReadVariable{open.source}));
  call.arguments.push_back(typed::constant(int_type(8, false), static_cast<std::uint64_t>(open.kind), span));
  return make_stmt(span, typed::Evaluate{make_expr(bool_type(), span, std::move(call))});
}

void Checker::close_lines(std::vector<typed::StmtPtr>& out, Span span) {
  for (const OpenLines& open : clause_->lines) out.push_back(close_source(open, span));
}

// `for ($line : lines(f)) { ... }` is `$source = f; while (getline($source, $line)) { ... } close($source)`.
void Checker::check_for_lines(const LoopSite& site, const ast::Call& call, typed::Block& out) {
  CallSite lines{Builtin::kLines, site.loop.map->span, &call};
  if (!check_argument_count(*this, lines)) return;
  auto reader = checked_source(*this, lines, 1);
  if (!reader) return;
  typed::Scope scope;
  typed::VariableId source = add_temporary(text_type());
  scope.block.statements.push_back(make_stmt(lines.span, typed::SetVariable{source, std::move(reader->source)}));
  reader->source = make_expr(text_type(), lines.span, typed::ReadVariable{source});
  auto variable = open_loop(site.loop.variable, &site.loop, site.stmt.span, text_type());
  if (!variable) return;
  clause_->lines.push_back({source, reader->kind});
  typed::While loop;
  loop.condition = read_line(std::move(*reader), ast::Variable{site.loop.variable}, &site.loop, lines.span);
  check_block(site.loop.body, loop.body);
  scope.block.statements.push_back(make_stmt(site.stmt.span, std::move(loop)));
  scope.block.statements.push_back(close_source(clause_->lines.back(), lines.span));
  clause_->lines.pop_back();
  close_loop();
  out.statements.push_back(make_stmt(site.stmt.span, std::move(scope)));
}

}  // namespace hawk
