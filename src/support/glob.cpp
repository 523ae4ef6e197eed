#include "support/glob.h"

#include <fnmatch.h>

#include <string>

namespace hawk {

bool has_wildcard(std::string_view pattern) { return pattern.find_first_of("*[?") != std::string_view::npos; }

bool glob_match(std::string_view pattern, std::string_view text) {
  return fnmatch(std::string(pattern).c_str(), std::string(text).c_str(), FNM_NOESCAPE) == 0;
}

}  // namespace hawk
