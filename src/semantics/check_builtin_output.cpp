// Builtins that report: printf and its family, print, time, and those that act: exit, clear, zero.
#include "semantics/builtin_checks.h"
#include "semantics/map_order_words.h"
#include "support/check.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;
using typed::make_stmt;

namespace {

ExprPtr emit(Checker& checker, EventSchema schema, std::vector<ExprPtr> fields, Span span) {
  schema.location = checker.location(span);
  return typed::effect(make_stmt(span, typed::Emit{checker.add_event(std::move(schema)), std::move(fields)}), span);
}

ExprPtr formatted(Checker& checker, const CallSite& site, EventKind kind) {
  auto format = checker.check_format(site.call->arguments, 0, site.span, site.name());
  if (!format) return typed::poison(site.span);
  format->schema.kind = kind;
  return emit(checker, std::move(format->schema), std::move(format->fields), site.span);
}

ExprPtr map_action(Checker& checker, const CallSite& site, EventKind kind) {
  auto use = checker.whole_map(site.argument(0), site.name());
  if (use.info == nullptr) return typed::poison(site.span);
  EventSchema schema{.kind = kind, .fields = {}, .format = {}, .text = {}, .map = use.id, .location = {}};
  return emit(checker, std::move(schema), {}, site.span);
}

bool is_whole_map(Checker& checker, const ast::Expr& expr) {
  const auto* access = std::get_if<ast::MapAccess>(&expr.node);
  if (access == nullptr || access->key) return false;
  (void)checker;
  return true;
}

std::optional<std::uint64_t> print_number(Checker& checker, const CallSite& site, std::size_t index) {
  const ast::Expr& argument = site.argument(index);
  ExprPtr value = checker.check_plain(argument);
  if (value->type.kind == TypeKind::kError) return std::nullopt;
  const auto* constant = typed::node_as<typed::Constant>(*value);
  if (constant == nullptr || !is_integer(value->type)) {
    checker.report(Diag::LiteralNumberExpected, argument.span, site.name());
    return std::nullopt;
  }
  bool negative = value->type.is_signed && static_cast<std::int64_t>(constant->value) < 0;
  return negative ? 0 : constant->value;
}

// A name that stands for no value here.
bool is_word(Checker& checker, const ast::Expr& argument) {
  const auto* word = std::get_if<ast::Identifier>(&split_path(argument).base->node);
  if (word == nullptr || checker.types().find_define(word->name) != nullptr) return false;
  auto builtin = find_builtin(word->name);
  return !(builtin && builtin_row(*builtin).variable) && !checker.types().find_enumerator(word->name);
}

// The numbers behind the map are top and div, in this order; words stand between or behind them.
struct PrintArguments {
  MapView view;
  OrderWords words;
};
std::optional<PrintArguments> print_arguments(Checker& checker, const CallSite& site) {
  PrintArguments result;
  std::size_t numbers = 0;
  for (std::size_t i = 1; i < site.count(); ++i) {
    if (take_order_word(site.argument(i), result.words)) continue;
    if (is_word(checker, site.argument(i)) || numbers == 2) {
      checker.report(Diag::UnknownWord, site.argument(i).span, site.name(),
                     fmt::format("the numbers top and div, {}", kOrderWords));
      return std::nullopt;
    }
    auto number = print_number(checker, site, i);
    if (!number) return std::nullopt;
    (++numbers == 1 ? result.view.top : result.view.div) = *number;
  }
  if (result.view.div == 0) result.view.div = 1;
  return result;
}

ExprPtr print_map(Checker& checker, const CallSite& site) {
  auto use = checker.whole_map(site.argument(0), site.name());
  auto arguments = print_arguments(checker, site);
  if (use.info == nullptr || !arguments) return typed::poison(site.span);
  if (!arguments->words.empty() && use.info->keyed != true)
    return checker.refuse(Diag::KeyedMapExpected, site.argument(0).span, "an order", use.info->name);
  auto order = resolve_order(checker, arguments->words, *use.info, site.argument(0).span);
  if (!order) return typed::poison(site.span);
  arguments->view.order = *order;
  EventSchema schema{.kind = EventKind::kPrintMap,
                     .fields = {},
                     .format = {},
                     .text = {},
                     .map = use.id,
                     .view = arguments->view,
                     .location = {}};
  return emit(checker, std::move(schema), {}, site.span);
}

// `text` as a format prints it; "..." if it cannot stand in a hint as it is.
std::string as_format(const std::string& text) {
  std::string format;
  for (char c : text) {
    if (c < ' ' || c == '"' || c == '\\' || c == '\x7F') return "...";
    format += c;
    if (c == '%') format += c;
  }
  return format;
}

// print("n=", $n): printf() puts values behind each other.
ExprPtr refuse_further_arguments(Checker& checker, const CallSite& site) {
  const ast::Expr& second = site.argument(1);
  const auto* label = std::get_if<ast::StringLiteral>(&site.argument(0).node);
  const auto* variable = std::get_if<ast::Variable>(&second.node);
  const Type type = checker.check_value(second)->type;
  auto& diagnostic = checker.report(Diag::PrintNonMap, site.span);
  bool simple = label != nullptr && variable != nullptr && site.count() == 2;
  if (simple && (is_integer(type) || type.kind == TypeKind::kString)) {
    diagnostic.help = fmt::format("write printf(\"{}%{}\\n\", ${})", as_format(label->value),
                                  is_integer(type) ? 'd' : 's', variable->name);
  } else {
    diagnostic.help = "several values are printed with printf(\"%d %s\\n\", number, text)";
  }
  return typed::poison(site.span);
}

// The numbers of all CPUs together.
ExprPtr merged_stats(ExprPtr value) {
  auto* read = typed::node_as<typed::ReadMap>(*value);
  HAWK_CHECK(read != nullptr, "an aggregation lives in a map");
  return make_expr(value->type, value->span, typed::ReadAggregation{read->map, std::move(read->key)});
}

ExprPtr print_value(Checker& checker, const CallSite& site) {
  const ast::Expr& argument = site.argument(0);
  ExprPtr value = checker.check_value(argument);
  Span span = argument.span;
  const Type type = value->type;
  if (type.kind == TypeKind::kError) return value;
  bool map_element = typed::node_as<typed::ReadMap>(*value) != nullptr;
  bool unprintable = type.kind == TypeKind::kContext || typed::node_as<typed::ContextAddress>(*value) != nullptr ||
                     ((type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord) && type.def->fields.empty());
  if (is_aggregation(type) && !is_castable_aggregation(type) && type.kind != TypeKind::kStats) {
    return checker.refuse(Diag::AggregationElement, span, type_name(type));
  }
  if (unprintable) return checker.refuse(Diag::NotPrintable, span, type_name(type));
  if (site.count() > 1) {
    // top and div belong to maps; only a map element tolerates them.
    if (!map_element) return refuse_further_arguments(checker, site);
    for (std::size_t i = 1; i < site.count(); ++i) {
      if (!print_number(checker, site, i)) return typed::poison(site.span);
    }
  }
  value = type.kind == TypeKind::kStats ? merged_stats(std::move(value)) : checker.plain(std::move(value));
  EventSchema schema{.kind = map_element ? EventKind::kPrintMapValue : EventKind::kPrintValue,
                     .fields = {},
                     .format = {},
                     .text = {},
                     .location = {}};
  add_field(schema, value->type);
  schema.fields.back().is_literal = value->literal;
  std::vector<ExprPtr> fields;
  fields.push_back(std::move(value));
  return emit(checker, std::move(schema), std::move(fields), site.span);
}

ExprPtr exit_with(Checker& checker, ExprPtr code, Span span) {
  EventSchema schema{
      .kind = EventKind::kExit, .fields = {}, .format = {}, .text = {}, .location = checker.location(span)};
  add_field(schema, int_type(8, true));
  std::vector<ExprPtr> fields;
  fields.push_back(std::move(code));
  std::vector<typed::StmtPtr> statements;
  statements.push_back(make_stmt(span, typed::Emit{checker.add_event(std::move(schema)), std::move(fields)}));
  checker.close_lines(statements, span);
  statements.push_back(make_stmt(span, typed::Return{}));
  return typed::effect(std::move(statements), span);
}

}  // namespace

ExprPtr check_Printf(Checker& checker, const CallSite& site) {
  if (!checker.clause().probes.front().pin.empty()) return check_element_printf(checker, site);
  return formatted(checker, site, EventKind::kPrintf);
}
ExprPtr check_Errorf(Checker& checker, const CallSite& site) { return formatted(checker, site, EventKind::kErrorf); }
ExprPtr check_Warnf(Checker& checker, const CallSite& site) { return formatted(checker, site, EventKind::kWarnf); }
ExprPtr check_Cat(Checker& checker, const CallSite& site) { return formatted(checker, site, EventKind::kCat); }

ExprPtr check_System(Checker& checker, const CallSite& site) {
  if (!is_unsafe_allowed(checker, site.span, site.name())) return typed::poison(site.span);
  return formatted(checker, site, EventKind::kSystem);
}

ExprPtr check_Print(Checker& checker, const CallSite& site) {
  return is_whole_map(checker, site.argument(0)) ? print_map(checker, site) : print_value(checker, site);
}

ExprPtr check_Time(Checker& checker, const CallSite& site) {
  std::string format = "%H:%M:%S\n";
  if (site.count() > 0) {
    auto text = checker.check_constant_text(site.argument(0));
    if (!text) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
    format = *text;
  }
  EventSchema schema{.kind = EventKind::kTime, .fields = {}, .format = {}, .text = format, .location = {}};
  return emit(checker, std::move(schema), {}, site.span);
}

ExprPtr check_Exit(Checker& checker, const CallSite& site) {
  ExprPtr code = typed::constant(int_type(8, true), 0, site.span);
  if (site.count() > 0) {
    code = checker.check_int(site.argument(0), site.name());
    if (code->type.kind == TypeKind::kError) return code;
  }
  return exit_with(checker, typed::to_int64(std::move(code), true), site.span);
}

ExprPtr check_Unwatch(Checker& checker, const CallSite& site) {
  ExprPtr address = checker.check_int(site.argument(0), site.name());
  if (address->type.kind == TypeKind::kError) return address;
  EventSchema schema{
      .kind = EventKind::kUnwatch, .fields = {}, .format = {}, .text = {}, .location = checker.location(site.span)};
  add_field(schema, int_type(8, false));
  std::vector<ExprPtr> fields;
  fields.push_back(typed::to_int64(std::move(address), false));
  return emit(checker, std::move(schema), std::move(fields), site.span);
}

ExprPtr check_Clear(Checker& checker, const CallSite& site) { return map_action(checker, site, EventKind::kClear); }
ExprPtr check_Zero(Checker& checker, const CallSite& site) { return map_action(checker, site, EventKind::kZero); }

ExprPtr check_Assert(Checker& checker, const CallSite& site) {
  ExprPtr condition = checker.check_condition(site.argument(0));
  auto message = checker.check_constant_text(site.argument(1));
  if (!message) return checker.refuse(Diag::LiteralTextExpected, site.argument(1).span, site.name());
  if (condition->type.kind == TypeKind::kError) return condition;
  EventSchema schema{
      .kind = EventKind::kErrorf, .fields = {}, .format = {}, .text = {}, .location = checker.location(site.span)};
  schema.format.pieces.push_back({"assert failed: " + *message, false, {}});
  typed::If branch;
  branch.condition = std::move(condition);
  branch.otherwise.statements.push_back(make_stmt(site.span, typed::Emit{checker.add_event(std::move(schema)), {}}));
  typed::append_effect(branch.otherwise,
                       exit_with(checker, typed::constant(int_type(8, true), 1, site.span), site.span));
  return typed::effect(make_stmt(site.span, std::move(branch)), site.span);
}

}  // namespace hawk
