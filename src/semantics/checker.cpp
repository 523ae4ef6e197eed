// The walk itself, and what every part of the checker uses: events, strings, locations, dispatch.
#include "semantics/checker.h"

#include <algorithm>

#include "semantics/builtin_checks.h"
#include "semantics/check_user_function.h"
#include "support/check.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

Checker::Checker(const ast::Program& program, const Sources& sources, TargetInfo& target, const CheckOptions& options,
                 const Config& config, DiagSink& setup)
    : program_(program),
      sources_(sources),
      options_(options),
      config_(config),
      types_(program, target, options.headers, setup) {
  for (const ast::MapDeclaration& declaration : program.maps) {
    MapInfo& info = map_info(declaration.map, declaration.span);
    info.declaration = &declaration;
  }
}

bool Checker::walk(const std::vector<ClauseState>& clauses, DiagSink& diagnostics) {
  diagnostics_ = &diagnostics;
  learned_ = warned_of_signs_ = false;
  notes_reads_ = !notes_reads_;
  warned_unstable_.clear();
  result_ = {};
  string_ids_.clear();
  option_names_.clear();
  for (auto& [name, info] : maps_) info.used = info.poisoned = info.read_untyped = false;
  check_clauses(clauses);
  for (auto& [name, info] : maps_) {
    learned_ = info.key.take_change() || learned_;
    learned_ = info.take_change() || learned_;
  }
  for (auto& [site, type] : variables_) learned_ = type.take_change() || learned_;
  if (!learned_) assume_types();
  if (learned_) return true;
  for (const std::string& name : map_order_) {
    if (auto schema = map_schema(maps_.at(name))) result_.maps.push_back(std::move(*schema));
  }
  return false;
}

// A statement that read something before another one taught what it is, is looked at again at once, not in the next
// walk only: the walks are then as many as types widen, not as many as names depend on each other. What this gives
// besides is not used, as a walk that learned something is followed by another one.
void Checker::check_clauses(const std::vector<ClauseState>& clauses) {
  readers_.assign(1, {});
  open_clauses_.clear();
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    readers_.front().begin(i);
    check_clause(clauses[i]);
  }
  readers_.front().end();
  for (std::size_t i = readers_.front().take_due(); i != Readers::kNobody; i = readers_.front().take_due()) {
    OpenClause& open = open_clauses_[i];
    enter(open.state);
    readers_.front().begin(i);
    readers_.push_back(std::move(open.readers));
    check_due(open.state.ast->body);
    open.readers = std::move(readers_.back());
    readers_.pop_back();
    readers_.front().end();
    clause_ = nullptr;
  }
  open_clauses_.clear();
}

void Checker::note_read(const void* name) {
  if (!notes_reads_) return;
  for (Readers& readers : readers_) readers.read(name);
}

void Checker::note_change(const void* name) {
  learned_ = true;
  for (std::size_t clause : readers_.front().changed(name)) open_clauses_[clause].readers.changed(name);
  for (std::size_t i = 1; i < readers_.size(); ++i) readers_[i].changed(name);
}

// When nothing more can be learned, maps that are only read are ints (census 2.2: they read as 0).
void Checker::assume_types() {
  for (auto& [name, info] : maps_) {
    bool refused = info.poisoned && diagnostics_->has_errors();
    if (!info.read_untyped || refused || map_value_type(info).kind != TypeKind::kError) continue;
    info.assumed_int = info.value.add(int_type(8, true));
    learned_ = true;
  }
}

typed::CheckedProgram Checker::take() {
  result_.config = config_;
  result_.pid_namespace = target().pid_namespace();
  result_.file = program_.file;
  result_.needs_unsafe = needs_unsafe_;
  return std::move(result_);
}

void Checker::enter(ClauseState& clause) {
  clause_ = &clause;
  types_.set_scope(user_scope(clause));
}

void Checker::check_clause(const ClauseState& clause) {
  OpenClause& open = open_clauses_.emplace_back();
  ClauseState& state = open.state;
  state.ast = clause.ast;
  state.instance = clause.instance;
  state.kind = clause.kind;
  state.probes = clause.probes;
  state.out.span = clause.ast->attach_points.empty() ? clause.ast->span : clause.ast->attach_points.front().span;
  state.out.kind = clause.kind;
  state.out.probes = clause.probes;
  // Kinds that cannot be attached to one process compare it in the program (census 3.1).
  state.out.filter_pid =
      options_.has_pid && (clause.kind == ProbeKind::kKprobe || clause.kind == ProbeKind::kKretprobe ||
                           clause.kind == ProbeKind::kFentry || clause.kind == ProbeKind::kFexit ||
                           clause.kind == ProbeKind::kTracepoint || clause.kind == ProbeKind::kRawTracepoint);
  enter(state);
  state.scopes.emplace_back();
  typed::Block body;
  ExprPtr predicate;
  if (clause.ast->predicate) predicate = check_condition(*clause.ast->predicate);
  state.scopes.emplace_back();
  readers_.emplace_back();
  check_listed(clause.ast->body, body);
  if (clause.ast->body.tail) check_expression_statement(*clause.ast->body.tail, body);
  open.readers = std::move(readers_.back());
  readers_.pop_back();
  if (predicate) {
    Span span = predicate->span;
    state.out.body.statements.push_back(make_stmt(span, typed::If{std::move(predicate), std::move(body), {}, true}));
  } else {
    state.out.body = std::move(body);
  }
  std::vector<typed::Variable> variables;
  if (notes_reads_) variables = state.out.variables;
  result_.clauses.push_back(std::exchange(state.out, {}));
  state.out.variables = std::move(variables);
  clause_ = nullptr;
}

typed::EventId Checker::add_event(EventSchema schema) {
  schema.program = static_cast<std::uint32_t>(clause_->instance);
  result_.events.push_back(std::move(schema));
  return static_cast<typed::EventId>(result_.events.size() - 1);
}

std::uint32_t Checker::add_string(const std::string& text) {
  auto [found, added] = string_ids_.try_emplace(text, static_cast<std::uint32_t>(result_.strings.size()));
  if (added) result_.strings.push_back(text);
  return found->second;
}

Location Checker::location(Span span) const {
  const SourceFile& file = sources_.get(span.file);
  LineColumn begin = file.position(span.begin);
  LineColumn end = file.position(span.end);
  std::string text(file.line(begin.line));
  for (std::uint32_t line = begin.line + 1; line <= end.line; ++line) text += "\n" + std::string(file.line(line));
  return {file.name(), begin.line, begin.column, begin.line == end.line ? end.column : 0, std::move(text)};
}

std::string Checker::source_text(Span span) const {
  return sources_.get(span.file).text().substr(span.begin, span.end - span.begin);
}

void Checker::declare_option(typed::NamedOption option) {
  if (option_names_.insert(option.name).second) result_.options.push_back(std::move(option));
}

bool Checker::allow_unstable(UnstableFeature feature, Span span) {
  struct Row {
    const char* name;
    const char* key;
    const std::string& setting;
  };
  auto row = [&]() -> Row {
    switch (feature) {
      case UnstableFeature::kTimeSeries: return {"tseries", "unstable_tseries", config_.unstable_tseries};
      case UnstableFeature::kUnwoundStack: return {"dw_ustack", "unstable_dw_ustack", config_.unstable_dw_ustack};
    }
    HAWK_UNREACHABLE("unstable feature");
  }();
  std::string help = fmt::format("config = {{ {} = enable }}", row.key);
  if (row.setting == "error") {
    report(Diag::UnstableRefused, span, row.name).help = "to enable it: " + help;
    return false;
  }
  if (row.setting == "warn" && warned_unstable_.insert(feature).second) {
    report(Diag::UnstableUsed, span, row.name).help = "to say that this is meant: " + help;
  }
  return true;
}

typed::EventId Checker::runtime_error(const std::string& text, Span span) {
  EventSchema schema{
      .kind = EventKind::kRuntimeError, .fields = {}, .format = {}, .text = text, .location = location(span)};
  return add_event(std::move(schema));
}

// --- dispatch -----------------------------------------------------------------------------------

struct ExprVisitor {
  Checker& checker;
  const ast::Expr& expr;
  using ExprPtr = typed::ExprPtr;

  ExprPtr operator()(const ast::IntegerLiteral& node) { return typed::int_literal(node.value, false, expr.span); }
  ExprPtr operator()(const ast::FloatLiteral& node) { return typed::float_literal(node.value, expr.span); }
  ExprPtr operator()(const ast::BoolLiteral& node) { return typed::bool_literal(node.value, expr.span); }
  ExprPtr operator()(const ast::StringLiteral& node) { return typed::string_literal(node.value, expr.span); }
  ExprPtr operator()(const ast::Identifier& node) { return checker.check_identifier(node, expr); }
  ExprPtr operator()(const ast::PositionalParameter& node) { return checker.check_parameter(node, expr.span); }
  ExprPtr operator()(const ast::ParameterCount&) {
    return typed::int_literal(checker.options().arguments.size(), false, expr.span);
  }
  ExprPtr operator()(const ast::Variable& node) { return checker.check_variable(node, expr.span); }
  ExprPtr operator()(const ast::MapAccess& node) { return checker.check_map_value(node, expr.span); }
  ExprPtr operator()(const ast::Unary& node) { return checker.check_unary(node, expr.span); }
  ExprPtr operator()(const ast::Binary& node) { return checker.check_binary(node, expr.span); }
  ExprPtr operator()(const ast::Conditional& node) { return checker.check_conditional(node, expr.span); }
  ExprPtr operator()(const ast::Cast& node) { return checker.check_cast(node, expr.span); }
  ExprPtr operator()(const ast::FieldAccess& node) { return checker.check_field(node, expr.span); }
  ExprPtr operator()(const ast::Index& node) { return checker.check_index(node, expr.span); }
  ExprPtr operator()(const ast::Call& node) { return checker.check_call(node, expr); }
  ExprPtr operator()(const ast::SizeOf& node) { return checker.check_sizeof(node, expr.span); }
  ExprPtr operator()(const ast::TypeOf&) { return checker.refuse(Diag::TypeAsValue, expr.span); }
  ExprPtr operator()(const ast::TypeInfo& node) { return checker.check_typeinfo(node, expr.span); }
  ExprPtr operator()(const ast::OffsetOf& node) { return checker.check_offsetof(node, expr.span); }
  ExprPtr operator()(const ast::Tuple& node) {
    std::vector<std::pair<std::string, const ast::Expr*>> members;
    for (const ast::ExprPtr& element : node.elements)
      members.emplace_back(std::to_string(members.size()), element.get());
    return checker.check_pack(std::move(members), false, expr.span);
  }
  ExprPtr operator()(const ast::Record& node) {
    std::vector<std::pair<std::string, const ast::Expr*>> members;
    for (const auto& [name, value] : node.fields) members.emplace_back(name, value.get());
    return checker.check_pack(std::move(members), true, expr.span);
  }
  ExprPtr operator()(const ast::ArrayLiteral& node) { return checker.check_array_literal(node, expr.span); }
  ExprPtr operator()(const ast::StructLiteral& node) { return checker.check_struct_literal(node, expr.span); }
  ExprPtr operator()(const ast::BlockExpr& node) { return checker.check_block_expr(node.block, expr.span); }
  ExprPtr operator()(const ast::IfExpr& node) { return checker.check_if_expr(node, expr.span); }
  ExprPtr operator()(const ast::Match& node) { return checker.check_match(node, expr.span); }
  ExprPtr operator()(const ast::Comptime& node) {
    ExprPtr value = checker.check_value(*node.operand);
    if (value->type.kind == TypeKind::kError || value->literal) return value;
    return checker.refuse(Diag::NotConstant, expr.span);
  }
  ExprPtr operator()(const ast::FunctionBody& node) { return checker.check_function_body(node, expr); }
};

Checker::ExprPtr Checker::check_expr(const ast::Expr& expr) { return std::visit(ExprVisitor{*this, expr}, expr.node); }

Checker::ExprPtr Checker::check_value(const ast::Expr& expr) {
  ExprPtr value = check_expr(expr);
  if (value->type.kind == TypeKind::kNone) return refuse(Diag::NoValue, expr.span);
  return value;
}

Checker::ExprPtr Checker::plain(ExprPtr value) {
  if (!is_aggregation(value->type)) return value;
  Type number = aggregation_value(value->type);
  if (number.kind == TypeKind::kNone) return refuse(Diag::AggregationAsValue, value->span, type_name(value->type));
  if (value->type.kind == TypeKind::kPercentiles)
    return read_percentile(std::move(value),
                           typed::constant(float_type(), std::bit_cast<std::uint64_t>(kMedian), value->span),
                           std::nullopt);
  auto* read = typed::node_as<typed::ReadMap>(*value);
  HAWK_CHECK(read != nullptr, "an aggregation lives in a map");
  return make_expr(number, value->span,
                   typed::ReadAggregation{read->map, std::move(read->key), value->type.kind == TypeKind::kAvg});
}

Checker::ExprPtr Checker::read_percentile(ExprPtr value, ExprPtr percent, std::optional<typed::EventId> range_event) {
  auto* read = typed::node_as<typed::ReadMap>(*value);
  HAWK_CHECK(read != nullptr, "percentiles live in a map");
  typed::ReadAggregation node{read->map, std::move(read->key)};
  node.percent = std::move(percent);
  node.range_event = range_event;
  return make_expr(aggregation_number(value->type), value->span, std::move(node));
}

Checker::ExprPtr Checker::check_plain(const ast::Expr& expr) { return plain(check_value(expr)); }

std::string Checker::integer_help(const Type& type) {
  if (type.kind == TypeKind::kFloat) return "write (int64)x to cut off the fraction";
  return type.kind == TypeKind::kText ? "write (int64)x for the number that a text begins with" : "";
}

Checker::ExprPtr Checker::check_int(const ast::Expr& expr, const char* user) {
  return as_int(check_plain(expr), expr.span, user);
}

Checker::ExprPtr Checker::as_int(ExprPtr value, Span span, const char* user) {
  if (value->type.kind == TypeKind::kError || is_integer(value->type)) return value;
  if (value->type.kind == TypeKind::kBool) return typed::convert(std::move(value), int_type(1, false));
  report(Diag::IntegerExpected, span, user, type_name(value->type)).help = integer_help(value->type);
  return typed::poison(span);
}

Checker::ExprPtr Checker::truth(ExprPtr value) {
  value = plain(std::move(value));
  TypeKind kind = value->type.kind;
  if (kind == TypeKind::kError || kind == TypeKind::kBool) return value;
  if (is_scalar(value->type)) return typed::convert(std::move(value), bool_type());
  if (kind == TypeKind::kString) {
    const std::string* text = typed::constant_string(*value);
    if (text != nullptr) return typed::bool_literal(!text->empty(), value->span);
    Span span = value->span;
    return make_expr(bool_type(), span, typed::Convert{std::move(value)});
  }
  return refuse(Diag::NoTruthValue, value->span, type_name(value->type));
}

Checker::ExprPtr Checker::check_condition(const ast::Expr& expr) { return truth(check_value(expr)); }

std::optional<std::uint64_t> Checker::check_constant(const ast::Expr& expr) {
  ExprPtr value = check_plain(expr);
  const auto* constant = typed::node_as<typed::Constant>(*value);
  if (constant == nullptr || value->type.kind == TypeKind::kError || !is_scalar(value->type)) return std::nullopt;
  if (needs_host(value->type)) return std::nullopt;
  return constant->value;
}

std::optional<std::string> Checker::check_constant_text(const ast::Expr& expr) {
  ExprPtr value = check_plain(expr);
  const std::string* text = typed::constant_string(*value);
  return text != nullptr ? std::optional(*text) : std::nullopt;
}

Type Checker::resolve_type(const ast::TypeSyntax& syntax) {
  Type type = error_type();
  auto modifier = syntax.modifiers.begin();
  if (syntax.of_expr || syntax.of_type) {
    type = type_of(syntax.of_type.get(), syntax.of_expr.get());
  } else if ((syntax.name == "string" || syntax.name == "buffer") && modifier != syntax.modifiers.end() &&
             modifier->count) {
    auto constant = check_constant(*modifier->count);
    if (!constant || *constant == 0 || *constant > kMaxArrayBytes) {
      report(Diag::ArraySizeNotConstant, modifier->count->span);
      return error_type();
    }
    auto size = static_cast<std::uint32_t>(*constant);
    type = syntax.name == "string" ? string_type(size) : buffer_type(size);
    ++modifier;
  } else if (syntax.name == "string" || syntax.name == "buffer") {
    // What str() gives fits into a `string`: see read_string.
    auto size = static_cast<std::uint32_t>(config_.max_strlen);
    type = syntax.name == "string" ? string_type(size + 1) : buffer_type(size);
  } else if (syntax.name == "float" || syntax.name == "double" || syntax.name == "text") {
    type = syntax.name == "text" ? text_type() : float_type();
  } else if (auto found = types_.find(syntax.name)) {
    type = *found;
  } else if (auto enumerator = types_.find_enumerator(syntax.name)) {
    type = enumerator->first;
  } else if (syntax.name.starts_with("struct ") || syntax.name.starts_with("union ")) {
    auto& diagnostic = report(Diag::UnknownStruct, syntax.span, syntax.name);
    if (!target().has_btf()) diagnostic.help = "this kernel has no BTF: define the struct in the script";
    return error_type();
  } else {
    report(Diag::UnknownType, syntax.span, syntax.name);
    return error_type();
  }
  for (; modifier != syntax.modifiers.end() && type.kind != TypeKind::kError; ++modifier) {
    if (modifier->kind == ast::TypeModifier::Kind::kPointer) {
      type = pointer_type(std::move(type), AddressSpace::kNone);
      continue;
    }
    std::uint32_t count = 0;
    if (modifier->count) {
      auto constant = check_constant(*modifier->count);
      if (!constant || *constant == 0 || *constant * std::max<std::uint64_t>(type.size, 1) > kMaxArrayBytes ||
          *constant > kMaxArrayBytes) {
        report(Diag::ArraySizeNotConstant, modifier->count->span);
        return error_type();
      }
      count = static_cast<std::uint32_t>(*constant);
    }
    type = array_type(std::move(type), count);
  }
  return type;
}

// sizeof(kstack): a name that is no type may be a builtin.
std::optional<Builtin> Checker::named_builtin(const ast::TypeSyntax& type) {
  bool bare = type.modifiers.empty() && !type.of_expr && !type.of_type;
  if (!bare || types_.find(type.name) || types_.find_enumerator(type.name)) return std::nullopt;
  auto builtin = find_builtin(type.name);
  return builtin && builtin_row(*builtin).variable ? builtin : std::nullopt;
}

Type Checker::type_of(const ast::TypeSyntax* type, const ast::Expr* expr) {
  std::optional<Builtin> builtin = type != nullptr ? named_builtin(*type) : std::nullopt;
  if (type != nullptr && !builtin) return resolve_type(*type);
  // The expression is looked at, not executed: what it would emit does not count.
  std::size_t events = result_.events.size();
  if (const auto* map = expr != nullptr ? std::get_if<ast::MapAccess>(&expr->node) : nullptr;
      map != nullptr && !map->key) {
    // The values of a map, with keys or without.
    MapInfo& info = map_info(map->name, expr->span);
    if (info.keyed == true && map_value_type(info).kind != TypeKind::kError) return map_value_type(info);
  }
  ExprPtr value = builtin ? check_builtin(*this, {*builtin, type->span, nullptr}) : check_expr(*expr);
  result_.events.resize(events);
  return value->type;
}

std::uint32_t Checker::grown_capacity(Span span, std::uint64_t wanted, std::uint64_t most) {
  constexpr int kMostTimes = 2;
  Growth& growth = growing_strings_[{span.file, span.expansion, span.begin, span.end}];
  if (wanted > growth.bytes) {
    if (growth.bytes != 0) ++growth.times;
    growth.bytes = wanted;
  }
  return static_cast<std::uint32_t>(growth.times > kMostTimes ? most : std::min(wanted, most));
}

}  // namespace hawk
