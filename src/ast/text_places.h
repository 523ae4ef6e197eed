// Where texts lie in the bytes of a value.
#pragma once

#include <cstdint>
#include <vector>

#include "ast/type.h"

namespace hawk {

// Offsets, in bytes, of the ids of texts in a value of `type`.
[[nodiscard]] std::vector<std::uint32_t> text_places(const Type& type);

}  // namespace hawk
