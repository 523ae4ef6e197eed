// Registers of the traced machine: where each lies in struct pt_regs, which hold arguments and results.
// x86-64: arch/x86/include/uapi/asm/ptrace.h; argument order: System V ABI, section 3.2.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

// Byte offset in struct pt_regs.
[[nodiscard]] std::optional<std::uint32_t> register_offset(std::string_view name);
[[nodiscard]] std::vector<std::string> register_names();
// Register that holds integer argument `index`, nullopt when it is on the stack.
[[nodiscard]] std::optional<std::uint32_t> argument_register_offset(std::uint32_t index);
[[nodiscard]] std::uint32_t result_register_offset();
[[nodiscard]] std::uint32_t code_segment_offset();  // low two bits: privilege level, 3 in user mode
// "arg3" is 3; nullopt for other names.
[[nodiscard]] std::optional<std::uint32_t> argument_index(std::string_view name);

}  // namespace hawk
