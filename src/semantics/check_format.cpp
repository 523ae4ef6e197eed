// Format strings: each conversion against its argument (census section 7).
#include "ast/format.h"
#include "semantics/checker.h"

namespace hawk {

using typed::ExprPtr;

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

std::vector<FormatSpec*> specs_of(FormatPlan& plan) {
  std::vector<FormatSpec*> specs;
  for (FormatPiece& piece : plan.pieces) {
    if (piece.has_spec) specs.push_back(&piece.spec);
  }
  return specs;
}

std::size_t count_stars(const std::vector<FormatSpec*>& specs) {
  std::size_t count = 0;
  for (const FormatSpec* spec : specs) count += (spec->star_width ? 1 : 0) + (spec->star_precision ? 1 : 0);
  return count;
}

// bpftrace takes no arguments for them, and pays no attention to them.
void ignore_stars(const std::vector<FormatSpec*>& specs) {
  for (FormatSpec* spec : specs) spec->star_width = spec->star_precision = false;
}

// The arguments of `*`, the next one at `next`: what is known now goes into the format. False after a diagnostic.
bool take_stars(Checker& checker, FormatSpec& spec, const std::vector<ast::ExprPtr>& arguments, std::size_t& next,
                Checker::Formatted& result, const char* user) {
  for (bool width : {true, false}) {
    if (!(width ? spec.star_width : spec.star_precision)) continue;
    ExprPtr value = checker.check_int(*arguments[next++], user);
    if (value->type.kind == TypeKind::kError) return false;
    if (const auto* constant = typed::node_as<typed::Constant>(*value)) {
      (width ? set_star_width : set_star_precision)(spec, static_cast<std::int64_t>(constant->value));
      continue;
    }
    add_field(result.schema, int_type(8, true));
    result.fields.push_back(typed::to_int64(std::move(value), true));
  }
  return true;
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

// The first `%x` of a format that stays as it is, for want of a conversion; "" without.
std::string unknown_conversion(const std::string& format) {
  for (std::size_t i = format.find('%'); i != std::string::npos; i = format.find('%', i)) {
    if (format.compare(i, 2, "%%") == 0) {
      i += 2;
      continue;
    }
    FormatPlan rest = parse_format(format.substr(i));
    if (!rest.pieces.front().has_spec || !rest.pieces.front().text.empty()) return format.substr(i, 2);
    ++i;
  }
  return "";
}

bool is_missing_parameter(const ast::Expr& expr, const CheckOptions& options) {
  const auto* parameter = std::get_if<ast::PositionalParameter>(&expr.node);
  return parameter != nullptr && parameter->index > options.arguments.size();
}

}  // namespace

// False after a diagnostic.
bool Checker::format_argument(const FormatSpec& spec, const ast::Expr& argument, Formatted& result, const char* user) {
  ExprPtr value = check_value(argument);
  if (value->type.kind == TypeKind::kError) return false;
  if (spec.conversion == Conversion::kAny && is_missing_parameter(argument, options_))
    value = typed::string_literal("", argument.span);
  if (!accepts(spec.conversion, value->type)) {
    auto& diagnostic = report(Diag::FormatMismatch, argument.span, user, spelling(spec), type_name(value->type));
    diagnostic.help = mismatch_help(spec.conversion, spec.letter, value->type);
    return false;
  }
  add_field(result.schema, value->type);
  result.schema.fields.back().is_literal = value->literal;
  result.fields.push_back(std::move(value));
  return true;
}

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
  std::vector<FormatSpec*> specs = specs_of(result.schema.format);
  std::size_t supplied = arguments.size() - first - 1;
  if (supplied > kMaxFormatArguments) {
    report(Diag::FormatTooManyArguments, span, user, kMaxFormatArguments);
    return std::nullopt;
  }
  if (supplied == specs.size()) ignore_stars(specs);
  std::size_t expected = specs.size() + count_stars(specs);
  if (supplied != expected) {
    auto& diagnostic =
        report(supplied < expected ? Diag::FormatTooFew : Diag::FormatTooMany, span, user, supplied, expected);
    std::string unknown = supplied > expected ? unknown_conversion(*format) : "";
    if (!unknown.empty())
      diagnostic.help = fmt::format("`{}` is no conversion: there are %d %i %u %x %X %o %c %p %s %f %e %g %r", unknown);
    return std::nullopt;
  }
  bool good = true;
  std::size_t next = first + 1;
  for (FormatSpec* spec : specs) {
    good = take_stars(*this, *spec, arguments, next, result, user) && good;
    if (next >= arguments.size()) return std::nullopt;
    good = format_argument(*spec, *arguments[next++], result, user) && good;
  }
  return good ? std::optional(std::move(result)) : std::nullopt;
}

}  // namespace hawk
