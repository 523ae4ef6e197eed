// The events of the category `syscalls` (sys_enter_NAME, sys_exit_NAME) where the kernel has none of its own
// (CONFIG_FTRACE_SYSCALLS is off). raw_syscalls:sys_enter and raw_syscalls:sys_exit come with the same records for all
// system calls: the number where __syscall_nr is, then the arguments or the result (Linux,
// include/trace/events/syscalls.h and kernel/trace/trace_syscalls.c). What is missing, names, is in
// syscall_events.def.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

class Tracefs;

inline constexpr std::string_view kSyscallEvents = "syscalls";
inline constexpr std::string_view kAllSyscallEvents = "raw_syscalls";

struct SyscallEvent {
  bool enters = false;         // sys_enter_NAME, or sys_exit_NAME
  int number = 0;              // of the system call
  std::string_view arguments;  // "int fd, char * buf", as C declares them
};

// Of an event of the category; nullopt if there is no such system call.
[[nodiscard]] std::optional<SyscallEvent> find_syscall_event(std::string_view event);

// "syscalls:sys_enter_read" and all others, sorted.
[[nodiscard]] std::vector<std::string> all_syscall_events();

// The event as the text of a tracefs format file.
[[nodiscard]] std::string syscall_event_format(const SyscallEvent& event);

// Whether these have to stand in, and can.
[[nodiscard]] bool lacks_syscall_events(const Tracefs& tracefs);

// Why programs are better put on the events of all system calls, as SyscallDispatch does; nullptr if they are not.
[[nodiscard]] const char* why_all_syscalls(const Tracefs& tracefs);

}  // namespace hawk
