// write(2) until everything is written.
#pragma once

#include <string_view>

namespace hawk {

// Waits where the other side takes nothing for now. 0, or the errno of the write that failed.
[[nodiscard]] int write_all(int fd, std::string_view bytes);

}  // namespace hawk
