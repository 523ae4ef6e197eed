// Names that other languages have and hawk does not: what to write instead.
#pragma once

#include <string_view>

namespace hawk {

// For `name(...)`; empty if it is not known.
[[nodiscard]] std::string_view foreign_function_hint(std::string_view name);
// For `name` as a value; empty if it is not known.
[[nodiscard]] std::string_view foreign_value_hint(std::string_view name);

}  // namespace hawk
