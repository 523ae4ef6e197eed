// CgroupPaths: from the number of a cgroup (the inode of its directory) to its path in each hierarchy.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "support/result.h"

namespace hawk {

// A mounted hierarchy.
struct CgroupMount {
  std::string name;  // "unified" for version 2, else the controllers: "cpu", "cpu,cpuacct", "systemd"
  std::string path;

  friend bool operator==(const CgroupMount&, const CgroupMount&) = default;
};

// From the text of /proc/self/mountinfo: version 2 first, then by name; the first mount of each.
[[nodiscard]] std::vector<CgroupMount> parse_cgroup_mounts(std::string_view mountinfo);

class CgroupPaths {
 public:
  // "unified:/a,cpu:/b" for the hierarchies whose name matches the glob `filter` ("" for all) and that have
  // a directory with that inode; "" if none.
  [[nodiscard]] std::string find(std::uint64_t id, const std::string& filter);

 private:
  struct Hierarchy {
    CgroupMount mount;
    std::unordered_map<std::uint64_t, std::string> paths;  // inode to path below the mount
  };
  void read();

  bool known_ = false;
  std::vector<Hierarchy> hierarchies_;
  std::map<std::pair<std::uint64_t, std::string>, std::string> found_;
};

// The number of a directory of the unified hierarchy, which is its inode (kernfs, 64-bit Linux 5.5).
[[nodiscard]] Result<std::uint64_t> find_cgroup_id(const std::string& path);

}  // namespace hawk
