#include "runtime/run_program.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "runtime/read_file.h"
#include "support/write_all.h"

extern char** environ;  // POSIX has no header for it

namespace hawk {

namespace {

UniqueFd file_in_memory() { return UniqueFd(memfd_create("hawk", MFD_CLOEXEC)); }

bool rewind_file(int fd) { return ::lseek(fd, 0, SEEK_SET) == 0; }

// 0, or an errno.
int spawn(std::vector<std::string>& arguments, const int (&files)[3], pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) posix_spawn_file_actions_adddup2(&actions, files[i], i);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  int error = posix_spawn(&pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

Result<FinishedProgram> run_program(std::vector<std::string> arguments, std::string_view input) {
  auto failure = [&](int error) {
    return Error{.message = fmt::format("cannot run `{}`: {}", arguments.front(), std::strerror(error))};
  };
  UniqueFd in = file_in_memory();
  UniqueFd out = file_in_memory();
  UniqueFd errors = file_in_memory();
  bool ready = in.valid() && out.valid() && errors.valid() && write_all(in.get(), input) == 0 && rewind_file(in.get());
  if (!ready) return failure(errno);
  pid_t pid = -1;
  if (int error = spawn(arguments, {in.get(), out.get(), errors.get()}, pid); error != 0) return failure(error);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return failure(errno);
  }
  if (!rewind_file(out.get()) || !rewind_file(errors.get())) return failure(errno);
  FinishedProgram finished{.succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0, .output = std::move(out)};
  finished.errors = read_all(errors.get()).value_or("");
  return finished;
}

}  // namespace hawk
