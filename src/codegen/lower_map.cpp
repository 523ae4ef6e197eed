// Maps: reading, finding, writing, deleting, adding in place.
#include "codegen/lower.h"
#include "codegen/map_access.h"
#include "codegen/walk.h"
#include "image/program_image.h"

namespace hawk {

using typed::Expr;
using typed::MapId;

Place lower_key(Lowering& l, const typed::ExprPtr& key) {
  if (key != nullptr) return l.borrow(*key);
  Place index = l.e().slot(4);
  l.e().store(index, l.e().number(0, 4));
  return index;
}

namespace {

const MapSchema& schema(Lowering& l, MapId map) { return l.program.maps[map]; }

Place presence(Lowering& l, MapId map, llvm::Value* value) {
  return l.e().at({value, 8}, presence_offset(schema(l, map)));
}

void mark_written(Lowering& l, MapId map, llvm::Value* value) {
  if (!schema(l, map).keyed) l.e().store(presence(l, map, value), l.e().number(1));
}

// Lowers `found` where the key has a value and `absent` where not; goes on behind both.
template <class Found, class Absent>
void look_up(Lowering& l, MapId map, Place key, Found found, Absent absent) {
  Emitter& e = l.e();
  llvm::Value* value = l.machine.map_find(e, map, key);
  llvm::BasicBlock* present = e.block("present");
  llvm::BasicBlock* missing = e.block("missing");
  llvm::BasicBlock* done = e.block("looked_up");
  e.branch(e.is_null(value), missing, present);
  e.enter(present);
  found(value);
  e.ir.CreateBr(done);
  e.enter(missing);
  absent();
  e.flow_into(done);
}

// As look_up, for a scalar: `found` gives the value, elsewhere it is zero.
template <class Found>
llvm::Value* look_up_scalar(Lowering& l, MapId map, Place key, Found found) {
  llvm::Value* value = nullptr;
  llvm::BasicBlock* from = nullptr;
  llvm::BasicBlock* missing = nullptr;
  look_up(
      l, map, key,
      [&](llvm::Value* place) {
        value = found(place);
        from = l.e().ir.GetInsertBlock();
      },
      [&] { missing = l.e().ir.GetInsertBlock(); });
  llvm::PHINode* phi = l.e().ir.CreatePHI(value->getType(), 2);
  phi->addIncoming(value, from);
  phi->addIncoming(llvm::Constant::getNullValue(value->getType()), missing);
  return phi;
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::MapAddress& node) {
  return l.machine.map_address(l.e(), node.map);
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::ReadMap& node) {
  return look_up_scalar(l, node.map, lower_key(l, node.key),
                        [&](llvm::Value* value) { return l.e().load_scalar({value, 8}, expr.type); });
}

void lower_into(Lowering& l, const Expr& expr, const typed::ReadMap& node, Place destination) {
  look_up(
      l, node.map, lower_key(l, node.key), [&](llvm::Value* value) { l.copy(destination, {value, 8}, expr.type.size); },
      [&] { l.zero(destination, expr.type.size); });
}

namespace {

// The percentage comes first: evaluating it may change what the key is borrowed from.
llvm::Value* checked_percentile(Lowering& l, const typed::ReadAggregation& node) {
  Emitter& e = l.e();
  llvm::Value* percent = e.ir.CreateBitCast(l.scalar(*node.percent), e.ir.getDoubleTy());
  if (node.range_event) {
    auto bound = [&](double value) { return llvm::ConstantFP::get(e.ir.getDoubleTy(), value); };
    llvm::Value* inside =
        e.ir.CreateAnd(e.ir.CreateFCmpOGE(percent, bound(0)), e.ir.CreateFCmpOLE(percent, bound(100)));
    llvm::BasicBlock* outside = e.block("percent_outside");
    llvm::BasicBlock* done = e.block("percent");
    e.branch(inside, done, outside);
    e.enter(outside);
    l.emit(*node.range_event, {});
    e.flow_into(done);
  }
  return read_percentile(l, node.map, lower_key(l, node.key), percent);
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::ReadAggregation& node) {
  if (node.percent != nullptr) return checked_percentile(l, node);
  if (node.is_mean && expr.type.kind == TypeKind::kFloat) return merge_mean(l, node.map, lower_key(l, node.key));
  return merge_aggregation(l, node.map, lower_key(l, node.key));
}

void lower_into(Lowering& l, const Expr& expr, const typed::ReadAggregation& node, Place destination) {
  if (expr.type.kind == TypeKind::kRecord) return merge_stats_record(l, node.map, lower_key(l, node.key), destination);
  merge_stats(l, node.map, lower_key(l, node.key), destination);
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::HasKey& node) {
  Emitter& e = l.e();
  Place key = lower_key(l, node.key);
  if (schema(l, node.map).keyed) return e.ir.CreateIsNotNull(l.machine.map_find(e, node.map, key));
  return look_up_scalar(l, node.map, key, [&](llvm::Value* value) {
    return e.ir.CreateICmpNE(e.load(presence(l, node.map, value), 8), e.number(0));
  });
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::FindKey& node) {
  const Type& type = l.variable_type(node.variable);
  return look_up_scalar(l, node.map, lower_key(l, node.key), [&](llvm::Value* value) {
    l.copy(l.variable(node.variable), {value, 8}, type.size);
    if (schema(l, node.map).keyed) return static_cast<llvm::Value*>(l.e().flag(true));
    return l.e().ir.CreateICmpNE(l.e().load(presence(l, node.map, value), 8), l.e().number(0));
  });
}

namespace {

// Clears one copy of a scalar's value; true if it had been written.
llvm::Value* clear_scalar(Lowering& l, MapId map, llvm::Value* value) {
  llvm::Value* written = l.e().ir.CreateICmpNE(l.e().load(presence(l, map, value), 8), l.e().number(0));
  l.zero({value, 8}, map_value_size(schema(l, map)));
  return written;
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::DeleteKey& node) {
  Emitter& e = l.e();
  Place key = lower_key(l, node.key);
  if (!is_always_there(schema(l, node.map)))
    return e.ir.CreateICmpEQ(l.machine.map_delete(e, node.map, key), e.number(0));
  if (!is_per_cpu(schema(l, node.map).storage))
    return look_up_scalar(l, node.map, key, [&](llvm::Value* value) {
      llvm::Value* written = clear_scalar(l, node.map, value);
      l.machine.map_changed(e, node.map, key);
      return written;
    });
  Place written{e.local(e.integer(8)), 8};
  e.store(written, e.number(0));
  for_each_cpu(l, node.map, key, [&](llvm::Value* value) {
    llvm::Value* here = e.ir.CreateZExt(clear_scalar(l, node.map, value), e.integer(8));
    e.store(written, e.ir.CreateOr(e.load(written, 8), here));
  });
  l.machine.map_changed(e, node.map, key);
  return e.ir.CreateICmpNE(e.load(written, 8), e.number(0));
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::MapLength& node) {
  return l.machine.map_length(l.e(), node.map);
}

// --- writing ------------------------------------------------------------------------------------

namespace {

// `result` is 0 or -errno.
void report_failure(Lowering& l, typed::MapId map, llvm::Value* result, std::optional<typed::EventId> event) {
  if (!event) return;
  Emitter& e = l.e();
  llvm::BasicBlock* failed = e.block("update_failed");
  llvm::BasicBlock* done = e.block("update_done");
  e.branch(e.ir.CreateICmpEQ(result, e.number(0)), done, failed);
  e.enter(failed);
  l.machine.count_refused(e, map, done);
  l.emit(*event, {result});
  e.flow_into(done);
}

}  // namespace

namespace {

class GenerationHold {
 public:
  GenerationHold(Machine& machine, Emitter& e, typed::MapId map) : machine_(machine) {
    machine.hold_generation(e, map);
  }
  GenerationHold(const GenerationHold&) = delete;
  GenerationHold& operator=(const GenerationHold&) = delete;
  ~GenerationHold() { machine_.release_generation(); }

 private:
  Machine& machine_;
};

}  // namespace

llvm::Value* find_or_create(Lowering& l, const MapKey& entry, std::optional<typed::EventId> full_event,
                            llvm::BasicBlock* failed) {
  Emitter& e = l.e();
  const auto& [map, key] = entry;
  // What is inserted has to be found again, whatever hawk does meanwhile.
  GenerationHold hold(l.machine, e, map);
  llvm::Value* found = l.machine.map_find(e, map, key);
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* present = e.block("present");
  llvm::BasicBlock* missing = e.block("missing");
  e.branch(e.is_null(found), missing, present);
  e.enter(missing);
  if (is_always_there(schema(l, map))) {
    e.ir.CreateBr(failed);
    e.enter(present);
    mark_written(l, map, found);
    return found;
  }
  llvm::Value* result = l.machine.map_insert(e, map, key, l.machine.zeros(e, map_value_size(schema(l, map))));
  llvm::Value* made = l.machine.map_find(e, map, key);  // also if another CPU was faster
  llvm::BasicBlock* made_in = e.ir.GetInsertBlock();
  llvm::BasicBlock* full = e.block("full");
  e.branch(e.is_null(made), full, present);
  e.enter(full);
  report_failure(l, map, result, full_event);
  e.ir.CreateBr(failed);
  e.enter(present);
  llvm::PHINode* value = e.ir.CreatePHI(e.ir.getPtrTy(), 2);
  value->addIncoming(found, before);
  value->addIncoming(made, made_in);
  mark_written(l, map, value);
  return value;
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::AddToMap& node) {
  Emitter& e = l.e();
  llvm::Value* delta = l.scalar(*node.delta);
  Place key = lower_key(l, node.key);
  llvm::BasicBlock* failed = e.block("add_failed");
  llvm::BasicBlock* done = e.block("added");
  llvm::Value* value = find_or_create(l, {node.map, key}, node.full_event, failed);
  // What the sum was is exact only where the addition itself can say so; without, it is read first. The sum is exact.
  llvm::Value* seen = l.program.kernel.fetching_atomics ? nullptr : e.load({value, 8}, 8);
  llvm::Value* before =
      e.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, value, delta, llvm::Align(8), llvm::AtomicOrdering::Monotonic);
  if (seen != nullptr) before = seen;
  l.machine.map_changed(e, node.map, key);
  llvm::Value* result = node.yields_new ? e.ir.CreateAdd(before, delta) : before;
  llvm::BasicBlock* added = e.ir.GetInsertBlock();
  e.ir.CreateBr(done);
  e.enter(failed);
  e.flow_into(done);
  llvm::PHINode* phi = e.ir.CreatePHI(e.integer(8), 2);
  phi->addIncoming(result, added);
  phi->addIncoming(e.number(0), failed);
  return phi;
}

namespace {

void set_scalar_map(Lowering& l, const typed::SetMap& node) {
  const Expr& value = *node.value;
  llvm::Value* number = is_scalar(value.type) ? l.scalar(value) : nullptr;
  Place bytes = number == nullptr ? l.borrow(value) : Place{};
  Place key = lower_key(l, nullptr);
  llvm::BasicBlock* failed = l.e().block("set_failed");
  Place place{find_or_create(l, {node.map, key}, node.full_event, failed), 8};
  if (number != nullptr) {
    l.e().store_scalar(place, number);
  } else {
    l.copy(place, bytes, value.type.size);
  }
  l.machine.map_changed(l.e(), node.map, key);
  l.e().flow_into(failed);
}

// The value comes first: a key that changes variables must not change it where it is borrowed from one.
Place value_before_key(Lowering& l, const typed::SetMap& node) {
  if (is_plain(*node.key)) return l.borrow(*node.value);
  Place value = l.temporary(node.value->type.size);
  l.into(*node.value, value);
  return value;
}

}  // namespace

void lower_statement(Lowering& l, const typed::SetMap& node) {
  if (!schema(l, node.map).keyed) return set_scalar_map(l, node);
  Place value = value_before_key(l, node);
  Place key = lower_key(l, node.key);
  report_failure(l, node.map, l.machine.map_set(l.e(), node.map, key, value), node.full_event);
}

}  // namespace hawk
