// Resolver: what turns numbers in an event into names when it is printed: symbols, users, cgroups,
// clocks. The real one belongs to the runtime; tests and replay bring their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"

namespace hawk {

struct StackFrame {
  std::uint64_t address = 0;
  std::string symbol;         // "" if unknown
  std::uint64_t offset = 0;   // bytes into the symbol
  std::string module = {};    // user stacks: path of the mapped file, if known
  std::string build_id = {};  // stacks of mode build_id: the file's, in hex; `offset` is then one in the file
};

class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  virtual StackFrame kernel_frame(std::uint64_t address) = 0;
  // `tgid` in the initial PID namespace.
  virtual StackFrame user_frame(std::uint64_t address, std::uint32_t tgid) = 0;
  virtual std::string user_name(std::uint64_t uid) = 0;  // "" if unknown
  // "unified:/a,cpu:/b" for the controllers that match the glob `filter` ("" for all); "" if unknown.
  virtual std::string cgroup_path(std::uint64_t cgroup_id, const std::string& filter) = 0;
  // Nanoseconds since 1970 (UTC) of a reading of `clock`.
  virtual std::int64_t wall_clock_ns(std::uint64_t ns, Clock clock) = 0;
  // The bytes of a text (TypeKind::kText), valid until host code runs again; a program without host code has none.
  virtual std::string_view text(std::uint64_t /*id*/) { return {}; }
};

}  // namespace hawk
