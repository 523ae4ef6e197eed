// The C types whose size is the same on every 64-bit kernel. With them a script that says `uint64_t`
// needs no kernel type information.
#pragma once

#include <optional>
#include <string_view>

#include "ast/type.h"

namespace hawk {

// "unsigned long", "long unsigned int", "bool", "uint8_t", "__u32", "pid_t"; nullopt if it is none of them.
[[nodiscard]] std::optional<Type> basic_type(std::string_view name);

}  // namespace hawk
