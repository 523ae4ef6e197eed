// Builtins that write a string: sprintf, and join, which prints where its value is not used.
#include <algorithm>

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

// Digits of the largest number of so many bytes.
std::uint64_t decimal_digits(std::uint32_t bytes, bool is_signed) {
  switch (bytes) {
    case 1: return 3;
    case 2: return 5;
    case 4: return 10;
    default: return is_signed ? 19 : 20;
  }
}

// Characters of a number: sign or prefix, and digits, of which a precision asks for a least number.
std::uint64_t number_characters(const FormatSpec& spec, std::uint64_t digits, std::uint64_t head) {
  std::uint64_t precision = spec.precision > 0 ? static_cast<std::uint64_t>(spec.precision) : 0;
  return head + std::max(digits, precision);
}

// Characters of what a conversion makes of a value; nullopt if only printing can do that.
std::optional<std::uint64_t> any_characters(const FormatSpec& spec, const Type& type) {
  if (type.kind == TypeKind::kBool) return 5;
  if (type.kind == TypeKind::kPointer) return 18;
  if (type.kind == TypeKind::kInt) return decimal_digits(type.size, type.is_signed) + 1;
  if (type.kind != TypeKind::kString) return std::nullopt;
  std::uint64_t characters = std::max(type.size, 1U) - 1;
  std::int32_t limit = string_limit(spec);
  return limit < 0 ? characters : std::min<std::uint64_t>(characters, static_cast<std::uint64_t>(limit));
}

std::optional<std::uint64_t> conversion_characters(const FormatSpec& spec, const Type& type) {
  switch (spec.conversion) {
    case Conversion::kSigned: return number_characters(spec, decimal_digits(spec.bytes, true), 1);
    case Conversion::kUnsigned: return number_characters(spec, decimal_digits(spec.bytes, false), 0);
    case Conversion::kHex:
    case Conversion::kHexUpper: return number_characters(spec, std::uint64_t{spec.bytes} * 2, spec.alternate ? 2 : 0);
    case Conversion::kOctal: return number_characters(spec, (spec.bytes * 8ULL + 2) / 3, spec.alternate ? 1 : 0);
    case Conversion::kPointer: return number_characters(spec, 16, 2);
    case Conversion::kChar: return 1;
    case Conversion::kAny: return any_characters(spec, type);
    case Conversion::kBuffer:
    case Conversion::kBufferHexEscaped:
    case Conversion::kBufferHex:
    case Conversion::kGfpFlags:
    case Conversion::kFloat: break;
  }
  return std::nullopt;
}

// Bytes of the longest string of the format, NUL included; nullopt after a diagnostic.
std::optional<std::uint64_t> format_bytes(Checker& checker, const CallSite& site, const Checker::Formatted& format) {
  std::uint64_t bytes = 1;
  std::size_t next = 0;
  bool good = true;
  for (const FormatPiece& piece : format.schema.format.pieces) {
    bytes += piece.text.size();
    if (!piece.has_spec) continue;
    if (piece.spec.star_width || piece.spec.star_precision) {
      checker.report(Diag::LiteralNumberExpected, site.argument(next + 1).span, site.name());
      return std::nullopt;
    }
    const Type& type = format.fields[next++]->type;
    auto characters = conversion_characters(piece.spec, type);
    if (characters) {
      bytes += std::max<std::uint64_t>(*characters, piece.spec.width);
      continue;
    }
    auto& diagnostic =
        checker.report(Diag::SprintfConversion, site.argument(next).span, spelling(piece.spec), type_name(type));
    if (type.kind == TypeKind::kEnum) diagnostic.help = "use %d";
    if (type.kind == TypeKind::kText) diagnostic.help = "join texts with +";
    good = false;
  }
  return good ? std::optional(bytes) : std::nullopt;
}

}  // namespace

ExprPtr check_Sprintf(Checker& checker, const CallSite& site) {
  auto format = checker.check_format(site.call->arguments, 0, site.span, site.name());
  if (!format) return typed::poison(site.span);
  auto bytes = format_bytes(checker, site, *format);
  if (!bytes) return typed::poison(site.span);
  if (format->fields.empty()) {
    const auto& pieces = format->schema.format.pieces;
    return typed::string_literal(pieces.empty() ? "" : pieces[0].text, site.span);
  }
  // The event is never emitted: it is where formats are kept.
  EventSchema schema{.kind = EventKind::kPrintf,
                     .fields = {},
                     .format = std::move(format->schema.format),
                     .text = {},
                     .location = checker.location(site.span)};
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::constant(int_type(8, false), checker.add_event(std::move(schema)), site.span));
  for (ExprPtr& field : format->fields) call.arguments.push_back(std::move(field));
  return make_expr(string_type(checker.grown_capacity(site.span, *bytes)), site.span, std::move(call));
}

// --- join ---------------------------------------------------------------------------------------

ExprPtr check_Join(Checker& checker, const CallSite& site) {
  std::string separator = " ";
  if (site.count() > 1) {
    auto text = checker.check_constant_text(site.argument(1));
    if (!text) return checker.refuse(Diag::LiteralTextExpected, site.argument(1).span, site.name());
    separator = *text;
  }
  ExprPtr array = checker.check_plain(site.argument(0));
  if (is_poison(*array)) return array;
  if (array->type.kind != TypeKind::kPointer && !is_integer(array->type)) {
    return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(array->type));
  }
  auto space = static_cast<std::uint64_t>(checker.space_of(*array));
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::to_int64(std::move(array), false));
  call.arguments.push_back(typed::constant(int_type(8, false), space, site.span));
  call.arguments.push_back(typed::string_literal(std::move(separator), site.span));
  return make_expr(string_type(static_cast<std::uint32_t>(checker.config().max_strlen)), site.span, std::move(call));
}

namespace {

ExprPtr printed(Checker& checker, typed::Call& join, Span span) {
  const auto& space = std::get<typed::Constant>(join.arguments[1]->node);
  std::string separator = *typed::constant_string(*join.arguments[2]);
  EventSchema schema{.kind = EventKind::kJoin,
                     .fields = {},
                     .format = {},
                     .text = std::move(separator),
                     .location = checker.location(span)};
  add_field(schema, int_type(8, false));
  add_field(schema, array_type(string_type(1024), 16));
  typed::EventId event = checker.add_event(std::move(schema));
  return typed::effect(
      typed::make_stmt(span, typed::Join{event, std::move(join.arguments[0]), static_cast<AddressSpace>(space.value)}),
      span);
}

bool ends_in_join(const typed::Expr& value) {
  if (const auto* call = typed::node_as<typed::Call>(value)) return call->builtin == Builtin::kJoin;
  if (const auto* block = typed::node_as<typed::BlockExpr>(value)) return block->tail && ends_in_join(*block->tail);
  const auto* branches = typed::node_as<typed::Conditional>(value);
  return branches != nullptr && (ends_in_join(*branches->then) || ends_in_join(*branches->otherwise));
}

}  // namespace

void print_joined(Checker& checker, typed::Expr& value) {
  if (!ends_in_join(value)) return;
  if (auto* call = typed::node_as<typed::Call>(value)) {
    value = std::move(*printed(checker, *call, value.span));
  } else if (auto* block = typed::node_as<typed::BlockExpr>(value)) {
    print_joined(checker, *block->tail);
    typed::append_effect(block->block, std::move(block->tail));
    block->tail = nullptr;
    value.type = none_type();
  } else if (auto* branches = typed::node_as<typed::Conditional>(value)) {
    for (ExprPtr* branch : {&branches->then, &branches->otherwise}) {
      print_joined(checker, **branch);
      if ((*branch)->type.kind != TypeKind::kNone) *branch = typed::nothing(value.span);
    }
    value.type = none_type();
  }
}

}  // namespace hawk
