// Builtins on strings and raw memory.
#include <algorithm>

#include "semantics/builtin_checks.h"
#include "support/check.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

// $1 as text, also when it looks like a number; nullopt for any other expression.
std::optional<std::string> parameter_text(const Checker& checker, const ast::Expr& expr) {
  const auto* parameter = std::get_if<ast::PositionalParameter>(&expr.node);
  if (parameter == nullptr || parameter->index == 0) return std::nullopt;
  const auto& arguments = checker.options().arguments;
  return parameter->index <= arguments.size() ? arguments[parameter->index - 1] : "";
}

// str($1), str($1 + 3) and str(123) are texts known now.
std::optional<ExprPtr> constant_text(Checker& checker, const ast::Expr& expr) {
  if (auto text = parameter_text(checker, expr)) return typed::string_literal(*text, expr.span);
  if (const auto* sum = std::get_if<ast::Binary>(&expr.node); sum != nullptr && sum->op == ast::BinaryOp::kAdd) {
    auto text = parameter_text(checker, *sum->left);
    if (!text) return std::nullopt;
    auto offset = checker.check_constant(*sum->right);
    if (!offset || *offset > text->size()) return checker.refuse(Diag::ParameterOffset, expr.span, text->size());
    return typed::string_literal(text->substr(*offset), expr.span);
  }
  return std::nullopt;
}

// The value's first `bytes` bytes, as an array.
ExprPtr bytes_of(Checker& checker, ExprPtr value, std::uint32_t bytes) {
  Span span = value->span;
  Type type = array_type(int_type(1, false), bytes);
  if (auto* data = typed::node_as<typed::DataConstant>(*value))
    return make_expr(type, span, typed::DataConstant{data->bytes.substr(0, bytes)});
  if (value->type.kind == TypeKind::kPointer) {
    AddressSpace space = checker.space_of(*value);
    return make_expr(type, span, typed::Load{std::move(value), space, 0, 0});
  }
  if (auto* memory = typed::node_as<typed::Load>(*value)) {
    AddressSpace space = memory->space;
    return make_expr(type, span, typed::Load{std::move(memory->address), space, 0, 0});
  }
  if (value->type.kind == TypeKind::kString) {
    ExprPtr sized = typed::convert(std::move(value), string_type(bytes));
    return make_expr(type, span, typed::Convert{std::move(sized)});
  }
  if (value->type.kind == TypeKind::kArray && value->type.size >= bytes) {
    if (value->type.size > bytes) return make_expr(type, span, typed::Member{std::move(value), 0, 0, 0});
    return make_expr(type, span, typed::Convert{std::move(value)});
  }
  return checker.refuse(Diag::PointerExpected, span, "memcmp", type_name(value->type));
}

// str(string, length): a literal keeps `length` characters, any other string one less (census 5.4).
ExprPtr shorten(Checker& checker, ExprPtr text, ExprPtr length) {
  Span span = text->span;
  const auto* constant = typed::node_as<typed::Constant>(*length);
  const std::string* literal = typed::constant_string(*text);
  if (constant != nullptr && literal != nullptr)
    return typed::string_literal(literal->substr(0, constant->value), span);
  if (constant != nullptr) {
    auto characters = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(constant->value, 1, text->type.size) - 1);
    if (characters == 0) return typed::string_literal("", span);
    return typed::convert(typed::convert(std::move(text), string_type(characters)), string_type(characters + 1));
  }
  // The length is known at run time only: read the text again from a variable of its own.
  Type type = text->type;
  typed::VariableId copy = checker.add_temporary(type);
  typed::BlockExpr block;
  block.block.statements.push_back(typed::make_stmt(span, typed::SetVariable{copy, std::move(text)}));
  ExprPtr address = make_expr(pointer_type(type, AddressSpace::kKernel), span, typed::VariableAddress{copy});
  block.tail = make_expr(
      type, span,
      typed::ReadString{std::move(address), AddressSpace::kKernel, typed::to_int64(std::move(length), false), false});
  return make_expr(type, span, std::move(block));
}

// Of a text as many bytes as strncmp() compares.
ExprPtr first_bytes(ExprPtr text, std::optional<std::uint64_t> limit) {
  std::uint64_t bytes = std::clamp<std::uint64_t>(limit.value_or(1), 1, kMaxArrayBytes);
  return typed::convert(std::move(text), string_type(static_cast<std::uint32_t>(bytes)));
}

ExprPtr bool_to_int(ExprPtr value) { return typed::convert(std::move(value), int_type(8, false)); }

}  // namespace

ExprPtr Checker::string_value(ExprPtr value, const char* user) {
  if (is_poison(*value) || value->type.kind == TypeKind::kString) return value;
  Span span = value->span;
  if (value->type.kind == TypeKind::kPointer) {
    AddressSpace space = space_of(*value);
    return read_string(std::move(value), space, nullptr, span);
  }
  bool bytes = value->type.kind == TypeKind::kArray && value->type.element->size == 1;
  if (bytes) {
    if (auto* memory = typed::node_as<typed::Load>(*value)) {
      AddressSpace space = memory->space;
      std::uint32_t capacity = value->type.count + 1;
      return make_expr(string_type(capacity), span,
                       typed::ReadString{std::move(memory->address), space, nullptr, false});
    }
    std::uint32_t capacity = value->type.size;
    return make_expr(string_type(capacity), span, typed::Convert{std::move(value)});
  }
  return refuse(Diag::StringExpected, span, user, type_name(value->type));
}

ExprPtr string_or_text(Checker& checker, const CallSite& site, std::size_t index) {
  ExprPtr value = checker.check_plain(site.argument(index));
  return value->type.kind == TypeKind::kText ? std::move(value) : checker.string_value(std::move(value), site.name());
}

std::vector<ExprPtr> strings_or_texts(Checker& checker, const CallSite& site, std::size_t count) {
  std::vector<ExprPtr> arguments;
  bool texts = false;
  for (std::size_t i = 0; i < count; ++i) {
    arguments.push_back(string_or_text(checker, site, i));
    if (is_poison(*arguments.back())) return {};
    texts = texts || arguments.back()->type.kind == TypeKind::kText;
  }
  if (!texts) return arguments;
  for (ExprPtr& argument : arguments) argument = checker.text_value(std::move(argument), site.name());
  return arguments;
}

ExprPtr check_Str(Checker& checker, const CallSite& site) {
  if (auto text = constant_text(checker, site.argument(0))) return std::move(*text);
  ExprPtr value = checker.check_plain(site.argument(0));
  ExprPtr length = site.count() > 1 ? checker.check_int(site.argument(1), site.name()) : nullptr;
  if (is_poison(*value) || (length && is_poison(*length))) return typed::poison(site.span);
  if (value->type.kind == TypeKind::kText && length)
    value = typed::convert(std::move(value), string_type(static_cast<std::uint32_t>(checker.config().max_strlen)));
  if (value->type.kind == TypeKind::kText) return value;
  if (value->type.kind == TypeKind::kString)
    return length ? shorten(checker, std::move(value), std::move(length)) : std::move(value);
  if (value->type.kind == TypeKind::kArray) return checker.string_value(std::move(value), site.name());
  const auto* number = typed::node_as<typed::Constant>(*value);
  if (number != nullptr && value->literal && is_integer(value->type)) {
    std::string text = value->type.is_signed ? std::to_string(static_cast<std::int64_t>(number->value))
                                             : std::to_string(number->value);
    return typed::string_literal(std::move(text), site.span);
  }
  if (!is_integer(value->type) && value->type.kind != TypeKind::kPointer) {
    return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(value->type));
  }
  AddressSpace space = checker.space_of(*value);
  if (length) length = typed::to_int64(std::move(length), false);
  ExprPtr address =
      value->type.kind == TypeKind::kPointer ? std::move(value) : typed::to_int64(std::move(value), false);
  return checker.read_string(std::move(address), space, std::move(length), site.span);
}

ExprPtr checked_buffer(Checker& checker, const CallSite& site, std::size_t first) {
  ExprPtr value = checker.check_plain(site.argument(first));
  ExprPtr length = site.count() > first + 1 ? checker.check_int(site.argument(first + 1), site.name()) : nullptr;
  if (is_poison(*value) || (length && is_poison(*length))) return typed::poison(site.span);
  bool array = value->type.kind == TypeKind::kArray;
  if (!array && !length) return checker.refuse(Diag::BufLength, site.span, type_name(value->type));
  auto most = static_cast<std::uint32_t>(checker.config().max_strlen);
  const auto* constant = length ? typed::node_as<typed::Constant>(*length) : nullptr;
  std::uint32_t capacity = array && !length ? value->type.size : most;
  if (constant != nullptr) capacity = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(constant->value, 1, most));
  Type type = buffer_type(capacity);
  bool pointer = value->type.kind == TypeKind::kPointer || is_integer(value->type);
  auto* memory = typed::node_as<typed::Load>(*value);
  if (pointer || (array && memory != nullptr)) {
    AddressSpace space = pointer ? checker.space_of(*value) : memory->space;
    ExprPtr address = pointer ? std::move(value) : std::move(memory->address);
    if (length && constant == nullptr) {
      length = typed::to_int64(std::move(length), false);
    } else {
      length = nullptr;
    }
    return make_expr(type, site.span,
                     typed::ReadBuffer{typed::to_int64(std::move(address), false), space, std::move(length)});
  }
  if (value->type.kind != TypeKind::kString && !array) {
    return checker.refuse(Diag::PointerExpected, site.argument(first).span, site.name(), type_name(value->type));
  }
  std::uint32_t bytes = std::min(capacity, value->type.size);
  typed::Pack pack;
  pack.parts.push_back({4, bytes_of(checker, std::move(value), bytes)});
  if (!length || constant != nullptr) {
    pack.parts.push_back({0, typed::constant(int_type(4, false), bytes, site.span)});
    return make_expr(type, site.span, std::move(pack));
  }
  // As many as are asked for, if there are so many.
  Type word = int_type(8, false);
  typed::VariableId wanted = checker.add_temporary(word);
  typed::Block block;
  block.statements.push_back(
      typed::make_stmt(site.span, typed::SetVariable{wanted, typed::to_int64(std::move(length), false)}));
  auto read = [&] { return make_expr(word, site.span, typed::ReadVariable{wanted}); };
  auto all = [&] { return typed::constant(word, bytes, site.span); };
  ExprPtr fits = make_expr(bool_type(), site.span, typed::Binary{typed::BinaryOp::kLess, read(), all(), {}});
  ExprPtr count = make_expr(word, site.span, typed::Conditional{std::move(fits), read(), all()});
  pack.parts.push_back({0, typed::convert(std::move(count), int_type(4, false))});
  return make_expr(type, site.span, typed::BlockExpr{std::move(block), make_expr(type, site.span, std::move(pack))});
}

ExprPtr check_Buf(Checker& checker, const CallSite& site) { return checked_buffer(checker, site, 0); }

ExprPtr check_Strlen(Checker& checker, const CallSite& site) {
  ExprPtr text = string_or_text(checker, site, 0);
  if (is_poison(*text)) return text;
  if (const std::string* constant = typed::constant_string(*text)) {
    return typed::int_literal(std::min(constant->find('\0'), constant->size()), false, site.span);
  }
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(text));
  return typed::call(site.builtin, int_type(8, false), site.span, std::move(arguments));
}

ExprPtr check_Strcap(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  if (value->type.kind == TypeKind::kPointer) return check_Strlen(checker, {Builtin::kStrlen, site.span, site.call});
  if (value->type.kind != TypeKind::kString && value->type.kind != TypeKind::kArray) {
    return checker.refuse(Diag::StringExpected, site.argument(0).span, site.name(), type_name(value->type));
  }
  return typed::int_literal(value->type.size, false, site.span);
}

ExprPtr check_Strncmp(Checker& checker, const CallSite& site) {
  ExprPtr left = string_or_text(checker, site, 0);
  ExprPtr right = string_or_text(checker, site, 1);
  auto limit = checker.check_constant(site.argument(2));
  if (is_poison(*left) || is_poison(*right)) return typed::poison(site.span);
  for (ExprPtr* side : {&left, &right}) {
    if ((*side)->type.kind == TypeKind::kText) *side = first_bytes(std::move(*side), limit);
  }
  if (!limit || static_cast<std::int64_t>(*limit) < 0)
    return checker.refuse(Diag::LiteralNumberExpected, site.argument(2).span, site.name());
  auto bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>({*limit, left->type.size, right->type.size}));
  if (bytes == 0) return typed::int_literal(0, false, site.span);
  return bool_to_int(
      make_expr(bool_type(), site.span, typed::CompareStrings{std::move(left), std::move(right), bytes, true}));
}

ExprPtr check_Strstr(Checker& checker, const CallSite& site) {
  auto arguments = strings_or_texts(checker, site, 2);
  if (arguments.empty()) return typed::poison(site.span);
  const std::string* text = typed::constant_string(*arguments[0]);
  const std::string* part = typed::constant_string(*arguments[1]);
  if (text != nullptr && part != nullptr) {
    std::size_t found = text->find(*part);
    bool absent = found == std::string::npos;
    return typed::int_literal(absent ? 1 : found, absent, site.span);
  }
  return typed::call(Builtin::kStrstr, int_type(8, true), site.span, std::move(arguments));
}

ExprPtr check_Strcontains(Checker& checker, const CallSite& site) {
  ExprPtr index = check_Strstr(checker, site);
  if (is_poison(*index)) return index;
  if (const auto* known = typed::node_as<typed::Constant>(*index))
    return typed::bool_literal(static_cast<std::int64_t>(known->value) >= 0, site.span);
  return make_expr(
      bool_type(), site.span,
      typed::Binary{
          typed::BinaryOp::kGreaterEqual, std::move(index), typed::constant(int_type(8, true), 0, site.span), {}});
}

ExprPtr check_StrConcat(Checker& checker, const CallSite& site) {
  auto arguments = strings_or_texts(checker, site, 2);
  if (arguments.empty()) return typed::poison(site.span);
  if (arguments[0]->type.kind == TypeKind::kText)
    return typed::call(site.builtin, text_type(), site.span, std::move(arguments));
  std::uint64_t capacity = std::uint64_t{arguments[0]->type.size} + arguments[1]->type.size - 1;
  std::uint32_t size = checker.grown_capacity(site.span, capacity, 1024);
  return typed::call(site.builtin, string_type(size), site.span, std::move(arguments));
}

ExprPtr check_StringOrder(Checker&, const CallSite&) { HAWK_UNREACHABLE("scripts write < and the like"); }

ExprPtr check_Memcmp(Checker& checker, const CallSite& site) {
  auto bytes = checker.check_constant(site.argument(2));
  if (!bytes || *bytes == 0 || *bytes > checker.config().max_strlen) {
    return checker.refuse(Diag::LiteralNumberExpected, site.argument(2).span, site.name());
  }
  ExprPtr left = checker.check_plain(site.argument(0));
  ExprPtr right = checker.check_plain(site.argument(1));
  if (is_poison(*left) || is_poison(*right)) return typed::poison(site.span);
  left = bytes_of(checker, std::move(left), static_cast<std::uint32_t>(*bytes));
  right = bytes_of(checker, std::move(right), static_cast<std::uint32_t>(*bytes));
  if (is_poison(*left) || is_poison(*right)) return typed::poison(site.span);
  return bool_to_int(make_expr(bool_type(), site.span, typed::CompareBytes{std::move(left), std::move(right), true}));
}

ExprPtr check_Bswap(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_int(site.argument(0), site.name());
  if (is_poison(*value)) return value;
  Type type = int_type(value->type.size, false);
  if (type.size == 1) return typed::convert(std::move(value), type);
  std::vector<ExprPtr> arguments;
  arguments.push_back(typed::convert(std::move(value), type));
  return typed::call(site.builtin, type, site.span, std::move(arguments));
}

}  // namespace hawk
