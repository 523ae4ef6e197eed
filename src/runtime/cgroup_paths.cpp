#include "runtime/cgroup_paths.h"

#include <dirent.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "runtime/read_file.h"
#include "support/glob.h"

namespace hawk {

namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    std::size_t blank = std::min(line.find(' '), line.size());
    if (blank > 0) fields.push_back(line.substr(0, blank));
    line.remove_prefix(std::min(blank + 1, line.size()));
  }
  return fields;
}

// Fields: id, parent, device, root, mount point, options, tags..., "-", type, source, super options.
std::optional<CgroupMount> parse_mount(std::string_view line) {
  constexpr std::size_t kMountPoint = 4;
  std::vector<std::string_view> fields = fields_of(line);
  auto dash = std::find(fields.begin(), fields.end(), "-");
  if (fields.size() <= kMountPoint || fields.end() - dash < 2) return std::nullopt;
  std::string_view type = dash[1];
  std::string path(fields[kMountPoint]);
  if (type == "cgroup2") return CgroupMount{"unified", path};
  if (type != "cgroup") return std::nullopt;
  return CgroupMount{path.substr(path.rfind('/') + 1), path};
}

// All directories at and below `path`; `name` is the path below the mount.
void walk(const std::string& path, const std::string& name, std::unordered_map<std::uint64_t, std::string>& paths) {
  std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  while (directory) {
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) return;
    std::string_view child = entry->d_name;
    if (child == ".") paths.emplace(entry->d_ino, name.empty() ? "/" : name);
    if (entry->d_type != DT_DIR || child == "." || child == "..") continue;
    walk(fmt::format("{}/{}", path, child), fmt::format("{}/{}", name, child), paths);
  }
}

}  // namespace

std::vector<CgroupMount> parse_cgroup_mounts(std::string_view mountinfo) {
  std::vector<CgroupMount> mounts;
  for (std::string_view line : lines_of(mountinfo)) {
    std::optional<CgroupMount> mount = parse_mount(line);
    if (!mount) continue;
    bool known = std::any_of(mounts.begin(), mounts.end(), [&](const CgroupMount& m) { return m.name == mount->name; });
    if (!known) mounts.push_back(std::move(*mount));
  }
  auto key = [](const CgroupMount& mount) { return std::pair(mount.name != "unified", mount.name); };
  std::sort(mounts.begin(), mounts.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return mounts;
}

void CgroupPaths::read() {
  hierarchies_.clear();
  for (CgroupMount& mount : parse_cgroup_mounts(read_file("/proc/self/mountinfo").value_or(""))) {
    Hierarchy hierarchy{.mount = std::move(mount), .paths = {}};
    walk(hierarchy.mount.path, "", hierarchy.paths);
    hierarchies_.push_back(std::move(hierarchy));
  }
  known_ = true;
}

std::string CgroupPaths::find(std::uint64_t id, const std::string& filter) {
  auto cached = found_.find({id, filter});
  if (cached != found_.end()) return cached->second;
  auto is_here = [&](const Hierarchy& hierarchy) { return hierarchy.paths.contains(id); };
  // A cgroup that is not in the tables may have been made since they were read.
  if (!known_ || std::none_of(hierarchies_.begin(), hierarchies_.end(), is_here)) read();
  std::string result;
  for (const Hierarchy& hierarchy : hierarchies_) {
    auto path = hierarchy.paths.find(id);
    if (path == hierarchy.paths.end() || !(filter.empty() || glob_match(filter, hierarchy.mount.name))) continue;
    if (!result.empty()) result += ',';
    result += hierarchy.mount.name + ":" + path->second;
  }
  return found_[{id, filter}] = result;
}

Result<std::uint64_t> find_cgroup_id(const std::string& path) {
  struct stat status{};
  struct statfs filesystem{};
  if (stat(path.c_str(), &status) != 0 || statfs(path.c_str(), &filesystem) != 0)
    return Error{.message = fmt::format("cannot read the cgroup `{}`: {}", path, std::strerror(errno))};
  if (filesystem.f_type == CGROUP2_SUPER_MAGIC && S_ISDIR(status.st_mode)) return std::uint64_t{status.st_ino};
  Error error{.message = fmt::format("`{}` is no directory of the cgroup file system, version 2", path)};
  error.help = "`mount -t cgroup2` shows where it is mounted";
  return error;
}

}  // namespace hawk
