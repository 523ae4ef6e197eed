// Reading little-endian values out of the bytes of events and maps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "ast/type.h"

namespace hawk {

using Bytes = std::span<const std::uint8_t>;

// The first `size` bytes (1 to 8) as an unsigned number.
[[nodiscard]] inline std::uint64_t load_unsigned(Bytes bytes, std::uint32_t size = 8) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), std::min<std::size_t>({size, bytes.size(), sizeof value}));
  return value;
}

[[nodiscard]] inline std::uint64_t load_word(Bytes bytes, std::size_t index) {
  return index * 8 + 8 <= bytes.size() ? load_unsigned(bytes.subspan(index * 8)) : 0;
}

// Cuts `value` to its low `bits` (1 to 64) and widens it again, with its sign if `is_signed`.
[[nodiscard]] inline std::uint64_t widen(std::uint64_t value, std::uint32_t bits, bool is_signed) {
  if (bits >= 64) return value;
  std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  bool negative = is_signed && ((value >> (bits - 1)) & 1) != 0;
  return negative ? value | ~mask : value & mask;
}

// A scalar (int, enum, bool, pointer) or the number at the front of an aggregation, widened to 64 bits
// with its sign if the type has one.
[[nodiscard]] inline std::uint64_t load_scalar(const Type& type, Bytes bytes) {
  std::uint32_t size = std::min<std::uint32_t>(type.size, 8);
  return size == 0 ? 0 : widen(load_unsigned(bytes, size), size * 8, type.is_signed);
}

// As numbers of the type: signed, if it is.
[[nodiscard]] inline bool is_less(const Type& type, std::uint64_t left, std::uint64_t right) {
  if (!type.is_signed) return left < right;
  return static_cast<std::int64_t>(left) < static_cast<std::int64_t>(right);
}

}  // namespace hawk
