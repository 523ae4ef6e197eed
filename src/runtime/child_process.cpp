#include "runtime/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace hawk {

namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

std::optional<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

bool is_executable_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

// Runs in the child, between fork and exec: system calls only.
[[noreturn]] void run_child(const char* path, char* const* arguments, const Pipe& go, const Pipe& failed) {
  constexpr int kNotReleased = 125;
  constexpr int kNotExecuted = 127;  // as shells say it
  ::close(go.write.get());           // else the child would wait for itself
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::prctl(PR_SET_NAME, "bpftrace");  // what scripts expect to see before the exec
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(go.read.get(), &byte, 1);
  } while (got < 0 && errno == EINTR);
  if (got != 1) ::_exit(kNotReleased);
  ::execv(path, arguments);
  int error = errno;
  [[maybe_unused]] ssize_t written = ::write(failed.write.get(), &error, sizeof(error));
  ::_exit(kNotExecuted);
}

Error start_error(int error) { return {.message = fmt::format("cannot start the command: {}", std::strerror(error))}; }

int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

std::string exec_reason(int error) {
  if (error == ENOEXEC) return "it is neither a program nor a script with a `#!` line";
  if (error == ENOENT) return "the interpreter it names does not exist";
  return std::strerror(error);
}

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (char c : command) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!std::exchange(in_word, true)) words.emplace_back();
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
    } else {
      if (!std::exchange(in_word, true)) words.emplace_back();
      words.back() += c;
    }
  }
  if (quote != 0)
    return Error{.message = fmt::format("the command has an unfinished {} quote", quote == '"' ? "double" : "single")};
  if (words.empty()) return Error{.message = "the command is empty"};
  return words;
}

Result<std::string> find_executable(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    if (is_executable_file(program)) return program;
    const char* reason = ::access(program.c_str(), F_OK) == 0 ? "is not an executable file" : "does not exist";
    return Error{.message = fmt::format("cannot start the command: `{}` {}", program, reason)};
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (true) {
    std::size_t colon = std::min(rest.find(':'), rest.size());
    std::string_view directory = rest.substr(0, colon);
    std::string candidate = fmt::format("{}/{}", directory.empty() ? "." : directory, program);
    if (is_executable_file(candidate)) return candidate;
    if (colon == rest.size()) break;
    rest.remove_prefix(colon + 1);
  }
  return Error{.message = fmt::format("cannot start the command: `{}` is not in $PATH", program),
               .help = "the command of -c is no shell line: name a program and its arguments"};
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : path_(std::move(other.path_)),
      pid_(std::exchange(other.pid_, 0)),
      pidfd_(std::move(other.pidfd_)),
      go_(std::move(other.go_)),
      failed_(std::move(other.failed_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ == 0) return;
  bool held = go_.valid();
  go_.reset();
  if (!held) ::kill(pid_, SIGTERM);  // of our own child: its number is not reused before waitpid
  ::waitpid(pid_, nullptr, held ? 0 : WNOHANG);
}

Result<ChildProcess> ChildProcess::start(std::string_view command) {
  Result<std::vector<std::string>> words = split_command(command);
  if (!words) return words.error();
  Result<std::string> path = find_executable(words.value().front());
  if (!path) return path.error();
  std::vector<char*> arguments;
  for (std::string& word : words.value()) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::optional<Pipe> go = make_pipe();
  std::optional<Pipe> failed = make_pipe();
  if (!go || !failed) return start_error(errno);

  pid_t pid = ::fork();
  if (pid < 0) return start_error(errno);
  if (pid == 0) run_child(path.value().c_str(), arguments.data(), *go, *failed);
  ChildProcess child;
  child.path_ = path.value();
  child.pid_ = pid;
  child.go_ = std::move(go->write);
  child.failed_ = std::move(failed->read);
  child.pidfd_ = UniqueFd(pidfd_open(pid));
  if (!child.pidfd_.valid()) return start_error(errno);
  return child;
}

Result<> ChildProcess::release() {
  // A child that was killed while it was held leaves a broken pipe, which must not end hawk.
  void (*previous)(int) = ::signal(SIGPIPE, SIG_IGN);
  char byte = 1;
  [[maybe_unused]] ssize_t written = ::write(go_.get(), &byte, 1);
  ::signal(SIGPIPE, previous);
  go_.reset();
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(failed_.get(), &error, sizeof(error));
  } while (got < 0 && errno == EINTR);
  failed_.reset();
  if (got != static_cast<ssize_t>(sizeof(error))) return Ok{};
  return Error{.message = fmt::format("cannot start the command: `{}`: {}", path_, exec_reason(error))};
}

Result<UniqueFd> open_process(pid_t pid) {
  UniqueFd fd(pidfd_open(pid));
  if (fd.valid()) return fd;
  if (errno == ESRCH) return Error{.message = fmt::format("there is no process {}", pid)};
  // EINVAL: a thread that does not lead its process.
  if (errno == EINVAL) return Error{.message = fmt::format("{} is a thread, not a process", pid)};
  return Error{.message = fmt::format("cannot watch process {}: {}", pid, std::strerror(errno))};
}

}  // namespace hawk
