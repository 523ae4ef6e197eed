// What a session does to and with its own process: signals, name, limits, constants, service manager.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "runtime/detach.h"
#include "runtime/limits.h"
#include "runtime/notify.h"
#include "runtime/process_name.h"
#include "runtime/runtime_constants.h"
#include "runtime/session.h"
#include "runtime/signal_event.h"

namespace hawk {
namespace {

TEST(SignalEvent, EndTheRunAndNotTheProcess) {
  for (int signal : {SIGINT, SIGTERM}) {
    SignalEvent signals({SIGINT, SIGTERM});
    EXPECT_FALSE(signals.received());
    raise(signal);
    EXPECT_TRUE(signals.received());
    raise(signal);
    EXPECT_TRUE(signals.received()) << "a second one changes nothing";
  }
}

TEST(SignalEvent, FormerActionReturns) {
  struct sigaction ignored{};
  ignored.sa_handler = SIG_IGN;
  struct sigaction before{};
  sigaction(SIGINT, &ignored, &before);
  {
    SignalEvent signals({SIGINT, SIGTERM});
  }
  struct sigaction after{};
  sigaction(SIGINT, &before, &after);
  EXPECT_EQ(after.sa_handler, SIG_IGN);
}

std::string thread_name() {
  std::array<char, 16> name{};
  prctl(PR_GET_NAME, name.data());
  return name.data();
}

TEST(TracerName, WhileOneLives) {
  std::string before = thread_name();
  {
    TracerName name;
    EXPECT_EQ(thread_name(), "bpftrace");
  }
  EXPECT_EQ(thread_name(), before);
}

TEST(Limits, FilesUpToTheHardLimit) {
  raise_limits();
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_EQ(files.rlim_cur, files.rlim_max);
}

TEST(Constants, OfThisMachine) {
  RuntimeConstants constants = runtime_constants(12, 34);
  EXPECT_EQ(constants.hawk_pid, static_cast<std::uint64_t>(getpid()));
  EXPECT_EQ(constants.child_pid, 12U);
  EXPECT_EQ(constants.target_pid, 34U);
  EXPECT_GE(constants.cpu_count, 1U);
  EXPECT_GT(constants.start_boot_ns, 0U);
  EXPECT_EQ(constants.pid_ns_device == 0, constants.pid_ns_inode == 0);
}

class NotifyTest : public testing::TestWithParam<const char*> {};

TEST_P(NotifyTest, SendsOneDatagram) {
  std::string name = GetParam() + std::to_string(getpid());
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  ASSERT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  setenv("NOTIFY_SOCKET", name.c_str(), 1);
  notify_service_manager("READY=1");
  unsetenv("NOTIFY_SOCKET");
  std::array<char, 64> text{};
  ASSERT_EQ(recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT), 7);
  EXPECT_STREQ(text.data(), "READY=1");
  if (name[0] == '/') unlink(name.c_str());
}

INSTANTIATE_TEST_SUITE_P(PathAndAbstract, NotifyTest, testing::Values("/tmp/hawk_notify_", "@hawk_notify_"));

TEST(Notify, WithoutAnybodyThere) {
  unsetenv("NOTIFY_SOCKET");
  notify_service_manager("READY=1");
  setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  notify_service_manager("READY=1");
  unsetenv("NOTIFY_SOCKET");
}

TEST(Detach, AbandonedEventsCloseInTheBackground) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  UniqueFd read_end(ends[0]);
  std::vector<Attachment> attachments(1);
  attachments[0].event = UniqueFd(ends[1]);
  abandon_events(attachments);
  EXPECT_TRUE(attachments.empty());
  char byte = 0;
  EXPECT_EQ(read(read_end.get(), &byte, 1), 0) << "the last owner has ended";
}

TEST(Load, DamagedImage) {
  ProgramImage image;
  image.object = {1, 2, 3};
  auto program = load_program(image, nullptr, {}, {});
  ASSERT_FALSE(program.ok());
  EXPECT_EQ(program.error().message, "the program image is damaged");
  EXPECT_EQ(program.error().exit_code, kExitKernel);
}

TEST(Load, CommandAndProcessAreCheckedFirst) {
  ProgramImage image;
  SessionOptions command;
  command.command = "no-such-program";
  EXPECT_EQ(load_program(image, nullptr, command, {}).error().exit_code, kExitUser);
  SessionOptions process;
  process.pid = 0x3fffff;
  EXPECT_EQ(load_program(image, nullptr, process, {}).error().message, "there is no process 4194303");
}

}  // namespace
}  // namespace hawk
