#include "host/line_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "host/shell_command.h"

namespace hawk {

namespace {

constexpr int kWaitMs = 100;
constexpr std::size_t kBlock = 64 << 10;
constexpr std::size_t kAskAfter = 16 << 20;      // bytes read between two questions whether to stop
constexpr std::size_t kLongestLine = 256 << 20;  // bytes

}  // namespace

class LineReader::Source {
 public:
  Source(LineSource kind, std::string_view name) {
    if (name.find('\0') != std::string_view::npos) {
      failure_ = EINVAL;
    } else if (kind == LineSource::kFile) {
      open_file(std::string(name));
    } else {
      start_command(std::string(name));
    }
    opened_ = input_.valid();
  }

  [[nodiscard]] bool opened() const { return opened_; }

  LineRead read(const std::function<bool()>& should_stop);

  // A file, or a command: its end of the pipe goes, and then it is waited for.
  void close(const std::function<bool()>& should_stop) {
    input_.reset();
    if (command_) command_->wait(should_stop);
  }

 private:
  enum class Wait { kReady, kStopped };

  void open_file(const std::string& path);
  void start_command(const std::string& command);
  Wait wait(const std::function<bool()>& should_stop);
  void fill();
  void give_up(int error);
  std::optional<std::string_view> take_line();

  UniqueFd input_;  // invalid at the end
  std::optional<ShellCommand> command_;
  bool opened_ = false;
  bool always_ready_ = false;
  int failure_ = 0;  // errno, until it is reported
  std::string reason_;
  std::string buffer_;
  std::size_t begin_ = 0;    // of what has not been given out
  std::size_t scanned_ = 0;  // no newline before it
  std::size_t unasked_ = 0;  // bytes read since should_stop was asked
};

// Not blocking: a FIFO that nobody writes to, or a terminal, is waited for in wait().
void LineReader::Source::open_file(const std::string& path) {
  do {
    input_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  } while (!input_.valid() && errno == EINTR);
  if (!input_.valid()) {
    failure_ = errno;
    return;
  }
  struct stat status{};
  always_ready_ = ::fstat(input_.get(), &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

void LineReader::Source::start_command(const std::string& text) {
  Result<ShellCommand> started = ShellCommand::start(text);
  if (!started.ok()) {
    reason_ = started.error().message;
    return;
  }
  command_.emplace(std::move(started).value());
  input_ = command_->take_output();
}

LineReader::Source::Wait LineReader::Source::wait(const std::function<bool()>& should_stop) {
  if (unasked_ >= kAskAfter) {  // there is always more to read
    unasked_ = 0;
    if (should_stop()) return Wait::kStopped;
  }
  if (always_ready_) return Wait::kReady;
  for (int timeout = 0;; timeout = kWaitMs) {
    pollfd ready{.fd = input_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, timeout) > 0) return Wait::kReady;
    if (should_stop()) return Wait::kStopped;  // also before the first wait: what was printed should be seen
  }
}

// Reads a block to the end of the buffer.
void LineReader::Source::fill() {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  std::size_t had = buffer_.size();
  buffer_.resize(had + kBlock);
  ssize_t size = ::read(input_.get(), buffer_.data() + had, kBlock);
  int error = size < 0 ? errno : 0;
  buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  unasked_ += buffer_.size() - had;
  if (buffer_.size() > kLongestLine) return give_up(EFBIG);
  if (size > 0 || error == EINTR) return;
  if (error == EAGAIN) {  // poll promised too much
    static_cast<void>(::poll(nullptr, 0, kWaitMs / 10));
    return;
  }
  failure_ = error;
  input_.reset();
}

// What has been read of a line without end is not a line.
void LineReader::Source::give_up(int error) {
  failure_ = error;
  input_.reset();
  buffer_.clear();
  begin_ = scanned_ = 0;
}

std::optional<std::string_view> LineReader::Source::take_line() {
  std::size_t newline = buffer_.find('\n', scanned_);
  bool found = newline != std::string::npos;
  std::size_t end = found ? newline : buffer_.size();
  scanned_ = end;
  if (!found && (input_.valid() || begin_ == end)) return std::nullopt;
  std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
  begin_ = scanned_ = found ? end + 1 : end;
  return line;
}

LineRead LineReader::Source::read(const std::function<bool()>& should_stop) {
  while (true) {
    if (auto line = take_line()) return {.outcome = LineRead::Outcome::kLine, .line = *line};
    if (failure_ != 0) reason_ = std::strerror(std::exchange(failure_, 0));
    if (!reason_.empty()) return {.outcome = LineRead::Outcome::kFailed, .reason = std::exchange(reason_, {})};
    if (!input_.valid()) return {.outcome = LineRead::Outcome::kEnd};
    if (wait(should_stop) == Wait::kStopped) return {.outcome = LineRead::Outcome::kEnd};
    fill();
  }
}

LineReader::LineReader(std::function<bool()> should_stop) : should_stop_(std::move(should_stop)) {}
LineReader::~LineReader() = default;

LineReader::Source& LineReader::open(LineSource kind, std::string_view name) {
  auto found = sources(kind).find(name);
  if (found == sources(kind).end()) found = sources(kind).emplace(name, std::make_unique<Source>(kind, name)).first;
  return *found->second;
}

LineRead LineReader::read(LineSource kind, std::string_view name) { return open(kind, name).read(should_stop_); }

bool LineReader::close(LineSource kind, std::string_view name) {
  auto found = sources(kind).find(name);
  if (found == sources(kind).end()) return false;
  bool opened = found->second->opened();
  found->second->close(should_stop_);
  sources(kind).erase(found);
  return opened;
}

}  // namespace hawk
