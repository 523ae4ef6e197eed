// What processes had mapped: the journal, the kernel's records, and a process that is gone.
#include <gtest/gtest.h>
#include <linux/perf_event.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "runtime/mapping_recorder.h"
#include "runtime/user_symbol_use.h"
#include "runtime/user_symbols.h"

namespace hawk {
namespace {

constexpr std::uint32_t kProcess = 0x7ffffff0;  // no process has such a number

std::string path_at(const MappingJournal& journal, std::uint32_t pid, std::uint64_t address) {
  const ProcessMaps* maps = journal.find(pid);
  const Mapping* mapping = maps == nullptr ? nullptr : maps->find(address);
  return mapping == nullptr ? "-" : mapping->path;
}

TEST(ProcessMaps, NewMappingReplacesWhatItOverlaps) {
  ProcessMaps maps;
  maps.add({.begin = 0x2000, .end = 0x4000, .offset = 0, .path = "/b"});
  maps.add({.begin = 0x1000, .end = 0x2000, .offset = 0, .path = "/a"});
  EXPECT_EQ(maps.find(0x1fff)->path, "/a");
  EXPECT_EQ(maps.find(0x2000)->path, "/b");
  maps.add({.begin = 0x1800, .end = 0x2800, .offset = 0, .path = "/c"});
  EXPECT_EQ(maps.find(0x1900)->path, "/c");
  EXPECT_EQ(maps.find(0x1000), nullptr);
  EXPECT_EQ(maps.find(0x3000), nullptr);
}

TEST(MappingJournal, ForkCopiesExecClears) {
  MappingJournal journal;
  journal.mapped(kProcess, {.begin = 0x1000, .end = 0x2000, .offset = 0, .path = "/old"});
  journal.forked(kProcess + 1, kProcess);
  EXPECT_EQ(path_at(journal, kProcess + 1, 0x1000), "/old");
  journal.executed(kProcess + 1);
  journal.mapped(kProcess + 1, {.begin = 0x1000, .end = 0x2000, .offset = 0, .path = "/new"});
  EXPECT_EQ(path_at(journal, kProcess + 1, 0x1000), "/new");
  EXPECT_EQ(path_at(journal, kProcess, 0x1000), "/old");
}

TEST(MappingJournal, ForgetsTheDeadBeyondTheLimit) {
  MappingJournal journal(1);
  for (std::uint32_t pid = kProcess; pid < kProcess + 2; ++pid) {
    journal.mapped(pid, {.begin = 0x1000, .end = 0x2000, .offset = 0, .path = "/a"});
    journal.ended(pid);
  }
  EXPECT_EQ(path_at(journal, kProcess, 0x1000), "-");
  EXPECT_EQ(path_at(journal, kProcess + 1, 0x1000), "/a");
}

// A record in the layout of perf_event_open(2).
struct Record {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(sizeof(perf_event_header));

  template <class T>
  Record& add(T value) {
    std::size_t at = bytes.size();
    bytes.resize(at + sizeof(value));
    std::memcpy(bytes.data() + at, &value, sizeof(value));
    return *this;
  }
  Record& text(const char* value, std::size_t size) {
    std::size_t at = bytes.size();
    bytes.resize(at + size);
    std::memcpy(bytes.data() + at, value, std::strlen(value));
    return *this;
  }
  std::vector<std::uint8_t> finish(std::uint32_t type, std::uint16_t misc = 0) {
    perf_event_header header{.type = type, .misc = misc, .size = static_cast<std::uint16_t>(bytes.size())};
    std::memcpy(bytes.data(), &header, sizeof(header));
    return bytes;
  }
};

std::vector<std::uint8_t> map_record(std::uint32_t pid, const char* path) {
  Record record;
  record.add(pid).add(pid).add<std::uint64_t>(0x7000).add<std::uint64_t>(0x1000).add<std::uint64_t>(0x3000);
  record.add<std::uint32_t>(8).add<std::uint32_t>(1).add<std::uint64_t>(99).add<std::uint64_t>(0);
  record.add<std::uint32_t>(5).add<std::uint32_t>(2).text(path, 24).add<std::uint64_t>(123456);
  return record.finish(PERF_RECORD_MMAP2);
}

TEST(PerfRecords, AreApplied) {
  MappingJournal journal;
  apply_perf_record(journal, map_record(kProcess, "/usr/lib/libx.so"));
  ASSERT_EQ(path_at(journal, kProcess, 0x7fff), "/usr/lib/libx.so");
  EXPECT_EQ(journal.find(kProcess)->find(0x7000)->offset, 0x3000U);
  EXPECT_EQ(path_at(journal, kProcess, 0x8000), "-");
  apply_perf_record(journal, map_record(kProcess, "//anon"));
  EXPECT_EQ(path_at(journal, kProcess, 0x7000), "") << "memory without a file";

  Record fork;
  fork.add(kProcess + 1).add(kProcess).add(kProcess + 1).add(kProcess).add<std::uint64_t>(0).add<std::uint64_t>(1);
  apply_perf_record(journal, fork.finish(PERF_RECORD_FORK));
  EXPECT_EQ(path_at(journal, kProcess + 1, 0x7000), "");

  Record renamed;
  renamed.add(kProcess).add(kProcess).text("name", 8).add<std::uint64_t>(1);
  apply_perf_record(journal, renamed.finish(PERF_RECORD_COMM));
  EXPECT_EQ(path_at(journal, kProcess, 0x7000), "") << "only a name";
  apply_perf_record(journal, renamed.finish(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC));
  EXPECT_EQ(path_at(journal, kProcess, 0x7000), "-");
}

TEST(UserSymbols, OfAProcessThatIsGone) {
  Config config;
  UserSymbols symbols(config);
  symbols.record_processes();
  pid_t child = fork();
  if (child == 0) _exit(0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  // The child had this process's mappings, and ended before anyone looked.
  StackFrame frame = symbols.frame(reinterpret_cast<std::uint64_t>(&strtoull), static_cast<std::uint32_t>(child));
  if (frame.symbol.empty() && geteuid() != 0) GTEST_SKIP() << "no right to record mappings";
  EXPECT_NE(frame.symbol.find("strto"), std::string::npos);
}

TEST(ShowsUserSymbols, ByTypes) {
  ProgramImage image;
  EXPECT_FALSE(shows_user_symbols(image));
  MapSchema map;
  map.keyed = true;
  map.key = tuple_type({int_type(4, false), stack_type(true, StackMode::kBpftrace, 3)});
  map.value = int_type(8, false);
  image.maps.push_back(map);
  EXPECT_FALSE(shows_user_symbols(image));
  image.maps[0].key = tuple_type({int_type(4, false), stack_type(false, StackMode::kBpftrace, 3)});
  EXPECT_TRUE(shows_user_symbols(image));
  image.maps.clear();
  EventSchema event;
  add_field(event, simple_type(TypeKind::kUserSymbol));
  image.events.push_back(event);
  EXPECT_TRUE(shows_user_symbols(image));
}

}  // namespace
}  // namespace hawk
