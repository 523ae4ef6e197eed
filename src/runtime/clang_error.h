// What clang says when it refuses a script's headers, as one Error at the line of the script that is to blame.
#pragma once

#include <string_view>

#include "ast/c_headers.h"

namespace hawk {

// `messages` is clang's standard error for an input whose first lines are those of the section. No span: the error lies
// behind them, or in a file that the command line names.
[[nodiscard]] Error clang_error(std::string_view messages, const CSection& section);

}  // namespace hawk
