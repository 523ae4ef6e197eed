// Builtins that give a number its name: strerror, signal_name, syscall_name.
#include "ast/name_table.h"
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

ExprPtr name_of(Checker& checker, const CallSite& site, NameTableId table) {
  ExprPtr number = checker.check_int(site.argument(0), site.name());
  if (is_poison(*number)) return number;
  Type type = string_type(NameTable::kRowSize);
  if (const auto* constant = typed::node_as<typed::Constant>(*number)) {
    const std::string& name = name_table(table).find(static_cast<std::int64_t>(constant->value));
    return make_expr(type, site.span, typed::DataConstant{name});
  }
  typed::Call call{Builtin::kNameOf, {}};
  call.arguments.push_back(typed::to_int64(std::move(number), true));
  call.arguments.push_back(typed::constant(int_type(8, false), static_cast<std::uint64_t>(table), site.span));
  return make_expr(type, site.span, std::move(call));
}

}  // namespace

ExprPtr check_Strerror(Checker& checker, const CallSite& site) { return name_of(checker, site, NameTableId::kErrors); }
ExprPtr check_SignalName(Checker& checker, const CallSite& site) {
  return name_of(checker, site, NameTableId::kSignals);
}
ExprPtr check_SyscallName(Checker& checker, const CallSite& site) {
  return name_of(checker, site, NameTableId::kSyscalls);
}

ExprPtr check_NameOf(Checker&, const CallSite&) { HAWK_UNREACHABLE("no script can call it"); }
ExprPtr check_CommOf(Checker&, const CallSite&) { HAWK_UNREACHABLE("scripts write comm(process)"); }

}  // namespace hawk
