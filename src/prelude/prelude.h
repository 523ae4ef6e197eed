// The prelude: builtins that are written in hawk itself, as macros and functions in *.hawk of this directory. They are
// part of the binary, and parsed only for a script that mentions one.
#pragma once

#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "support/source_file.h"

namespace hawk {

// Every macro and function of the prelude, once each, sorted.
[[nodiscard]] const std::vector<std::string_view>& prelude_names();

// Its macros and functions; empty if the program mentions none of them. The texts are added to `sources`.
[[nodiscard]] ast::Program prelude_for(const ast::Program& program, Sources& sources);

}  // namespace hawk
