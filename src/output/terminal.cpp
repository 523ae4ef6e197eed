#include "output/terminal.h"

#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace hawk {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// By the first variable that says something, as setlocale(3) looks for LC_CTYPE.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string_view locale = variable(name);
    if (locale.empty()) continue;
    std::size_t dot = locale.find('.');
    const char* codeset = dot == std::string_view::npos ? "" : locale.data() + dot + 1;
    return strncasecmp(codeset, "utf-8", 5) == 0 || strncasecmp(codeset, "utf8", 4) == 0;
  }
  return false;
}

bool wants_colour(bool is_terminal) {
  std::string_view wish = variable("BPFTRACE_COLOR");
  if (wish == "always" || wish == "never") return wish == "always";
  return is_terminal && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

std::size_t width_of(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Shading terminal_shading(int fd) {
  bool is_terminal = isatty(fd) != 0;
  return {.blocks = is_terminal && is_utf8_locale(),
          .colour = wants_colour(is_terminal),
          .width = is_terminal ? width_of(fd) : 0};
}

}  // namespace hawk
