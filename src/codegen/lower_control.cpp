// Control flow. A loop over a map, or one of many turns, has its body in a function of its own that the
// machine calls for each turn; the clause's variables are then in a frame that both can reach.
#include <bit>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/map_access.h"
#include "codegen/walk.h"

namespace hawk {

void lower_statement(Lowering& l, const typed::Evaluate& node) { l.effect(*node.expr); }
void lower_statement(Lowering& l, const typed::Scope& node) { l.block(node.block); }
void lower_statement(Lowering& l, const typed::Break&) { l.e().leave_to(l.function().loops.back().stop); }
void lower_statement(Lowering& l, const typed::Continue&) { l.e().leave_to(l.function().loops.back().next); }

void lower_statement(Lowering& l, const typed::Return& node) {
  l.return_from_clause(node.value != nullptr ? l.scalar(*node.value) : l.e().number(0));
}

void lower_statement(Lowering& l, const typed::Region& node) {
  Emitter& e = l.e();
  llvm::BasicBlock* done = e.block("endregion");
  llvm::BasicBlock* around = std::exchange(l.function().region, done);
  l.block(node.block);
  l.function().region = around;
  e.flow_into(done);
}

void lower_statement(Lowering& l, const typed::LeaveRegion&) {
  FunctionScope& function = l.function();
  if (function.region != nullptr) return l.e().leave_to(function.region);
  l.e().store(l.frame(ClauseFrame::kLeft), l.e().number(1));
  l.e().leave_to(function.leave);
}

void lower_statement(Lowering& l, const typed::If& node) {
  Emitter& e = l.e();
  llvm::BasicBlock* then = e.block("then");
  llvm::BasicBlock* otherwise = e.block("else");
  llvm::BasicBlock* done = e.block("endif");
  e.branch(l.scalar(*node.condition), then, otherwise);
  e.enter(then);
  if (node.is_predicate) l.count_passed();
  l.block(node.then);
  e.ir.CreateBr(done);
  e.enter(otherwise);
  l.block(node.otherwise);
  e.flow_into(done);
}

// A chain of comparisons; LLVM makes a search tree of one over integers.
void lower_statement(Lowering& l, const typed::Choose& node) {
  Emitter& e = l.e();
  llvm::BasicBlock* done = e.block("chosen");
  std::vector<llvm::BasicBlock*> bodies;
  for (const typed::Choice& choice : node.choices) {
    bodies.push_back(e.block("choice"));
    for (const typed::ExprPtr& test : choice.tests) {
      TemporaryScope temporaries(l);
      llvm::BasicBlock* miss = e.block("miss");
      e.branch(l.scalar(*test), bodies.back(), miss);
      e.enter(miss);
    }
  }
  e.ir.CreateBr(node.otherwise ? bodies[*node.otherwise] : done);
  std::vector<LoopTargets>& loops = l.function().loops;
  if (node.ends_at_break) loops.push_back({done, loops.empty() ? nullptr : loops.back().next});
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    e.enter(bodies[i]);
    l.block(node.choices[i].body);
    e.ir.CreateBr(done);
  }
  if (node.ends_at_break) loops.pop_back();
  e.enter(done);
}

void lower_statement(Lowering& l, const typed::While& node) {
  Emitter& e = l.e();
  llvm::BasicBlock* head = e.block("while");
  llvm::BasicBlock* body = e.block("turn");
  llvm::BasicBlock* done = e.block("endwhile");
  e.flow_into(head);
  e.branch(l.scalar(*node.condition), body, done);
  e.enter(body);
  l.between_turns();
  l.function().loops.push_back({done, head});
  l.block(node.body);
  l.function().loops.pop_back();
  e.ir.CreateBr(head);
  e.enter(done);
}

namespace {

void set_turn(Lowering& l, const typed::ForRange& node, llvm::Value* number) {
  const Type& type = l.variable_type(node.variable);
  l.e().store_scalar(l.variable(node.variable), convert_scalar(l.e(), number, int_type(8, true), type));
}

void lower_short_loop(Lowering& l, const typed::ForRange& node) {
  Emitter& e = l.e();
  Place turn{e.local(e.integer(8)), 8};
  e.store(turn, l.scalar(*node.begin));
  llvm::Value* end = l.scalar(*node.end);
  llvm::BasicBlock* head = e.block("for");
  llvm::BasicBlock* body = e.block("turn");
  llvm::BasicBlock* next = e.block("next");
  llvm::BasicBlock* done = e.block("endfor");
  e.flow_into(head);
  e.branch(e.ir.CreateICmpSLT(e.load(turn, 8), end), body, done);
  e.enter(body);
  set_turn(l, node, e.load(turn, 8));
  l.function().loops.push_back({done, next});
  l.block(node.body);
  l.function().loops.pop_back();
  e.flow_into(next);
  e.store(turn, e.ir.CreateAdd(e.load(turn, 8), e.number(1)));
  e.ir.CreateBr(head);
  e.enter(done);
}

// Goes to `target` if that flag of the frame is set.
void follow_flag(Lowering& l, std::uint32_t flag, llvm::BasicBlock* target) {
  Emitter& e = l.e();
  llvm::BasicBlock* goes_on = e.block("loop_done");
  e.branch(e.ir.CreateICmpNE(e.load(l.frame(flag), 8), e.number(0)), target, goes_on);
  e.enter(goes_on);
}

// After a loop in functions: a `return` inside ends this function too, and so does leaving a region around it.
void propagate_return(Lowering& l, const typed::Block& body) {
  if (has_return(body)) follow_flag(l, ClauseFrame::kReturned, l.function().leave);
  if (!leaves_region(body)) return;
  Emitter& e = l.e();
  if (l.function().region == nullptr) return follow_flag(l, ClauseFrame::kLeft, l.function().leave);
  llvm::BasicBlock* here = e.ir.GetInsertBlock();
  llvm::BasicBlock* left = e.block("left");
  e.enter(left);
  e.store(l.frame(ClauseFrame::kLeft), e.number(0));
  e.ir.CreateBr(l.function().region);
  e.enter(here);
  follow_flag(l, ClauseFrame::kLeft, left);
}

// Where in the clause's frame a loop keeps its state, 8 bytes each.
struct RangeState {
  std::uint32_t first;  // number of the first turn of the call under way
  std::uint32_t begin;  // these three only if the loop may take several calls
  std::uint32_t end;
  std::uint32_t stopped;  // 1: the body ended the loop
};

constexpr unsigned kTurnBits = 23;
static_assert(Machine::kMostTurns == 1 << kTurnBits);

llvm::Value* at_most_one_call(Emitter& e, llvm::Value* turns) {
  llvm::Value* most = e.number(Machine::kMostTurns);
  return e.ir.CreateSelect(e.ir.CreateICmpULT(turns, most), turns, most);
}

// From here on, whatever ends the loop leaves a note of it.
void note_stop(Lowering& l, FunctionScope& scope, std::uint32_t stopped) {
  Emitter& e = l.e();
  llvm::BasicBlock* body = e.ir.GetInsertBlock();
  llvm::BasicBlock* stop = e.block("stop_calls");
  e.enter(stop);
  e.store(l.frame(stopped), e.number(1));
  e.ir.CreateBr(scope.loops.front().stop);
  scope.loops.front().stop = scope.leave = scope.unavailable = stop;
  e.enter(body);
}

void lower_turn_body(Lowering& l, FunctionScope& scope, const typed::ForRange& node, const RangeState& state) {
  l.open_loop_body(scope, {"turn", "frame"});
  FunctionSwitch inside(l, scope);
  if (state.stopped != state.first) note_stop(l, scope, state.stopped);
  l.between_turns();
  Emitter& e = l.e();
  llvm::Value* turn = e.function().getArg(0);
  set_turn(l, node, e.ir.CreateAdd(e.load(l.frame(state.first), 8), turn));
  l.block(node.body);
  e.ir.CreateBr(scope.loops.front().next);
}

// One call's worth of turns; stops when the body did.
void lower_chunk_body(Lowering& l, FunctionScope& scope, llvm::Function& turn_body, const RangeState& state) {
  l.open_loop_body(scope, {"chunk", "frame"});
  FunctionSwitch inside(l, scope);
  Emitter& e = l.e();
  // From the argument, not counted on in the frame: the verifier would walk through every number.
  llvm::Value* chunk = e.ir.CreateShl(e.function().getArg(0), kTurnBits);
  llvm::Value* first = e.ir.CreateAdd(e.load(l.frame(state.begin), 8), chunk);
  e.store(l.frame(state.first), first);
  llvm::Value* turns = at_most_one_call(e, e.ir.CreateSub(e.load(l.frame(state.end), 8), first));
  l.machine.for_each_turn(e, turns, turn_body, scope.frame);
  llvm::Value* stopped = e.ir.CreateICmpNE(e.load(l.frame(state.stopped), 8), e.number(0));
  e.branch(stopped, scope.loops.front().stop, scope.loops.front().next);
}

// Whether the machine runs all turns in one call, for certain.
bool is_one_call(const typed::ForRange& node) {
  const auto* begin = std::get_if<typed::Constant>(&node.begin->node);
  const auto* end = std::get_if<typed::Constant>(&node.end->node);
  if (begin == nullptr || end == nullptr) return false;
  bool any = static_cast<std::int64_t>(begin->value) < static_cast<std::int64_t>(end->value);
  return !any || end->value - begin->value <= Machine::kMostTurns;
}

RangeState take_state(Lowering& l, bool one_call) {
  std::uint32_t first = l.take_frame(8);
  if (one_call) return {first, first, first, first};
  std::uint32_t begin = l.take_frame(8);
  std::uint32_t end = l.take_frame(8);
  return {first, begin, end, l.take_frame(8)};
}

}  // namespace

void lower_statement(Lowering& l, const typed::ForRange& node) {
  if (is_short_loop(node)) return lower_short_loop(l, node);
  Emitter& e = l.e();
  llvm::Value* begin = l.scalar(*node.begin);
  llvm::Value* end = l.scalar(*node.end);
  bool one_call = is_one_call(node);
  RangeState state = take_state(l, one_call);
  e.store(l.frame(state.first), begin);
  llvm::Value* any = e.ir.CreateICmpSLT(begin, end);
  llvm::Value* turns = e.ir.CreateSelect(any, e.ir.CreateSub(end, begin), e.number(0));
  FunctionScope scope(l.machine.create_turn_body(l.loop_name()), l.limits());
  lower_turn_body(l, scope, node, state);
  if (one_call) {
    l.machine.for_each_turn(e, turns, scope.emitter.function(), l.function().frame);
    return propagate_return(l, node.body);
  }
  e.store(l.frame(state.begin), begin);
  e.store(l.frame(state.end), end);
  e.store(l.frame(state.stopped), e.number(0));
  // 2^46 turns at most, which would take days.
  llvm::Value* full = e.ir.CreateLShr(e.ir.CreateSub(turns, e.number(1)), kTurnBits);
  llvm::Value* calls = e.ir.CreateSelect(any, e.ir.CreateAdd(full, e.number(1)), e.number(0));
  FunctionScope chunk(l.machine.create_turn_body(l.loop_name()), l.limits());
  lower_chunk_body(l, chunk, scope.emitter.function(), state);
  l.machine.for_each_turn(e, at_most_one_call(e, calls), chunk.emitter.function(), l.function().frame);
  propagate_return(l, node.body);
}

namespace {

// The loop variable: the tuple (key, value), an aggregation merged to a number, or to the record of stats.
void set_entry(Lowering& l, const typed::ForMap& node, Place key, Place value) {
  Emitter& e = l.e();
  const MapSchema& map = l.program.maps[node.map];
  const Type& tuple = l.variable_type(node.variable);
  const Field& key_field = tuple.def->fields[0];
  const Field& value_field = tuple.def->fields[1];
  Place entry = l.variable(node.variable);
  l.zero(entry, tuple.size);
  convert_place(l, {key, map.key}, {e.at(entry, key_field.offset), key_field.type});
  Place value_place = e.at(entry, value_field.offset);
  if (!is_aggregation(map.value)) return convert_place(l, {value, map.value}, {value_place, value_field.type});
  if (map.value.kind == TypeKind::kStats) return merge_stats_record(l, node.map, key, value_place);
  HAWK_CHECK(is_scalar(value_field.type), "a loop over a map gives an aggregation as a number");
  llvm::Value* merged = merge_aggregation(l, node.map, key);
  e.store_scalar(value_place, convert_scalar(e, merged, aggregation_number(map.value), value_field.type));
}

void lower_entry_body(Lowering& l, FunctionScope& scope, const typed::ForMap& node) {
  l.open_loop_body(scope, {"map", "key", "value", "frame"});
  FunctionSwitch inside(l, scope);
  Emitter& e = l.e();
  {
    TemporaryScope temporaries(l);
    set_entry(l, node, {e.function().getArg(1), 8}, {e.function().getArg(2), 8});
  }
  l.between_turns();
  l.block(node.body);
  e.ir.CreateBr(scope.loops.front().next);
}

}  // namespace

namespace {

// Entries to visit: none for a negative limit.
llvm::Value* entry_limit(Lowering& l, const typed::SortOrder& order) {
  Emitter& e = l.e();
  if (order.limit == nullptr) return e.number(~0ULL);
  llvm::Value* limit = l.scalar(*order.limit);
  return e.ir.CreateSelect(e.ir.CreateICmpSLT(limit, e.number(0)), e.number(0), limit);
}

}  // namespace

void lower_statement(Lowering& l, const typed::ForMap& node) {
  Emitter& e = l.e();
  llvm::Value* limit = node.order ? entry_limit(l, *node.order) : nullptr;
  FunctionScope scope(l.machine.create_entry_body(l.loop_name()), l.limits());
  lower_entry_body(l, scope, node);
  llvm::Function& body = scope.emitter.function();
  if (node.order) {
    auto order = std::bit_cast<std::uint64_t>(node.order->order);
    static_cast<void>(l.machine.call_host(e, HOST_CALL(for_each_sorted),
                                          {e.number(node.map), e.number(order), limit, &body, l.function().frame}));
  } else {
    static_cast<void>(l.machine.for_each_entry(e, node.map, body, l.function().frame));
  }
  propagate_return(l, node.body);
}

}  // namespace hawk
