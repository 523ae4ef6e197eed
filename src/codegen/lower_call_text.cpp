// Builtins of host clauses: lines of files and commands.
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"

namespace hawk {

llvm::Value* lower_Close(const CallSite& site) { return call_with_arguments(site, HOST_CALL(close_source)); }

llvm::Value* lower_Getline(const CallSite& site) {
  Emitter& e = site.l.e();
  const auto& arguments = site.call.arguments;
  llvm::Value* source = site.l.scalar(*arguments[0]);
  llvm::Value* kind = site.l.scalar(*arguments[1]);
  llvm::Value* line = e.ir.CreateIntToPtr(site.l.scalar(*arguments[2]), e.ir.getPtrTy());
  llvm::Value* error_event = site.l.scalar(*arguments[3]);
  return site.l.machine.call_host(e, HOST_CALL(read_line), {source, kind, line, error_event});
}

}  // namespace hawk
