// Where instructions of this machine begin. A breakpoint written into the middle of one would break
// the traced program, so uprobes at an offset are checked before they are attached.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace hawk {

// Whether an instruction begins `offset` bytes into `code`, which starts with the first instruction of
// a function and reaches some bytes beyond `offset`. Nullopt if the bytes cannot be decoded so far.
[[nodiscard]] std::optional<bool> begins_instruction(std::span<const std::uint8_t> code, std::uint64_t offset);

}  // namespace hawk
