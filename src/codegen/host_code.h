// Makes the host object of an image executable, by LLVM's ORC.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "image/host_interface.h"
#include "support/result.h"

namespace hawk {

// `object`: ProgramImage::host_object. The code lives as long as the result. The error: memory cannot be had, or must not
// be made executable (a hardened machine).
[[nodiscard]] Result<std::unique_ptr<HostCode>> load_host_code(const std::vector<std::uint8_t>& object);

}  // namespace hawk
