#include "semantics/check_user_function.h"

#include <algorithm>
#include <bit>

#include "ast/mentions.h"
#include "semantics/argument_places.h"
#include "semantics/builtin_checks.h"
#include "semantics/registers.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

constexpr std::uint32_t kWordSize = 8;  // bytes

Type word_type() { return int_type(kWordSize, false); }

UserCode code_of(const ProbeSpec& probe) {
  return {.path = probe.target, .address = probe.address - probe.function_offset};
}

// nullopt after a diagnostic.
std::optional<UserFunction> probed_function(Checker& checker, Span span) {
  const ProbeSpec& probe = checker.clause().probes.front();
  if (probe.function_offset != 0) {
    checker.report(Diag::ArgumentsBehindEntry, span);
    return std::nullopt;
  }
  auto function = checker.target().user_function(code_of(probe));
  if (function) return std::move(function).value();
  std::string name = probe.function.empty() ? std::to_string(probe.address) : probe.function;
  checker.report(Diag::UserArgumentsUnknown, span, name, function.error().message).help = function.error().help;
  return std::nullopt;
}

ExprPtr register_word(const std::string& name, Span span) {
  return make_expr(word_type(), span, typed::ContextLoad{register_offset(name).value_or(0)});
}

// A word holds more than a value's own bytes, and only those mean something.
ExprPtr from_word(Checker& checker, ExprPtr word, const Type& type, Span span) {
  if (type.kind == TypeKind::kPointer) return typed::convert(std::move(word), type);
  return checker.cast(typed::convert(std::move(word), int_type(type.size, type.is_signed)), type, span);
}

// A struct word for word: those of which not all bytes belong to it, in pieces.
ExprPtr from_words(const InRegisters& place, const Type& type, Span span) {
  typed::Pack pack;
  for (std::uint32_t offset = 0; offset < type.size;) {
    std::uint32_t in_word = offset % kWordSize;
    std::uint32_t left = std::min(type.size - offset, kWordSize - in_word);
    std::uint32_t bytes = std::bit_floor(left);
    if (offset / kWordSize >= place.names.size()) break;
    ExprPtr word = register_word(place.names[offset / kWordSize], span);
    if (in_word != 0)
      word = make_expr(word_type(), span,
                       typed::Binary{typed::BinaryOp::kShiftRight,
                                     std::move(word),
                                     typed::constant(word_type(), std::uint64_t{8} * in_word, span),
                                     {}});
    pack.parts.push_back({offset, typed::convert(std::move(word), int_type(bytes, false))});
    offset += bytes;
  }
  return make_expr(type, span, std::move(pack));
}

struct PlaceReader {
  Checker& checker;
  const UserFunction& function;
  const UserParameter& parameter;
  Span span;

  ExprPtr operator()(const InRegisters& place) const {
    bool is_float =
        std::any_of(place.names.begin(), place.names.end(), [](const auto& name) { return !register_offset(name); });
    if (is_float) return checker.refuse(Diag::ArgumentIsFloat, span, parameter.name, function.name);
    if (parameter.passing.kind == Passing::Kind::kReference) return at(register_word(place.names.front(), span));
    if (is_scalar(parameter.type))
      return from_word(checker, register_word(place.names.front(), span), parameter.type, span);
    return from_words(place, parameter.type, span);
  }

  ExprPtr operator()(const OnStack& place) const {
    ExprPtr address = typed::add_offset(register_word("sp", span), place.offset);
    if (parameter.passing.kind != Passing::Kind::kReference) return at(std::move(address));
    return at(make_expr(word_type(), span, typed::Load{std::move(address), AddressSpace::kUser, 0, 0}));
  }

  ExprPtr operator()(const FixedArgument& place) const {
    if (!is_scalar(parameter.type)) return (*this)(NotPassed{});
    return from_word(checker, typed::constant(word_type(), place.value, span), parameter.type, span);
  }

  ExprPtr operator()(const NotPassed&) const {
    if (!function.unknown_convention.empty()) {
      checker.report(Diag::ArgumentPlaceUnknown, span, parameter.name, function.name, function.unknown_convention)
          .help = "arg0, arg1, ... are what the registers for arguments hold";
      return typed::poison(span);
    }
    return checker.refuse(Diag::ArgumentNotPassed, span, parameter.name, function.name);
  }

 private:
  [[nodiscard]] ExprPtr at(ExprPtr address) const {
    ExprPtr pointer = typed::convert(std::move(address), pointer_type(parameter.type, AddressSpace::kUser));
    return checker.load(std::move(pointer), parameter.type, AddressSpace::kUser, span);
  }
};

ExprPtr no_such_argument(Checker& checker, const UserFunction& function, const std::string& name, Span span) {
  std::vector<std::string> names;
  for (const UserParameter& each : function.parameters) {
    if (!each.name.empty()) names.push_back(each.name);
  }
  std::string near = nearest_name(name, names);
  std::string all;
  for (const std::string& each : names) all += fmt::format("{}`{}`", all.empty() ? "" : ", ", each);
  checker.report(Diag::NoSuchArgument, span, function.name, name).help =
      !near.empty()   ? fmt::format("did you mean `{}`?", near)
      : names.empty() ? "it has no arguments"
                      : fmt::format("its {} {}", names.size() == 1 ? "argument is" : "arguments are", all);
  return typed::poison(span);
}

bool is_readable(const UserParameter& parameter, const ArgumentPlace& place) {
  if (parameter.name.empty() || std::holds_alternative<NotPassed>(place)) return false;
  if (parameter.type.kind == TypeKind::kNone || parameter.type.kind == TypeKind::kError) return false;
  if (std::holds_alternative<FixedArgument>(place)) return is_scalar(parameter.type);
  const auto* registers = std::get_if<InRegisters>(&place);
  return registers == nullptr || std::all_of(registers->names.begin(), registers->names.end(),
                                             [](const auto& name) { return register_offset(name).has_value(); });
}

}  // namespace

ExprPtr check_user_argument(Checker& checker, const std::string& name, Span span) {
  auto function = probed_function(checker, span);
  if (!function) return typed::poison(span);
  const auto& all = function->parameters;
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  if (found == all.end()) return no_such_argument(checker, *function, name, span);
  ArgumentPlace place = argument_places(*function).at(static_cast<std::size_t>(found - all.begin()));
  return std::visit(PlaceReader{checker, *function, *found, span}, place);
}

ExprPtr check_user_arguments(Checker& checker, Span span) {
  auto function = probed_function(checker, span);
  if (!function) return typed::poison(span);
  std::vector<ArgumentPlace> places = argument_places(*function);
  std::vector<std::pair<std::string, Type>> members;
  std::vector<ExprPtr> values;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const UserParameter& parameter = function->parameters[i];
    if (!is_readable(parameter, places[i])) continue;
    values.push_back(std::visit(PlaceReader{checker, *function, parameter, span}, places[i]));
    if (is_poison(*values.back())) return std::move(values.back());
    members.emplace_back(parameter.name, values.back()->type);
  }
  if (values.empty()) return checker.refuse(Diag::NoReadableArguments, span, function->name);
  return typed::pack_record(std::move(members), std::move(values), span);
}

std::optional<TypeTable::UserScope> user_scope(const ClauseState& clause) {
  bool of_program =
      clause.kind == ProbeKind::kUprobe || clause.kind == ProbeKind::kUretprobe || clause.kind == ProbeKind::kUsdt;
  if (!of_program || clause.probes.empty()) return std::nullopt;
  bool by_name = clause.kind == ProbeKind::kUprobe && mentions_any(*clause.ast, {Builtin::kArgs});
  return TypeTable::UserScope{.code = code_of(clause.probes.front()), .names_arguments = by_name};
}

}  // namespace hawk
