// What to trace where a kernel function cannot be: the tracepoint that is closest to it.
#pragma once

#include <string>
#include <string_view>

#include "ast/target_info.h"

namespace hawk {

// A probe of this machine ("tracepoint:syscalls:sys_enter_read" for "vfs_read", its exit for `returns`); "" if none is
// known that this kernel has.
[[nodiscard]] std::string tracepoint_for(std::string_view function, bool returns, TargetInfo& target);

}  // namespace hawk
