// Where objects that have been compiled are kept.
#pragma once

#include <string>

namespace hawk {

// $HAWK_CACHE_DIR; without it, for root /var/cache/hawk, for others `hawk` in $XDG_CACHE_HOME or in ~/.cache. "" if
// there is no such place, or if hawk has privileges that who runs it has not: the environment does not count then.
[[nodiscard]] std::string cache_directory();

}  // namespace hawk
