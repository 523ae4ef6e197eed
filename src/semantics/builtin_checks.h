// One check per builtin: arguments to a typed expression. Each row of ast/builtins.def that is not
// Later has a function check_ID here; a missing one does not link.
#pragma once

#include <optional>
#include <string>

#include "ast/ast.h"
#include "ast/builtin.h"
#include "semantics/checker.h"

namespace hawk {

// A builtin where it is used; `call` is null when it is written without parentheses.
struct CallSite {
  Builtin builtin;
  Span span;
  const ast::Call* call = nullptr;

  [[nodiscard]] std::size_t count() const { return call != nullptr ? call->arguments.size() : 0; }
  [[nodiscard]] const ast::Expr& argument(std::size_t index) const { return *call->arguments[index]; }
  [[nodiscard]] const char* name() const { return builtin_row(builtin).name; }
};

using BuiltinCheck = typed::ExprPtr (*)(Checker&, const CallSite&);

// False after a diagnostic.
[[nodiscard]] bool check_argument_count(Checker& checker, const CallSite& site);
// Checks the number of arguments, then by the builtin's own function.
[[nodiscard]] typed::ExprPtr check_builtin(Checker& checker, const CallSite& site);

// arg0, arg1, ...
[[nodiscard]] typed::ExprPtr check_argument(Checker& checker, std::uint32_t index, Span span);
// args.NAME and config.KEY.
[[nodiscard]] typed::ExprPtr check_argument_field(Checker& checker, const std::string& field, Span span);
[[nodiscard]] typed::ExprPtr check_config_value(Checker& checker, const std::string& key, Span span);

// printf() of a pinned iterator.
[[nodiscard]] typed::ExprPtr check_element_printf(Checker& checker, const CallSite& site);
// False after a diagnostic: the function needs --unsafe.
[[nodiscard]] bool is_unsafe_allowed(Checker& checker, Span span, const std::string& function);
// Two arguments from `first` on, an address and a length, as a buffer with the bytes that lie there; of an array or
// string its own bytes, and the length may be missing.
[[nodiscard]] typed::ExprPtr checked_buffer(Checker& checker, const CallSite& site, std::size_t first);
// An argument as a string value, or as the text it is.
[[nodiscard]] typed::ExprPtr string_or_text(Checker& checker, const CallSite& site, std::size_t index);
// The first `count` arguments: all texts if one of them is, else string values; none after a diagnostic.
[[nodiscard]] std::vector<typed::ExprPtr> strings_or_texts(Checker& checker, const CallSite& site, std::size_t count);
// join() evaluated for its effect prints; the value itself is left alone where no join() is its result.
void print_joined(Checker& checker, typed::Expr& value);

// What getline(), close() and lines() read: the first argument, and a word behind it that says what it names.
[[nodiscard]] std::optional<CheckedSource> checked_source(Checker& checker, const CallSite& site, std::size_t word);

// count(), sum(x), ...: only as the whole right-hand side of a map assignment.
struct AggregationCall {
  Type type;
  typed::ExprPtr argument;  // null for count
};
[[nodiscard]] bool is_aggregation_call(const ast::Call& call);
[[nodiscard]] std::optional<AggregationCall> check_aggregation(Checker& checker, const ast::Call& call, Span span);

#define BUILTIN_Rewritten(id) [[nodiscard]] typed::ExprPtr check_##id(Checker& checker, const CallSite& site);
#define BUILTIN_Lowered(id) [[nodiscard]] typed::ExprPtr check_##id(Checker& checker, const CallSite& site);
#define BUILTIN(id, name, fewest, most, variable, stage, signature) BUILTIN_##stage(id)
#include "ast/builtins.def"
#undef BUILTIN
#undef BUILTIN_Rewritten
#undef BUILTIN_Lowered

}  // namespace hawk
