// The language's functions on strings, for strings that are known while compiling and for texts inside hawk. What runs
// in the kernel does the same (src/codegen/lower_call_string*.cpp). Positions are bytes, counted from 0; letters are
// those of ASCII, and every other byte stays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawk {

// -1 if absent; the empty part is at the end.
[[nodiscard]] std::int64_t find_last(std::string_view text, std::string_view part);
// A negative start counts from the end; a negative length leaves so many bytes out at the end. Both are cut to what
// there is.
[[nodiscard]] std::string_view slice(std::string_view text, std::int64_t start, std::int64_t length);
[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);
// Every occurrence, from left to right; an empty part is nowhere.
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view part, std::string_view by);
// As basename(1) and dirname(1).
[[nodiscard]] std::string_view last_component(std::string_view path);
[[nodiscard]] std::string_view parent_path(std::string_view path);
// As strtol(3): blanks, a sign, 0x with base 16 or 0, the digits; cut to the range of int64; 0 without digits and for
// bases that there are not.
[[nodiscard]] std::int64_t leading_integer(std::string_view text, std::int64_t base);

}  // namespace hawk
