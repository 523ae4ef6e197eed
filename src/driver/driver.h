// The recipe: what happens, in which order, from a command line to an exit status.
#pragma once

namespace hawk {

[[nodiscard]] int run_hawk(int count, char** arguments);

}  // namespace hawk
