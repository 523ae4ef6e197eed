// Checker: one walk over the program (see check.h). It holds what the walks learn (maps, variable types),
// what this walk builds (events, strings, diagnostics), and the clause being checked. Its member
// functions are grouped by file: check_literal, check_operator, check_memory, check_map,
// check_statement, check_format; builtins are free functions (builtin_checks.h).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pattern/pattern.h"
#include "semantics/check.h"
#include "semantics/expand.h"
#include "semantics/inferred_type.h"
#include "semantics/probe_expansion.h"
#include "semantics/readers.h"
#include "semantics/type_table.h"
#include "semantics/typed_build.h"

namespace hawk {

// What is known of a map; kept from walk to walk.
struct MapInfo {
  std::string name;
  typed::MapId id = 0;
  Span first_use;
  std::optional<bool> keyed;
  InferredType key;
  InferredType value;
  std::optional<Type> aggregation;
  const ast::MapDeclaration* declaration = nullptr;
  bool assigned = false;      // a value is assigned somewhere
  bool read_untyped = false;  // read in this walk while its type was not known
  bool assumed_int = false;   // read but never assigned: an int that reads as 0
  bool used = false;
  bool poisoned = false;  // an assignment to it has been refused: its type is not asked for again

  // Whether what its entries hold is known to be something else than at the last call.
  [[nodiscard]] bool take_change() {
    bool newly = aggregation.has_value() && !reported_aggregation;
    reported_aggregation = aggregation.has_value();
    return value.take_change() || newly;
  }
  bool reported_aggregation = false;
};

// Declared as taskstorage.
[[nodiscard]] bool is_task_storage(const MapInfo& info);

// What a loop over lines reads: a text variable with its name.
struct OpenLines {
  typed::VariableId source = 0;
  LineSource kind = LineSource::kFile;
};

// What getline reads.
struct CheckedSource {
  typed::ExprPtr source;  // a text
  LineSource kind = LineSource::kFile;
};

// What a script may use only as its config says (`unstable_...`).
enum class UnstableFeature : std::uint8_t { kTimeSeries, kUnwoundStack };

// The clause being checked, or one expansion of it.
struct ClauseState {
  const ast::Clause* ast = nullptr;
  std::size_t instance = 0;  // index over all expansions of all clauses
  ProbeKind kind{};
  std::vector<ProbeSpec> probes;
  typed::Clause out;
  struct Variable {
    typed::VariableId id = 0;
    InferredType* type = nullptr;
    bool poisoned = false;  // as for maps
    Span declared;
  };
  std::vector<std::map<std::string, Variable>> scopes;
  std::vector<OpenLines> lines;  // loops over lines around this point
  struct FunctionCall {
    const ast::FunctionBody* node = nullptr;
    std::size_t lines = 0;                         // loops over lines around the call
    InferredType* type = nullptr;                  // of what it returns
    std::optional<typed::VariableId> result = {};  // what `return` sets
    bool is_void = false;                          // declared to return nothing
    bool leaves = false;                           // there is a `return`
    bool poisoned = false;                         // some value returned has been refused
  };
  FunctionCall* function = nullptr;  // whose body is being checked
  int loops = 0;                     // while and for around this point
  int switches = 0;                  // switch around this point, inside of the innermost loop or not
  int for_loops = 0;                 // for alone: their bodies cannot read the context
  std::uint64_t unrolled = 0;        // turns of unroll() so far, nested ones multiplied
  std::size_t define_uses = 0;       // expansions of #define so far
  int defines = 0;                   // nesting of #define expansion
  std::optional<Type> arguments;     // struct type of `args`, once asked for
};

// A clause that has been checked in this walk, for its statements that have to be looked at again.
struct OpenClause {
  ClauseState state;  // as at the end of its block
  Readers readers;    // its statements
};

class Checker {
 public:
  using ExprPtr = typed::ExprPtr;

  Checker(const ast::Program& program, const Sources& sources, TargetInfo& target, const CheckOptions& options,
          const Config& config, DiagSink& setup);

  // One walk; true if it learned something new.
  [[nodiscard]] bool walk(const std::vector<ClauseState>& clauses, DiagSink& diagnostics);
  [[nodiscard]] typed::CheckedProgram take();
  // Maps and variables known so far.
  [[nodiscard]] std::size_t name_count() const { return maps_.size() + variables_.size(); }
  // Statements looked at so far, over all walks: how much work the script was.
  [[nodiscard]] std::size_t statement_count() const { return statements_; }

  // --- expressions ---
  [[nodiscard]] ExprPtr check_expr(const ast::Expr& expr);
  [[nodiscard]] ExprPtr check_value(const ast::Expr& expr);                  // has a value; aggregations as they are
  [[nodiscard]] ExprPtr check_plain(const ast::Expr& expr);                  // aggregations read as ints
  [[nodiscard]] ExprPtr check_int(const ast::Expr& expr, const char* user);  // an int, else a diagnostic naming `user`
  [[nodiscard]] ExprPtr as_int(ExprPtr value, Span span, const char* user);  // the same for a plain value
  // How to make an int of a float or text; "" for other types.
  [[nodiscard]] static std::string integer_help(const Type& type);
  [[nodiscard]] ExprPtr check_condition(const ast::Expr& expr);  // bool
  [[nodiscard]] ExprPtr truth(ExprPtr value);
  [[nodiscard]] ExprPtr plain(ExprPtr value);
  [[nodiscard]] std::optional<std::uint64_t> check_constant(const ast::Expr& expr);  // folds to an int, else nullopt
  [[nodiscard]] std::optional<std::string> check_constant_text(const ast::Expr& expr);
  [[nodiscard]] Type resolve_type(const ast::TypeSyntax& syntax);
  [[nodiscard]] Type type_of(const ast::TypeSyntax* type, const ast::Expr* expr);
  [[nodiscard]] std::optional<Builtin> named_builtin(const ast::TypeSyntax& type);
  [[nodiscard]] ExprPtr cast(ExprPtr operand, const Type& type, Span span);

  // --- memory ---
  // A value of `type` at an address: scalars and arrays are loads, char arrays strings.
  [[nodiscard]] ExprPtr load(ExprPtr address, const Type& type, AddressSpace space, Span span);
  [[nodiscard]] AddressSpace space_of(const typed::Expr& pointer) const;
  [[nodiscard]] ExprPtr string_value(ExprPtr value,
                                     const char* user);               // string, char pointer or array as a string value
  [[nodiscard]] ExprPtr text_value(ExprPtr value, const char* user);  // the same as a text
  [[nodiscard]] ExprPtr read_string(ExprPtr address, AddressSpace space, ExprPtr length, Span span);
  [[nodiscard]] ExprPtr index_value(ExprPtr base, ExprPtr index, Span span);
  [[nodiscard]] ExprPtr index_memory(typed::Load memory, const Type& array, ExprPtr index, Span span);
  [[nodiscard]] ExprPtr field_value(ExprPtr base, const std::string& field, Span span);
  // The offset of `path` in a struct, and the member's type; nullopt after a diagnostic.
  struct MemberPlace {
    std::uint64_t offset = 0;
    Type type;
  };
  [[nodiscard]] std::optional<MemberPlace> member_place(Type type, const std::vector<std::string>& path, Span span);
  // Whether a value outlives the statement that makes it: not addresses of variables, not `ctx`.
  [[nodiscard]] static bool is_storable(const typed::Expr& value);

  // --- patterns ---
  // Whether a string, or a text, is as the pattern says. `user` is what asks.
  struct Matching {
    pattern::Syntax syntax = pattern::Syntax::kRegex;
    bool negate = false;
    const char* user = "";
  };
  [[nodiscard]] ExprPtr match_pattern(const ast::Expr& subject, const ast::Expr& wanted, const Matching& how,
                                      Span span);

  // Bytes of a string made at `span` that needs `wanted` of them: at most `most`. One that grows from walk to walk,
  // because it is made of itself, gets all of them.
  [[nodiscard]] std::uint32_t grown_capacity(Span span, std::uint64_t wanted, std::uint64_t most);
  [[nodiscard]] std::uint32_t grown_capacity(Span span, std::uint64_t wanted) {
    return grown_capacity(span, wanted, config_.max_strlen);
  }

  // --- maps ---
  struct MapUse {
    MapInfo* info = nullptr;  // null after a diagnostic
    typed::MapId id = 0;
    ExprPtr key;  // converted; null for scalars
  };
  [[nodiscard]] MapUse use_map(const ast::MapAccess& access, Span span);
  // The map itself, as print(@m) or clear(@m) take it; null after a diagnostic or if it is not defined.
  // As whole_map, of a map that each task has of its own too: delete(@m).
  [[nodiscard]] MapUse own_map(const ast::Expr& argument, const char* user);
  [[nodiscard]] MapUse whole_map(const ast::Expr& argument, const char* user);
  [[nodiscard]] MapUse keyed_map(const ast::Expr& map, const ast::Expr& key, const char* user);
  // find(@m, key, $v): $v takes the value's type.
  [[nodiscard]] ExprPtr find_key(const ast::Variable& variable, MapUse use, const Type& value, Span span);
  [[nodiscard]] Type map_value_type(const MapInfo& info) const;
  void assign_map(const ast::MapAccess& target, const ast::Expr& value, Span span, typed::Block& out);
  void learn_map_value(MapInfo& info, const typed::Expr& value, Span span);
  void learn_aggregation(MapInfo& info, const Type& type, Span span);
  [[nodiscard]] typed::EventId map_full_event(typed::MapId map, Span span);

  // --- statements ---
  void check_block(const ast::Block& block, typed::Block& out);
  void check_statements(const ast::Block& block, typed::Block& out);
  [[nodiscard]] ExprPtr check_block_expr(const ast::Block& block, Span span);
  [[nodiscard]] typed::VariableId add_temporary(const Type& type);
  // getline(source, $variable): the variable becomes a text, if it is not declared as a string.
  [[nodiscard]] ExprPtr read_line(CheckedSource reader, const ast::Variable& variable, const void* site, Span span);
  // What should have set the variable has been refused: its type is not asked for.
  void poison_variable(const ast::Variable& variable, const void* site, Span span);
  // Before a jump out of all loops over lines: closes what they read.
  void close_lines(std::vector<typed::StmtPtr>& out, Span span);

  // --- events and messages ---
  [[nodiscard]] typed::EventId add_event(EventSchema schema);
  [[nodiscard]] std::uint32_t add_string(const std::string& text);
  [[nodiscard]] Location location(Span span) const;
  [[nodiscard]] std::string source_text(Span span) const;
  // One of the percentiles of a map element that is a ReadMap.
  [[nodiscard]] ExprPtr read_percentile(ExprPtr value, ExprPtr percent, std::optional<typed::EventId> range_event);
  [[nodiscard]] typed::EventId runtime_error(const std::string& text, Span span);
  // Checks the arguments of a format string from `first` on; nullopt after a diagnostic.
  struct Formatted {
    EventSchema schema;
    std::vector<ExprPtr> fields;
  };
  [[nodiscard]] std::optional<Formatted> check_format(const std::vector<ast::ExprPtr>& arguments, std::size_t first,
                                                      Span span, const char* user);

  template <class... Args>
  Diagnostic& report(Diag id, Span span, const Args&... args) {
    Diagnostic& diagnostic = diagnostics_->report(id, span, args...);
    diagnostic.message = without_marks(std::move(diagnostic.message));
    return diagnostic;
  }
  // A near name is looked for among all names: for the first errors only, which are the ones that are read.
  [[nodiscard]] bool has_time_for_hints() const { return diagnostics_->all().size() <= 100; }
  // Reports and gives a poison.
  template <class... Args>
  ExprPtr refuse(Diag id, Span span, const Args&... args) {
    report(id, span, args...);
    return typed::poison(span);
  }

  // The same for a type whose members are not known; says what would make them known.
  ExprPtr refuse_incomplete(const Type& type, Span span);

  [[nodiscard]] ClauseState& clause() { return *clause_; }
  [[nodiscard]] const ClauseState& clause() const { return *clause_; }
  [[nodiscard]] const ProbeKindRow& probe_kind() const { return probe_row(clause_->kind); }
  [[nodiscard]] TypeTable& types() { return types_; }
  [[nodiscard]] TargetInfo& target() { return types_.target(); }
  [[nodiscard]] const Config& config() const { return config_; }
  [[nodiscard]] const CheckOptions& options() const { return options_; }
  void declare_option(typed::NamedOption option);
  void need_unsafe() { needs_unsafe_ = true; }
  // Warns once of an unstable feature, or refuses it (false), as the config says.
  [[nodiscard]] bool allow_unstable(UnstableFeature feature, Span span);

 private:
  friend struct ExprVisitor;
  friend struct StatementVisitor;
  friend class MatchChecker;

  // check_format.cpp
  [[nodiscard]] bool format_argument(const FormatSpec& spec, const ast::Expr& argument, Formatted& result,
                                     const char* user);
  // check_literal.cpp
  [[nodiscard]] ExprPtr check_identifier(const ast::Identifier& identifier, const ast::Expr& expr);
  [[nodiscard]] ExprPtr check_parameter(const ast::PositionalParameter& parameter, Span span);
  [[nodiscard]] ExprPtr check_variable(const ast::Variable& variable, Span span);
  [[nodiscard]] ExprPtr check_call(const ast::Call& call, const ast::Expr& expr);
  [[nodiscard]] ExprPtr refuse_c_macro(const std::string& name, Span span);
  // check_operator.cpp
  [[nodiscard]] ExprPtr check_unary(const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr check_not(ExprPtr operand, Span span);
  [[nodiscard]] ExprPtr check_step(const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr refuse_step(ast::UnaryOp op, const Type& type, Span span);
  [[nodiscard]] ExprPtr step_map(const ast::MapAccess& access, const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr step_variable(const ast::Variable& variable, const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr check_binary(const ast::Binary& binary, Span span);
  [[nodiscard]] ExprPtr known_one(ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr combine(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr compare(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] std::string pointed_text_help(ast::BinaryOp op, const typed::Expr& left,
                                              const typed::Expr& right) const;
  [[nodiscard]] ExprPtr compare_strings(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr compare_scalars(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr check_in(const ast::Binary& binary, Span span);
  [[nodiscard]] typed::BinaryOp signed_op(ast::BinaryOp op, const typed::Expr& left, Span span);
  [[nodiscard]] ExprPtr arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr pointer_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr add_strings(ExprPtr left, ExprPtr right, Span span);
  // check_pattern.cpp
  [[nodiscard]] ExprPtr check_matches(const ast::Binary& binary, Span span);
  [[nodiscard]] std::shared_ptr<const pattern::Automaton> compile_pattern(const std::string& text,
                                                                          pattern::Syntax syntax, Span span);
  // check_operator_host.cpp: floats and texts
  [[nodiscard]] ExprPtr negate_float(ExprPtr operand, Span span);
  [[nodiscard]] ExprPtr float_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr text_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr compare_floats(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr compare_texts(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span);
  [[nodiscard]] ExprPtr check_elvis(const ast::Conditional& node, Span span);
  [[nodiscard]] ExprPtr check_conditional(const ast::Conditional& conditional, Span span);
  [[nodiscard]] ExprPtr check_if_expr(const ast::IfExpr& expr, Span span);
  [[nodiscard]] ExprPtr conditional(ExprPtr condition, ExprPtr then, ExprPtr otherwise, Span span);
  // check_function.cpp
  [[nodiscard]] ExprPtr check_function_body(const ast::FunctionBody& body, const ast::Expr& expr);
  [[nodiscard]] ExprPtr function_tail(const ast::Expr& tail, typed::Block& body);
  [[nodiscard]] ExprPtr learn_result(ExprPtr value, Span span);
  [[nodiscard]] ExprPtr function_value(const ClauseState::FunctionCall& call, typed::Block body, ExprPtr tail,
                                       Span span);
  void check_return(const ast::Return& node, Span span, typed::Block& out);
  void return_from_function(const ast::Return& node, Span span, typed::Block& out);
  // check_memory.cpp
  [[nodiscard]] ExprPtr check_field(const ast::FieldAccess& access, Span span);
  [[nodiscard]] ExprPtr context_field(const ast::FieldAccess& access, Span span);
  [[nodiscard]] ExprPtr struct_field(ExprPtr base, const std::string& field, Span span);
  [[nodiscard]] ExprPtr check_index(const ast::Index& index, Span span);
  [[nodiscard]] ExprPtr check_dereference(const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr check_address_of(const ast::Unary& unary, Span span);
  [[nodiscard]] ExprPtr check_cast(const ast::Cast& expr, Span span);
  [[nodiscard]] ExprPtr check_pack(std::vector<std::pair<std::string, const ast::Expr*>> members, bool record,
                                   Span span);
  // False after a diagnostic: a constant index that is negative or not below `count` (0: not known).
  [[nodiscard]] bool check_bounds(const typed::Expr& index, std::uint32_t count, Span span);
  // A field by its name; null `field` after a diagnostic.
  [[nodiscard]] FoundField struct_member(const Type& type, const StructDef& def, const std::string& name, Span span);
  // check_equality.cpp
  struct Compared {
    ExprPtr left;
    ExprPtr right;
    Type type;  // of both
  };
  [[nodiscard]] ExprPtr compare_parts(bool negate, Compared compared, Span span);
  [[nodiscard]] static ExprPtr unequal_tuples(bool negate, ExprPtr left, ExprPtr right, Span span);
  // check_composite.cpp
  // Where a value is stored that takes the type of its place.
  struct Slot {
    Type type;
    unsigned bits = 0;  // of a bit field
    std::string name;   // as messages call it: `$s.a`, `.a`
    Span span;
  };
  [[nodiscard]] ExprPtr fit(ExprPtr value, const Slot& slot);
  [[nodiscard]] ExprPtr check_array_literal(const ast::ArrayLiteral& node, Span span);
  [[nodiscard]] ExprPtr check_struct_literal(const ast::StructLiteral& node, Span span);
  [[nodiscard]] ExprPtr struct_literal(const ast::StructLiteral& node, const Type& type, Span span);
  [[nodiscard]] ExprPtr initial_value(const ast::Expr& expr, const Field& field, Span span);
  // check_part.cpp
  struct Part;
  [[nodiscard]] bool find_part(const ast::Expr& target, bool reads, Part& part);
  [[nodiscard]] bool is_changeable(const Type& type, Span span);
  [[nodiscard]] bool enter_member(const ast::FieldAccess& access, Span span, Part& part);
  [[nodiscard]] bool enter_element(const ast::Expr& index, Span span, bool reads, Part& part);
  [[nodiscard]] bool widen_elements(Part& part, const Type& wanted);
  void assign_part(const ast::Assign& assign, Span span, typed::Block& out);
  [[nodiscard]] ExprPtr step_part(const ast::Unary& unary, Span span);
  // check_type_query.cpp
  [[nodiscard]] ExprPtr check_offsetof(const ast::OffsetOf& expr, Span span);
  [[nodiscard]] ExprPtr check_sizeof(const ast::SizeOf& expr, Span span);
  [[nodiscard]] ExprPtr check_typeinfo(const ast::TypeInfo& expr, Span span);
  // check_map.cpp
  [[nodiscard]] MapInfo& map_info(const std::string& name, Span span);
  [[nodiscard]] ExprPtr check_map_value(const ast::MapAccess& access, Span span);
  [[nodiscard]] bool set_keyed(MapInfo& info, bool keyed, Span span);
  [[nodiscard]] ExprPtr check_key(MapInfo& info, const ast::Expr& key);
  [[nodiscard]] std::optional<MapSchema> map_schema(const MapInfo& info);
  [[nodiscard]] bool check_declared_storage(const MapInfo& info, MapSchema& schema);
  // check_statement.cpp
  void check_statement(const ast::Stmt& stmt, typed::Block& out);
  void check_assign(const ast::Assign& assign, Span span, typed::Block& out);
  void assign_variable(const ast::Variable& target, ExprPtr value, Span span, typed::Block& out, const void* site);
  void assign_map_value(const ast::MapAccess& target, ExprPtr value, Span span, typed::Block& out);
  void compound_map(const ast::MapAccess& target, ast::BinaryOp op, const ast::Expr& value, Span span,
                    typed::Block& out);
  void aggregate(const ast::MapAccess& target, const ast::Call& call, Span span, typed::Block& out);
  void check_let(const ast::Let& let, const ast::Stmt& stmt, typed::Block& out);
  // check_loop.cpp
  void check_for_range(const ast::ForRange& loop, const ast::Stmt& stmt, typed::Block& out);
  void check_while(const ast::While& loop, Span span, typed::Block& out);
  void check_unroll(const ast::Unroll& loop, typed::Block& out);
  struct LoopSite {
    const ast::ForMap& loop;
    const ast::Stmt& stmt;
  };
  struct Sorting;  // what sort() and top() ask for
  void check_for_map(const ast::ForMap& loop, const ast::Stmt& stmt, typed::Block& out);
  void check_for_entries(const LoopSite& site, const ast::Expr& map, std::optional<Sorting> sorting, typed::Block& out);
  void check_for_sorted(const LoopSite& site, const ast::Call& call, typed::Block& out);
  void check_for_lines(const LoopSite& site, const ast::Call& call, typed::Block& out);
  [[nodiscard]] typed::StmtPtr close_source(const OpenLines& open, Span span);
  [[nodiscard]] std::optional<typed::VariableId> open_loop(const std::string& name, const void* site, Span span,
                                                           const Type& type);
  void close_loop();
  void check_if_statement(const ast::IfExpr& expr, Span span, typed::Block& out);
  // check_match.cpp
  [[nodiscard]] ExprPtr check_match(const ast::Match& match, Span span);
  void check_match_statement(const ast::Match& match, Span span, typed::Block& out);
  // check_statement.cpp
  void check_expression_statement(const ast::Expr& expr, typed::Block& out);
  void check_discarded(const ast::Expr& expr, ExprPtr value, typed::Block& out);
  [[nodiscard]] ClauseState::Variable* find_variable(const std::string& name);
  ClauseState::Variable& declare_variable(const std::string& name, const void* site, Span span);
  [[nodiscard]] bool shadows(const std::string& name, Span span);
  void check_clause(const ClauseState& clause);
  void enter(ClauseState& clause);
  void check_clauses(const std::vector<ClauseState>& clauses);
  void assume_types();
  // The type of a name is asked for; a statement may have taught something of the names it assigns to.
  void note_read(const void* name);
  void note_change(const void* name);
  void note_assigned(const ast::Stmt& stmt);
  void check_listed(const ast::Block& block, typed::Block& out);  // into the innermost readers_
  void check_due(const ast::Block& block);
  void check_again(const ast::Stmt& stmt);

  const ast::Program& program_;
  const Sources& sources_;
  const CheckOptions& options_;
  const Config& config_;
  TypeTable types_;

  // kept from walk to walk
  std::map<std::string, MapInfo> maps_;
  std::vector<std::string> map_order_;
  std::map<std::pair<std::size_t, const void*>, InferredType> variables_;
  std::map<std::pair<pattern::Syntax, std::string>, std::shared_ptr<const pattern::Automaton>> patterns_;
  struct Growth {
    std::uint64_t bytes = 0;
    int times = 0;
  };
  // By where they are made: file, expansion, place.
  std::map<std::tuple<FileId, std::uint32_t, std::uint32_t, std::uint32_t>, Growth> growing_strings_;

  // built by one walk
  typed::CheckedProgram result_;
  DiagSink* diagnostics_ = nullptr;
  ClauseState* clause_ = nullptr;
  std::set<UnstableFeature> warned_unstable_;
  std::vector<Readers> readers_;  // of the clauses, then of each block around this point
  std::deque<OpenClause> open_clauses_;
  bool notes_reads_ = false;  // in every other walk: the last one, which learns nothing, is cheaper without
  std::unordered_map<std::string, std::uint32_t> string_ids_;
  std::unordered_set<std::string> option_names_;
  std::size_t statements_ = 0;
  bool learned_ = false;
  bool needs_unsafe_ = false;
  bool warned_of_signs_ = false;  // in this walk: once is enough for a script
};

}  // namespace hawk
