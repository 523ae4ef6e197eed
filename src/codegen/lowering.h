// Lowering: typed clauses to IR, by way of a Machine. This class holds the clause under way and what
// every family of nodes uses; how each node lowers is in lower_*.cpp, one overload a node (lower.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "codegen/debug_info.h"
#include "codegen/emitter.h"
#include "codegen/machine.h"
#include "image/program_image.h"
#include "semantics/typed.h"
#include "support/result.h"

namespace hawk {

struct LoopTargets {
  llvm::BasicBlock* stop = nullptr;
  llvm::BasicBlock* next = nullptr;
};

// A program or the body of a loop that is a function of its own.
struct FunctionScope {
  FunctionScope(llvm::Function& function, ClauseLimits& limits) : emitter(function, limits) {}

  Emitter emitter;
  llvm::Value* context = nullptr;           // the program's argument
  llvm::Value* frame = nullptr;             // see ClauseFrame; null if the clause needs none
  Scratch scratch;                          // acquired when first used
  llvm::BasicBlock* setup = nullptr;        // its end is where scratch memory is acquired
  llvm::BasicBlock* unavailable = nullptr;  // where to go when it cannot be
  llvm::BasicBlock* leave = nullptr;        // ends the program (or the loop), the return value being stored
  std::vector<LoopTargets> loops;
  llvm::BasicBlock* region = nullptr;  // end of the innermost typed::Region that began in this function
  bool is_loop_body = false;
};

// Where a variable lives.
struct VariableHome {
  llvm::Value* local = nullptr;  // stack of the program, if not null
  bool in_frame = false;         // else scratch
  std::uint32_t offset = 0;
};

// Memory on the program's stack that loop bodies reach by pointer; variables follow.
struct ClauseFrame {
  static constexpr std::uint32_t kContext = 0;
  static constexpr std::uint32_t kReturned = 8;  // 1: a loop body executed `return`
  static constexpr std::uint32_t kResult = 16;
  static constexpr std::uint32_t kTicket = 24;  // Scratch::ticket
  static constexpr std::uint32_t kLeft = 32;    // 1: a loop body left the region around the loop
  static constexpr std::uint32_t kVariables = 40;
};

class Lowering {
 public:
  // `counts_hits`: how often each clause's probes fire and its predicate holds.
  Lowering(const typed::CheckedProgram& checked, Machine& target, DebugInfo& debug, bool counts_hits = false);

  // The error: more working memory than there can be.
  [[nodiscard]] Result<> lower_clause(std::size_t index);

  const typed::CheckedProgram& program;
  Machine& machine;

  // --- expressions ---
  [[nodiscard]] llvm::Value* scalar(const typed::Expr& expr);  // kNone: null
  void into(const typed::Expr& expr, Place destination);       // writes all type.size bytes
  // The value in memory, where it already is if possible. Valid until something else is evaluated.
  [[nodiscard]] Place borrow(const typed::Expr& expr);
  void effect(const typed::Expr& expr);

  // --- statements ---
  void block(const typed::Block& block);
  // Between two turns of a loop: where the machine may pause or end the clause.
  void between_turns();
  void return_from_clause(llvm::Value* value);

  // --- memory ---
  [[nodiscard]] Place variable(typed::VariableId id);
  [[nodiscard]] const Type& variable_type(typed::VariableId id) const { return clause().variables[id].type; }
  // Until the end of the TemporaryScope; undefined content.
  [[nodiscard]] Place temporary(std::uint32_t bytes);
  // As temporary(), never on the stack: the verifier knows nothing of what has been written there.
  [[nodiscard]] Place untracked(std::uint32_t bytes);
  void copy(Place destination, Place source, std::uint32_t bytes);
  void zero(Place destination, std::uint32_t bytes);
  // Bytes of the frame that stay for the rest of the clause: their offset.
  [[nodiscard]] std::uint32_t take_frame(std::uint32_t bytes);
  [[nodiscard]] Place frame(std::uint32_t offset) { return e().at({function_->frame, 8}, offset); }

  // Whether an aggregation step of this clause on the map may be interrupted by another one on this CPU.
  [[nodiscard]] bool is_interrupted(typed::MapId map) const;

  // --- the account ---
  void count_hit() { count(offsetof(ProgramAccount, hits)); }
  void count_passed() { count(offsetof(ProgramAccount, passed)); }

  // --- events ---
  void emit(typed::EventId event, const std::vector<llvm::Value*>& fields);  // all scalars

  // --- functions ---
  [[nodiscard]] Emitter& e() { return function_->emitter; }
  [[nodiscard]] FunctionScope& function() { return *function_; }
  [[nodiscard]] const typed::Clause& clause() const { return program.clauses[index_]; }
  [[nodiscard]] std::size_t clause_index() const { return index_; }
  [[nodiscard]] llvm::Value* context();
  // Whether the kernel knows what the words of the context are.
  [[nodiscard]] bool context_is_typed() const { return probe_row(clause().kind).context == ContextKind::kFunction; }
  // Prepares a loop body for lowering with FunctionSwitch; `parameters` are the function's argument names.
  void open_loop_body(FunctionScope& scope, const std::vector<const char*>& parameters);
  [[nodiscard]] ClauseLimits& limits() { return limits_; }
  [[nodiscard]] std::string loop_name();
  void set_location(Span span);

 private:
  friend class TemporaryScope;
  friend class FunctionSwitch;
  friend class InsideExpression;

  void count(std::size_t offset);
  void reset(std::size_t index);
  void open_clause(FunctionScope& scope);
  void open_frame(FunctionScope& scope);
  void place_variables();
  [[nodiscard]] VariableHome home_for(const Type& type);
  void clear_variables();
  void register_texts();
  void close_clause(FunctionScope& scope, llvm::BasicBlock* done);
  void filter_system_call(llvm::BasicBlock* done);
  void match_numbers(llvm::Value* number, llvm::BasicBlock* wanted, llvm::BasicBlock* done);
  void filter_process(llvm::BasicBlock* done);
  void skip_end_of_iteration(llvm::BasicBlock* done);
  void acquire_scratch(FunctionScope& scope);
  std::uint32_t take_scratch(std::uint32_t bytes);
  [[nodiscard]] bool preemptible() const;

  DebugInfo& debug_;
  bool counts_hits_;
  std::vector<std::uint32_t> aggregating_clauses_;  // by map
  std::size_t index_ = 0;
  FunctionScope* function_ = nullptr;
  FunctionScope* program_scope_ = nullptr;
  ClauseLimits limits_;
  llvm::AllocaInst* frame_ = nullptr;
  std::uint32_t frame_bytes_ = 0;
  Place result_;  // where the return value is kept, in the program's function
  std::vector<VariableHome> homes_;
  std::uint32_t scratch_used_ = 0;
  std::uint32_t scratch_most_ = 0;
  std::uint32_t loop_bodies_ = 0;
  std::uint32_t expression_depth_ = 0;
};

// Temporaries taken inside are free again afterwards.
class TemporaryScope {
 public:
  explicit TemporaryScope(Lowering& l) : l_(l), slots_(l.e()), scratch_(l.scratch_used_) {}
  TemporaryScope(const TemporaryScope&) = delete;
  TemporaryScope& operator=(const TemporaryScope&) = delete;
  ~TemporaryScope() { l_.scratch_used_ = scratch_; }

 private:
  Lowering& l_;
  SlotScope slots_;
  std::uint32_t scratch_;
};

// Lowers statements inside an expression: values of the expression may wait in registers meanwhile.
class InsideExpression {
 public:
  explicit InsideExpression(Lowering& l) : l_(l) { ++l.expression_depth_; }
  InsideExpression(const InsideExpression&) = delete;
  InsideExpression& operator=(const InsideExpression&) = delete;
  ~InsideExpression() { --l_.expression_depth_; }

 private:
  Lowering& l_;
};

// Lowers into another function for a while.
class FunctionSwitch {
 public:
  FunctionSwitch(Lowering& l, FunctionScope& scope) : l_(l), before_(l.function_) { l.function_ = &scope; }
  FunctionSwitch(const FunctionSwitch&) = delete;
  FunctionSwitch& operator=(const FunctionSwitch&) = delete;
  ~FunctionSwitch() { l_.function_ = before_; }

 private:
  Lowering& l_;
  FunctionScope* before_;
};

// Instructions made inside carry the location of `span`.
class AtSpan {
 public:
  AtSpan(Lowering& l, Span span) : ir_(l.e().ir), before_(ir_.getCurrentDebugLocation()) { l.set_location(span); }
  AtSpan(const AtSpan&) = delete;
  AtSpan& operator=(const AtSpan&) = delete;
  ~AtSpan() { ir_.SetCurrentDebugLocation(before_); }

 private:
  llvm::IRBuilder<>& ir_;
  llvm::DebugLoc before_;
};

}  // namespace hawk
