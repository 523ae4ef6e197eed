// Glob matching of probe names: `*` is any run of characters, `?` one, `[abc]` / `[a-z]` / `[!x]` one of a set.
#pragma once

#include <string_view>

namespace hawk {

[[nodiscard]] bool has_wildcard(std::string_view pattern);
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text);

}  // namespace hawk
