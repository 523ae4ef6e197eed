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
// A register or a part of one as assembly names it, without `%`: "rax", "eax", "ax", "al", "ah", "r8d". nullopt for
// those that struct pt_regs does not have (xmm0, fs).
struct RegisterPart {
  std::uint32_t offset = 0;  // of the whole register
  std::uint32_t bytes = 8;
  std::uint32_t shift = 0;  // bits below the part
};
[[nodiscard]] std::optional<RegisterPart> register_part(std::string_view name);
[[nodiscard]] std::uint32_t instruction_pointer_offset();
[[nodiscard]] std::uint32_t result_register_offset();
[[nodiscard]] std::uint32_t code_segment_offset();  // low two bits: privilege level, 3 in user mode
// "arg3" is 3; nullopt for other names.
[[nodiscard]] std::optional<std::uint32_t> argument_index(std::string_view name);

}  // namespace hawk
