#include "runtime/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace hawk {

std::optional<std::string> read_all(int fd, std::size_t limit) {
  constexpr std::size_t kFirst = 1 << 16;
  std::string text;
  struct stat status{};
  // Files of /proc and tracefs say 0 (those of sysfs one page or their real size).
  bool sized = fstat(fd, &status) == 0 && status.st_size > 0;
  std::size_t used = 0;
  text.resize(std::min(sized ? static_cast<std::size_t>(status.st_size) : kFirst, limit) + 1);
  for (;;) {
    ssize_t got = ::read(fd, text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > limit) {
      errno = EFBIG;
      return std::nullopt;
    }
    if (used == text.size()) text.resize(std::min(text.size() * 2, limit + 1));
  }
  text.resize(used);
  return text;
}

std::optional<std::string> read_file_at(int directory, const std::string& path) {
  UniqueFd file(openat(directory, path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return std::nullopt;
  return read_all(file.get());
}

std::optional<std::string> read_file(const std::string& path) { return read_file_at(AT_FDCWD, path); }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace hawk
