// Names and parameters: identifiers, positional parameters, variables, calls.
#include <algorithm>
#include <cctype>

#include "semantics/builtin_checks.h"
#include "semantics/check_kernel_call.h"
#include "semantics/checker.h"
#include "semantics/foreign_names.h"
#include "semantics/number_text.h"
#include "semantics/registers.h"

namespace hawk {

using typed::make_expr;

namespace {

constexpr int kMaxDefineDepth = 150;
constexpr std::size_t kMaxDefineUses = 100'000;  // in a clause, those in other definitions included

std::vector<std::string> builtin_names(bool variables) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kBuiltinCount; ++i) {
    const BuiltinRow& row = builtin_row(static_cast<Builtin>(i));
    if (row.variable == variables || !variables) names.emplace_back(row.name);
  }
  return names;
}

}  // namespace

Checker::ExprPtr Checker::check_identifier(const ast::Identifier& identifier, const ast::Expr& expr) {
  const std::string& name = identifier.name;
  if (auto builtin = find_builtin(name); builtin && builtin_row(*builtin).variable) {
    return check_builtin(*this, {*builtin, expr.span, nullptr});
  }
  if (auto index = argument_index(name)) return check_argument(*this, *index, expr.span);
  if (name.starts_with("sarg") && argument_index(name.substr(1))) {
    auto result = refuse(Diag::StackArgumentRemoved, expr.span, name);
    return result;
  }
  if (const ast::Expr* value = types_.find_define(name)) {
    if (clause_->defines >= kMaxDefineDepth) return refuse(Diag::DefineRecursion, expr.span, name);
    if (clause_->define_uses > kMaxDefineUses) return typed::poison(expr.span);
    if (++clause_->define_uses > kMaxDefineUses) return refuse(Diag::DefineTooLarge, expr.span, name, kMaxDefineUses);
    ++clause_->defines;
    ExprPtr result = check_expr(*value);
    --clause_->defines;
    return result;
  }
  if (auto text = types_.find_c_text(name)) return refuse(Diag::DefineNotExpression, expr.span, name, *text);
  if (auto enumerator = types_.find_enumerator(name)) {
    ExprPtr result = typed::constant(enumerator->first, enumerator->second, expr.span);
    result->literal = true;
    return result;
  }
  if (types_.is_function_macro(name)) return refuse_c_macro(name, expr.span);
  auto& diagnostic = report(Diag::UnknownIdentifier, expr.span, name);
  std::string near = nearest_name(name, builtin_names(true));
  bool capitals =
      name.size() > 2 && std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
  if (auto function = find_builtin(name)) {
    diagnostic.help = fmt::format("it is a function: {}", builtin_row(*function).signature);
  } else if (std::string_view hint = foreign_value_hint(name); !hint.empty()) {
    diagnostic.help = hint;
  } else if (!near.empty()) {
    diagnostic.help = fmt::format("did you mean `{}`?", near);
  } else if (capitals) {
    diagnostic.help =
        fmt::format("if it is a C macro: `#include <file.h>` or `#define {} VALUE` at the top of the script", name);
  } else if (find_variable(name) != nullptr) {
    diagnostic.help = fmt::format("did you mean `${}`?", name);
  }
  return typed::poison(expr.span);
}

Checker::ExprPtr Checker::refuse_c_macro(const std::string& name, Span span) {
  report(Diag::FunctionLikeMacro, span, name).help =
      fmt::format("write it as one of hawk's: macro {}(x) {{ ... }}", name);
  return typed::poison(span);
}

Checker::ExprPtr Checker::check_parameter(const ast::PositionalParameter& parameter, Span span) {
  if (parameter.index > options_.arguments.size()) {
    report(Diag::ParameterEmpty, span, parameter.index);
    return typed::int_literal(0, false, span);
  }
  const std::string& text = options_.arguments[parameter.index - 1];
  if (auto number = parse_number(text)) return typed::int_literal(number->magnitude, number->negative, span);
  return typed::string_literal(text, span);
}

Checker::ExprPtr Checker::check_variable(const ast::Variable& variable, Span span) {
  ClauseState::Variable* found = find_variable(variable.name);
  if (found == nullptr) {
    auto& diagnostic = report(Diag::UndefinedVariable, span, variable.name);
    if (!has_time_for_hints()) return typed::poison(span);
    std::vector<std::string> names;
    for (const auto& scope : clause_->scopes) {
      for (const auto& [name, ignored] : scope) names.push_back(name);
    }
    std::string near = nearest_name(variable.name, names);
    if (!near.empty()) diagnostic.help = without_marks(fmt::format("did you mean `${}`?", near));
    return typed::poison(span);
  }
  note_read(found->type);
  if (!found->type->known()) {
    if (!found->poisoned) report(Diag::UntypedVariable, span, variable.name);
    return typed::poison(span);
  }
  return make_expr(found->type->type(), span, typed::ReadVariable{found->id});
}

Checker::ExprPtr Checker::check_call(const ast::Call& call, const ast::Expr& expr) {
  if (auto builtin = find_builtin(call.function)) return check_builtin(*this, {*builtin, expr.span, &call});
  if (types_.is_function_macro(call.function)) return refuse_c_macro(call.function, call.name_span);
  if (std::string_view hint = foreign_function_hint(call.function); !hint.empty()) {
    report(Diag::UnknownFunction, call.name_span, call.function).help = hint;
    return typed::poison(expr.span);
  }
  if (auto function = target().find_kernel_function(call.function))
    return check_kernel_call(*this, call, expr.span, *function);
  auto& diagnostic = report(Diag::UnknownFunction, call.name_span, call.function);
  std::vector<std::string> names = builtin_names(false);
  for (const ast::Macro& macro : program_.macros) names.push_back(macro.name);
  for (const ast::Function& function : program_.functions) names.push_back(function.name);
  std::string near = nearest_name(call.function, names);
  if (!near.empty()) diagnostic.help = fmt::format("did you mean `{}`?", near);
  return typed::poison(expr.span);
}

}  // namespace hawk
