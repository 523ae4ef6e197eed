// What a record of syscalls:sys_enter_NAME or sys_exit_NAME would hold, in a program on the raw tracepoint.
#pragma once

#include "codegen/lowering.h"

namespace hawk {

inline constexpr std::uint32_t kSyscallNumberOffset = 8;  // of __syscall_nr in the record

// The 8 bytes of the record at `offset`: the number, an argument, or the result.
[[nodiscard]] llvm::Value* load_raw_syscall(Lowering& l, std::uint32_t offset);

}  // namespace hawk
