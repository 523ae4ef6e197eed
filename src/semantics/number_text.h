// Numbers as they stand in attach points and arguments: "99", "0x1f", "1_000", "10ms".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawk {

// Decimal, 0x hexadecimal or 0 octal, digits may be separated by `_`.
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text);
// The same with an optional leading minus; nullopt when it does not fit 64 bits.
struct ParsedNumber {
  std::uint64_t magnitude = 0;
  bool negative = false;
};
[[nodiscard]] std::optional<ParsedNumber> parse_number(std::string_view text);
// A plain number, or a number with a unit as nanoseconds.
[[nodiscard]] std::optional<std::uint64_t> parse_duration(std::string_view text);
// "ns", "us", "ms", "s", "m", "h", "d".
[[nodiscard]] std::optional<std::uint64_t> unit_in_ns(std::string_view unit);

}  // namespace hawk
