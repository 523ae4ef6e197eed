// The Resolver of this machine: kallsyms, ELF files of running processes, the user and cgroup tables.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "ast/config.h"
#include "image/resolver.h"
#include "runtime/cgroup_paths.h"
#include "runtime/clocks.h"
#include "runtime/kernel_symbols.h"
#include "runtime/user_symbols.h"

namespace hawk {

class MachineResolver : public Resolver {
 public:
  explicit MachineResolver(const Config& config) : users_(config) {}

  StackFrame kernel_frame(std::uint64_t address) override;
  StackFrame user_frame(std::uint64_t address, std::uint32_t tgid) override;
  std::string user_name(std::uint64_t uid) override;
  std::string cgroup_path(std::uint64_t cgroup_id, const std::string& filter) override;
  std::int64_t wall_clock_ns(std::uint64_t ns, Clock clock) override { return clocks_.wall_ns(ns, clock); }

  // Where texts come from.
  void use_texts(std::function<std::string_view(std::uint64_t)> texts) { texts_ = std::move(texts); }
  std::string_view text(std::uint64_t id) override { return texts_ ? texts_(id) : std::string_view(); }

  // Reads the mappings of a process while it lives, for addresses that are asked for later.
  void remember_process(std::uint32_t tgid) { users_.remember(tgid); }
  // The same for every process of the machine, from now on; collect_records() is to be called often then.
  void record_processes() { users_.record_processes(); }
  void collect_records() { users_.collect_records(); }

 private:
  ClockOffsets clocks_;
  std::unique_ptr<KernelSymbolTable> kernel_;  // read at the first question
  UserSymbols users_;
  CgroupPaths cgroups_;
  std::unordered_map<std::uint64_t, std::string> user_names_;
  std::function<std::string_view(std::uint64_t)> texts_;
};

}  // namespace hawk
