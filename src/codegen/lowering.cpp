#include "codegen/lowering.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "ast/text_places.h"
#include "codegen/lower.h"
#include "codegen/raw_syscall.h"
#include "codegen/walk.h"
#include "image/program_image.h"

namespace hawk {

namespace {

constexpr std::uint32_t kStackForTemporaries = 96;  // not to be used up by variables
constexpr std::uint32_t kMostInlineAccesses = 32;   // loads and stores of a copy before a call is better

bool has_predicate(const typed::Clause& clause) {
  const auto is_predicate = [](const typed::StmtPtr& statement) {
    const auto* node = std::get_if<typed::If>(&statement->node);
    return node != nullptr && node->is_predicate;
  };
  return std::any_of(clause.body.statements.begin(), clause.body.statements.end(), is_predicate);
}

std::uint32_t whole_words(std::uint32_t bytes) { return (bytes + 7) / 8 * 8; }

bool is_small_copy(std::uint32_t bytes, std::uint32_t align) {
  return bytes / std::min(align, 8U) + 3 <= kMostInlineAccesses;
}

}  // namespace

// --- a clause -----------------------------------------------------------------------------------

Lowering::Lowering(const typed::CheckedProgram& checked, Machine& target, DebugInfo& debug, bool counts_hits)
    : program(checked),
      machine(target),
      debug_(debug),
      counts_hits_(counts_hits),
      aggregating_clauses_(count_aggregating_clauses(checked)) {}

void Lowering::count(std::size_t offset) {
  if (counts_hits_) machine.count(e(), index_, offset);
}

bool Lowering::is_interrupted(typed::MapId map) const { return preemptible() || aggregating_clauses_[map] > 1; }

void Lowering::reset(std::size_t index) {
  index_ = index;
  limits_ = machine.limits();
  frame_ = nullptr;
  frame_bytes_ = 0;
  homes_.clear();
  scratch_used_ = scratch_most_ = 0;
  loop_bodies_ = 0;
}

Result<> Lowering::lower_clause(std::size_t index) {
  reset(index);
  llvm::Function& program_function = machine.create_program(index);
  debug_.describe(program_function, clause().span, {"ctx"});
  FunctionScope scope(program_function, limits_);
  program_scope_ = &scope;
  FunctionSwitch inside(*this, scope);
  set_location(clause().span);
  llvm::BasicBlock* done = e().block("done");
  scope.unavailable = done;
  scope.leave = e().block("leave");
  open_clause(scope);
  block(clause().body);
  e().ir.CreateBr(scope.leave);
  close_clause(scope, done);
  if (machine.reserve_scratch(scratch_most_)) return Ok{};
  return Error{.message = fmt::format("the clause needs {} bytes of working memory, more than the {} KiB there are",
                                      scratch_most_, (limits_.most_scratch + 1023) / 1024),
               .help = "split it into several clauses, or set `max_strlen` lower",
               .span = clause().span};
}

void Lowering::open_clause(FunctionScope& scope) {
  scope.context = scope.emitter.function().getArg(0);
  machine.enter_program(e(), scope.context);
  if (has_loop_functions(clause().body)) {
    open_frame(scope);
    result_ = frame(ClauseFrame::kResult);
  } else {
    result_ = {e().local(e().integer(8)), 8};
  }
  e().store(result_, e().number(0));
  if (clause().raw_syscalls) filter_system_call(scope.unavailable);
  if (clause().kind == ProbeKind::kIter) skip_end_of_iteration(scope.unavailable);
  count_hit();
  if (clause().filter_pid) filter_process(scope.unavailable);
  if (!has_predicate(clause())) count_passed();
  scope.setup = e().ir.GetInsertBlock();
  e().flow_into(e().block("body"));
  place_variables();
  clear_variables();
  register_texts();
}

void Lowering::open_frame(FunctionScope& scope) {
  frame_ = e().local(e().integer(8));
  scope.frame = frame_;
  static_cast<void>(take_frame(ClauseFrame::kVariables));
  e().store(frame(ClauseFrame::kContext), scope.context);
  e().store(frame(ClauseFrame::kReturned), e().number(0));
  e().store(frame(ClauseFrame::kTicket), e().number(0));
  e().store(frame(ClauseFrame::kLeft), e().number(0));
}

// 32-bit calls have numbers of their own, and are none of these events (Linux, kernel/trace/trace_syscalls.c).
void Lowering::filter_system_call(llvm::BasicBlock* done) {
  llvm::BasicBlock* wanted = e().block("call");
  llvm::Value* number = load_raw_syscall(*this, kSyscallNumberOffset);
  match_numbers(number, wanted, done);
  e().enter(wanted);
  llvm::BasicBlock* native = e().block("native_call");
  e().branch(machine.is_32_bit_call(e()), done, native);
  e().enter(native);
}

void Lowering::match_numbers(llvm::Value* number, llvm::BasicBlock* wanted, llvm::BasicBlock* done) {
  const std::vector<std::uint32_t>& numbers = clause().raw_syscalls->numbers;
  constexpr std::size_t kFew = 4;
  if (numbers.size() <= kFew) {
    for (std::uint32_t each : numbers) {
      llvm::BasicBlock* next = e().block("other_call");
      e().branch(e().ir.CreateICmpEQ(number, e().number(each)), wanted, next);
      e().enter(next);
    }
    e().ir.CreateBr(done);
    return;
  }
  // A byte for each number, up to a power of two of them.
  std::string listed(std::bit_ceil(std::size_t{numbers.back()} + 1), '\0');
  for (std::uint32_t each : numbers) listed[each] = 1;
  llvm::BasicBlock* known = e().block("known_call");
  e().branch(e().ir.CreateICmpULT(number, e().number(listed.size())), known, done);
  e().enter(known);
  // For the verifier, which may lose the bound.
  llvm::Value* index = e().ir.CreateAnd(e().opaque(number), e().number(listed.size() - 1));
  llvm::Value* is_listed = e().load(e().at_index(machine.data(e(), listed), index, 1), 1);
  e().branch(e().ir.CreateICmpNE(is_listed, e().number(0, 1)), wanted, done);
}

void Lowering::filter_process(llvm::BasicBlock* done) {
  llvm::Value* current = machine.process_id(e(), false);
  llvm::Value* wanted = machine.runtime_constant(e(), offsetof(RuntimeConstants, target_pid));
  llvm::BasicBlock* matches = e().block("process");
  e().branch(e().ir.CreateICmpEQ(current, wanted), matches, done);
  e().enter(matches);
}

// The kernel calls the program once more behind the last element.
void Lowering::skip_end_of_iteration(llvm::BasicBlock* done) {
  constexpr std::uint32_t kElement = 8;  // behind `meta` in every struct bpf_iter__OBJECT
  llvm::Value* element = machine.plain_number(e(), machine.load_context(e(), context(), kElement, 8));
  llvm::BasicBlock* there = e().block("element");
  e().branch(e().ir.CreateICmpNE(element, e().number(0)), there, done);
  e().enter(there);
}

void Lowering::close_clause(FunctionScope& scope, llvm::BasicBlock* done) {
  set_location(clause().span);
  e().enter(scope.leave);
  if (scope.scratch.base != nullptr && preemptible()) machine.release_scratch(e(), scope.scratch);
  e().flow_into(done);
  bool iterates = clause().kind == ProbeKind::kIter;
  if (iterates && clause().probes.front().pin.empty()) machine.mark_element(e(), scope.context);
  // For other kinds the kernel gives a value a meaning of its own, or refuses it: an iterator that does not return 0 is
  // asked for the same element again, a session that returns 1 leaves out the return.
  bool tells = clause().kind == ProbeKind::kTest || clause().kind == ProbeKind::kBench;
  e().ir.CreateRet(tells ? e().load(result_, 8) : e().number(0));
  if (frame_ != nullptr) frame_->setOperand(0, e().ir.getInt32(frame_bytes_ / 8));
}

// Programs of uprobes and of fentry run with preemption, and nothing keeps the next process from entering the same one.
bool Lowering::preemptible() const {
  return clause().kind == ProbeKind::kUprobe || clause().kind == ProbeKind::kUretprobe ||
         clause().kind == ProbeKind::kUsdt || probe_row(clause().kind).program == ProgramType::kTracing;
}

void Lowering::set_location(Span span) { e().ir.SetCurrentDebugLocation(debug_.location(e().function(), span)); }

// --- variables ----------------------------------------------------------------------------------

VariableHome Lowering::home_for(const Type& type) {
  bool fits =
      type.size <= limits_.largest_on_stack && limits_.stack_left >= kStackForTemporaries + whole_words(type.size);
  if (!fits) return {.offset = take_scratch(type.size)};
  if (frame_ != nullptr) return {.in_frame = true, .offset = take_frame(type.size)};
  limits_.stack_left -= whole_words(type.size);
  if (is_scalar(type)) return {.local = e().local(e().integer(type.size))};
  return {.local = e().local(llvm::ArrayType::get(e().integer(8), whole_words(type.size) / 8))};
}

void Lowering::place_variables() {
  for (const typed::Variable& variable : clause().variables) homes_.push_back(home_for(variable.type));
}

void Lowering::clear_variables() {
  for (typed::VariableId id = 0; id < homes_.size(); ++id) zero(variable(id), variable_type(id).size);
}

void Lowering::register_texts() {
  for (typed::VariableId id = 0; id < homes_.size(); ++id) {
    for (std::uint32_t offset : text_places(variable_type(id)))
      machine.call_host(e(), HOST_CALL(text_root), {e().at(variable(id), offset).pointer});
  }
}

Place Lowering::variable(typed::VariableId id) {
  const VariableHome& home = homes_[id];
  if (home.local != nullptr) return {home.local, 8};
  if (home.in_frame) return frame(home.offset);
  acquire_scratch(*function_);
  return e().at({function_->scratch.base, 8}, home.offset);
}

// --- memory -------------------------------------------------------------------------------------

std::uint32_t Lowering::take_frame(std::uint32_t bytes) {
  std::uint32_t offset = frame_bytes_;
  frame_bytes_ += whole_words(bytes);
  limits_.stack_left -= std::min(limits_.stack_left, whole_words(bytes));
  return offset;
}

std::uint32_t Lowering::take_scratch(std::uint32_t bytes) {
  std::uint32_t offset = scratch_used_;
  scratch_used_ += whole_words(bytes);
  scratch_most_ = std::max(scratch_most_, scratch_used_);
  return offset;
}

// Code that acquires the memory goes to the start of the function, so that it is there on every path.
void Lowering::acquire_scratch(FunctionScope& scope) {
  if (scope.scratch.base != nullptr) return;
  if (scope.is_loop_body) acquire_scratch(*program_scope_);
  FunctionSwitch inside(*this, scope);
  llvm::IRBuilderBase::InsertPointGuard guard(e().ir);
  llvm::Instruction* end = scope.setup->getTerminator();
  llvm::BasicBlock* body = end->getSuccessor(0);
  end->eraseFromParent();
  e().enter(scope.setup);
  set_location(clause().span);
  if (scope.is_loop_body) {
    llvm::Value* ticket = e().load(frame(ClauseFrame::kTicket), 8);
    scope.scratch = {machine.find_scratch(e(), ticket, scope.unavailable), ticket};
  } else {
    scope.scratch = machine.acquire_scratch(e(), index_, preemptible(), scope.unavailable);
    if (frame_ != nullptr) e().store(frame(ClauseFrame::kTicket), scope.scratch.ticket);
  }
  scope.setup = e().ir.GetInsertBlock();
  e().ir.CreateBr(body);
}

Place Lowering::temporary(std::uint32_t bytes) {
  if (bytes <= limits_.largest_on_stack) {
    Place place = e().try_slot(bytes);
    if (place.pointer != nullptr) return place;
  }
  return untracked(bytes);
}

Place Lowering::untracked(std::uint32_t bytes) {
  std::uint32_t offset = take_scratch(bytes);
  acquire_scratch(*function_);
  return e().at({function_->scratch.base, 8}, offset);
}

void Lowering::copy(Place destination, Place source, std::uint32_t bytes) {
  if (bytes == 0) return;
  if (!is_small_copy(bytes, std::min(destination.align, source.align)))
    return machine.copy_large(e(), destination, source, bytes);
  e().ir.CreateMemCpy(destination.pointer, llvm::Align(destination.align), source.pointer, llvm::Align(source.align),
                      bytes);
}

void Lowering::zero(Place destination, std::uint32_t bytes) {
  if (bytes == 0) return;
  if (!is_small_copy(bytes, destination.align)) return machine.zero_large(e(), destination, bytes);
  e().ir.CreateMemSet(destination.pointer, e().ir.getInt8(0), bytes, llvm::Align(destination.align));
}

// --- functions ----------------------------------------------------------------------------------

llvm::Value* Lowering::context() {
  if (!function_->is_loop_body) return function_->context;
  return e().ir.CreateAlignedLoad(e().ir.getPtrTy(), frame(ClauseFrame::kContext).pointer, llvm::Align(8));
}

std::string Lowering::loop_name() {
  return fmt::format("{}_loop_{}", program_scope_->emitter.function().getName().str(), loop_bodies_++);
}

void Lowering::open_loop_body(FunctionScope& scope, const std::vector<const char*>& parameters) {
  llvm::Function& function = scope.emitter.function();
  debug_.describe(function, clause().span, parameters);
  FunctionSwitch inside(*this, scope);
  set_location(clause().span);
  scope.is_loop_body = true;
  scope.frame = function.getArg(static_cast<unsigned>(function.arg_size()) - 1);
  llvm::BasicBlock* stop = e().block("stop");
  llvm::BasicBlock* next = e().block("next");
  scope.leave = scope.unavailable = stop;
  scope.loops.push_back({stop, next});
  scope.setup = e().ir.GetInsertBlock();
  llvm::BasicBlock* body = e().block("body");
  e().ir.CreateBr(body);
  e().enter(stop);
  e().ir.CreateRet(e().number(1));
  e().enter(next);
  e().ir.CreateRet(e().number(0));
  e().enter(body);
}

void Lowering::between_turns() { machine.between_turns(e(), function_->leave, expression_depth_ == 0); }

void Lowering::return_from_clause(llvm::Value* value) {
  Place result = frame_ != nullptr ? frame(ClauseFrame::kResult) : result_;
  e().store(result, value);
  if (function_->is_loop_body) e().store(frame(ClauseFrame::kReturned), e().number(1));
  e().leave_to(function_->leave);
}

}  // namespace hawk
