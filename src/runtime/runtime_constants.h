// What only this machine and moment know, for the program's constants.
#pragma once

#include <sys/types.h>

#include "image/program_image.h"

namespace hawk {

// `child` and `target` are 0 without -c and -p. Process ids are those of hawk's own PID namespace.
[[nodiscard]] RuntimeConstants runtime_constants(pid_t child, pid_t target);

}  // namespace hawk
