#include "runtime/mapped_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "runtime/process_maps.h"

namespace hawk {

namespace {

using FileIdentity = std::pair<dev_t, ino_t>;

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

std::vector<std::uint32_t> running_processes() {
  std::vector<std::uint32_t> pids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    std::string name = entry.path().filename().string();
    std::uint32_t pid = 0;
    auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed == std::errc() && end == name.data() + name.size()) pids.push_back(pid);
  }
  std::sort(pids.begin(), pids.end());
  return pids;
}

}  // namespace

std::vector<std::string> mapped_files(std::uint32_t pid) {
  std::vector<std::string> paths;
  std::set<FileIdentity> known;
  for (std::uint32_t process : pid != 0 ? std::vector{pid} : running_processes()) {
    std::string last;
    ProcessMaps maps = ProcessMaps::read(process);
    for (const Mapping& mapping : maps.all()) {
      if (!mapping.path.starts_with('/') || mapping.path == last) continue;
      last = mapping.path;
      std::string inside = fmt::format("/proc/{}/root{}", process, mapping.path);
      auto identity = identity_of(inside);
      if (!identity || !known.insert(*identity).second) continue;
      paths.push_back(identity_of(mapping.path) == identity ? mapping.path : inside);
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace hawk
