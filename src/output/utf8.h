// Text as characters: which bytes are UTF-8, and which characters a terminal would obey instead of showing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hawk {

struct Utf8Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;  // false: `bytes` of the text are not UTF-8 (a whole character that was cut short counts as one)
};
// What `text`, which is not empty, begins with.
[[nodiscard]] Utf8Character first_character(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

// C0, DEL, C1, and what changes the direction of writing.
[[nodiscard]] bool is_control(char32_t code);

// Makes `out` from `start` on harmless to a terminal: what is_control() or no UTF-8 becomes `\xNN`, byte by byte.
void escape_controls(std::string& out, std::size_t start);

}  // namespace hawk
