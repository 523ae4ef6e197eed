// ProcessMaps: where the files of a process lie in its memory (/proc/PID/maps).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;     // exclusive
  std::uint64_t offset = 0;  // of `begin` in the file
  std::string path;          // as the process sees it; "[vdso]"; "" for memory without a file
};

class ProcessMaps {
 public:
  ProcessMaps() = default;
  // Executable mappings from the text of /proc/PID/maps.
  [[nodiscard]] static ProcessMaps parse(std::string_view text);

  // Of a process that lives now; empty if it does not.
  [[nodiscard]] static ProcessMaps read(std::uint32_t pid);

  // Replaces whatever overlaps it.
  void add(Mapping mapping);
  // Null if the address is in none.
  [[nodiscard]] const Mapping* find(std::uint64_t address) const;
  [[nodiscard]] const std::vector<Mapping>& all() const { return mappings_; }
  [[nodiscard]] bool empty() const { return mappings_.empty(); }

 private:
  std::vector<Mapping> mappings_;  // by address
};

}  // namespace hawk
