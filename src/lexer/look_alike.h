// Characters that keyboards, word processors and web pages put where ASCII is meant.
#pragma once

#include <string_view>

namespace hawk {

struct LookAlike {
  std::string_view character;        // UTF-8
  const char* name;                  // "a full-width parenthesis"
  const char* instead;               // what to write
  const char* code_point = nullptr;  // "U+3000" for what cannot be seen
};

// Null if `character` resembles nothing that the language has.
[[nodiscard]] const LookAlike* find_look_alike(std::string_view character);

}  // namespace hawk
