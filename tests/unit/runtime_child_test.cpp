// The command of -c: splitting, finding, holding, releasing.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/child_process.h"

namespace hawk {
namespace {

using Words = std::vector<std::string>;

struct SplitCase {
  const char* command;
  Words words;
};

TEST(SplitCommand, Words) {
  const SplitCase cases[] = {
      {"ls", {"ls"}},
      {"  ls   -l\t/tmp ", {"ls", "-l", "/tmp"}},
      {"sh -c 'echo a  b'", {"sh", "-c", "echo a  b"}},
      {R"(echo "it's" a'b c'd)", {"echo", "it's", "ab cd"}},
      {"echo ''", {"echo", ""}},
  };
  for (const SplitCase& row : cases) {
    Result<Words> words = split_command(row.command);
    ASSERT_TRUE(words.ok()) << row.command;
    EXPECT_EQ(words.value(), row.words) << row.command;
  }
}

TEST(SplitCommand, Errors) {
  EXPECT_EQ(split_command("  ").error().message, "the command is empty");
  EXPECT_EQ(split_command("echo 'a").error().message, "the command has an unfinished single quote");
  EXPECT_EQ(split_command("echo \"a'").error().message, "the command has an unfinished double quote");
}

TEST(FindExecutable, SearchesPath) {
  ASSERT_EQ(setenv("PATH", "/nonexistent:/usr/bin:/bin", 1), 0);
  EXPECT_EQ(find_executable("env").value(), "/usr/bin/env");
  EXPECT_EQ(find_executable("/bin/sh").value(), "/bin/sh");
}

TEST(FindExecutable, SaysWhatIsWrong) {
  EXPECT_EQ(find_executable("no-such-program").error().message,
            "cannot start the command: `no-such-program` is not in $PATH");
  EXPECT_EQ(find_executable("/no/such").error().message, "cannot start the command: `/no/such` does not exist");
  EXPECT_EQ(find_executable("/etc/passwd").error().message,
            "cannot start the command: `/etc/passwd` is not an executable file");
  EXPECT_EQ(find_executable("/tmp").error().message, "cannot start the command: `/tmp` is not an executable file");
}

bool has_ended(const ChildProcess& child, int timeout_ms) {
  pollfd wait{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
  return ::poll(&wait, 1, timeout_ms) == 1;
}

class ChildTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(mark_); }
  void TearDown() override { std::filesystem::remove(mark_); }
  const std::string mark_ = testing::TempDir() + "hawk_child_mark_" + std::to_string(getpid());
};

TEST_F(ChildTest, RunsOnlyWhenReleased) {
  Result<ChildProcess> child = ChildProcess::start("touch " + mark_);
  ASSERT_TRUE(child.ok()) << child.error().message;
  EXPECT_FALSE(has_ended(child.value(), 50));
  EXPECT_FALSE(std::filesystem::exists(mark_));
  ASSERT_TRUE(child.value().release().ok());
  EXPECT_TRUE(has_ended(child.value(), 5000));
  EXPECT_TRUE(std::filesystem::exists(mark_));
}

TEST_F(ChildTest, NeverReleasedNeverRuns) {
  {
    Result<ChildProcess> child = ChildProcess::start("touch " + mark_);
    ASSERT_TRUE(child.ok());
  }
  EXPECT_FALSE(std::filesystem::exists(mark_));
}

TEST_F(ChildTest, EndsWithItsTracer) {
  pid_t pid = 0;
  {
    Result<ChildProcess> child = ChildProcess::start("sleep 60");
    ASSERT_TRUE(child.ok());
    pid = child.value().pid();
    ASSERT_TRUE(child.value().release().ok());
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
}

TEST_F(ChildTest, KilledWhileHeld) {
  Result<ChildProcess> child = ChildProcess::start("sleep 60");
  ASSERT_TRUE(child.ok());
  kill(child.value().pid(), SIGKILL);
  EXPECT_TRUE(has_ended(child.value(), 5000));
  EXPECT_TRUE(child.value().release().ok());
}

TEST_F(ChildTest, FileThatCannotBeExecuted) {
  std::ofstream(mark_) << "no program\n";
  std::filesystem::permissions(mark_, std::filesystem::perms::owner_all);
  Result<ChildProcess> child = ChildProcess::start(mark_);
  ASSERT_TRUE(child.ok());
  Result<> released = child.value().release();
  ASSERT_FALSE(released.ok());
  EXPECT_EQ(released.error().message,
            "cannot start the command: `" + mark_ + "`: it is neither a program nor a script with a `#!` line");
}

TEST(OpenProcess, Errors) {
  EXPECT_TRUE(open_process(getpid()).ok());
  EXPECT_EQ(open_process(0x3fffff).error().message, "there is no process 4194303");
}

}  // namespace
}  // namespace hawk
