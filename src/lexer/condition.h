// The condition of `#if` and `#elif`: integers, defined(NAME), names of integer constants, `!`, `&&`, `||`,
// comparisons and parentheses.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lexer/token.h"

namespace hawk {

using DefinedNames = std::map<std::string, std::optional<std::uint64_t>, std::less<>>;

// Nullopt if the tokens are no such condition. A name that is not defined is 0, as in C.
[[nodiscard]] std::optional<std::uint64_t> evaluate_condition(const std::vector<Token>& tokens,
                                                              const DefinedNames& defined);

}  // namespace hawk
