// What the kernel means when it refuses to load a program or make a map, in words.
#pragma once

#include <string_view>

#include "image/program_image.h"
#include "support/result.h"

namespace hawk {

// `error` is an errno, `log` what libbpf printed. With `verbose` the help is the log itself.
[[nodiscard]] Error load_error(const ProgramImage& image, int error, std::string_view log, bool verbose);

}  // namespace hawk
