// The builtins that codegen lowers, each compared with what user space knows.
#include "codegen_fixture.h"

#include <unistd.h>
#include <csignal>
#include <ctime>
#include <set>

#include <sys/syscall.h>

namespace hawk::test {

namespace {

std::int64_t read(Builtin builtin, std::uint32_t bytes = 8) { return evaluate(call(builtin, int_type(bytes, false))); }

ExprPtr with_constant(Builtin builtin, std::int64_t argument, std::uint32_t bytes) {
  return call(builtin, int_type(bytes, false), list(number(argument)));
}

}  // namespace

TEST(CodegenCall, WhoRuns) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(read(Builtin::kPid, 4), ::getpid());
  EXPECT_EQ(read(Builtin::kTid, 4), ::syscall(SYS_gettid));
  EXPECT_EQ(evaluate(with_constant(Builtin::kPid, 1, 4)), ::getpid());
  EXPECT_EQ(evaluate(with_constant(Builtin::kTid, 1, 4)), ::syscall(SYS_gettid));
  EXPECT_EQ(read(Builtin::kUid), ::getuid());
  EXPECT_EQ(read(Builtin::kGid), ::getgid());
  EXPECT_EQ(read(Builtin::kCpid, 4), 4711);
  EXPECT_EQ(string_at(evaluate_bytes(call(Builtin::kComm, string_type(16)))), own_command_name());
  EXPECT_EQ(string_at(evaluate_bytes(call(Builtin::kComm, string_type(64)))), own_command_name());
  EXPECT_LT(read(Builtin::kCurtask), 0);  // a kernel address
  EXPECT_GT(read(Builtin::kCgroup), 0);
}

TEST(CodegenCall, WhereItRuns) {
  HAWK_NEEDS_BPF();
  std::int64_t cpus = ::sysconf(_SC_NPROCESSORS_CONF);
  EXPECT_LT(read(Builtin::kCpu, 4), cpus);
  EXPECT_EQ(read(Builtin::kNcpus, 4), static_cast<std::int64_t>(test_constants().cpu_count));
  EXPECT_GE(read(Builtin::kNumaid, 4), 0);
}

TEST(CodegenCall, Clocks) {
  HAWK_NEEDS_BPF();
  struct Row {
    Clock clock;
    clockid_t id;
  };
  for (const Row& row :
       {Row{Clock::kMonotonic, CLOCK_MONOTONIC}, Row{Clock::kBoot, CLOCK_BOOTTIME}, Row{Clock::kTai, CLOCK_TAI}}) {
    std::int64_t before = clock_ns(row.id);
    std::int64_t now = evaluate(with_constant(Builtin::kNsecs, static_cast<std::int64_t>(row.clock), 8));
    EXPECT_GE(now, before);
    EXPECT_LE(now, clock_ns(row.id));
  }
  std::int64_t before = clock_ns(CLOCK_BOOTTIME);
  EXPECT_GE(read(Builtin::kNsecs), before);  // boot time if nothing is said
  EXPECT_GT(read(Builtin::kJiffies), 0);
}

TEST(CodegenCall, ClocksRelativeToRuntimeConstants) {
  HAWK_NEEDS_BPF();
  Program p;
  auto results = p.add_map(kInt64, kInt64);
  p.add(set_map(results, number(0), convert(call(Builtin::kElapsed, kUint64), kInt64)));
  p.add(set_map(results, number(1),
                convert(with_constant(Builtin::kNsecs, static_cast<std::int64_t>(Clock::kSoftwareTai), 8), kInt64)));
  RuntimeConstants constants = test_constants();
  constants.start_boot_ns = static_cast<std::uint64_t>(clock_ns(CLOCK_BOOTTIME));
  constants.tai_offset_ns = 1ULL << 60;
  auto loaded = load(p, constants);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_GT(loaded->integer(results, 0), 0);
  EXPECT_LT(loaded->integer(results, 0), 60'000'000'000LL);
  EXPECT_GT(loaded->integer(results, 1), 1LL << 60);
}

TEST(CodegenCall, RandomNumbersDiffer) {
  HAWK_NEEDS_BPF();
  Program p;
  auto result = p.add_scalar(kInt64);
  p.add(set_map(result, nullptr, convert(call(Builtin::kRand, int_type(4, false)), kInt64)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 5; ++i) {
    loaded->run();
    seen.insert(loaded->scalar(result));
    EXPECT_EQ(loaded->scalar(result) >> 32, 0);
  }
  EXPECT_GT(seen.size(), 1U);
}

TEST(CodegenCall, ByteSwap) {
  HAWK_NEEDS_BPF();
  auto swap = [](std::int64_t value, std::uint32_t bytes) {
    return evaluate(call(Builtin::kBswap, int_type(bytes, false), list(unknown(value, int_type(bytes, false)))));
  };
  EXPECT_EQ(swap(0x12, 1), 0x12);
  EXPECT_EQ(swap(0x1234, 2), 0x3412);
  EXPECT_EQ(swap(0x12345678, 4), 0x78563412);
  EXPECT_EQ(swap(0x0102030405060708, 8), 0x0807060504030201);
}

namespace {

volatile std::sig_atomic_t signals = 0;
void on_signal(int) { signals = signals + 1; }

}  // namespace

TEST(CodegenCall, Signals) {
  HAWK_NEEDS_BPF();
  auto before = std::signal(SIGUSR1, on_signal);
  for (Builtin builtin : {Builtin::kSignal, Builtin::kSignalThread}) {
    signals = 0;
    Program p;
    p.add(stmt(typed::Evaluate{call(builtin, none_type(), list(number(SIGUSR1)))}));
    auto loaded = load(p);
    ASSERT_NE(loaded, nullptr);
    loaded->run();
    for (int i = 0; i < 1000 && signals == 0; ++i) ::usleep(1000);
    EXPECT_EQ(signals, 1);
  }
  std::signal(SIGUSR1, before);
}

// The stack of BPF_PROG_TEST_RUN itself. Frames behind the count are zero.
TEST(CodegenCall, KernelStack) {
  HAWK_NEEDS_BPF();
  for (std::uint32_t limit : {3U, 127U}) {
    std::vector<std::uint8_t> bytes =
        evaluate_bytes(expr(stack_type(true, StackMode::kBpftrace, limit), typed::StackTrace{}));
    auto count = at<std::uint32_t>(bytes);
    EXPECT_GT(count, 0U);
    EXPECT_LE(count, limit);
    EXPECT_EQ(at<std::uint32_t>(bytes, 4), 0U);
    for (std::uint32_t i = 0; i < limit; ++i) EXPECT_EQ(at<std::uint64_t>(bytes, 8 + 8 * i) != 0, i < count) << i;
  }
}

TEST(CodegenCall, UserStackKnowsItsProcess) {
  HAWK_NEEDS_BPF();
  std::vector<std::uint8_t> bytes =
      evaluate_bytes(expr(stack_type(false, StackMode::kBpftrace, 16), typed::StackTrace{}));
  EXPECT_GT(at<std::uint32_t>(bytes), 0U);
  EXPECT_EQ(at<std::uint32_t>(bytes, 4), static_cast<std::uint32_t>(::getpid()));
}

// A PID namespace that is not the initial one: its device and inode are runtime constants.
TEST(CodegenCall, NamespacedIds) {
  HAWK_NEEDS_BPF();
  Program p;
  p.checked.pid_namespace.initial = false;
  auto results = p.add_map(kInt64, kInt64);
  p.add(set_map(results, number(0), convert(call(Builtin::kPid, int_type(4, false)), kInt64)));
  p.add(set_map(results, number(1), convert(call(Builtin::kTid, int_type(4, false)), kInt64)));
  RuntimeConstants constants = test_constants();
  auto here = pid_namespace_of_this_process();
  constants.pid_ns_device = here.device;
  constants.pid_ns_inode = here.inode;
  auto loaded = load(p, constants);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), ::getpid());
  EXPECT_EQ(loaded->integer(results, 1), ::syscall(SYS_gettid));
}

// bpf_get_func_ip is not for raw tracepoints, so here only the code is looked at.
TEST(CodegenCall, FunctionAddressCallsItsHelper) {
  Program p;
  p.clause().kind = ProbeKind::kKprobe;
  auto result = p.add_scalar(kUint64);
  p.add(set_map(result, nullptr, call(Builtin::kFuncIp, kUint64)));
  std::string assembly = p.compile().value().assembly;
  EXPECT_NE(assembly.find("call 173"), std::string::npos) << assembly;
}

}  // namespace hawk::test
