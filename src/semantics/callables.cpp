#include "semantics/callables.h"

#include <algorithm>
#include <set>

namespace hawk {

namespace {

using Kind = ast::Parameter::Kind;

bool same_kinds(const Callable& left, const Callable& right) {
  return std::equal(left.parameters->begin(), left.parameters->end(), right.parameters->begin(),
                    right.parameters->end(),
                    [](const ast::Parameter& a, const ast::Parameter& b) { return a.kind == b.kind; });
}

bool is_map(const ast::Expr& argument) {
  const auto* map = std::get_if<ast::MapAccess>(&argument.node);
  return map != nullptr && !map->key;
}

// A function's `$x` is a copy of any value; a macro's is the variable itself.
bool takes(const Callable& callable, const ast::Parameter& parameter, const ast::Expr& argument) {
  switch (parameter.kind) {
    case Kind::kExpression: return true;
    case Kind::kVariable: return callable.function != nullptr || std::holds_alternative<ast::Variable>(argument.node);
    case Kind::kMap: return is_map(argument);
  }
  return false;
}

bool takes(const Callable& callable, const std::vector<const ast::Expr*>& arguments) {
  const auto& parameters = *callable.parameters;
  if (parameters.size() != arguments.size()) return false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!takes(callable, parameters[i], *arguments[i])) return false;
  }
  return true;
}

std::ptrdiff_t exactness(const Callable& callable) {
  return std::count_if(callable.parameters->begin(), callable.parameters->end(),
                       [](const ast::Parameter& parameter) { return parameter.kind != Kind::kExpression; });
}

std::string count_of_arguments(std::size_t count) {
  return count == 0 ? "no arguments" : count == 1 ? "1 argument" : fmt::format("{} arguments", count);
}

// "no arguments or 1 argument".
std::string known_counts(const std::vector<Callable>& callables) {
  std::set<std::size_t> counts;
  for (const Callable& callable : callables) counts.insert(callable.parameters->size());
  std::string text;
  for (std::size_t count : counts) text += (text.empty() ? "" : " or ") + count_of_arguments(count);
  return text;
}

// `f(1 + 1)` where f wants a variable: what the parameter is, and what was given.
void report_argument(const Callable& callable, const std::vector<const ast::Expr*>& arguments, DiagSink& diagnostics) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const ast::Parameter& parameter = (*callable.parameters)[i];
    if (takes(callable, parameter, *arguments[i])) continue;
    bool map = parameter.kind == Kind::kMap;
    std::string wanted =
        map ? fmt::format("a map for `@{}`", parameter.name) : fmt::format("a variable for `${}`", parameter.name);
    const char* found = is_map(*arguments[i])                                       ? "a map"
                        : std::holds_alternative<ast::Variable>(arguments[i]->node) ? "a variable"
                                                                                    : "an expression";
    diagnostics.report(Diag::NoSuchSignature, arguments[i]->span, callable.name, wanted, found)
        .notes.push_back({parameter.span, "the parameter"});
    return;
  }
}

Span head_of(Span whole, Span body) {
  return {whole.begin, std::max(body.begin, whole.begin + 1) - 1, whole.file, whole.expansion};
}

}  // namespace

void Callables::add(const ast::Program& program, bool from_prelude, DiagSink& diagnostics) {
  for (const ast::Macro& macro : program.macros) {
    add({macro.name, head_of(macro.span, macro.body.span), &macro.parameters, &macro.body, nullptr, from_prelude},
        diagnostics);
  }
  for (const ast::Function& function : program.functions) {
    for (const ast::Parameter& parameter : function.parameters) {
      if (parameter.kind != Kind::kExpression) continue;
      diagnostics.report(Diag::FunctionParameterKind, parameter.span, parameter.name, parameter.name, parameter.name);
    }
    add({function.name, head_of(function.span, function.body.span), &function.parameters, &function.body, &function,
         from_prelude},
        diagnostics);
  }
}

void Callables::add(Callable callable, DiagSink& diagnostics) {
  std::set<std::pair<Kind, std::string>> names;
  for (const ast::Parameter& parameter : *callable.parameters) {
    if (!names.emplace(parameter.kind, parameter.name).second)
      diagnostics.report(Diag::DuplicateParameter, parameter.span, parameter.name);
  }
  std::vector<Callable>& others = by_name_[callable.name];
  auto same = std::find_if(others.begin(), others.end(), [&](const Callable& other) {
    bool functions = other.function != nullptr || callable.function != nullptr;
    return same_kinds(other, callable) || (functions && other.parameters->size() == callable.parameters->size());
  });
  if (same != others.end()) {
    diagnostics.report(Diag::Redefinition, callable.head, callable.name)
        .notes.push_back({same->head, "first defined here"});
    return;
  }
  others.push_back(std::move(callable));
}

const Callable* Callables::find(std::string_view name, const std::vector<const ast::Expr*>& arguments) const {
  auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  const Callable* best = nullptr;
  for (const Callable& callable : found->second) {
    if (takes(callable, arguments) && (best == nullptr || exactness(callable) > exactness(*best))) best = &callable;
  }
  return best;
}

void Callables::report_mismatch(std::string_view name, const std::vector<const ast::Expr*>& arguments, Span call,
                                DiagSink& diagnostics) const {
  const std::vector<Callable>& callables = by_name_.find(name)->second;
  auto near = std::find_if(callables.begin(), callables.end(),
                           [&](const Callable& callable) { return callable.parameters->size() == arguments.size(); });
  if (near != callables.end()) return report_argument(*near, arguments, diagnostics);
  auto& diagnostic = diagnostics.report(Diag::NoSuchSignature, call, name, known_counts(callables),
                                        count_of_arguments(arguments.size()));
  if (!callables.front().from_prelude) diagnostic.notes.push_back({callables.front().head, "defined here"});
}

}  // namespace hawk
