#include "driver/cache_directory.h"

#include <unistd.h>

#include <cstdlib>

namespace hawk {

std::string cache_directory() {
  if (const char* wanted = ::secure_getenv("HAWK_CACHE_DIR"); wanted != nullptr) return wanted;
  if (::geteuid() == 0) return "/var/cache/hawk";  // not in $HOME, which may be another user's
  if (const char* cache = ::secure_getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return std::string(cache) + "/hawk";
  const char* home = ::secure_getenv("HOME");
  return home != nullptr && *home == '/' ? std::string(home) + "/.cache/hawk" : "";
}

}  // namespace hawk
