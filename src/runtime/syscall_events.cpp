#include "runtime/syscall_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "runtime/kernel_config.h"
#include "runtime/tracefs.h"

namespace hawk {

namespace {

constexpr std::string_view kEnter = "sys_enter_";
constexpr std::string_view kExit = "sys_exit_";

struct SystemCall {
  std::string_view name;
  int number;
  std::string_view arguments;
};

// Sorted by name.
constexpr SystemCall kSystemCalls[] = {
#define SYSCALL(name, number, arguments) {name, number, arguments},
#include "runtime/syscall_events.def"
#undef SYSCALL
};

}  // namespace

std::optional<SyscallEvent> find_syscall_event(std::string_view event) {
  bool enters = event.starts_with(kEnter);
  if (!enters && !event.starts_with(kExit)) return std::nullopt;
  event.remove_prefix(enters ? kEnter.size() : kExit.size());
  const SystemCall* row =
      std::lower_bound(std::begin(kSystemCalls), std::end(kSystemCalls), event,
                       [](const SystemCall& each, std::string_view name) { return each.name < name; });
  if (row == std::end(kSystemCalls) || row->name != event) return std::nullopt;
  return SyscallEvent{.enters = enters, .number = row->number, .arguments = row->arguments};
}

std::vector<std::string> all_syscall_events() {
  std::vector<std::string> names;
  for (std::string_view prefix : {kEnter, kExit}) {
    for (const SystemCall& row : kSystemCalls)
      names.push_back(fmt::format("{}:{}{}", kSyscallEvents, prefix, row.name));
  }
  return names;
}

std::string syscall_event_format(const SyscallEvent& event) {
  std::string text = "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n";
  constexpr int kFirst = 16;
  if (!event.enters) return text + fmt::format("\tfield:long ret;\toffset:{};\tsize:8;\tsigned:1;\n", kFirst);
  int offset = kFirst;
  for (std::string_view left = event.arguments; !left.empty(); offset += 8) {
    std::size_t comma = left.find(", ");
    text += fmt::format("\tfield:{};\toffset:{};\tsize:8;\tsigned:0;\n", left.substr(0, comma), offset);
    left = comma == std::string_view::npos ? std::string_view() : left.substr(comma + 2);
  }
  return text;
}

const char* why_all_syscalls(const Tracefs& tracefs) {
  if (lacks_syscall_events(tracefs)) return "this kernel has none: CONFIG_FTRACE_SYSCALLS is off";
  bool preempts = running_kernel() >= KernelRelease{7, 0} && tracefs.has_own_event(kAllSyscallEvents, "sys_enter");
  return preempts ? "since Linux 7 other tasks run meanwhile, and what they hit is missed" : nullptr;
}

bool lacks_syscall_events(const Tracefs& tracefs) {
  return !tracefs.has_own_event(kSyscallEvents, "sys_enter_read") &&
         tracefs.has_own_event(kAllSyscallEvents, "sys_enter");
}

}  // namespace hawk
