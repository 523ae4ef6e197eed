// Starting commands of the user's.
#pragma once

#include <sys/types.h>

#include <string>

namespace hawk {

enum class ShellOutput { kOnly, kWithErrors };  // standard output, or standard error too

// Starts `/bin/sh -c command` with what it prints going to `pipe_end`, hawk's standard input, no signal blocked and
// SIGPIPE as usual. Returns 0 and sets `pid`, or an errno.
[[nodiscard]] int spawn_shell(const std::string& command, int pipe_end, ShellOutput output, pid_t& pid);

}  // namespace hawk
