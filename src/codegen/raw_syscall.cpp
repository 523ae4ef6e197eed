#include "codegen/raw_syscall.h"

#include <array>

#include "semantics/registers.h"
#include "support/check.h"

namespace hawk {

namespace {

constexpr std::uint32_t kFirstOffset = 16;  // in the record: of the first argument, or of the result
// Where the kernel's entry code puts them: unlike in calls of functions the fourth is in r10.
constexpr std::array kArguments = {"di", "si", "dx", "r10", "r8", "r9"};
// Both raw tracepoints have the registers first (struct pt_regs *); behind them the number, or the result.
constexpr std::uint32_t kSecond = 8;

llvm::Value* load_register(Lowering& l, const char* name) {
  Emitter& e = l.e();
  SlotScope scope(e);
  Place value = e.slot(8);
  llvm::Value* registers = l.machine.load_context(e, l.context(), 0, 8);
  llvm::Value* address = e.ir.CreateAdd(registers, e.number(*register_offset(name)));
  l.machine.read_memory(e, value, e.number(8), {.address = address, .space = AddressSpace::kKernel});
  return e.load(value, 8);
}

}  // namespace

llvm::Value* load_raw_syscall(Lowering& l, std::uint32_t offset) {
  bool enters = l.clause().raw_syscalls->enters;
  if (offset == kSyscallNumberOffset) {
    llvm::Value* word = enters ? l.machine.load_context(l.e(), l.context(), kSecond, 8) : load_register(l, "orig_ax");
    // The number is an int; what is above it in the register means nothing to the kernel (syscall_get_nr).
    return l.e().ir.CreateSExt(l.e().ir.CreateTrunc(word, l.e().integer(4)), l.e().integer(8));
  }
  if (!enters) return l.machine.load_context(l.e(), l.context(), kSecond, 8);
  HAWK_CHECK(offset >= kFirstOffset && (offset - kFirstOffset) / 8 < kArguments.size(),
             "a system call has six arguments");
  return load_register(l, kArguments[(offset - kFirstOffset) / 8]);
}

}  // namespace hawk
