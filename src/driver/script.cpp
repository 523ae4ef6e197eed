#include "driver/script.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <sstream>

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
    if (got < 0)
      return Error{fmt::format("cannot read `{}`: {}", name, errno == EISDIR ? "it is a directory" : strerror(errno))};
    text.append(chunk, static_cast<std::size_t>(got));
  }
}

// Without a byte order mark; binary files are refused before they reach the terminal as an excerpt.
Result<Script> checked(Script script) {
  if (script.text.find('\0') != std::string::npos) return Error{fmt::format("`{}` is not a text file", script.name)};
  if (script.text.starts_with("\xef\xbb\xbf")) script.text.erase(0, 3);
  return script;
}

}  // namespace

Result<Script> read_script(const Options& options) {
  if (options.expression) return checked({"stdin", *options.expression});
  if (options.file == "-") {
    auto text = read_all(STDIN_FILENO, "standard input");
    if (!text) return text.error();
    return checked({"stdin", std::move(text.value())});
  }
  return read_script_file(options.file);
}

std::string script_title(const Options& options) {
  constexpr std::size_t kLongest = 90;  // bytes
  if (!options.expression) return options.file == "-" ? "standard input" : options.file;
  std::istringstream words(*options.expression);
  std::string title;
  for (std::string word; words >> word;) title += (title.empty() ? "" : " ") + word;
  if (title.size() <= kLongest) return title;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xc0) == 0x80) --end;  // not inside a UTF-8 sequence
  return title.substr(0, end) + "...";
}

Result<Script> read_script_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    const char* why = errno == ENOENT ? "no such file" : errno == EACCES ? "permission denied" : "cannot open";
    bool is_script = path.find('{') != std::string::npos;
    return Error{fmt::format("{}: `{}`", why, path),
                 is_script ? "a script on the command line follows -e: hawk -e 'SCRIPT'" : ""};
  }
  auto text = read_all(fd.get(), path);
  if (!text) return text.error();
  return checked({path, std::move(text.value())});
}

}  // namespace hawk
