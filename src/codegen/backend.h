// LLVM's back ends, BPF's and this machine's: target, optimisation, object file and assembly text.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hawk {

// Instruction set: v3 has 32-bit operations and atomics that return the old value (Linux 5.12; an
// atomic add whose result is unused stays the older form that every kernel takes).
inline constexpr const char* kBpfCpu = "v3";

[[nodiscard]] std::unique_ptr<llvm::TargetMachine> create_bpf_target();
[[nodiscard]] std::unique_ptr<llvm::TargetMachine> create_host_target();
// Target triple and data layout of the module.
void prepare_module(llvm::Module& module, const llvm::TargetMachine& target);
void optimise(llvm::Module& module, llvm::TargetMachine& target);
// The module is used up.
[[nodiscard]] std::vector<std::uint8_t> emit_object(llvm::Module& module, llvm::TargetMachine& target);
[[nodiscard]] std::string emit_assembly(const llvm::Module& module, llvm::TargetMachine& target);
[[nodiscard]] std::string print_ir(const llvm::Module& module);

}  // namespace hawk
