// Which file a script means by "bash", "./a.out", "libc", "libssl.so.3" or "/usr/bin/*".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace hawk {

// Absolute paths, in order; more than one only for a pattern. What has a slash is a path (symbolic links are
// kept as they are written); else a program of $PATH, else a library that the dynamic linker knows. A
// pattern gives the ELF files it matches, maybe none; a name that is nothing gives an Error.
[[nodiscard]] Result<std::vector<std::string>> find_binaries(std::string_view name);

// A library of the dynamic linker's cache (`cache` is the content of /etc/ld.so.cache): by its full name, or
// without its version or its `.so`. Only libraries of this machine's own kind. nullopt if there is none.
[[nodiscard]] std::optional<std::string> find_library(std::string_view cache, std::string_view name);

}  // namespace hawk
