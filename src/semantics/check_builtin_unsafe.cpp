// Builtins that change what is traced, and need --unsafe: signals, results of functions, memory of processes.
#include <csignal>
#include <cstring>

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

bool is_unsafe_allowed(Checker& checker, Span span, const std::string& function) {
  checker.need_unsafe();
  if (checker.options().unsafe) return true;
  checker.report(Diag::NeedsUnsafe, span, function).help = "run hawk with --unsafe if that is what you want";
  return false;
}

namespace {

std::optional<int> signal_number(const std::string& name) {
  std::string wanted = name.starts_with("SIG") ? name.substr(3) : name;
  for (int number = 1; number <= SIGSYS; ++number) {
    const char* known = sigabbrev_np(number);
    if (known != nullptr && wanted == known) return number;
  }
  return std::nullopt;
}

bool may_signal(ProbeKind kind) {
  return kind == ProbeKind::kKprobe || kind == ProbeKind::kKretprobe || kind == ProbeKind::kUprobe ||
         kind == ProbeKind::kUretprobe || kind == ProbeKind::kUsdt || kind == ProbeKind::kFentry ||
         kind == ProbeKind::kFexit || kind == ProbeKind::kTracepoint || kind == ProbeKind::kRawTracepoint ||
         kind == ProbeKind::kProfile;
}

// A call for what it does.
ExprPtr done(typed::Call call, Span span) {
  std::vector<typed::StmtPtr> statements;
  statements.push_back(typed::make_stmt(span, typed::Evaluate{make_expr(int_type(8, true), span, std::move(call))}));
  return typed::effect(std::move(statements), span);
}

ExprPtr check_signal(Checker& checker, const CallSite& site) {
  if (!is_unsafe_allowed(checker, site.span, site.name())) return typed::poison(site.span);
  const ast::Expr& argument = site.argument(0);
  if (!may_signal(checker.clause().kind)) {
    return checker.refuse(Diag::BuiltinInWrongProbe, site.span, site.name(), checker.probe_kind().name,
                          "kprobe, fentry, uprobe, tracepoint, rawtracepoint or profile");
  }
  ExprPtr value = checker.check_plain(argument);
  if (is_poison(*value)) return value;
  std::optional<std::uint64_t> number;
  if (const std::string* name = typed::constant_string(*value)) {
    if (auto known = signal_number(*name)) number = static_cast<std::uint64_t>(*known);
  } else if (const auto* constant = typed::node_as<typed::Constant>(*value);
             constant != nullptr && is_integer(value->type)) {
    number = constant->value;
  }
  if (!number || *number < 1 || *number > 64) return checker.refuse(Diag::UnknownSignal, argument.span);
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::constant(int_type(8, false), *number, argument.span));
  return done(std::move(call), site.span);
}

}  // namespace

ExprPtr check_Signal(Checker& checker, const CallSite& site) { return check_signal(checker, site); }
ExprPtr check_SignalThread(Checker& checker, const CallSite& site) { return check_signal(checker, site); }

ExprPtr check_Override(Checker& checker, const CallSite& site) {
  if (!is_unsafe_allowed(checker, site.span, site.name())) return typed::poison(site.span);
  if (checker.clause().kind != ProbeKind::kKprobe)
    return checker.refuse(Diag::BuiltinInWrongProbe, site.span, site.name(), checker.probe_kind().name, "kprobe");
  if (checker.clause().for_loops > 0) return checker.refuse(Diag::ContextInLoop, site.span, site.name());
  ExprPtr value = checker.check_int(site.argument(0), site.name());
  if (is_poison(*value)) return value;
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::to_int64(std::move(value), false));
  return done(std::move(call), site.span);
}

ExprPtr check_WriteUser(Checker& checker, const CallSite& site) {
  if (!is_unsafe_allowed(checker, site.span, site.name())) return typed::poison(site.span);
  ExprPtr address = checker.check_plain(site.argument(0));
  ExprPtr bytes = checked_buffer(checker, site, 1);
  if (is_poison(*address) || is_poison(*bytes)) return typed::poison(site.span);
  if (!is_integer(address->type) && address->type.kind != TypeKind::kPointer)
    return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(address->type));
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::to_int64(std::move(address), false));
  call.arguments.push_back(std::move(bytes));
  return make_expr(bool_type(), site.span, std::move(call));
}

}  // namespace hawk
