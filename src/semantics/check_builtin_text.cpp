// Builtins of host clauses: floats, texts, lines of files and commands. sort(), top() and lines() belong to for loops
// (check_loop.cpp).
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;
using typed::make_stmt;

namespace {

ExprPtr kind_constant(LineSource kind, Span span) {
  return typed::constant(int_type(8, false), static_cast<std::uint64_t>(kind), span);
}

// Says which source could not be read, and why.
typed::EventId read_error(Checker& checker, Span span) {
  EventSchema schema{.kind = EventKind::kErrorf,
                     .fields = {},
                     .format = parse_format("cannot read `%s`: %s"),
                     .text = {},
                     .location = checker.location(span)};
  add_field(schema, text_type());
  add_field(schema, text_type());
  return checker.add_event(std::move(schema));
}

ExprPtr loop_only(Checker& checker, const CallSite& site) {
  const char* signature = builtin_row(site.builtin).signature;
  checker.report(Diag::LoopOnly, site.span, site.name()).help = fmt::format("write for ($x : {}) {{ ... }}", signature);
  return typed::poison(site.span);
}

}  // namespace

ExprPtr check_Float(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  bool literal = value->literal;
  ExprPtr number = checker.cast(std::move(value), float_type(), site.span);
  number->literal = literal && typed::constant_float(*number).has_value();
  return number;
}

ExprPtr check_Text(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  return checker.text_value(std::move(value), site.name());
}

// --- lines --------------------------------------------------------------------------------------

std::optional<CheckedSource> checked_source(Checker& checker, const CallSite& site, std::size_t word) {
  CheckedSource reader;
  if (site.count() > word) {
    const auto* name = std::get_if<ast::Identifier>(&site.argument(word).node);
    bool known = name != nullptr && (name->name == "file" || name->name == "command");
    if (!known) {
      checker.report(Diag::UnknownWord, site.argument(word).span, site.name(), "file or command");
      return std::nullopt;
    }
    if (name->name == "command") reader.kind = LineSource::kCommand;
  }
  bool runs = reader.kind == LineSource::kCommand && site.builtin != Builtin::kClose;
  if (runs) checker.need_unsafe();
  if (runs && !checker.options().unsafe) {
    checker.report(Diag::NeedsUnsafe, site.span, site.name()).help =
        "it runs a command: run hawk with --unsafe if that is what you want";
    return std::nullopt;
  }
  reader.source = checker.text_value(checker.check_plain(site.argument(0)), site.name());
  if (is_poison(*reader.source)) return std::nullopt;
  return reader;
}

ExprPtr check_Getline(Checker& checker, const CallSite& site) {
  auto reader = checked_source(checker, site, 2);
  const auto* variable = std::get_if<ast::Variable>(&site.argument(1).node);
  if (variable == nullptr) return checker.refuse(Diag::VariableExpected, site.argument(1).span, site.name());
  if (!reader) {
    checker.poison_variable(*variable, site.call, site.span);
    return typed::poison(site.span);
  }
  return checker.read_line(std::move(*reader), *variable, site.call, site.span);
}

ExprPtr Checker::read_line(CheckedSource reader, const ast::Variable& variable, const void* site, Span span) {
  ClauseState::Variable* found = find_variable(variable.name);
  if (found == nullptr) found = &declare_variable(variable.name, site, span);
  Type before = found->type->type();
  if (!found->type->add(text_type()))
    return refuse(Diag::VariableMismatch, span, variable.name, type_name(text_type()), type_name(before));
  Type type = found->type->type();
  clause_->out.variables[found->id].type = type;
  bool declared_string = type.kind != TypeKind::kText;
  typed::VariableId line = declared_string ? add_temporary(text_type()) : found->id;
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(reader.source));
  arguments.push_back(kind_constant(reader.kind, span));
  arguments.push_back(make_expr(pointer_type(text_type(), AddressSpace::kNone), span, typed::VariableAddress{line}));
  arguments.push_back(typed::constant(int_type(8, false), read_error(*this, span), span));
  ExprPtr read = typed::call(Builtin::kGetline, bool_type(), span, std::move(arguments));
  if (!declared_string) return read;
  typed::VariableId more = add_temporary(bool_type());
  typed::BlockExpr block;
  block.block.statements.push_back(make_stmt(span, typed::SetVariable{more, std::move(read)}));
  typed::If copy;
  copy.condition = make_expr(bool_type(), span, typed::ReadVariable{more});
  ExprPtr text = make_expr(text_type(), span, typed::ReadVariable{line});
  copy.then.statements.push_back(make_stmt(span, typed::SetVariable{found->id, typed::convert(std::move(text), type)}));
  block.block.statements.push_back(make_stmt(span, std::move(copy)));
  block.tail = make_expr(bool_type(), span, typed::ReadVariable{more});
  return make_expr(bool_type(), span, std::move(block));
}

ExprPtr check_Close(Checker& checker, const CallSite& site) {
  auto reader = checked_source(checker, site, 1);
  if (!reader) return typed::poison(site.span);
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(reader->source));
  arguments.push_back(kind_constant(reader->kind, site.span));
  return typed::call(site.builtin, bool_type(), site.span, std::move(arguments));
}

ExprPtr check_Lines(Checker& checker, const CallSite& site) { return loop_only(checker, site); }
ExprPtr check_Sort(Checker& checker, const CallSite& site) { return loop_only(checker, site); }
ExprPtr check_Top(Checker& checker, const CallSite& site) { return loop_only(checker, site); }

}  // namespace hawk
