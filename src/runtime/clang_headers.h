// The C headers of a script through an installed clang, run as a separate program: it preprocesses them and writes
// their types as BTF, which BtfTypes reads. hawk itself has no C compiler.
#pragma once

#include <memory>

#include "ast/c_headers.h"
#include "runtime/header_flags.h"

namespace hawk {

// Costs nothing until asked.
[[nodiscard]] std::unique_ptr<CHeaders> make_headers(HeaderOptions options);

}  // namespace hawk
