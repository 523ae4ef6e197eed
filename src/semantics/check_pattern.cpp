// Matching: `=~`, `!~` and glob(). Patterns are compiled here; what is known of the string too is answered here.
#include "semantics/builtin_checks.h"
#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;

namespace {

bool has_characters(const Type& type) {
  bool bytes = type.kind == TypeKind::kArray && type.element->size == 1;
  return bytes || type.kind == TypeKind::kString || type.kind == TypeKind::kText || type.kind == TypeKind::kPointer;
}

// The pattern as it is written; a parameter is one even if it looks like a number.
std::optional<std::string> pattern_text(Checker& checker, const ast::Expr& wanted) {
  auto text = checker.check_constant_text(wanted);
  const auto* parameter = std::get_if<ast::PositionalParameter>(&wanted.node);
  if (parameter == nullptr) return text;
  const auto& arguments = checker.options().arguments;
  return parameter->index <= arguments.size() ? arguments[parameter->index - 1] : "";
}

}  // namespace

Checker::ExprPtr Checker::check_matches(const ast::Binary& binary, Span span) {
  bool negate = binary.op == ast::BinaryOp::kMatchesNot;
  return match_pattern(*binary.left, *binary.right, {pattern::Syntax::kRegex, negate, ast::spelling(binary.op)}, span);
}

typed::ExprPtr check_Glob(Checker& checker, const CallSite& site) {
  return checker.match_pattern(site.argument(0), site.argument(1), {pattern::Syntax::kGlob, false, "glob()"},
                               site.span);
}

Checker::ExprPtr Checker::match_pattern(const ast::Expr& subject, const ast::Expr& wanted, const Matching& how,
                                        Span span) {
  ExprPtr value = check_plain(subject);
  auto text = pattern_text(*this, wanted);
  if (!text) return refuse(Diag::PatternExpected, wanted.span, how.user);
  auto automaton = compile_pattern(*text, how.syntax, wanted.span);
  if (!automaton) return typed::poison(span);
  if (value->type.kind == TypeKind::kError)  // not known yet, or reported
    return diagnostics_->has_errors() ? typed::poison(span) : typed::constant(bool_type(), 0, span);
  if (!has_characters(value->type))
    return refuse(Diag::PatternOfNonString, subject.span, how.user, type_name(value->type));
  if (value->type.kind != TypeKind::kText) value = string_value(std::move(value), how.user);
  if (const std::string* known = typed::constant_string(*value))
    return typed::bool_literal(pattern::matches(*automaton, *known) != how.negate, span);
  return make_expr(bool_type(), span, typed::MatchPattern{std::move(value), std::move(automaton), how.negate});
}

// Null after a diagnostic.
std::shared_ptr<const pattern::Automaton> Checker::compile_pattern(const std::string& text, pattern::Syntax syntax,
                                                                   Span span) {
  auto known = patterns_.find({syntax, text});
  if (known != patterns_.end()) return known->second;
  const std::string& file = sources_.get(span.file).text();
  bool verbatim = file.substr(span.begin, span.end - span.begin) == '"' + text + '"';
  auto compiled = pattern::compile({text, span, verbatim}, syntax, *diagnostics_);
  if (!compiled) return nullptr;
  auto automaton = std::make_shared<const pattern::Automaton>(std::move(*compiled));
  patterns_.emplace(std::pair(syntax, text), automaton);
  return automaton;
}

}  // namespace hawk
