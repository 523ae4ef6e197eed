#include "runtime/tracefs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "runtime/read_file.h"
#include "runtime/syscall_events.h"

namespace hawk {

namespace {

constexpr const char* kMountHelp = "mount it: mount -t tracefs tracefs /sys/kernel/tracing";
constexpr const char* kPrivilegeHelp = "run as root, or let this user read /sys/kernel/tracing";

// A directory that holds `events`, or an invalid descriptor with errno set.
UniqueFd open_mounted(const char* path) {
  UniqueFd directory(::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return {};
  if (faccessat(directory.get(), "events", F_OK, AT_EACCESS) != 0) return {};
  return directory;
}

// A mount that is in no directory tree; it goes with its descriptor.
UniqueFd mount_detached() {
  UniqueFd context(fsopen("tracefs", FSOPEN_CLOEXEC));
  if (!context.valid()) return {};
  if (fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return {};
  return UniqueFd(fsmount(context.get(), FSMOUNT_CLOEXEC, 0));
}

Error mount_error(bool denied, int mount_errno) {
  if (denied) return {.message = "no permission to read the kernel's tracing files (tracefs)", .help = kPrivilegeHelp};
  if (mount_errno == EPERM || mount_errno == EACCES) {
    return {.message = "tracefs is not mounted, and to mount it takes CAP_SYS_ADMIN", .help = kMountHelp};
  }
  if (mount_errno == ENODEV) {
    return {.message = "this kernel has no tracefs (it was built without CONFIG_TRACING)"};
  }
  return {.message = "tracefs is not mounted", .help = kMountHelp};
}

Error read_error(const std::string& path, int error) {
  if (error == EACCES || error == EPERM) {
    return {.message = fmt::format("no permission to read `{}` in tracefs", path), .help = kPrivilegeHelp};
  }
  return {.message = fmt::format("cannot read `{}` in tracefs: {}", path, std::strerror(error))};
}

}  // namespace

Result<Tracefs> Tracefs::open() {
  bool denied = false;
  for (const char* path : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"}) {
    UniqueFd directory = open_mounted(path);
    if (directory.valid()) return Tracefs(std::move(directory));
    denied = denied || errno == EACCES || errno == EPERM;
  }
  UniqueFd mount = mount_detached();
  if (mount.valid()) return Tracefs(std::move(mount));
  return mount_error(denied, errno);
}

Result<std::string> Tracefs::read(const std::string& path) const {
  std::optional<std::string> text = read_file_at(directory_.get(), path);
  if (!text) return read_error(path, errno);
  return std::move(*text);
}

Result<int> Tracefs::event_id(std::string_view category, std::string_view event) const {
  auto text = read_file_at(directory_.get(), fmt::format("events/{}/{}/id", category, event));
  if (!text && errno == ENOENT) return Error{.message = fmt::format("no such tracepoint: `{}:{}`", category, event)};
  if (!text) return read_error(fmt::format("events/{}/{}/id", category, event), errno);
  int id = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
  if (error != std::errc()) return Error{.message = fmt::format("tracepoint `{}:{}` has no number", category, event)};
  return id;
}

bool Tracefs::has_own_event(std::string_view category, std::string_view event) const {
  return faccessat(directory_.get(), fmt::format("events/{}/{}/id", category, event).c_str(), F_OK, AT_EACCESS) == 0;
}

bool Tracefs::has_event(std::string_view category, std::string_view event) const {
  if (has_own_event(category, event)) return true;
  return category == kSyscallEvents && find_syscall_event(event) && lacks_syscall_events(*this);
}

Result<std::vector<std::string>> Tracefs::events() const {
  Result<std::string> text = read("available_events");
  if (!text.ok()) return text.error();
  std::vector<std::string> names;
  for (std::string_view line : lines_of(text.value())) names.emplace_back(line);
  if (lacks_syscall_events(*this)) {
    std::erase_if(names, [](const std::string& name) { return name.starts_with(fmt::format("{}:", kSyscallEvents)); });
    for (std::string& name : all_syscall_events()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> Tracefs::format(std::string_view category, std::string_view event) const {
  if (category == kSyscallEvents && !has_own_event(category, event)) {
    std::optional<SyscallEvent> stands_in = find_syscall_event(event);
    if (stands_in && lacks_syscall_events(*this)) return syscall_event_format(*stands_in);
  }
  return read(fmt::format("events/{}/{}/format", category, event));
}

}  // namespace hawk
