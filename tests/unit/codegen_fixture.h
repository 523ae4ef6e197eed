// Builds typed trees by hand, compiles them, and runs them in this kernel: a program is run once by
// BPF_PROG_TEST_RUN as a raw tracepoint, and its maps and events are read back.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codegen/codegen.h"
#include "codegen_host_twin.h"
#include "semantics/typed.h"

struct bpf_object;

namespace hawk::test {

using typed::Expr;
using typed::ExprPtr;
using typed::StmtPtr;

// --- trees ---
template <class Node>
ExprPtr expr(Type type, Node node) {
  auto result = std::make_unique<Expr>();
  result->type = std::move(type);
  result->node = std::move(node);
  return result;
}
template <class Node>
StmtPtr stmt(Node node) {
  auto result = std::make_unique<typed::Stmt>();
  result->node = std::move(node);
  return result;
}
template <class... Statements>
typed::Block block(Statements... statements) {
  typed::Block result;
  (result.statements.push_back(std::move(statements)), ...);
  return result;
}
template <class... Expressions>
std::vector<ExprPtr> list(Expressions... expressions) {
  std::vector<ExprPtr> result;
  (result.push_back(std::move(expressions)), ...);
  return result;
}

inline const Type kInt64 = int_type(8, true);
inline const Type kUint64 = int_type(8, false);

ExprPtr number(std::int64_t value, Type type = kInt64);
ExprPtr text(const std::string& value, std::uint32_t capacity);
ExprPtr variable(typed::VariableId id, Type type = kInt64);
ExprPtr binary(typed::BinaryOp op, ExprPtr left, ExprPtr right);
ExprPtr call(Builtin builtin, Type type, std::vector<ExprPtr> arguments = {});
ExprPtr convert(ExprPtr operand, Type type);
ExprPtr read_map(typed::MapId map, ExprPtr key, Type type);
// A number the optimiser cannot know: from the program's first context word, which is always 0.
ExprPtr unknown(std::int64_t value, Type type = kInt64);
StmtPtr set_variable(typed::VariableId id, ExprPtr value);
StmtPtr set_map(typed::MapId map, ExprPtr key, ExprPtr value);

// --- one program under test ---
class Program {
 public:
  Program();

  typed::VariableId add_variable(Type type);
  typed::MapId add_scalar(Type value);  // an aggregation goes to a per-CPU array
  typed::MapId add_map(Type key, Type value, std::uint32_t entries = 64);
  typed::EventId add_event(EventKind kind, std::vector<Type> fields);
  // The clause's statements; more clauses follow with next_clause().
  void add(StmtPtr statement) { clause().body.statements.push_back(std::move(statement)); }
  typed::Clause& clause() { return checked.clauses.back(); }
  void next_clause(ProbeKind kind);

  [[nodiscard]] Result<Generated> compile(CodegenOptions options = {
                                              .keep_ir = true, .keep_assembly = true, .verify_ir = true}) const;

  typed::CheckedProgram checked;
  Sources sources;
};

// A program in the kernel, and beside it the same one inside hawk if it can run there. Made by load(); a test skips
// when the kernel refuses BPF altogether.
class Loaded {
 public:
  Loaded(Program& program, ProgramImage image, RuntimeConstants constants);
  ~Loaded();
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  [[nodiscard]] bool ok() const { return loaded_; }
  [[nodiscard]] const std::string& log() const { return log_; }
  // Runs clause `index` with `context` as its argument and returns its result. The test fails if the run inside hawk
  // ends with another one, or leaves other maps.
  std::int64_t run(std::size_t index = 0);
  std::uint64_t context[12] = {};  // the first stays 0: see unknown()
  // The bytes of a map's value; nullopt if the key is absent. A per-CPU value is merged over the CPUs.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> value(typed::MapId map,
                                                               const std::vector<std::uint8_t>& key = {});
  [[nodiscard]] std::int64_t integer(typed::MapId map, std::int64_t key);  // of an int64 key; -1 if absent
  [[nodiscard]] std::int64_t scalar(typed::MapId map);
  [[nodiscard]] bool written(typed::MapId map);  // presence word of a scalar, on any CPU
  void put(typed::MapId map, std::int64_t key, std::int64_t value);
  void put_on_every_cpu(typed::MapId map, std::int64_t key, const std::vector<std::uint8_t>& value);
  [[nodiscard]] std::size_t entries(typed::MapId map);
  // Records since the last call.
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> events();
  [[nodiscard]] std::uint64_t lost(std::size_t clause);
  [[nodiscard]] ProgramAccount account(std::size_t clause);
  [[nodiscard]] std::uint64_t refused(typed::MapId map);

 private:
  [[nodiscard]] std::uint64_t counted(const char* counters, std::size_t index);
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> keys(typed::MapId map) const;
  void compare_maps();
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> timeless(std::vector<std::vector<std::uint8_t>> records) const;
  [[nodiscard]] int map_fd(const std::string& name) const;
  [[nodiscard]] std::vector<std::uint8_t> merged(typed::MapId map, const std::vector<std::uint8_t>& bytes) const;

  const Program& program_;
  ProgramImage image_;
  bpf_object* object_ = nullptr;
  std::unique_ptr<HostTwin> twin_;  // null if the program needs the kernel
  std::string log_;
  bool loaded_ = false;
};

[[nodiscard]] bool bpf_allowed();
[[nodiscard]] RuntimeConstants test_constants();
[[nodiscard]] std::int64_t clock_ns(clockid_t clock);
[[nodiscard]] PidNamespace pid_namespace_of_this_process();
[[nodiscard]] std::string own_command_name();
// Compiles and loads; the test fails with the verifier's log if the kernel refuses.
[[nodiscard]] std::unique_ptr<Loaded> load(Program& program, RuntimeConstants constants = test_constants());

// The value of an expression computed in the kernel (an int64), or of bytes; -1 or empty if it does not load.
[[nodiscard]] std::int64_t evaluate(ExprPtr expression);
[[nodiscard]] std::vector<std::uint8_t> evaluate_bytes(ExprPtr expression);

template <class T>
T at(const std::vector<std::uint8_t>& bytes, std::size_t offset = 0) {
  T value{};
  if (offset + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}
std::string string_at(const std::vector<std::uint8_t>& bytes, std::size_t offset = 0);
std::vector<std::uint8_t> bytes_of(std::int64_t value);

#define HAWK_NEEDS_BPF() \
  if (!hawk::test::bpf_allowed()) GTEST_SKIP() << "bpf(2) is refused here: needs root"

}  // namespace hawk::test
