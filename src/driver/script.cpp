#include "driver/script.h"

#include <fmt/format.h>
#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "support/unique_fd.h"

namespace hawk {

namespace {

Result<std::string> read_all(int fd, const std::string& name) {
  std::string text;
  char chunk[65536];
  while (true) {
    ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{fmt::format("cannot read `{}`: {}", name, errno == EISDIR ? "it is a directory" : strerror(errno))};
    text.append(chunk, static_cast<std::size_t>(got));
  }
}

}  // namespace

Result<Script> read_script(const Options& options) {
  if (options.expression) return Script{"stdin", *options.expression};
  if (options.file == "-") {
    auto text = read_all(STDIN_FILENO, "standard input");
    if (!text) return text.error();
    return Script{"stdin", std::move(text.value())};
  }
  UniqueFd fd(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    const char* why = errno == ENOENT ? "no such file" : errno == EACCES ? "permission denied" : "cannot open";
    return Error{fmt::format("{}: `{}`", why, options.file)};
  }
  auto text = read_all(fd.get(), options.file);
  if (!text) return text.error();
  return Script{options.file, std::move(text.value())};
}

}  // namespace hawk
