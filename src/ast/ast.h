// The Ast: what was written, with nothing decided about what it means. Built once by the parser and
// never changed; whatever a later stage learns it keeps in values of its own.
// Closed sets are variants of plain structs; a visitor that forgets a case does not compile.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ast/c_headers.h"
#include "support/source_file.h"

namespace hawk::ast {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

// --- types as written ---------------------------------------------------------------------------
struct TypeModifier {
  enum class Kind { kPointer, kArray } kind = Kind::kPointer;
  ExprPtr count = {};  // kArray: null for `[]`
};

// `uint64`, `struct task_struct *`, `string[16]`, `typeof($x)*`. `name` is normalised: single blanks,
// "struct x", "unsigned int", "long long"; empty when `of_expr` or `of_type` (typeof) is set.
struct TypeSyntax {
  Span span;
  std::string name = {};
  ExprPtr of_expr = {};
  std::unique_ptr<TypeSyntax> of_type = {};
  std::vector<TypeModifier> modifiers = {};
};

// --- expressions --------------------------------------------------------------------------------
enum class UnaryOp { kNegate, kPlus, kNot, kBitNot, kDereference, kAddressOf, kPreIncrement, kPreDecrement, kPostIncrement, kPostDecrement };
[[nodiscard]] constexpr bool is_decrement(UnaryOp op) { return op == UnaryOp::kPreDecrement || op == UnaryOp::kPostDecrement; }
[[nodiscard]] constexpr bool is_prefix(UnaryOp op) { return op == UnaryOp::kPreIncrement || op == UnaryOp::kPreDecrement; }
enum class BinaryOp {
  kMultiply, kDivide, kModulo, kAdd, kSubtract, kShiftLeft, kShiftRight,
  kLess, kGreater, kLessEqual, kGreaterEqual, kEqual, kNotEqual,
  kBitAnd, kBitXor, kBitOr, kAnd, kOr, kIn,
  kMatches, kMatchesNot,  // `right` is a pattern
};

struct IntegerLiteral { std::uint64_t value = 0; };
struct FloatLiteral { double value = 0; };
struct BoolLiteral { bool value = false; };
struct StringLiteral { std::string value; };        // escapes decoded; may hold NUL bytes
struct Identifier { std::string name; };            // builtin, enumerator, #define constant
struct PositionalParameter { std::uint32_t index = 0; };  // $1 is 1
struct ParameterCount {};                           // $#
struct Variable { std::string name; };              // without `$`
struct MapAccess { std::string name; ExprPtr key; };  // without `@`; key null: scalar or the map itself; several keys: a Tuple
struct Unary { UnaryOp op; ExprPtr operand; };
struct Binary { BinaryOp op; ExprPtr left; ExprPtr right; };
struct Conditional { ExprPtr condition; ExprPtr then; ExprPtr otherwise; };  // `then` null: a ?: b
struct Cast { TypeSyntax type; ExprPtr operand; };
struct FieldAccess { ExprPtr base; std::string field; Span field_span; };    // `.` and `->`; tuple `.0` has field "0"
struct Index { ExprPtr base; ExprPtr index; };
struct Call { std::string function; std::vector<ExprPtr> arguments; Span name_span; };
// sizeof, typeof (in an argument), typeinfo: of a type or of an expression (the other one is null).
struct SizeOf { std::unique_ptr<TypeSyntax> type; ExprPtr expr; };
struct TypeOf { std::unique_ptr<TypeSyntax> type; ExprPtr expr; };
struct TypeInfo { std::unique_ptr<TypeSyntax> type; ExprPtr expr; };
struct OffsetOf { std::unique_ptr<TypeSyntax> type; ExprPtr expr; std::vector<std::string> path; };
struct Tuple { std::vector<ExprPtr> elements; };
struct Record { std::vector<std::pair<std::string, ExprPtr>> fields; };
struct ArrayLiteral { std::vector<ExprPtr> elements; };                       // [1, 2, 3]
struct Initialiser { Span span; std::string member; ExprPtr value; };         // `.member = value`; without a name: the next member
// (struct x){ .a = 1, .b = { .c = 2 } }; the type is absent inside another one: it is that of the member.
struct StructLiteral { std::optional<TypeSyntax> type; std::vector<Initialiser> members; };

struct Block { Span span; std::vector<StmtPtr> statements; ExprPtr tail; };  // tail: last expression without `;`, or null
struct BlockExpr { Block block; };
// `if` as statement and as expression; `otherwise` may hold a single If as its tail (else if).
struct IfExpr { ExprPtr condition; Block then; std::optional<Block> otherwise; bool comptime = false; };
// `1`, `2..5` (without 5), `2..=5`; `_` and `default` have no `first`.
struct Pattern { Span span; ExprPtr first; ExprPtr last; bool inclusive = false; };
struct Arm { Span span; std::vector<Pattern> patterns; Block body; };
// `match (e) { ... }` as statement and as expression, and the statement `switch (e) { ... }`.
struct Match { ExprPtr subject; std::vector<Arm> arms; bool is_switch = false; };
struct Comptime { ExprPtr operand; };
// A call of a function, in place: only in expanded programs. `return` in the body ends it; the parameters are declared
// in the body's first statements.
struct FunctionBody { std::string function; Block body; std::optional<TypeSyntax> result; };

struct Expr {
  Span span;
  std::variant<IntegerLiteral, FloatLiteral, BoolLiteral, StringLiteral, Identifier, PositionalParameter, ParameterCount,
               Variable, MapAccess, Unary, Binary, Conditional, Cast, FieldAccess, Index, Call, SizeOf, TypeOf, TypeInfo,
               OffsetOf, Tuple, Record, ArrayLiteral, StructLiteral, BlockExpr, IfExpr, Match, Comptime, FunctionBody>
      node;
};

// --- statements ---------------------------------------------------------------------------------
struct ExprStatement { ExprPtr expr; };                 // also `if` and `{ }` used as statements
struct Discard { ExprPtr expr; };                       // _ = expr;
struct Let { std::string variable; std::optional<TypeSyntax> type; ExprPtr value; };  // value may be null
struct Assign { ExprPtr target; std::optional<BinaryOp> op; ExprPtr value; };         // op: `+=` and so on
struct While { ExprPtr condition; Block body; };
struct ForRange { std::string variable; ExprPtr begin; ExprPtr end; Block body; };    // begin..end, half open
struct ForMap { std::string variable; ExprPtr map; Block body; };                     // any expression; a map in 0.27
struct Unroll { ExprPtr count; Block body; };
struct Break {};
struct Continue {};
struct Return { ExprPtr value; };                       // may be null
struct ImportStatement { std::string path; };

struct Stmt {
  Span span;
  std::variant<ExprStatement, Discard, Let, Assign, While, ForRange, ForMap, Unroll, Break, Continue, Return, ImportStatement> node;
};

// --- C definitions ------------------------------------------------------------------------------
struct CType;
struct CAttributes { bool packed = false; ExprPtr aligned = {}; };  // aligned: bytes, or null
struct CField {
  Span span;
  std::string name;                 // "" for an anonymous struct/union member
  std::shared_ptr<CType> type;
  ExprPtr bit_width = {};           // bit field, or null
  CAttributes attributes = {};
};
struct CDeclarator { Span span; std::string name; std::shared_ptr<CType> type; };
struct CEnumerator { Span span; std::string name; ExprPtr value; };  // value may be null
struct CStruct { std::string tag; bool is_union = false; CAttributes attributes = {}; std::vector<CField> fields = {}; bool complete = false; };
struct CEnum { std::string tag; std::vector<CEnumerator> values; CAttributes attributes = {}; bool complete = false; };
// A C type: a name ("unsigned int", "uint8_t", "struct x"), a definition in place, or a derived type.
struct CNamed { std::string name; };
struct CPointer { std::shared_ptr<CType> pointee; };
struct CArray { std::shared_ptr<CType> element; ExprPtr count; };   // count null: flexible
struct CFunction {};                                                // only as a pointee
struct CType { Span span; std::variant<CNamed, CStruct, CEnum, CPointer, CArray, CFunction> node; };

struct CTypedef { std::string name; std::shared_ptr<CType> type; CAttributes attributes = {}; };
// `value` is null if the text is no expression; `text` is empty for `#define NAME` and `#undef NAME`.
struct CDefine { std::string name; ExprPtr value; std::string text = {}; bool has_parameters = false; };
struct CInclude { std::string path; bool angled = false; };
struct CDefinition { Span span; std::variant<CStruct, CEnum, CTypedef, CDefine, CInclude> node; };

// --- top level ----------------------------------------------------------------------------------
struct ConfigEntry {
  Span span;
  std::string key;
  Span key_span;
  std::string value;  // text of the value, strings without quotes
  Span value_span;
};

// `tracepoint:sched:sched_switch`; `parts` are split at `:` outside quotes, quotes removed,
// positional parameters (`$1`) kept as written.
struct AttachPoint {
  Span span;
  std::vector<std::string> parts;
};

struct Clause {
  Span span;
  std::string name;  // `name=probe...`, or empty
  std::vector<AttachPoint> attach_points;
  ExprPtr predicate;  // or null
  Block body;
};

struct Import { Span span; std::string path; bool in_body = false; };  // in_body: an ImportStatement, listed here too
struct MapDeclaration { Span span; std::string map; std::string kind; Span kind_span; std::optional<std::uint64_t> max_entries; };
struct Parameter { Span span; std::string name; enum class Kind { kExpression, kVariable, kMap } kind = Kind::kExpression; std::optional<TypeSyntax> type = {}; };
struct Macro { Span span; std::string name; std::vector<Parameter> parameters; Block body; };
struct Function { Span span; std::string name; std::vector<Parameter> parameters; std::optional<TypeSyntax> result; Block body; };

struct ConfigBlock { Span span; std::vector<ConfigEntry> entries; };

struct Program {
  FileId file = 0;
  std::vector<CDefinition> definitions;
  CSection c_section;                  // what a C compiler must see
  std::vector<ConfigBlock> config;     // more than one is an error found in semantics
  std::vector<Import> imports;
  std::vector<Macro> macros;
  std::vector<Function> functions;
  std::vector<MapDeclaration> maps;
  std::vector<Clause> clauses;         // in source order
};

// The tree as `-d ast` shows it: one node a line, two blanks of indentation per level.
[[nodiscard]] std::string dump(const Program& program);

// How an operator is written: "+", "<<", "!".
[[nodiscard]] const char* spelling(BinaryOp op);
[[nodiscard]] const char* spelling(UnaryOp op);

}  // namespace hawk::ast
