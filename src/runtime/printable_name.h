// Names that others chose, made harmless for a terminal.
#pragma once

#include <string>

namespace hawk {

// Control bytes (below 0x20, and 0x7f) as `\xNN`; all else, UTF-8 too, stays.
[[nodiscard]] std::string printable_name(std::string name);

}  // namespace hawk
