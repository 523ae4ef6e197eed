// `%gr`: page allocation flags by name.
#pragma once

#include <cstdint>
#include <string>

namespace hawk {

// Joined by `|`: first the composite names (GFP_KERNEL), then single bits, then what has no name in hex.
void append_gfp_flags(std::string& out, std::uint64_t flags);

}  // namespace hawk
