// HAWK_CHECK: an invariant of hawk itself. A failure is a bug in hawk, not in the script: it stops
// with exit status 70 and says where.
#pragma once

#include <string_view>

namespace hawk {

[[noreturn]] void report_bug(const char* file, int line, const char* condition, std::string_view what);

}  // namespace hawk

#define HAWK_CHECK(condition, what) \
  ((condition) ? static_cast<void>(0) : ::hawk::report_bug(__FILE__, __LINE__, #condition, what))
#define HAWK_UNREACHABLE(what) ::hawk::report_bug(__FILE__, __LINE__, "unreachable", what)
