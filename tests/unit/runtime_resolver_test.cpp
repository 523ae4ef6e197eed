// From numbers to names: mappings, JIT symbols, cgroups, clocks, and this very process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "runtime/cgroup_paths.h"
#include "runtime/clocks.h"
#include "runtime/jit_symbols.h"
#include "runtime/machine_resolver.h"
#include "runtime/process_maps.h"
#include "runtime/read_file.h"
#include "support/unique_fd.h"

namespace hawk {
namespace {

TEST(ProcessMaps, ExecutableMappings) {
  ProcessMaps maps = ProcessMaps::parse(
      "55d000000000-55d000002000 r--p 00000000 fe:00 42                         /usr/bin/a b\n"
      "55d000002000-55d000004000 r-xp 00002000 fe:00 42                         /usr/bin/a b\n"
      "7f0000000000-7f0000001000 r-xp 00000000 00:00 0 \n"
      "7f0000002000-7f0000003000 r-xp 00001000 fe:00 43                         /lib/old.so (deleted)\n"
      "7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]\n"
      "broken line\n");
  struct Case {
    std::uint64_t address;
    const char* path;  // null: no mapping
    std::uint64_t offset;
  };
  const Case cases[] = {
      {0x55d000001000, nullptr, 0},  // not executable
      {0x55d000002000, "/usr/bin/a b", 0x2000},
      {0x55d000003fff, "/usr/bin/a b", 0x2000},
      {0x55d000004000, nullptr, 0},
      {0x7f0000000800, "", 0},
      {0x7f0000002004, "/lib/old.so", 0x1000},
      {0x7ffd00000010, "[vdso]", 0},
      {0, nullptr, 0},
      {~std::uint64_t{0}, nullptr, 0},
  };
  for (const Case& row : cases) {
    const Mapping* mapping = maps.find(row.address);
    ASSERT_EQ(mapping == nullptr, row.path == nullptr) << std::hex << row.address;
    if (mapping == nullptr) continue;
    EXPECT_EQ(mapping->path, row.path);
    EXPECT_EQ(mapping->offset, row.offset);
  }
}

TEST(JitSymbols, LaterLinesReplace) {
  JitSymbols symbols =
      JitSymbols::parse("1000 20 old name\n0x2000 10 LazyCompile:~f /a b.js:1\nrubbish\n1000 20 new\n");
  EXPECT_EQ(symbols.find(0x1004).name, "new");
  EXPECT_EQ(symbols.find(0x1004).offset, 4U);
  EXPECT_EQ(symbols.find(0x200f).name, "LazyCompile:~f /a b.js:1");
  EXPECT_EQ(symbols.find(0x2010).name, "");
  EXPECT_EQ(symbols.find(0x10).name, "");
}

TEST(CgroupMounts, OrderAndDuplicates) {
  std::vector<CgroupMount> mounts = parse_cgroup_mounts(
      "20 1 0:1 / / rw - ext4 /dev/x rw\n"
      "30 1 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "31 1 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:5 - cgroup cgroup rw,cpu\n"
      "32 1 0:32 / /sys/fs/cgroup/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"
      "33 1 0:30 / /chroot/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "34 1 0:99\n");
  std::vector<CgroupMount> expected = {{"unified", "/sys/fs/cgroup/unified"},
                                       {"cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct"},
                                       {"memory", "/sys/fs/cgroup/memory"}};
  EXPECT_EQ(mounts, expected);
}

TEST(ClockOffsets, AgreeWithTheTimeOfDay) {
  ClockOffsets offsets;
  struct Case {
    clockid_t id;
    Clock clock;
  };
  const Case cases[] = {{CLOCK_MONOTONIC, Clock::kMonotonic}, {CLOCK_BOOTTIME, Clock::kBoot}, {CLOCK_TAI, Clock::kTai}};
  for (const Case& row : cases) {
    std::int64_t wall = offsets.wall_ns(static_cast<std::uint64_t>(clock_ns(row.id)), row.clock);
    EXPECT_NEAR(static_cast<double>(wall), static_cast<double>(clock_ns(CLOCK_REALTIME)), 1e8);
  }
}

[[gnu::noinline]] void marked_function() { asm volatile(""); }

TEST(MachineResolver, FramesOfThisProcess) {
  Config config;
  MachineResolver resolver(config);
  auto own = static_cast<std::uint32_t>(getpid());
  StackFrame libc = resolver.user_frame(reinterpret_cast<std::uint64_t>(&strtoull) + 3, own);
  EXPECT_NE(libc.symbol.find("strto"), std::string::npos) << libc.symbol;
  EXPECT_EQ(libc.offset, 3U);
  EXPECT_NE(libc.module.find("libc"), std::string::npos);
  StackFrame mangled = resolver.user_frame(reinterpret_cast<std::uint64_t>(&marked_function), own);
  EXPECT_EQ(mangled.symbol, "hawk::(anonymous namespace)::marked_function()");
  StackFrame nothing = resolver.user_frame(16, own);
  EXPECT_EQ(nothing.symbol, "");
  EXPECT_EQ(nothing.address, 16U);
}

TEST(MachineResolver, MangledNamesOnRequest) {
  Config config;
  config.cpp_demangle = false;
  MachineResolver resolver(config);
  StackFrame frame =
      resolver.user_frame(reinterpret_cast<std::uint64_t>(&marked_function), static_cast<std::uint32_t>(getpid()));
  EXPECT_TRUE(frame.symbol.starts_with("_Z")) << frame.symbol;
}

TEST(MachineResolver, Vdso) {
  Config config;
  MachineResolver resolver(config);
  std::ifstream maps("/proc/self/maps");
  std::string text((std::istreambuf_iterator<char>(maps)), {});
  const Mapping* vdso = nullptr;
  ProcessMaps own = ProcessMaps::parse(text);
  vdso = own.find(getauxval(AT_SYSINFO_EHDR));
  if (vdso == nullptr) GTEST_SKIP() << "no vdso in this process";
  bool found = false;
  for (std::uint64_t address = vdso->begin; address < vdso->end && !found; address += 16) {
    found = resolver.user_frame(address, static_cast<std::uint32_t>(getpid())).symbol.find("clock_gettime") !=
            std::string::npos;
  }
  EXPECT_TRUE(found);
}

TEST(MachineResolver, JitFileOfAProcess) {
  std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  Config config;
  MachineResolver resolver(config);
  auto own = static_cast<std::uint32_t>(getpid());
  std::ofstream(path) << "30 10 first\n";
  EXPECT_EQ(resolver.user_frame(0x34, own).symbol, "first");
  std::ofstream(path, std::ios::app) << "50 10 second\n";
  EXPECT_EQ(resolver.user_frame(0x51, own).symbol, "second") << "the file has grown";
  unlink(path.c_str());
}

// What any user can leave in /tmp under the name of a process's symbol file.
TEST(MachineResolver, JitFileThatIsNotToBeTrusted) {
  std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  std::string other = path + ".other";
  std::ofstream(other) << "30 10 planted\n";
  struct Case {
    const char* what;
    std::function<bool()> plant;
  };
  const Case cases[] = {
      {"a FIFO, which would block", [&] { return mkfifo(path.c_str(), 0600) == 0; }},
      {"a link", [&] { return symlink(other.c_str(), path.c_str()) == 0; }},
      {"another user's",
       [&] { return link(other.c_str(), path.c_str()) == 0 && chown(path.c_str(), 4000000001, 0) == 0; }},
      {"40 GB", [&] { return (std::ofstream(path) << "30 10 huge\n") && truncate(path.c_str(), 40LL << 30) == 0; }},
  };
  for (const Case& row : cases) {
    unlink(path.c_str());
    if (!row.plant()) GTEST_SKIP() << "cannot make a file that is " << row.what;
    MachineResolver resolver{Config()};
    alarm(20);
    EXPECT_EQ(resolver.user_frame(0x34, static_cast<std::uint32_t>(getpid())).symbol, "") << row.what;
    alarm(0);
  }
  unlink(path.c_str());
  unlink(other.c_str());
}

TEST(ReadFile, Limit) {
  std::string path = testing::TempDir() + "hawk_limit." + std::to_string(getpid());
  std::ofstream(path) << "12345678";
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(read_all(file.get(), 8), "12345678");
  lseek(file.get(), 0, SEEK_SET);
  errno = 0;
  EXPECT_EQ(read_all(file.get(), 7), std::nullopt);
  EXPECT_EQ(errno, EFBIG);
  UniqueFd endless(open("/dev/zero", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(read_all(endless.get(), 1 << 20), std::nullopt);
  unlink(path.c_str());
}

// A name comes from a file that any user can make; a terminal obeys what is in it.
TEST(MachineResolver, NamesCannotCommandATerminal) {
  std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  std::ofstream(path) << "30 10 a\x1b[2Jb\tc\x7f\xc3\xa9\n";
  MachineResolver resolver{Config()};
  EXPECT_EQ(resolver.user_frame(0x34, static_cast<std::uint32_t>(getpid())).symbol, "a\\x1b[2Jb\\x09c\\x7f\xc3\xa9");
  unlink(path.c_str());
}

TEST(MachineResolver, Users) {
  Config config;
  MachineResolver resolver(config);
  EXPECT_EQ(resolver.user_name(0), "root");
  EXPECT_EQ(resolver.user_name(4000000001), "");
}

TEST(MachineResolver, UnknownCgroup) {
  Config config;
  MachineResolver resolver(config);
  EXPECT_EQ(resolver.cgroup_path(0xffffffffffff, ""), "");
}

}  // namespace
}  // namespace hawk
