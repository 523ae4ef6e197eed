#include "support/check.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hawk {

void report_bug(const char* file, int line, const char* condition, std::string_view what) {
  const char* source = std::strstr(file, "src/");
  std::fflush(stdout);
  std::fprintf(stderr, "hawk: internal error at %s:%d: %.*s (%s)\n", source != nullptr ? source : file, line,
               static_cast<int>(what.size()), what.data(), condition);
  std::fprintf(stderr, "This is a bug in hawk, not in your script. Please report it with the script.\n");
  std::_Exit(70);
}

}  // namespace hawk
