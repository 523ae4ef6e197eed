// The typed tree: a checked script in which nothing is left to decide. Every expression has its type,
// every conversion is written out, names are indices, constants are folded, sugar is gone, and no
// construct can fail to lower. Semantics builds it; codegen walks it.
//
// Scalars (bool, int, enum, pointer) are values of their type's width; every other type is a run of
// type.size bytes in the layout of ast/type.h, padding zero, strings zero behind their NUL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ast/builtin.h"
#include "ast/config.h"
#include "ast/probe.h"
#include "ast/schema.h"
#include "ast/target_info.h"
#include "ast/type.h"
#include "pattern/automaton.h"
#include "support/source_file.h"

namespace hawk::typed {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using VariableId = std::uint32_t;  // index into Clause::variables
using MapId = std::uint32_t;       // index into CheckedProgram::maps
using EventId = std::uint32_t;     // index into CheckedProgram::events

struct Block {
  std::vector<StmtPtr> statements;
};

// --- expressions --------------------------------------------------------------------------------
struct Constant { std::uint64_t value = 0; };       // scalar; sign-extended to 64 bits if the type is signed
struct DataConstant { std::string bytes; };         // at most type.size bytes; the rest is zero
struct ReadVariable { VariableId variable = 0; };
// Address of a variable (`&$v`): a pointer with AddressSpace::kNone, read and written directly.
struct VariableAddress { VariableId variable = 0; };
struct MapAddress { MapId map = 0; };               // `&@m`: the BPF map object
// `key` is null for a scalar map. An absent key reads as zero.
struct ReadMap { MapId map = 0; ExprPtr key; };
// An aggregation as a number (aggregation_number), avg also as a float, stats as it is: merged over all CPUs at this moment.
// Of percentiles: which one, a float from 0 to 100; what is outside is cut to that, and emits `range_event`.
struct ReadAggregation { MapId map = 0; ExprPtr key; bool is_mean = false; ExprPtr percent = {}; std::optional<EventId> range_event = {}; };
struct HasKey { MapId map = 0; ExprPtr key; };      // bool
struct FindKey { MapId map = 0; ExprPtr key; VariableId variable = 0; };  // bool; copies the value if found
struct DeleteKey { MapId map = 0; ExprPtr key; };   // bool: existed; scalar (key null): clears value and presence word
struct MapLength { MapId map = 0; };                // int64: number of keys
// Integer value of a map plus `delta` (int, 8 bytes) as one atomic add in place; an absent key is
// created with 0 first. The value is int64 or uint64 of 8 bytes. Yields the value before or after.
struct AddToMap { MapId map = 0; ExprPtr key; ExprPtr delta; bool yields_new = false; std::optional<EventId> full_event; };
// The same for a variable (int or pointer, 8 bytes); `delta` is already scaled.
struct AddToVariable { VariableId variable = 0; ExprPtr delta; bool yields_new = false; };

enum class UnaryOp { kNegate, kBitNot, kNot };      // kNot: bool to bool; the others: 8-byte ints, kNegate floats too
struct Unary { UnaryOp op; ExprPtr operand; };

// Arithmetic: operands and result are ints of 8 bytes. kDivide, kModulo and kShiftRight are unsigned
// (logical) whatever the types say, their signed twins are C's, with the quotient of INT64_MIN and -1 wrapped around;
// dividing by zero gives 1 and emits `zero_event`; a shift count is taken modulo 64. With floats: + - * / and the comparisons, as IEEE 754 has them. Texts: the comparisons, by bytes.
// Comparisons: both operands have the same scalar type, whose sign decides; result bool.
enum class BinaryOp {
  kAdd, kSubtract, kMultiply, kDivide, kModulo, kBitAnd, kBitOr, kBitXor, kShiftLeft, kShiftRight,
  kSignedDivide, kSignedModulo, kSignedShiftRight,
  kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual,
};
struct Binary { BinaryOp op; ExprPtr left; ExprPtr right; std::optional<EventId> zero_event; };
struct Logical { bool is_and = true; ExprPtr left; ExprPtr right; };  // bools, short-circuit
// Contents up to the first NUL or `limit` bytes; the operands may have different capacities.
struct CompareStrings { ExprPtr left; ExprPtr right; std::uint32_t limit = 0; bool negate = false; };
// What `subject`, a string or a text, contains up to its first NUL, against a compiled pattern.
struct MatchPattern { ExprPtr subject; std::shared_ptr<const pattern::Automaton> automaton; bool negate = false; };
struct CompareBytes { ExprPtr left; ExprPtr right; bool negate = false; };  // same size

// From operand->type to the expression's type:
//   scalar to scalar: resize (sign-extending a signed source), to bool: != 0, int and pointer freely
//   int to float: the nearest one; float to int: toward zero, cut to the int's range, 0 for NaN
//   string to text; text to string: cut or zero padded; text to float: the number it begins with, 0 without;
//   text to int likewise; text to bool: not empty
//   string to string, buffer to buffer: other capacity (zero padded, or cut)
//   tuple/record to the same shape with wider members: member by member, matched by name
//   array to one of as many elements of another size: element by element
//   array of char to string: up to the first NUL
//   string to bool: first byte != 0
//   anything else: the same bytes seen as the new type (sizes are equal; scalar to array and back)
struct Convert { ExprPtr operand; };

// A member of an aggregate value (tuple, record, struct, array): type.size bytes at `offset`.
// bit_width > 0: a bit field inside that unit.
struct Member { ExprPtr base; std::uint32_t offset = 0; std::uint8_t bit_offset = 0; std::uint8_t bit_width = 0; };
// base[index] of an array or string value with `count` elements; out of bounds gives zero and emits the event.
struct Element { ExprPtr base; ExprPtr index; std::uint32_t count = 0; std::optional<EventId> bounds_event; };
// type.size bytes at an address (8-byte int or pointer). kKernel/kUser: a probe read, zeros if it
// fails. kNone: the address of a variable, loaded directly.
struct Load { ExprPtr address; AddressSpace space = AddressSpace::kKernel; std::uint8_t bit_offset = 0; std::uint8_t bit_width = 0; };
// A scalar at a constant offset of the program's context, loaded directly.
struct ContextLoad { std::uint32_t offset = 0; };
struct ContextAddress { std::uint32_t offset = 0; };  // pointer (kernel) into the context
// NUL-terminated string at an address; type is string[N].
//   mark_truncation: if the source is longer than N-1 bytes, byte N-1 is left non-zero (see kString)
//   length: at most that many bytes, NUL included, and at most N (null: N)
struct ReadString { ExprPtr address; AddressSpace space = AddressSpace::kKernel; ExprPtr length; bool mark_truncation = false; };
// buffer[N] with min(length, N) bytes from an address, length null: N.
struct ReadBuffer { ExprPtr address; AddressSpace space = AddressSpace::kKernel; ExprPtr length; };
// An aggregate built from parts at byte offsets; what no part covers is zero. Tuples, records, arrays, structs, and
// hawk's own types (ksym, usym, inet, timestamp, ...). bit_width > 0: a bit field of a struct inside that unit.
struct PackPart { std::uint32_t offset = 0; ExprPtr value; std::uint8_t bit_offset = 0; std::uint8_t bit_width = 0; };
struct Pack { std::vector<PackPart> parts; };
struct Conditional { ExprPtr condition; ExprPtr then; ExprPtr otherwise; };  // branches of this type, or both kNone
struct BlockExpr { Block block; ExprPtr tail; };
// A builtin that reads something: see ast/builtins.def, rows marked Lowered. Arguments are checked.
struct Call { Builtin builtin; std::vector<ExprPtr> arguments; };
// Where members of the kernel's structs lie: of vm_area_struct, file and inode, two of each.
struct MappingMembers { std::uint32_t start = 0; std::uint32_t page = 0; std::uint32_t file = 0; std::uint32_t inode = 0; std::uint32_t number = 0; std::uint32_t size = 0; };
// kStackKernel or kStackUser, limit in the type. A user stack by frame pointers, or by the tables of its files.
struct StackTrace { std::optional<MappingMembers> unwound = {}; };

struct Expr {
  Type type;
  Span span;
  std::variant<Constant, DataConstant, ReadVariable, VariableAddress, MapAddress, ReadMap, ReadAggregation, HasKey, FindKey,
               DeleteKey, MapLength, AddToMap, AddToVariable, Unary, Binary, Logical, CompareStrings, CompareBytes, MatchPattern, Convert,
               Member, Element, Load, ContextLoad, ContextAddress, ReadString, ReadBuffer, Pack, Conditional, BlockExpr, Call,
               StackTrace>
      node;
  bool literal = false;  // written as a literal or folded from some: adapts to the type it meets
};

// --- statements ---------------------------------------------------------------------------------
struct Evaluate { ExprPtr expr; };                                  // for its effect
struct SetVariable { VariableId variable = 0; ExprPtr value; };     // value has the variable's type
// A part of a variable: value->type.size bytes at `offset` plus each index times its stride; bit_width > 0: a bit field
// inside that unit. An index that is not below `count` writes nothing and emits its event. The value comes first.
struct PartIndex { ExprPtr index; std::uint32_t count = 0; std::uint32_t stride = 0; std::optional<EventId> bounds_event; };
struct SetPart {
  VariableId variable = 0;
  std::uint32_t offset = 0;
  std::vector<PartIndex> indices;
  std::uint8_t bit_offset = 0;
  std::uint8_t bit_width = 0;
  ExprPtr value;
};
struct SetMap { MapId map = 0; ExprPtr key; ExprPtr value; std::optional<EventId> full_event; };
// @m = count() and so on, by the map's value type; argument null for count, else int of 8 bytes.
struct Aggregate { MapId map = 0; ExprPtr key; ExprPtr argument; std::optional<EventId> full_event; };
struct Emit { EventId event = 0; std::vector<ExprPtr> fields; };    // one per schema field, of its type
// join(): reads up to 16 pointers at `address` (ends at null) and their strings into a kJoin event.
struct Join { EventId event = 0; ExprPtr address; AddressSpace space = AddressSpace::kUser; };
struct If { ExprPtr condition; Block then; Block otherwise; bool is_predicate = false; };  // of the clause
// The first choice one of whose tests (bools, in order) is true, else the one numbered `otherwise`, if there is one.
struct Choice { std::vector<ExprPtr> tests; Block body; };
struct Choose { std::vector<Choice> choices; std::optional<std::size_t> otherwise; bool ends_at_break = false; };  // true: Break inside ends it
struct While { ExprPtr condition; Block body; };
// begin..end (int64), evaluated once. The variable is set before each turn; the body's changes to it do not count.
struct ForRange { VariableId variable = 0; ExprPtr begin; ExprPtr end; Block body; };
// The order of a loop over a map's entries and how many of them there are: sort(@m), top(@m, n). Host clauses only.
struct SortOrder { EntryOrder order; ExprPtr limit; };  // limit: int64, null for all
// Every entry of a keyed map; the variable is the tuple (key, value); aggregations as int64.
struct ForMap { VariableId variable = 0; MapId map = 0; Block body; std::optional<SortOrder> order = {}; };
struct Break {};
struct Continue {};
struct Return { ExprPtr value; };  // ends the program; value (int64) or null
struct Scope { Block block; };
// What LeaveRegion ends, from any loop inside: the body of a function. The innermost region counts.
struct Region { Block block; };
struct LeaveRegion {};

struct Stmt {
  Span span;
  std::variant<Evaluate, SetVariable, SetPart, SetMap, Aggregate, Emit, Join, If, Choose, While, ForRange, ForMap, Break, Continue,
               Return, Scope, Region, LeaveRegion>
      node;
};

// --- program ------------------------------------------------------------------------------------
struct Variable {
  std::string name;
  Type type;  // zero at the start of the program
};

// Why a clause cannot run elsewhere.
struct PlacementReason {
  std::string text;  // "floating point", "the stack of a task"
  Span span;
};

// One program: a clause, or one expansion of it, with the attach points it serves.
// Which calls it is for, and how the context is to be read: a record of the tracepoint is not there.
struct RawSyscalls {
  bool enters = false;
  std::vector<std::uint32_t> numbers;  // sorted
};

// What a program that serves several probes knows them by.
enum class ProbeText : std::uint8_t { kName, kFunction };
[[nodiscard]] inline const std::string& probe_text(const ProbeSpec& probe, ProbeText which) {
  return which == ProbeText::kName ? probe.name : probe.function;
}

struct Clause {
  Span span;
  ProbeKind kind{};
  std::vector<ProbeSpec> probes;
  Placement placement = Placement::kKernel;
  std::optional<PlacementReason> bound;  // to its placement; absent: it could run in the other place too
  std::optional<RawSyscalls> raw_syscalls;  // of a tracepoint: a program on a raw tracepoint instead
  bool filter_pid = false;  // -p: the program first compares the current process with RuntimeConstants::target_pid
  std::vector<Variable> variables;
  Block body;               // predicate included, as an If around it
};

// --name=value, as getopt(name, ...) declares it.
struct NamedOption {
  std::string name;
  std::string value;     // what stands behind `=`: NUMBER, TEXT, a float's NUMBER; "" for a switch
  std::string fallback;  // as it would be written; "" for a switch that is off
  std::string description;
};

struct CheckedProgram {
  std::vector<Clause> clauses;  // in order; begin and end among them
  std::vector<MapSchema> maps;
  std::vector<EventSchema> events;
  std::vector<std::string> strings;
  Config config;
  PidNamespace pid_namespace;
  KernelAbilities kernel;
  std::vector<NamedOption> options;
  FileId file = 0;
  bool needs_unsafe = false;
};

// `-d types`: the tree with the type of every expression.
[[nodiscard]] std::string dump(const CheckedProgram& program);

}  // namespace hawk::typed
