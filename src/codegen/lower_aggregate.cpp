// Aggregations: each CPU has its own value, changed in place and merged when read.
#include "codegen/lower.h"
#include "codegen/map_access.h"
#include "image/program_image.h"

namespace hawk {

namespace {

// One aggregation step on the value of this CPU.
class Accumulator {
 public:
  Accumulator(Lowering& l, const typed::Aggregate& node, llvm::Value* argument)
      : l_(l),
        e_(l.e()),
        type_(l.program.maps[node.map].value),
        argument_(argument),
        exact_(l.is_interrupted(node.map)),
        exchanges_(exact_ && l.program.kernel.fetching_atomics) {
    if (node.argument != nullptr) is_signed_ = node.argument->type.is_signed;
  }

  void apply(llvm::Value* value) {
    Place place{value, 8};
    switch (type_.kind) {
      case TypeKind::kCount: return add(place, e_.number(1));
      case TypeKind::kSum: return add(place, argument_);
      case TypeKind::kMin: return replace(place, smaller(), e_.number(1));
      case TypeKind::kMax: return replace(place, larger(), e_.number(1));
      case TypeKind::kAvg:
      case TypeKind::kStats: add(place, argument_); return add(e_.at(place, 8), e_.number(1));
      case TypeKind::kHist:
        return add(bucket(place, hist_bucket(e_, argument_, is_signed_, type_.count)), e_.number(1));
      case TypeKind::kLinearHist:
        return add(bucket(place, linear_hist_bucket(e_, argument_, is_signed_, type_)), e_.number(1));
      case TypeKind::kTimeSeries: return add_to_series(place);
      case TypeKind::kPercentiles: return add_to_percentiles(place);
      case TypeKind::kDeviation: return add_to_deviation(place);
      case TypeKind::kHeatMap: return add_to_heat_map(place);
      case TypeKind::kError:
      case TypeKind::kNone:
      case TypeKind::kBool:
      case TypeKind::kInt:
      case TypeKind::kEnum:
      case TypeKind::kPointer:
      case TypeKind::kFloat:
      case TypeKind::kText:
      case TypeKind::kString:
      case TypeKind::kBuffer:
      case TypeKind::kArray:
      case TypeKind::kStruct:
      case TypeKind::kTuple:
      case TypeKind::kRecord:
      case TypeKind::kStackKernel:
      case TypeKind::kStackUser:
      case TypeKind::kKernelSymbol:
      case TypeKind::kUserSymbol:
      case TypeKind::kInet:
      case TypeKind::kMacAddress:
      case TypeKind::kUsername:
      case TypeKind::kTimestamp:
      case TypeKind::kCgroupPath:
      case TypeKind::kContext: break;
    }
    HAWK_UNREACHABLE("aggregation");
  }

 private:
  void add(Place place, llvm::Value* amount) {
    if (exact_) {
      e_.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, place.pointer, amount, llvm::Align(8),
                            llvm::AtomicOrdering::Monotonic);
      return;
    }
    e_.store(place, e_.ir.CreateAdd(e_.load(place, 8), amount));
  }

  [[nodiscard]] llvm::CmpInst::Predicate smaller() const {
    return type_.is_signed ? llvm::CmpInst::ICMP_SLT : llvm::CmpInst::ICMP_ULT;
  }
  [[nodiscard]] llvm::CmpInst::Predicate larger() const {
    return type_.is_signed ? llvm::CmpInst::ICMP_SGT : llvm::CmpInst::ICMP_UGT;
  }

  // The bucket of the interval that it is now. The clock works on every kernel and does not step.
  void add_to_series(Place series) {
    auto keeps = static_cast<SeriesKeeps>(type_.count);
    llvm::Value* now = l_.machine.clock(e_, Clock::kSoftwareTai);
    llvm::Value* interval = e_.ir.CreateUDiv(now, e_.number(static_cast<std::uint64_t>(type_.range_min)));
    llvm::Value* offset = e_.ir.CreateMul(series_bucket(e_, interval, type_), e_.number(series_bucket_size(keeps)));
    Place bucket = e_.at_index(series, offset, 8);
    llvm::Value* mark = e_.ir.CreateAdd(interval, e_.number(1));
    switch (keeps) {
      case SeriesKeeps::kLast: e_.store(bucket, argument_); return e_.store(e_.at(bucket, 8), now);
      case SeriesKeeps::kMin: return replace(bucket, smaller(), mark);
      case SeriesKeeps::kMax: return replace(bucket, larger(), mark);
      case SeriesKeeps::kSum: begin_interval(bucket, mark, 1); return add(bucket, argument_);
      case SeriesKeeps::kAvg:
        begin_interval(bucket, mark, 2);
        add(bucket, argument_);
        return add(e_.at(bucket, 16), e_.number(1));
    }
    HAWK_UNREACHABLE("what a time series keeps");
  }

  void add_to_percentiles(Place value) {
    replace(value, smaller(), e_.number(1));
    replace(e_.at(value, kPercentileCounts / 2), larger(), e_.number(1));
    // Indexes begin with 1, so the counts with the word before.
    Place counts = e_.at(value, kPercentileCounts - 8);
    add(bucket(counts, percentile_bucket(e_, argument_, type_.is_signed, type_.count)), e_.number(1));
  }

  void add_to_deviation(Place value) {
    llvm::Value* none = e_.number(0);
    llvm::Value* sign = type_.is_signed ? e_.ir.CreateAShr(argument_, 63) : none;
    add(value, e_.number(1));
    add_wide(e_.at(value, 8), {argument_, sign});
    auto [low, high] = square(e_.ir.CreateSub(e_.ir.CreateXor(argument_, sign), sign));
    add_wide(e_.at(value, 24), {low, high, none});
  }

  // 1 if left + right, which is `sum`, left 64 bits. Without a comparison, which would be a branch.
  llvm::Value* carry(llvm::Value* left, llvm::Value* right, llvm::Value* sum) {
    llvm::Value* both = e_.ir.CreateAnd(left, right);
    llvm::Value* lost = e_.ir.CreateAnd(e_.ir.CreateOr(left, right), e_.ir.CreateNot(sum));
    return e_.ir.CreateLShr(e_.ir.CreateOr(both, lost), 63);
  }

  // The two words of value * value, by halves: BPF multiplies 64 bits by 64 and drops the upper half.
  std::pair<llvm::Value*, llvm::Value*> square(llvm::Value* value) {
    llvm::Value* low = e_.ir.CreateAnd(value, 0xffffffff);
    llvm::Value* high = e_.ir.CreateLShr(value, 32);
    llvm::Value* mixed = e_.ir.CreateMul(low, high);  // counts twice, 32 bits up
    llvm::Value* squared = e_.ir.CreateMul(low, low);
    llvm::Value* moved = e_.ir.CreateShl(mixed, 33);
    llvm::Value* first = e_.ir.CreateAdd(squared, moved);
    llvm::Value* second = e_.ir.CreateAdd(e_.ir.CreateMul(high, high), e_.ir.CreateLShr(mixed, 31));
    return {first, e_.ir.CreateAdd(second, carry(squared, moved, first))};
  }

  // Adds a number of several words, the least significant one first. Each word is added in one step, and what it
  // carries follows from what it was then: steps that interrupt each other carry on their own account.
  void add_wide(Place place, std::initializer_list<llvm::Value*> words) {
    llvm::Value* carried = e_.number(0);
    for (auto word = words.begin(); word != words.end(); ++word) {
      llvm::Value* amount = e_.ir.CreateAdd(*word, carried);
      if (word + 1 == words.end()) return add(place, amount);
      llvm::Value* overflow = carry(*word, carried, amount);
      llvm::Value* before = fetch_and_add(place, amount);
      carried = e_.ir.CreateOr(overflow, carry(before, amount, e_.ir.CreateAdd(before, amount)));
      place = e_.at(place, 8);
    }
  }

  llvm::Value* fetch_and_add(Place place, llvm::Value* amount) {
    if (exact_) {
      return e_.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, place.pointer, amount, llvm::Align(8),
                                   llvm::AtomicOrdering::Monotonic);
    }
    llvm::Value* before = e_.load(place, 8);
    e_.store(place, e_.ir.CreateAdd(before, amount));
    return before;
  }

  void add_to_heat_map(Place map) {
    llvm::Value* now = l_.machine.clock(e_, Clock::kSoftwareTai);
    llvm::Value* interval = e_.ir.CreateUDiv(now, e_.number(static_cast<std::uint64_t>(type_.range_min)));
    llvm::Value* offset = e_.ir.CreateMul(series_bucket(e_, interval, type_), e_.number(kHeatIntervalSize));
    Place column = e_.at_index(map, offset, 8);
    begin_column(column, e_.ir.CreateAdd(interval, e_.number(1)));
    llvm::Value* index = hist_bucket(e_, argument_, is_signed_, 0);
    Place cell = e_.at_index(e_.at(column, 8), e_.ir.CreateMul(index, e_.number(4)), 4);
    // A count that is as large as it can be stays so.
    llvm::Value* sum = e_.ir.CreateAdd(e_.ir.CreateZExt(e_.load(cell, 4), e_.integer(8)), e_.number(1));
    llvm::Value* amount = e_.ir.CreateSub(e_.number(1), e_.ir.CreateLShr(sum, 32));
    if (exact_) {
      e_.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, cell.pointer, e_.ir.CreateTrunc(amount, e_.integer(4)),
                            llvm::Align(4), llvm::AtomicOrdering::Monotonic);
    } else {
      e_.store(cell, e_.ir.CreateTrunc(e_.ir.CreateSub(sum, e_.ir.CreateLShr(sum, 32)), e_.integer(4)));
    }
  }

  // Empties a column of an older interval; as begin_interval, with counts two by two: what is taken off either half is
  // not more than what it has.
  void begin_column(Place column, llvm::Value* mark) {
    constexpr std::uint32_t kCounts = kHeatIntervalSize - 8;
    llvm::BasicBlock* older = e_.block("older_column");
    llvm::BasicBlock* begun = e_.block("column_begun");
    llvm::Value* old_mark = e_.load(column, 8);
    e_.branch(e_.ir.CreateICmpEQ(old_mark, mark), begun, older);
    e_.enter(older);
    Place counts = e_.at(column, 8);
    if (!exchanges_) {
      e_.store(column, mark);
      l_.zero(counts, kCounts);
      return e_.flow_into(begun);
    }
    TemporaryScope temporaries(l_);
    Place before = l_.temporary(kCounts);
    l_.copy(before, counts, kCounts);
    llvm::BasicBlock* marked = e_.block("column_marked");
    auto order = llvm::AtomicOrdering::SequentiallyConsistent;
    llvm::Value* result = e_.ir.CreateAtomicCmpXchg(column.pointer, old_mark, mark, llvm::Align(8), order, order);
    e_.branch(e_.ir.CreateExtractValue(result, 1), marked, begun);
    e_.enter(marked);
    for (std::uint32_t i = 0; i < kCounts; i += 8) add(e_.at(counts, i), e_.ir.CreateNeg(e_.load(e_.at(before, i), 8)));
    e_.flow_into(begun);
  }

  // Empties a bucket that holds sums of an older interval: the value and, if there are two, the count. A step that runs
  // between any two instructions finds the bucket either still to be emptied, and does it, or marked; what it adds then
  // stays, as only what was there before is taken off.
  void begin_interval(Place bucket, llvm::Value* mark, int sums) {
    llvm::BasicBlock* older = e_.block("older_interval");
    llvm::BasicBlock* marked = e_.block("interval_marked");
    llvm::BasicBlock* begun = e_.block("interval_begun");
    Place count = e_.at(bucket, 16);
    llvm::Value* old_value = e_.load(bucket, 8);
    llvm::Value* old_count = sums == 2 ? e_.load(count, 8) : nullptr;
    Place mark_place = e_.at(bucket, 8);
    llvm::Value* old_mark = e_.load(mark_place, 8);
    e_.branch(e_.ir.CreateICmpEQ(old_mark, mark), begun, older);
    e_.enter(older);
    if (exchanges_) {
      auto order = llvm::AtomicOrdering::SequentiallyConsistent;
      llvm::Value* result = e_.ir.CreateAtomicCmpXchg(mark_place.pointer, old_mark, mark, llvm::Align(8), order, order);
      e_.branch(e_.ir.CreateExtractValue(result, 1), marked, begun);
    } else {
      e_.store(mark_place, mark);
      e_.ir.CreateBr(marked);
    }
    e_.enter(marked);
    add(bucket, e_.ir.CreateNeg(old_value));
    if (old_count != nullptr) add(count, e_.ir.CreateNeg(old_count));
    e_.flow_into(begun);
  }

  // The argument takes the value's place if it compares so, or if there is none yet, which is when the word behind it
  // is not `mark`.
  void replace(Place place, llvm::CmpInst::Predicate better, llvm::Value* mark) {
    if (exchanges_) return exchange(place, better, mark);
    llvm::BasicBlock* compare = e_.block("compare");
    llvm::BasicBlock* take = e_.block("take");
    llvm::BasicBlock* done = e_.block("taken");
    Place is_set = e_.at(place, 8);
    e_.branch(e_.ir.CreateICmpNE(e_.load(is_set, 8), mark), take, compare);
    e_.enter(compare);
    e_.branch(e_.ir.CreateICmp(better, argument_, e_.load(place, 8)), take, done);
    e_.enter(take);
    e_.store(place, argument_);
    e_.store(is_set, mark);
    e_.flow_into(done);
  }

  // As replace(), where another step may run between any two instructions: what is stored replaces only what
  // was compared. A first value is marked as there after it is stored; who stored one looks again, as
  // somebody else may have taken it for none. Each interruption costs an attempt.
  void exchange(Place place, llvm::CmpInst::Predicate better, llvm::Value* present) {
    constexpr std::uint64_t kAttempts = 8;
    Place is_set = e_.at(place, 8);
    Place attempt{e_.local(e_.integer(8)), 8};
    llvm::BasicBlock* again = e_.block("attempt");
    llvm::BasicBlock* look = e_.block("look");
    llvm::BasicBlock* compare = e_.block("compare");
    llvm::BasicBlock* take = e_.block("take");
    llvm::BasicBlock* mark = e_.block("mark");
    llvm::BasicBlock* done = e_.block("taken");
    e_.store(attempt, e_.number(0));
    e_.flow_into(again);
    llvm::Value* number = e_.load(attempt, 8);
    e_.store(attempt, e_.ir.CreateAdd(number, e_.number(1)));
    e_.branch(e_.ir.CreateICmpULT(number, e_.number(kAttempts)), look, done);
    e_.enter(look);
    llvm::Value* before = e_.load(place, 8);
    llvm::Value* is_first = e_.ir.CreateICmpNE(e_.load(is_set, 8), present);
    e_.branch(is_first, take, compare);
    e_.enter(compare);
    e_.branch(e_.ir.CreateICmp(better, argument_, before), take, done);
    e_.enter(take);
    auto order = llvm::AtomicOrdering::SequentiallyConsistent;
    llvm::Value* result = e_.ir.CreateAtomicCmpXchg(place.pointer, before, argument_, llvm::Align(8), order, order);
    e_.branch(e_.ir.CreateExtractValue(result, 1), mark, again);
    e_.enter(mark);
    e_.store(is_set, present);
    e_.branch(is_first, again, done);
    e_.enter(done);
  }

  Place bucket(Place place, llvm::Value* index) { return e_.at_index(place, e_.ir.CreateMul(index, e_.number(8)), 8); }

  Lowering& l_;
  Emitter& e_;
  const Type& type_;
  llvm::Value* argument_;
  bool exact_;
  bool exchanges_;  // exact_, and the kernel has what it takes to compare and exchange
  bool is_signed_ = false;
};

}  // namespace

void lower_statement(Lowering& l, const typed::Aggregate& node) {
  Emitter& e = l.e();
  llvm::Value* argument = node.argument != nullptr ? l.scalar(*node.argument) : nullptr;
  Place key = lower_key(l, node.key);
  llvm::BasicBlock* done = e.block("aggregated");
  Accumulator(l, node, argument).apply(find_or_create(l, {node.map, key}, node.full_event, done));
  l.machine.map_changed(e, node.map, key);
  e.flow_into(done);
}

// --- merging ------------------------------------------------------------------------------------

void for_each_cpu(Lowering& l, typed::MapId map, Place key, const std::function<void(llvm::Value*)>& body) {
  Emitter& e = l.e();
  Place cpu{e.local(e.integer(8)), 8};
  e.store(cpu, e.number(0));
  llvm::BasicBlock* head = e.block("cpu");
  llvm::BasicBlock* look = e.block("cpu_look");
  llvm::BasicBlock* found = e.block("cpu_found");
  llvm::BasicBlock* next = e.block("cpu_next");
  llvm::BasicBlock* done = e.block("cpus_done");
  llvm::Value* count = l.machine.runtime_constant(e, offsetof(RuntimeConstants, cpu_count));
  e.flow_into(head);
  llvm::Value* number = e.load(cpu, 8);
  e.branch(e.ir.CreateICmpULT(number, count), look, done);
  e.enter(look);
  llvm::Value* value = l.machine.map_find_on_cpu(e, map, key, number);
  e.branch(e.is_null(value), next, found);
  e.enter(found);
  body(value);
  e.flow_into(next);
  e.store(cpu, e.ir.CreateAdd(e.load(cpu, 8), e.number(1)));
  e.ir.CreateBr(head);
  e.enter(done);
}

namespace {

void add_to(Emitter& e, Place sum, llvm::Value* amount) { e.store(sum, e.ir.CreateAdd(e.load(sum, 8), amount)); }

// The value and whether there is one, 8 bytes each.
struct Best {
  Place value;
  Place is_set;
};

void take_better(Emitter& e, const Best& best, Place value, const Type& type) {
  bool is_min = type.kind == TypeKind::kMin;
  llvm::BasicBlock* compare = e.block("merge_compare");
  llvm::BasicBlock* take = e.block("merge_take");
  llvm::BasicBlock* done = e.block("merged");
  llvm::BasicBlock* there = e.block("merge");
  e.branch(e.ir.CreateICmpEQ(e.load(e.at(value, 8), 8), e.number(0)), done, there);
  e.enter(there);
  llvm::Value* candidate = e.load(value, 8);
  e.branch(e.ir.CreateICmpEQ(e.load(best.is_set, 8), e.number(0)), take, compare);
  e.enter(compare);
  auto signed_less = is_min ? llvm::CmpInst::ICMP_SLT : llvm::CmpInst::ICMP_SGT;
  auto unsigned_less = is_min ? llvm::CmpInst::ICMP_ULT : llvm::CmpInst::ICMP_UGT;
  e.branch(e.ir.CreateICmp(type.is_signed ? signed_less : unsigned_less, candidate, e.load(best.value, 8)), take, done);
  e.enter(take);
  e.store(best.value, candidate);
  e.store(best.is_set, e.number(1));
  e.flow_into(done);
}

// BPF before v4 divides unsigned only: by hand, truncating toward zero.
llvm::Value* average(Emitter& e, llvm::Value* total, llvm::Value* count, bool is_signed) {
  llvm::Value* divisor = e.ir.CreateSelect(e.ir.CreateICmpEQ(count, e.number(0)), e.number(1), count);
  if (!is_signed) return e.ir.CreateUDiv(total, divisor);
  llvm::Value* negative = e.ir.CreateICmpSLT(total, e.number(0));
  llvm::Value* size = e.ir.CreateUDiv(e.ir.CreateSelect(negative, e.ir.CreateNeg(total), total), divisor);
  return e.ir.CreateSelect(negative, e.ir.CreateNeg(size), size);
}

}  // namespace

namespace {

// Total and count, or the best value and whether there is one; 8 bytes each.
struct Merged {
  Place first;
  Place second;
};

bool is_average(const Type& type) { return type.kind == TypeKind::kAvg || type.kind == TypeKind::kStats; }

Merged merge(Lowering& l, typed::MapId map, Place key) {
  Emitter& e = l.e();
  const Type& type = l.program.maps[map].value;
  Merged merged{{e.local(e.integer(8)), 8}, {e.local(e.integer(8)), 8}};
  e.store(merged.first, e.number(0));
  e.store(merged.second, e.number(0));
  bool is_best = type.kind == TypeKind::kMin || type.kind == TypeKind::kMax;
  for_each_cpu(l, map, key, [&](llvm::Value* value) {
    Place place{value, 8};
    if (is_best) return take_better(e, {merged.first, merged.second}, place, type);
    add_to(e, merged.first, e.load(place, 8));
    if (is_average(type)) add_to(e, merged.second, e.load(e.at(place, 8), 8));
  });
  return merged;
}

}  // namespace

llvm::Value* read_percentile(Lowering& l, typed::MapId map, Place key, llvm::Value* percent) {
  return l.machine.call_host(l.e(), HOST_CALL(map_percentile), {l.e().number(map), key.pointer, percent});
}

llvm::Value* read_deviation(Lowering& l, typed::MapId map, Place key) {
  Emitter& e = l.e();
  llvm::Value* deviation = l.machine.call_host(e, HOST_CALL(map_deviation), {e.number(map), key.pointer});
  return e.ir.CreateBitCast(deviation, e.integer(8));
}

llvm::Value* merge_aggregation(Lowering& l, typed::MapId map, Place key) {
  Emitter& e = l.e();
  const Type& type = l.program.maps[map].value;
  if (type.kind == TypeKind::kDeviation) return read_deviation(l, map, key);
  if (type.kind == TypeKind::kPercentiles)
    return read_percentile(l, map, key, llvm::ConstantFP::get(e.ir.getDoubleTy(), kMedian));
  Merged merged = merge(l, map, key);
  if (!is_average(type)) return e.load(merged.first, 8);
  return average(e, e.load(merged.first, 8), e.load(merged.second, 8), type.is_signed);
}

void merge_stats(Lowering& l, typed::MapId map, Place key, Place destination) {
  Emitter& e = l.e();
  Merged merged = merge(l, map, key);
  e.store(destination, e.load(merged.first, 8));
  e.store(e.at(destination, 8), e.load(merged.second, 8));
}

void merge_stats_record(Lowering& l, typed::MapId map, Place key, Place destination) {
  Emitter& e = l.e();
  const Type& type = l.program.maps[map].value;
  Merged merged = merge(l, map, key);
  llvm::Value* total = e.load(merged.first, 8);
  llvm::Value* count = e.load(merged.second, 8);
  llvm::Value* members[] = {count, average(e, total, count, type.is_signed), total};  // aggregation_value()
  for (std::size_t i = 0; i < std::size(members); ++i) e.store(e.at(destination, i * 8), members[i]);
}

llvm::Value* merge_mean(Lowering& l, typed::MapId map, Place key) {
  Emitter& e = l.e();
  Merged merged = merge(l, map, key);
  llvm::Value* total = e.load(merged.first, 8);
  llvm::Value* count = e.load(merged.second, 8);
  llvm::Type* real = e.ir.getDoubleTy();
  bool is_signed = l.program.maps[map].value.is_signed;
  total = is_signed ? e.ir.CreateSIToFP(total, real) : e.ir.CreateUIToFP(total, real);
  llvm::Value* divisor = e.ir.CreateSelect(e.ir.CreateICmpEQ(count, e.number(0)), e.number(1), count);
  return e.ir.CreateBitCast(e.ir.CreateFDiv(total, e.ir.CreateUIToFP(divisor, real)), e.integer(8));
}

}  // namespace hawk
