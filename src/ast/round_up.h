// Sizes and offsets in steps of an alignment.
#pragma once

#include <cstdint>

namespace hawk {

// The smallest multiple of `align` that is not below `value`.
[[nodiscard]] constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t align) {
  return (value + align - 1) / align * align;
}

}  // namespace hawk
