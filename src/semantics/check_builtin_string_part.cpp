// Builtins that make strings and numbers of strings at run time: where something is, parts, other spellings. Every
// result is bounded, and the bound is in its type; what is known while compiling is computed there.
#include <algorithm>
#include <limits>

#include "semantics/builtin_checks.h"
#include "support/string_functions.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

template <class... Arguments>
ExprPtr call(const CallSite& site, Type type, Arguments... arguments) {
  typed::Call node{site.builtin, {}};
  (node.arguments.push_back(std::move(arguments)), ...);
  return make_expr(std::move(type), site.span, std::move(node));
}

ExprPtr number(std::int64_t value, Span span) {
  return typed::int_literal(static_cast<std::uint64_t>(value < 0 ? -value : value), value < 0, span);
}

std::optional<std::int64_t> constant_number(const typed::Expr& expr) {
  const auto* constant = typed::node_as<typed::Constant>(expr);
  return constant == nullptr ? std::nullopt : std::optional(static_cast<std::int64_t>(constant->value));
}

// An int argument as int64.
ExprPtr int_argument(Checker& checker, const CallSite& site, std::size_t index) {
  return typed::to_int64(checker.check_int(site.argument(index), site.name()), true);
}

}  // namespace

// --- where something is -------------------------------------------------------------------------

ExprPtr check_Index(Checker& checker, const CallSite& site) {
  return check_Strstr(checker, {Builtin::kStrstr, site.span, site.call});
}

ExprPtr check_Rindex(Checker& checker, const CallSite& site) {
  auto arguments = strings_or_texts(checker, site, 2);
  if (arguments.empty()) return typed::poison(site.span);
  const std::string* text = typed::constant_string(*arguments[0]);
  const std::string* part = typed::constant_string(*arguments[1]);
  if (text != nullptr && part != nullptr) return number(find_last(*text, *part), site.span);
  return call(site, int_type(8, true), std::move(arguments[0]), std::move(arguments[1]));
}

// --- parts --------------------------------------------------------------------------------------

namespace {

// Bytes that substr() may give, as far as start and length are known.
std::uint32_t most_bytes(std::uint32_t size, std::optional<std::int64_t> start, std::optional<std::int64_t> length) {
  std::int64_t characters = std::int64_t{size} - 1;
  if (start && *start >= 0) characters = std::max<std::int64_t>(characters - *start, 0);
  if (start && *start < 0) characters = std::min(characters, *start < -characters ? characters : -*start);
  if (length && *length >= 0) characters = std::min(characters, *length);
  return static_cast<std::uint32_t>(characters + 1);
}

}  // namespace

ExprPtr check_Substr(Checker& checker, const CallSite& site) {
  ExprPtr text = string_or_text(checker, site, 0);
  ExprPtr start = int_argument(checker, site, 1);
  ExprPtr length = site.count() > 2
                       ? int_argument(checker, site, 2)
                       : typed::constant(int_type(8, true), std::numeric_limits<std::int64_t>::max(), site.span);
  if (is_poison(*text) || is_poison(*start) || is_poison(*length)) return typed::poison(site.span);
  auto known_start = constant_number(*start);
  auto known_length = constant_number(*length);
  const std::string* constant = typed::constant_string(*text);
  if (constant != nullptr && known_start && known_length) {
    return typed::string_literal(std::string(slice(*constant, *known_start, *known_length)), site.span);
  }
  Type type = is_text(text->type) ? text_type() : string_type(most_bytes(text->type.size, known_start, known_length));
  return call(site, std::move(type), std::move(text), std::move(start), std::move(length));
}

namespace {

// The separators as a constant, "" for blanks; null if they are known at run time only.
ExprPtr separators_of(Checker& checker, const CallSite& site, std::size_t index) {
  if (site.count() <= index) return typed::string_literal("", site.span);
  auto text = checker.check_constant_text(site.argument(index));
  return text ? typed::string_literal(std::move(*text), site.argument(index).span) : nullptr;
}

ExprPtr field_of(ExprPtr text, ExprPtr index, ExprPtr separators, Span span) {
  typed::Call node{Builtin::kField, {}};
  Type type = text->type;
  if (is_text(text->type)) separators = typed::convert(std::move(separators), text_type());
  node.arguments.push_back(std::move(text));
  node.arguments.push_back(std::move(index));
  node.arguments.push_back(std::move(separators));
  return make_expr(std::move(type), span, std::move(node));
}

}  // namespace

ExprPtr check_Field(Checker& checker, const CallSite& site) {
  ExprPtr text = string_or_text(checker, site, 0);
  ExprPtr index = int_argument(checker, site, 1);
  if (is_poison(*text) || is_poison(*index)) return typed::poison(site.span);
  if (ExprPtr known = separators_of(checker, site, 2))
    return field_of(std::move(text), std::move(index), std::move(known), site.span);
  // Separators that only running tells: texts.
  ExprPtr separators = checker.text_value(checker.check_plain(site.argument(2)), site.name());
  if (is_poison(*separators)) return separators;
  return field_of(checker.text_value(std::move(text), site.name()), std::move(index), std::move(separators), site.span);
}

ExprPtr check_Split(Checker& checker, const CallSite& site) {
  constexpr std::uint64_t kMostParts = 16;
  ExprPtr text = string_or_text(checker, site, 0);
  ExprPtr separators = separators_of(checker, site, 1);
  auto count = checker.check_constant(site.argument(2));
  if (is_poison(*text)) return text;
  if (separators == nullptr) return checker.refuse(Diag::LiteralTextExpected, site.argument(1).span, site.name());
  if (!count || *count < 1 || *count > kMostParts)
    return checker.refuse(Diag::SplitCount, site.argument(2).span, kMostParts);
  Type part = text->type;
  Type type = tuple_type(std::vector<Type>(*count, part));
  typed::VariableId whole = checker.add_temporary(part);
  typed::BlockExpr block;
  block.block.statements.push_back(typed::make_stmt(site.span, typed::SetVariable{whole, std::move(text)}));
  typed::Pack pack;
  for (std::uint64_t i = 0; i < *count; ++i) {
    ExprPtr read = make_expr(part, site.span, typed::ReadVariable{whole});
    ExprPtr characters = typed::string_literal(*typed::constant_string(*separators), site.span);
    ExprPtr index = typed::constant(int_type(8, true), i + 1, site.span);
    pack.parts.push_back(
        {type.def->fields[i].offset, field_of(std::move(read), std::move(index), std::move(characters), site.span)});
  }
  block.tail = make_expr(type, site.span, std::move(pack));
  return make_expr(std::move(type), site.span, std::move(block));
}

// --- paths --------------------------------------------------------------------------------------

namespace {

using TextFunction = std::string (*)(std::string_view);

// A string of `size` bytes at least, or a text.
ExprPtr spelled_otherwise(Checker& checker, const CallSite& site, TextFunction fold, std::uint32_t least) {
  ExprPtr text = string_or_text(checker, site, 0);
  if (is_poison(*text)) return text;
  if (const std::string* constant = typed::constant_string(*text))
    return typed::string_literal(fold(*constant), site.span);
  Type type = is_text(text->type) ? text_type() : string_type(std::max(text->type.size, least));
  return call(site, std::move(type), std::move(text));
}

}  // namespace

ExprPtr check_Toupper(Checker& checker, const CallSite& site) {
  return spelled_otherwise(checker, site, upper_case, 1);
}
ExprPtr check_Tolower(Checker& checker, const CallSite& site) {
  return spelled_otherwise(checker, site, lower_case, 1);
}

ExprPtr check_Basename(Checker& checker, const CallSite& site) {
  return spelled_otherwise(checker, site, [](std::string_view path) { return std::string(last_component(path)); }, 1);
}

ExprPtr check_Dirname(Checker& checker, const CallSite& site) {
  return spelled_otherwise(checker, site, [](std::string_view path) { return std::string(parent_path(path)); }, 2);
}

// --- replacing ----------------------------------------------------------------------------------

namespace {

// Characters of the longest result: as many parts as fit become `by`.
std::uint64_t most_replaced(std::uint64_t text, std::uint64_t part, std::uint64_t by) {
  if (by <= part) return text;
  return text / part * by + text % part;
}

}  // namespace

ExprPtr check_Replace(Checker& checker, const CallSite& site) {
  auto arguments = strings_or_texts(checker, site, 3);
  if (arguments.empty()) return typed::poison(site.span);
  const std::string* text = typed::constant_string(*arguments[0]);
  const std::string* part = typed::constant_string(*arguments[1]);
  const std::string* by = typed::constant_string(*arguments[2]);
  if (text != nullptr && part != nullptr && by != nullptr)
    return typed::string_literal(replace_all(*text, *part, *by), site.span);
  if (part != nullptr && part->empty()) return std::move(arguments[0]);
  Type type = text_type();
  if (!is_text(arguments[0]->type)) {
    std::uint64_t shortest = part != nullptr ? part->size() : 1;
    std::uint64_t characters = most_replaced(arguments[0]->type.size - 1, shortest, arguments[2]->type.size - 1);
    type = string_type(checker.grown_capacity(site.span, characters + 1));
  }
  return call(site, std::move(type), std::move(arguments[0]), std::move(arguments[1]), std::move(arguments[2]));
}

// --- numbers ------------------------------------------------------------------------------------

ExprPtr check_Strtol(Checker& checker, const CallSite& site) {
  ExprPtr text = string_or_text(checker, site, 0);
  ExprPtr base = site.count() > 1 ? int_argument(checker, site, 1) : typed::constant(int_type(8, true), 10, site.span);
  if (is_poison(*text) || is_poison(*base)) return typed::poison(site.span);
  const std::string* constant = typed::constant_string(*text);
  auto known_base = constant_number(*base);
  if (constant != nullptr && known_base) return number(leading_integer(*constant, *known_base), site.span);
  return call(site, int_type(8, true), std::move(text), std::move(base));
}

ExprPtr check_Atoi(Checker& checker, const CallSite& site) {
  return check_Strtol(checker, {Builtin::kStrtol, site.span, site.call});
}

}  // namespace hawk
