// Looking into texts: fields of a line, and the number a text begins with.
#pragma once

#include <cstdint>
#include <string_view>

namespace hawk {

// Field `number` from 1 on: what is between runs of blanks and tabs or, if there are `separators`, between single
// characters out of them. 0 is the whole text. Empty if there is no such field.
[[nodiscard]] std::string_view find_text_field(std::string_view text, std::int64_t number, std::string_view separators);

// Behind blanks, tabs and newlines: an optional sign, then a decimal number; 0 without. Too large ones are infinite.
[[nodiscard]] double leading_float(std::string_view text);
// Likewise, whole: decimal, which ends at the largest and smallest int64, or hexadecimal behind 0x, of 64 bits.
[[nodiscard]] std::int64_t leading_int(std::string_view text);

}  // namespace hawk
