// Lines of files and of what commands print.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "host/line_reader.h"

namespace hawk {
namespace {

using namespace std::string_literals;
using Outcome = LineRead::Outcome;

class Lines : public testing::Test {
 protected:
  Lines() : reader_([this] { return ++asked_ >= patience_; }) {
    std::string pattern = testing::TempDir() + "hawk-lines-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~Lines() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& content) {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << content;
    return directory_ + "/" + name;
  }

  // All lines; `<reason>` for a failure.
  std::vector<std::string> read_all(LineSource kind, const std::string& name) {
    std::vector<std::string> lines;
    while (true) {
      LineRead read = reader_.read(kind, name);
      if (read.outcome == Outcome::kEnd) return lines;
      lines.emplace_back(read.outcome == Outcome::kLine ? std::string(read.line) : "<" + read.reason + ">");
    }
  }
  std::vector<std::string> file(const std::string& name) { return read_all(LineSource::kFile, name); }
  std::vector<std::string> command(const std::string& text) { return read_all(LineSource::kCommand, text); }

  std::string directory_;
  int asked_ = 0;
  int patience_ = 100;  // ten seconds
  LineReader reader_;
};

using Texts = std::vector<std::string>;

TEST_F(Lines, OfFiles) {
  struct Row {
    std::string content;
    Texts lines;
  };
  const std::string longest(1'000'000, 'x');
  const Row rows[] = {
      {"", {}},
      {"one", {"one"}},
      {"one\n", {"one"}},
      {"one\ntwo", {"one", "two"}},
      {"\n\n", {"", ""}},
      {"a\r\nb\n", {"a\r", "b"}},
      {"a\0b\nc\0"s, {"a\0b"s, "c\0"s}},
      {longest + "\nshort\n" + longest, {longest, "short", longest}},
  };
  int number = 0;
  for (const Row& row : rows) EXPECT_EQ(file(write(std::to_string(number++), row.content)), row.lines);
}

TEST_F(Lines, AcrossBlocks) {
  std::string content;
  Texts expected;
  for (int i = 0; i < 50'000; ++i) {
    expected.push_back(std::string(i % 97, 'a') + std::to_string(i));
    content += expected.back() + "\n";
  }
  EXPECT_EQ(file(write("many", content)), expected);
}

TEST_F(Lines, AfterTheEndThereIsNoneUntilItIsClosed) {
  std::string path = write("f", "a\nb\n");
  EXPECT_FALSE(reader_.close(LineSource::kFile, path)) << "not open";
  EXPECT_EQ(reader_.read(LineSource::kFile, path).line, "a");
  EXPECT_TRUE(reader_.close(LineSource::kFile, path));
  EXPECT_EQ(file(path), (Texts{"a", "b"}));
  EXPECT_EQ(file(path), (Texts{}));
  EXPECT_FALSE(reader_.close(LineSource::kCommand, path)) << "a file is no command";
  EXPECT_TRUE(reader_.close(LineSource::kFile, path));
  EXPECT_EQ(file(path), (Texts{"a", "b"}));
}

TEST_F(Lines, OfSeveralFilesInTurn) {
  std::string one = write("one", "1\n2\n");
  std::string two = write("two", "x\ny\n");
  EXPECT_EQ(reader_.read(LineSource::kFile, one).line, "1");
  EXPECT_EQ(reader_.read(LineSource::kFile, two).line, "x");
  EXPECT_EQ(reader_.read(LineSource::kFile, one).line, "2");
  EXPECT_EQ(reader_.read(LineSource::kFile, two).line, "y");
}

TEST_F(Lines, FailuresComeOnceForEachOpening) {
  EXPECT_EQ(file(directory_ + "/absent"), (Texts{"<No such file or directory>"}));
  EXPECT_EQ(file(directory_ + "/absent"), (Texts{}));
  EXPECT_FALSE(reader_.close(LineSource::kFile, directory_ + "/absent")) << "it was never open";
  EXPECT_EQ(file(directory_ + "/absent"), (Texts{"<No such file or directory>"}));
  EXPECT_EQ(file(directory_), (Texts{"<Is a directory>"}));
  EXPECT_TRUE(reader_.close(LineSource::kFile, directory_));
  EXPECT_EQ(file(""), (Texts{"<No such file or directory>"}));
  EXPECT_EQ(file("/etc/passwd\0x"s), (Texts{"<Invalid argument>"}));
  EXPECT_EQ(asked_, 0);
}

TEST_F(Lines, OfFilesWithoutASize) {
  Texts lines = file("/proc/self/status");
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(lines[0].starts_with("Name:"));
  EXPECT_EQ(file("/dev/null"), (Texts{}));
}

TEST_F(Lines, OfCommands) {
  struct Row {
    const char* command;
    Texts lines;
  };
  const Row rows[] = {
      {"echo hello", {"hello"}},
      {"printf 'a\\nb'", {"a", "b"}},
      {"echo one; sleep 0.15; echo two", {"one", "two"}},
      {"printf on; sleep 0.15; echo e", {"one"}},
      {"true", {}},
      {"exit 3", {}},
      {"echo hidden >/dev/null; echo to stderr 2>/dev/null >&2", {}},
      {"kill -PIPE $$; echo survived", {}},
      {"trap", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(command(row.command), row.lines) << row.command;
}

TEST_F(Lines, CommandsHaveNoSignalBlockedAndDieOfAClosedPipe) {
  sigset_t blocked;
  sigset_t former;
  sigfillset(&blocked);
  ASSERT_EQ(::sigprocmask(SIG_BLOCK, &blocked, &former), 0);
  auto ignored = ::signal(SIGPIPE, SIG_IGN);
  Texts masks = command("grep -E 'SigBlk|SigIgn' /proc/self/status");
  ::signal(SIGPIPE, ignored);
  ::sigprocmask(SIG_SETMASK, &former, nullptr);
  ASSERT_EQ(masks.size(), 2U);
  EXPECT_EQ(masks[0], "SigBlk:\t0000000000000000");
  EXPECT_EQ(std::stoull(masks[1].substr(8), nullptr, 16) & (1U << (SIGPIPE - 1)), 0U);
}

// A command that prints its process id first.
pid_t process_of(const std::string& line) { return static_cast<pid_t>(std::stol(line)); }
bool is_reaped(pid_t process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

TEST_F(Lines, ClosingWaitsForTheCommandAndKillsNobody) {
  std::string done = directory_ + "/done";
  std::string text = "echo $$; exec >&-; sleep 0.3; touch " + done;
  Texts lines = command(text);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(done)) << "the end of its output is not the end of the command";
  EXPECT_TRUE(reader_.close(LineSource::kCommand, text));
  EXPECT_TRUE(std::filesystem::exists(done));
  EXPECT_TRUE(is_reaped(process_of(lines[0])));

  std::string endless = "echo $$; exec yes";
  pid_t process = process_of(std::string(reader_.read(LineSource::kCommand, endless).line));
  EXPECT_EQ(reader_.read(LineSource::kCommand, endless).line, "y");
  EXPECT_TRUE(reader_.close(LineSource::kCommand, endless));  // ends by SIGPIPE
  EXPECT_TRUE(is_reaped(process));
}

TEST_F(Lines, AWaitEndsWhenHawkIsToStop) {
  patience_ = 3;
  auto begin = std::chrono::steady_clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  std::string slow = "printf 'half '; sleep 2; echo whole";
  EXPECT_EQ(reader_.read(LineSource::kCommand, slow).outcome, Outcome::kEnd);
  EXPECT_LT(seconds(), 1.5);
  EXPECT_GE(seconds(), 0.05) << "it waits between questions";
  EXPECT_EQ(asked_, 3);

  std::string fifo = directory_ + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  asked_ = 0;
  EXPECT_EQ(reader_.read(LineSource::kFile, fifo).outcome, Outcome::kEnd) << "nobody writes to it";
  EXPECT_EQ(asked_, 3);

  asked_ = 0;
  std::string sleeper = "exec sleep 5";
  static_cast<void>(reader_.read(LineSource::kCommand, sleeper));
  asked_ = 0;
  EXPECT_TRUE(reader_.close(LineSource::kCommand, sleeper));
  EXPECT_LT(seconds(), 1.9);

  patience_ = 1000;  // what had been read of the line is not lost
  LineRead read = reader_.read(LineSource::kCommand, slow);
  EXPECT_EQ(read.line, "half whole");
}

TEST_F(Lines, OfAFifoAsTheyAreWritten) {
  std::string fifo = directory_ + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] {
    std::ofstream out(fifo);
    out << "first\n" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    out << "second\n";
  });
  EXPECT_EQ(file(fifo), (Texts{"first", "second"}));
  writer.join();
}

}  // namespace
}  // namespace hawk
