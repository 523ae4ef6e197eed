// The options of a script (getopt()), as `-- --help` and the message about an unknown one list them.
#pragma once

#include <string>
#include <vector>

#include "semantics/typed.h"

namespace hawk {

// Lines `  --count=NUMBER  how many (5 if not given)`, each with a newline in front.
[[nodiscard]] std::string list_named_options(const std::vector<typed::NamedOption>& options);

}  // namespace hawk
