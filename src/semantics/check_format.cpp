// Format strings: each conversion against its argument (census section 7).
#include "ast/format.h"
#include "semantics/checker.h"

namespace hawk {

namespace {

constexpr std::size_t kMaxFormatArguments = 128;

bool is_printable(const Type& type) {
  bool empty_tuple = (type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord) && type.def->fields.empty();
  return type.kind != TypeKind::kNone && type.kind != TypeKind::kContext && !is_aggregation(type) && !empty_tuple;
}

bool accepts(Conversion conversion, const Type& type) {
  switch (conversion) {
    case Conversion::kSigned:
    case Conversion::kUnsigned:
    case Conversion::kHex:
    case Conversion::kHexUpper:
    case Conversion::kOctal:
    case Conversion::kChar:
    case Conversion::kPointer:
    case Conversion::kGfpFlags: return is_scalar(type) && !needs_host(type);
    case Conversion::kAny: return is_printable(type);
    case Conversion::kBuffer:
    case Conversion::kBufferHexEscaped:
    case Conversion::kBufferHex: return type.kind == TypeKind::kBuffer;
    case Conversion::kFloat: return type.kind == TypeKind::kFloat;
  }
  return false;
}

std::vector<FormatSpec> specs_of(const FormatPlan& plan) {
  std::vector<FormatSpec> specs;
  for (const FormatPiece& piece : plan.pieces) {
    if (piece.has_spec) specs.push_back(piece.spec);
  }
  return specs;
}

// An int is not made a float here: what was divided before as an int would be shown as if it were exact.
std::string mismatch_help(Conversion conversion, char letter, const Type& type) {
  if (conversion == Conversion::kFloat && letter != 'n') {
    if (is_castable_aggregation(type) || type.kind == TypeKind::kDeviation) return "write float(@map)";
    if (type.kind == TypeKind::kPercentiles) return "write float(quantile(@map, 50))";
    return is_integer(type) ? "write float(x); a division is exact if one side is a float" : "write float(x) or use %s";
  }
  if (is_castable_aggregation(type)) return "cast it to take its value now: (int64)@map";
  if (type.kind == TypeKind::kPercentiles) return "write quantile(@map, 50)";
  if (type.kind == TypeKind::kDeviation) return "write float(@map)";
  if (type.kind == TypeKind::kFloat) return "write (int64)x or use %f";
  return type.kind == TypeKind::kText ? "write (int64)x or use %s" : "";
}

bool is_missing_parameter(const ast::Expr& expr, const CheckOptions& options) {
  const auto* parameter = std::get_if<ast::PositionalParameter>(&expr.node);
  return parameter != nullptr && parameter->index > options.arguments.size();
}

}  // namespace

std::optional<Checker::Formatted> Checker::check_format(const std::vector<ast::ExprPtr>& arguments, std::size_t first,
                                                        Span span, const char* user) {
  auto format = check_constant_text(*arguments[first]);
  if (!format) {
    report(Diag::LiteralTextExpected, arguments[first]->span, user);
    return std::nullopt;
  }
  Formatted result;
  result.schema.format = parse_format(*format);
  result.schema.location = location(span);
  std::vector<FormatSpec> specs = specs_of(result.schema.format);
  std::size_t supplied = arguments.size() - first - 1;
  if (supplied > kMaxFormatArguments) {
    report(Diag::FormatTooManyArguments, span, user, kMaxFormatArguments);
    return std::nullopt;
  }
  if (supplied != specs.size()) {
    report(supplied < specs.size() ? Diag::FormatTooFew : Diag::FormatTooMany, span, user, supplied, specs.size());
    return std::nullopt;
  }
  bool good = true;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const ast::Expr& argument = *arguments[first + 1 + i];
    ExprPtr value = check_value(argument);
    if (value->type.kind == TypeKind::kError) {
      good = false;
      continue;
    }
    if (specs[i].conversion == Conversion::kAny && is_missing_parameter(argument, options_))
      value = typed::string_literal("", argument.span);
    if (!accepts(specs[i].conversion, value->type)) {
      auto& diagnostic = report(Diag::FormatMismatch, argument.span, user, spelling(specs[i]), type_name(value->type));
      diagnostic.help = mismatch_help(specs[i].conversion, specs[i].letter, value->type);
      good = false;
      continue;
    }
    add_field(result.schema, value->type);
    result.fields.push_back(std::move(value));
  }
  return good ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace hawk
