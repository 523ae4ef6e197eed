// Makes the host object of an image executable, by LLVM's ORC.
#pragma once

#include <memory>

#include "image/host_interface.h"
#include "support/result.h"

namespace hawk {

// The host programs of `image`. The code lives as long as the result. The error: memory cannot be had, or must not
// be made executable (a hardened machine).
[[nodiscard]] Result<std::unique_ptr<HostCode>> load_host_code(const ProgramImage& image);

}  // namespace hawk
