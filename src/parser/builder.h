// What the grammar's actions call: each function makes one kind of node from the values of its parts. Values carry
// the depth of the tree below them, so that a tree too deep for the recursion of later stages is refused here.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ast/ast.h"
#include "lexer/token.h"
#include "support/diagnostics.h"

namespace hawk {

inline constexpr unsigned kMaxTreeDepth = 256;

template <class T>
struct Nested {
  T value = {};
  unsigned depth = 0;
};

using ExprValue = Nested<ast::ExprPtr>;
using ExprListValue = Nested<std::vector<ast::ExprPtr>>;
using FieldListValue = Nested<std::vector<std::pair<std::string, ast::ExprPtr>>>;
using InitialiserValue = Nested<ast::Initialiser>;
using InitialiserListValue = Nested<std::vector<ast::Initialiser>>;
using TypeValue = Nested<ast::TypeSyntax>;
using BlockValue = Nested<ast::Block>;
using StmtValue = Nested<ast::StmtPtr>;
using PatternValue = Nested<ast::Pattern>;
using PatternsValue = Nested<std::vector<ast::Pattern>>;
using ArmsValue = Nested<std::vector<ast::Arm>>;
using RangeValue = Nested<std::pair<ast::ExprPtr, ast::ExprPtr>>;

// The statements of a block so far.
struct StatementsValue {
  std::vector<ast::StmtPtr> list = {};
  unsigned depth = 0;
  bool ends_in_brace = false;  // the last is `if {...}` or `{...}` without `;`: the block's value if nothing follows
};

struct ConfigText {
  std::string text;
};

// One step from a C declaration's base type to the declared type.
struct CModifier {
  enum class Kind { kPointer, kArray, kFunction } kind = Kind::kPointer;
  ast::ExprPtr count = {};  // kArray
};

// `*name[3]`: steps in the order in which they are applied to the base type.
struct CDeclaratorValue {
  Span span;
  std::string name = {};
  std::vector<CModifier> modifiers = {};
  ast::ExprPtr bit_width = {};
  ast::CAttributes attributes = {};
};

class Builder {
 public:
  explicit Builder(DiagSink& diagnostics) : diagnostics_(diagnostics) {}

  // Set after an error reported here; parsing stops at the next token.
  [[nodiscard]] bool failed() const { return diagnostics_.has_errors(); }
  [[nodiscard]] ast::Program& program() { return program_; }

  // --- expressions ---
  template <class Node>
  ExprValue expr(Span span, Node node, unsigned depth_below = 0) {
    auto made = std::make_unique<ast::Expr>();
    made->span = span;
    // A tree that is too deep is cut off here: pending reductions would go on making it deeper.
    if (!check_depth(span, depth_below)) return {std::move(made), 0};
    made->node = std::move(node);
    return {std::move(made), depth_below + 1};
  }
  template <class Node>  // SizeOf, TypeOf, TypeInfo
  ExprValue of_type(Span span, TypeValue type) {
    return expr(span, Node{std::make_unique<ast::TypeSyntax>(std::move(type.value)), nullptr}, type.depth);
  }
  template <class Node>
  ExprValue of_expr(Span span, ExprValue value) {
    return expr(span, Node{nullptr, std::move(value.value)}, value.depth);
  }
  ExprValue unary(Span span, ast::UnaryOp op, ExprValue operand);
  ExprValue increment(Span span, ast::UnaryOp op, ExprValue operand);
  ExprValue binary(Span span, ast::BinaryOp op, ExprValue left, ExprValue right);
  // `then` empty: elvis.
  ExprValue conditional(Span span, ExprValue condition, ExprValue then, ExprValue otherwise);
  ExprValue cast(Span span, TypeValue type, ExprValue operand);
  ExprValue field(Span span, ExprValue base, std::string name, Span name_span);
  ExprValue index(Span span, ExprValue base, ExprValue index);
  ExprValue call(Span span, const Token& name, ExprListValue arguments);
  ExprValue map(Span span, const Token& name, ExprListValue keys);
  ExprValue tuple(Span span, ExprListValue elements);
  ExprValue record(Span span, FieldListValue fields);
  ExprValue array(Span span, ExprListValue elements);
  ExprValue struct_literal(Span span, std::optional<TypeValue> type, InitialiserListValue members);
  InitialiserValue initialiser(Span span, std::string member, ExprValue value);
  ExprValue block_expr(Span span, BlockValue block);
  ExprValue if_expr(Span span, ExprValue condition, BlockValue then,
                    std::optional<BlockValue> otherwise = std::nullopt);
  PatternValue pattern(Span span, ExprValue first, ExprValue last = {}, bool inclusive = false);
  PatternsValue append(PatternsValue list, PatternValue item);
  ArmsValue append(ArmsValue list, Span span, PatternsValue patterns, BlockValue body);
  ArmsValue append_case(ArmsValue list, Span span, PatternsValue patterns, BlockValue body);
  ExprValue match(Span span, ExprValue subject, ArmsValue arms, bool is_switch = false);
  ExprValue comptime(Span span, ExprValue operand);
  ExprValue offset_of(Span span, TypeValue type, std::vector<std::string> path);
  ExprValue offset_of(Span span, ExprValue value, std::vector<std::string> path);

  ExprListValue append(ExprListValue list, ExprValue item);
  ExprListValue prepend(ExprValue item, ExprListValue list);
  FieldListValue append(FieldListValue list, const Token& name, ExprValue item);
  InitialiserListValue append(InitialiserListValue list, InitialiserValue item);

  // --- types ---
  TypeValue named_type(Span span, std::string name);
  TypeValue type_word(Span span, TypeValue type, const Token& word);
  TypeValue type_of(Span span, TypeValue inner);
  TypeValue type_of(Span span, ExprValue inner);
  TypeValue pointer_to(Span span, TypeValue type);
  TypeValue array_of(Span span, TypeValue type, ExprValue count);

  // --- statements ---
  template <class Node>
  StmtValue statement(Span span, Node node, unsigned depth_below = 0) {
    auto made = std::make_unique<ast::Stmt>();
    made->span = span;
    made->node = std::move(node);
    return {std::move(made), depth_below + 1};
  }
  StmtValue assign(Span span, ExprValue target, std::optional<ast::BinaryOp> op, ExprValue value);
  StmtValue let(Span span, const Token& variable, std::optional<TypeValue> type, ExprValue value);
  StmtValue expr_statement(Span span, ExprValue expr);
  StmtValue while_loop(Span span, ExprValue condition, BlockValue body);
  StmtValue unroll(Span span, ExprValue count, BlockValue body);
  StmtValue for_map(Span span, const Token& variable, ExprValue map, BlockValue body);
  StmtValue for_range(Span span, const Token& variable, RangeValue range, BlockValue body);
  RangeValue range(Span span, ExprValue begin, ExprValue end);
  StatementsValue append(StatementsValue list, StmtValue statement);
  // `tail` empty: the block's value is its last `if` or `{}` without `;`, if there is one.
  BlockValue block(StatementsValue statements, ExprValue tail);
  // `else if ...`: a block that holds only the inner `if`.
  BlockValue else_if(Span span, ExprValue inner);

  // --- C definitions ---
  std::shared_ptr<ast::CType> c_type(Span span, decltype(ast::CType::node) node);
  ast::CAttributes attribute(Span span, const Token& name, ExprListValue arguments);
  static ast::CAttributes merge(ast::CAttributes attributes, ast::CAttributes more);
  static CDeclaratorValue attributed(CDeclaratorValue declarator, ast::CAttributes attributes);
  CDeclaratorValue modified(CModifier modifier, CDeclaratorValue inner);
  ast::CStruct c_record(ast::CStruct head, std::vector<ast::CField> fields, ast::CAttributes attributes);
  std::vector<ast::CField> c_anonymous_field(std::shared_ptr<ast::CType> type);
  std::vector<ast::CField> c_fields(std::shared_ptr<ast::CType> base, std::vector<CDeclaratorValue> declarators);
  std::vector<ast::CField> concat(std::vector<ast::CField> list, std::vector<ast::CField> more);
  void add_definition(Span span, decltype(ast::CDefinition::node) node);
  void typedefs(Span span, std::shared_ptr<ast::CType> base, std::vector<CDeclaratorValue> declarators);
  void define(Span span, const Token& name, ExprValue value, const Token& end);
  void include(Span span, const Token& path);

  // --- top level ---
  ast::Parameter parameter(Span span, const Token& name, ast::Parameter::Kind kind, std::optional<TypeValue> type);
  ast::Function function(Span span, const Token& name, std::vector<ast::Parameter> parameters, BlockValue body);
  void clause(Span span, const std::vector<const Token*>& attach_points, ExprValue predicate, BlockValue body);

 private:
  // False, and an error, if a node above a tree of that depth would make it too deep.
  bool check_depth(Span span, unsigned depth_below);
  std::shared_ptr<ast::CType> declared(std::shared_ptr<ast::CType> base, CDeclaratorValue& declarator);

  DiagSink& diagnostics_;
  ast::Program program_;
};

}  // namespace hawk
