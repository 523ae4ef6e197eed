// Calls of the kernel's own functions (kfuncs), by the names and types that it gives them.
#include "semantics/check_kernel_call.h"

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

bool is_passable(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kBool || type.kind == TypeKind::kPointer;
}

// The argument as the function takes it; poison after a diagnostic.
ExprPtr argument_for(Checker& checker, const ast::Expr& argument, const FunctionParameter& parameter) {
  ExprPtr value = checker.check_plain(argument);
  if (is_poison(*value)) return value;
  if (!is_passable(value->type) || !is_passable(parameter.type)) {
    // What stands behind `__` is for the verifier.
    std::string name = parameter.name.substr(0, parameter.name.find("__"));
    return checker.refuse(Diag::KernelCallArgument, argument.span, name, type_name(parameter.type),
                          type_name(value->type));
  }
  return typed::convert(std::move(value), parameter.type);
}

}  // namespace

ExprPtr check_kernel_call(Checker& checker, const ast::Call& call, Span span, const FunctionSignature& function) {
  const ProbeKindRow& probe = checker.probe_kind();
  bool returns = function.result.kind == TypeKind::kNone || is_passable(function.result);
  if (!returns || !checker.target().may_call_kernel_function(call.function, probe.program))
    return checker.refuse(Diag::KernelCallRefused, call.name_span, probe.name, call.function);
  if (!is_unsafe_allowed(checker, span, call.function)) return typed::poison(span);
  if (call.arguments.size() != function.parameters.size()) {
    return checker.refuse(Diag::KernelCallCount, span, call.function, function.parameters.size(),
                          call.arguments.size());
  }
  typed::Call node{Builtin::kKernelCall, {}};
  node.arguments.push_back(typed::string_literal(call.function, call.name_span));
  bool poisoned = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    node.arguments.push_back(argument_for(checker, *call.arguments[i], function.parameters[i]));
    poisoned = poisoned || is_poison(*node.arguments.back());
  }
  if (poisoned) return typed::poison(span);
  if (function.result.kind != TypeKind::kNone) return make_expr(function.result, span, std::move(node));
  std::vector<typed::StmtPtr> statements;
  statements.push_back(typed::make_stmt(span, typed::Evaluate{make_expr(none_type(), span, std::move(node))}));
  return typed::effect(std::move(statements), span);
}

ExprPtr check_KernelCall(Checker&, const CallSite&) {
  HAWK_UNREACHABLE("scripts call functions of the kernel by name");
}

}  // namespace hawk
