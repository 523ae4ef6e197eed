#include "runtime/machine_resolver.h"

#include <pwd.h>
#include <unistd.h>

#include "runtime/printable_name.h"

namespace hawk {

namespace {

std::string look_up_user(std::uint64_t uid) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(static_cast<uid_t>(uid), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "" : found->pw_name;
}

}  // namespace

StackFrame MachineResolver::kernel_frame(std::uint64_t address) {
  if (!kernel_) kernel_ = std::make_unique<KernelSymbolTable>(KernelSymbolTable::read());
  LocatedKernelSymbol found = kernel_->find(address);
  if (found.symbol == nullptr) return {.address = address, .symbol = ""};
  return {.address = address,
          .symbol = printable_name(std::string(found.symbol->name)),
          .offset = found.offset,
          .module = printable_name(std::string(found.symbol->module))};
}

StackFrame MachineResolver::user_frame(std::uint64_t address, std::uint32_t tgid) {
  return users_.frame(address, tgid);
}

std::string MachineResolver::user_name(std::uint64_t uid) {
  auto [entry, is_new] = user_names_.try_emplace(uid);
  if (is_new) entry->second = look_up_user(uid);
  return entry->second;
}

std::string MachineResolver::cgroup_path(std::uint64_t cgroup_id, const std::string& filter) {
  return cgroups_.find(cgroup_id, filter);
}

}  // namespace hawk
