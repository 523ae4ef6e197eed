// Builtins that are answered while compiling.
#include <cstdlib>

#include "semantics/builtin_checks.h"
#include "semantics/number_text.h"

namespace hawk {

using typed::ExprPtr;

namespace {

ExprPtr type_question(Checker& checker, const CallSite& site, bool (*holds)(const Type&)) {
  ExprPtr value = checker.check_expr(site.argument(0));
  if (value->type.kind == TypeKind::kError) return value;
  return typed::bool_literal(holds(value->type), site.span);
}

ExprPtr option_value(Checker& checker, const CallSite& site, const std::string& text, const typed::Expr& fallback) {
  if (fallback.type.kind == TypeKind::kString) return typed::string_literal(text, site.span);
  if (fallback.type.kind == TypeKind::kBool) {
    if (text.empty() || text == "true") return typed::bool_literal(true, site.span);
    if (text == "false") return typed::bool_literal(false, site.span);
    return checker.refuse(Diag::BadOptionValue, site.span, text, "true or false");
  }
  if (fallback.type.kind == TypeKind::kFloat) {
    char* end = nullptr;
    double number = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != 0) return checker.refuse(Diag::BadOptionValue, site.span, text, "a number");
    return typed::float_literal(number, site.span);
  }
  auto number = parse_number(text);
  if (!number) return checker.refuse(Diag::BadOptionValue, site.span, text, "a number");
  return typed::int_literal(number->magnitude, number->negative, site.span);
}

}  // namespace

ExprPtr check_IsStr(Checker& checker, const CallSite& site) {
  return type_question(checker, site,
                       [](const Type& type) { return type.kind == TypeKind::kString || type.kind == TypeKind::kText; });
}
ExprPtr check_IsPtr(Checker& checker, const CallSite& site) {
  return type_question(checker, site, [](const Type& type) { return type.kind == TypeKind::kPointer; });
}
ExprPtr check_IsArray(Checker& checker, const CallSite& site) {
  return type_question(checker, site, [](const Type& type) { return type.kind == TypeKind::kArray; });
}
ExprPtr check_IsInteger(Checker& checker, const CallSite& site) {
  return type_question(checker, site, [](const Type& type) { return is_integer(type); });
}
ExprPtr check_IsUnsignedInteger(Checker& checker, const CallSite& site) {
  return type_question(checker, site, [](const Type& type) { return is_integer(type) && !type.is_signed; });
}

ExprPtr check_IsLiteral(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_expr(site.argument(0));
  if (value->type.kind == TypeKind::kError) return value;
  return typed::bool_literal(value->literal, site.span);
}

// The name of the value's type, as messages show it.
ExprPtr check_TypeName(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_expr(site.argument(0));
  if (value->type.kind == TypeKind::kError) return value;
  return typed::string_literal(type_name(value->type), site.span);
}

ExprPtr check_KfuncExist(Checker& checker, const CallSite& site) {
  auto name = checker.check_constant_text(site.argument(0));
  if (!name) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  return typed::bool_literal(checker.target().find_kernel_function(*name).has_value(), site.span);
}

ExprPtr check_KfuncAllowed(Checker& checker, const CallSite& site) {
  auto name = checker.check_constant_text(site.argument(0));
  if (!name) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  bool allowed = checker.target().may_call_kernel_function(*name, checker.probe_kind().program);
  return typed::bool_literal(allowed, site.span);
}

ExprPtr check_StaticAssert(Checker& checker, const CallSite& site) {
  auto condition = checker.check_constant(site.argument(0));
  auto message = checker.check_constant_text(site.argument(1));
  if (!condition) return checker.refuse(Diag::NotConstant, site.argument(0).span);
  if (!message) return checker.refuse(Diag::LiteralTextExpected, site.argument(1).span, site.name());
  if (*condition == 0) return checker.refuse(Diag::StaticAssertFailed, site.span, *message);
  return typed::nothing(site.span);
}

ExprPtr check_Fail(Checker& checker, const CallSite& site) {
  auto format = checker.check_constant_text(site.argument(0));
  if (!format) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  std::string text;
  std::size_t next = 1;
  for (const FormatPiece& piece : parse_format(*format).pieces) {
    text += piece.text;
    if (!piece.has_spec || next >= site.count()) continue;
    const ast::Expr& argument = site.argument(next++);
    ExprPtr value = checker.check_plain(argument);
    if (const std::string* words = typed::constant_string(*value)) {
      text += *words;
    } else if (value->type.kind == TypeKind::kFloat && value->literal) {
      text += fmt::format("{}", *typed::constant_float(*value));
    } else if (const auto* number = typed::node_as<typed::Constant>(*value)) {
      text += std::to_string(static_cast<std::int64_t>(number->value));
    } else {
      return checker.refuse(Diag::NotConstant, argument.span);
    }
  }
  return checker.refuse(Diag::FailReached, site.span, text);
}

namespace {

typed::NamedOption named_option(const std::string& name, const typed::Expr& fallback, std::string description) {
  typed::NamedOption option{name, "NUMBER", "", std::move(description)};
  if (const std::string* text = typed::constant_string(fallback)) {
    option.value = "TEXT";
    option.fallback = "\"" + *text + "\"";
  } else if (fallback.type.kind == TypeKind::kFloat) {
    option.fallback = fmt::format("{}", *typed::constant_float(fallback));
  } else if (const auto* number = typed::node_as<typed::Constant>(fallback)) {
    bool is_switch = fallback.type.kind == TypeKind::kBool;
    if (is_switch) option.value = "";
    if (is_switch) option.fallback = number->value != 0 ? "true" : "";
    else if (fallback.type.is_signed) option.fallback = std::to_string(static_cast<std::int64_t>(number->value));
    else option.fallback = std::to_string(number->value);
  }
  return option;
}

}  // namespace

ExprPtr check_Getopt(Checker& checker, const CallSite& site) {
  auto name = checker.check_constant_text(site.argument(0));
  if (!name) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  ExprPtr fallback = typed::bool_literal(false, site.span);
  if (site.count() > 1) fallback = checker.check_plain(site.argument(1));
  if (fallback->type.kind == TypeKind::kError) return fallback;
  if (!fallback->literal) return checker.refuse(Diag::NotConstant, site.argument(1).span);
  std::string description;
  if (site.count() > 2) description = checker.check_constant_text(site.argument(2)).value_or("");
  checker.declare_option(named_option(*name, *fallback, std::move(description)));
  auto given = checker.options().named.find(*name);
  if (given == checker.options().named.end()) return fallback;
  return option_value(checker, site, given->second, *fallback);
}

}  // namespace hawk
