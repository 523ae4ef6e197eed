#include "semantics/check_usdt_argument.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

Type word() { return int_type(8, false); }

ExprPtr context_word(std::uint32_t offset, Span span) { return make_expr(word(), span, typed::ContextLoad{offset}); }

ExprPtr combine(typed::BinaryOp op, ExprPtr left, ExprPtr right) {
  Span span = left->span;
  return make_expr(word(), span, typed::Binary{op, std::move(left), std::move(right), {}});
}

// "NAMESPACE:PROBE", the end of the probe's full name.
std::string short_name(const ProbeSpec& probe) {
  std::size_t file = std::string_view(probe_row(probe.kind).name).size() + probe.target.size();
  return probe.name.substr(file + 2);
}

// Reads what a place holds, as a value of the size and sign that the note says.
struct ArgumentReader {
  Checker& checker;
  const UsdtArgument& argument;
  std::uint32_t index;
  Span span;

  ExprPtr operator()(const UsdtConstant& place) const {
    return typed::convert(typed::constant(word(), place.value, span), int_type(argument.size, argument.is_signed));
  }
  ExprPtr operator()(const UsdtRegister& place) const {
    ExprPtr value = context_word(place.offset, span);
    if (place.shift != 0)
      value = combine(typed::BinaryOp::kShiftRight, std::move(value), typed::constant(word(), place.shift, span));
    return typed::convert(std::move(value), int_type(place.bytes, argument.is_signed));
  }
  ExprPtr operator()(const UsdtMemory& place) const {
    ExprPtr address = typed::constant(word(), place.displacement, span);
    if (place.base) address = combine(typed::BinaryOp::kAdd, context_word(*place.base, span), std::move(address));
    if (place.index) {
      ExprPtr distance = combine(typed::BinaryOp::kMultiply, context_word(*place.index, span),
                                 typed::constant(word(), place.scale, span));
      address = combine(typed::BinaryOp::kAdd, std::move(address), std::move(distance));
    }
    return make_expr(int_type(argument.size, argument.is_signed), span,
                     typed::Load{std::move(address), AddressSpace::kUser, 0, 0});
  }
  ExprPtr operator()(const UsdtFloat&) const {
    return checker.refuse(Diag::UsdtArgumentFloat, span, index, short_name(probe()));
  }
  ExprPtr operator()(const UsdtUnreadable& place) const {
    auto& diagnostic = checker.report(Diag::UsdtArgumentUnreadable, span, index, short_name(probe()), place.operand);
    if (place.operand.ends_with("(%rip)"))
      diagnostic.help = "it is the place of a symbol that the file does not have: install its debug symbols";
    return typed::poison(span);
  }

  [[nodiscard]] const ProbeSpec& probe() const { return checker.clause().probes.front(); }
};

}  // namespace

ExprPtr check_usdt_argument(Checker& checker, std::uint32_t index, Span span) {
  const ProbeSpec& probe = checker.clause().probes.front();
  std::size_t count = probe.usdt_arguments.size();
  if (index >= count) {
    auto& diagnostic = checker.report(Diag::NoSuchArgument, span, short_name(probe), fmt::format("arg{}", index));
    diagnostic.help = count == 0   ? "it has no arguments"
                      : count == 1 ? "it has one: arg0"
                                   : fmt::format("it has {}: arg0 to arg{}", count, count - 1);
    return typed::poison(span);
  }
  const UsdtArgument& argument = probe.usdt_arguments[index];
  ExprPtr value = std::visit(ArgumentReader{checker, argument, index, span}, argument.place);
  return typed::is_poison(*value) ? std::move(value) : typed::to_int64(std::move(value), argument.is_signed);
}

}  // namespace hawk
