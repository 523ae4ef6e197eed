#include "runtime/binary_paths.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "runtime/read_file.h"
#include "support/glob.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

bool is_regular(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_elf(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  char magic[4] = {};
  return file.valid() && ::read(file.get(), magic, 4) == 4 && std::memcmp(magic, "\177ELF", 4) == 0;
}

std::string absolute(std::string_view path) {
  if (path.starts_with('/')) return std::string(path);
  std::error_code error;
  std::filesystem::path here = std::filesystem::current_path(error);
  return (here / path).lexically_normal().string();
}

std::vector<std::string> search_path() {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> directories;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find(':'), rest.size());
    directories.push_back(absolute(end == 0 ? "." : rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return directories;
}

void add_matches(const std::string& pattern, std::vector<std::string>& paths) {
  glob_t found{};
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      std::string path = found.gl_pathv[i];
      if (is_regular(path) && is_elf(path)) paths.push_back(std::move(path));
    }
  }
  globfree(&found);
}

std::vector<std::string> match_binaries(std::string_view pattern) {
  std::vector<std::string> paths;
  if (pattern.find('/') != std::string_view::npos) {
    add_matches(absolute(pattern), paths);
  } else {
    for (const std::string& directory : search_path()) add_matches(fmt::format("{}/{}", directory, pattern), paths);
  }
  return paths;
}

// /etc/ld.so.cache of glibc 2.2 and later (sysdeps/generic/dl-cache.h, struct cache_file_new): this header,
// then `count` entries, then the strings; offsets count from the header. Numbers are in the machine's order.
constexpr std::string_view kCacheMagic = "glibc-ld.so.cache1.1";
struct CacheHeader {
  char magic[20];
  std::uint32_t count;
  std::uint32_t strings_size;
  std::uint32_t unused[5];
};
struct CacheEntry {
  std::int32_t flags;
  std::uint32_t name;
  std::uint32_t path;
  std::uint32_t unused;
  std::uint64_t hardware;  // not 0: only for some processors, preferred there by the linker
};
static_assert(sizeof(CacheHeader) == 48 && sizeof(CacheEntry) == 24);

#if defined(__aarch64__)
constexpr std::int32_t kNativeLibrary = 0x0a03;
#else
constexpr std::int32_t kNativeLibrary = 0x0303;  // FLAG_ELF_LIBC6 | FLAG_X8664_LIB64
#endif

// How well a library's name fits: 3 exactly, 2 but for its version, 1 but for `.so`, 0 not at all.
int fit(std::string_view library, std::string_view name) {
  if (library == name) return 3;
  if (!library.starts_with(name)) return 0;
  std::string_view rest = library.substr(name.size());
  if (rest == ".so") return 1;
  if (rest.starts_with(".so.")) return 2;
  return name.ends_with(".so") && rest.starts_with('.') ? 2 : 0;
}

std::string_view string_at(std::string_view data, std::uint32_t offset) {
  if (offset >= data.size()) return {};
  return data.substr(offset, data.find('\0', offset) - offset);
}

}  // namespace

std::optional<std::string> find_library(std::string_view cache, std::string_view name) {
  std::size_t begin = cache.find(kCacheMagic);  // an old-format cache may come first
  if (begin == std::string_view::npos || cache.size() - begin < sizeof(CacheHeader)) return std::nullopt;
  cache.remove_prefix(begin);
  CacheHeader header;
  std::memcpy(&header, cache.data(), sizeof header);
  std::size_t available = (cache.size() - sizeof header) / sizeof(CacheEntry);
  int best_fit = 0;
  std::optional<std::string> best;
  for (std::size_t i = 0; i < std::min<std::size_t>(header.count, available); ++i) {
    CacheEntry entry;
    std::memcpy(&entry, cache.data() + sizeof header + i * sizeof entry, sizeof entry);
    if (entry.flags != kNativeLibrary || entry.hardware != 0) continue;
    int this_fit = fit(string_at(cache, entry.name), name);
    if (this_fit <= best_fit) continue;
    best_fit = this_fit;
    best = string_at(cache, entry.path);
  }
  return best;
}

Result<std::vector<std::string>> find_binaries(std::string_view name) {
  if (has_wildcard(name)) return match_binaries(name);
  Error missing{.message = fmt::format("`{}` does not exist or is not executable", name)};
  if (name.find('/') != std::string_view::npos) {
    std::string path = absolute(name);
    if (!is_regular(path)) return missing;
    return std::vector{path};
  }
  for (const std::string& directory : search_path()) {
    std::string path = fmt::format("{}/{}", directory, name);
    if (is_regular(path) && access(path.c_str(), X_OK) == 0) return std::vector{path};
  }
  std::optional<std::string> library = find_library(read_file("/etc/ld.so.cache").value_or(""), name);
  if (library) return std::vector{*library};
  missing.help = "name a file with its path, a program of $PATH or a library of `ldconfig -p`";
  return missing;
}

}  // namespace hawk
