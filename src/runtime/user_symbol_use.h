// Whether a program shows user-space symbols: only then are the mappings of processes worth recording.
#pragma once

#include "image/program_image.h"

namespace hawk {

[[nodiscard]] bool shows_user_symbols(const ProgramImage& image);

}  // namespace hawk
