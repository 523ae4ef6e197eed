// Symbols of this very program, and which files names mean.
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "runtime/binary_paths.h"
#include "runtime/elf_symbols.h"
#include "runtime/target.h"
#include "support/unique_fd.h"

extern "C" {
int hawk_test_variable = 7;
__attribute__((noinline)) int hawk_test_function(int value) { return value * hawk_test_variable; }
}

namespace hawk {
namespace {

std::string own_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

// Where this program's virtual address 0 was loaded.
std::uint64_t load_address() {
  std::uint64_t base = 0;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* result) {
        *static_cast<std::uint64_t*>(result) = info->dlpi_addr;
        return 1;  // the program itself comes first
      },
      &base);
  return base;
}

class ElfTest : public testing::Test {
 protected:
  Result<ElfSymbolTable> read_ = ElfSymbolTable::read(own_path());
  const ElfSymbolTable& table_ = read_.value();
};

TEST_F(ElfTest, FindsFunctionsAndVariablesByName) {
  const ElfSymbolTable::Symbol* function = table_.find("hawk_test_function");
  ASSERT_NE(function, nullptr);
  EXPECT_TRUE(function->is_function);
  EXPECT_EQ(function->address + load_address(), reinterpret_cast<std::uint64_t>(&hawk_test_function));
  const ElfSymbolTable::Symbol* variable = table_.find("hawk_test_variable");
  ASSERT_NE(variable, nullptr);
  EXPECT_FALSE(variable->is_function);
  EXPECT_EQ(variable->size, sizeof(int));
  EXPECT_EQ(table_.find("hawk_test_nothing"), nullptr);
}

// A library that is replaced by overwriting it, while hawk reads it. In a child, since the failure is SIGBUS.
TEST_F(ElfTest, SurvivesAFileThatIsCutShort) {
  std::string path = testing::TempDir() + "hawk_cut." + std::to_string(getpid());
  std::ifstream original(own_path(), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(original)), {});
  std::ofstream(path, std::ios::binary) << bytes;
  pid_t reader = fork();
  if (reader == 0) {
    alarm(20);
    for (;;) (void)ElfSymbolTable::read(path);
  }
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  int status = 0;
  pid_t ended = 0;
  for (int round = 0; round < 20 && ended == 0; ++round) {
    usleep(10000);
    ASSERT_EQ(ftruncate(file.get(), 0), 0);
    usleep(1000);
    ASSERT_EQ(pwrite(file.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    ended = waitpid(reader, &status, WNOHANG);
  }
  EXPECT_EQ(ended, 0) << "the reader died of signal " << WTERMSIG(status);
  if (ended == 0) {
    kill(reader, SIGKILL);
    waitpid(reader, &status, 0);
  }
  unlink(path.c_str());
}

TEST_F(ElfTest, FileOffsetsHoldTheFunctionsBytes) {
  UserSymbol symbol = table_.describe(*table_.find("hawk_test_function"));
  std::ifstream file(own_path(), std::ios::binary);
  file.seekg(static_cast<std::streamoff>(symbol.file_offset));
  std::string bytes(symbol.size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_GT(bytes.size(), 4U);
  EXPECT_EQ(std::memcmp(bytes.data(), reinterpret_cast<const void*>(&hawk_test_function), bytes.size()), 0);
  EXPECT_EQ(table_.to_address(symbol.file_offset), symbol.address);
}

TEST_F(ElfTest, LocatesAddressesAndOffsets) {
  const ElfSymbolTable::Symbol* function = table_.find("hawk_test_function");
  ElfSymbolTable::Located inside = table_.find_address(function->address + 3);
  ASSERT_NE(inside.symbol, nullptr);
  EXPECT_EQ(table_.name(*inside.symbol), "hawk_test_function");
  EXPECT_EQ(inside.offset, 3U);
  ElfSymbolTable::Located by_offset = table_.find_file_offset(table_.to_file_offset(function->address) + 1);
  ASSERT_NE(by_offset.symbol, nullptr);
  EXPECT_EQ(by_offset.offset, 1U);
  EXPECT_EQ(table_.find_address(1).symbol, nullptr);
  EXPECT_EQ(table_.find_address(table_.find("hawk_test_variable")->address).symbol, nullptr);
}

// Statically linked tables carry versions in the name itself: `memcpy@@GLIBC_2.14`.
TEST(ElfVersionTest, IsCutOffNames) {
  auto paths = find_binaries("libc");
  ASSERT_TRUE(paths.ok());
  auto table = ElfSymbolTable::read(paths.value().at(0));
  ASSERT_TRUE(table.ok());
  EXPECT_NE(table.value().find("memcpy"), nullptr);
  for (const ElfSymbolTable::Symbol& symbol : table.value().symbols()) {
    std::string_view name = table.value().name(symbol);
    EXPECT_EQ(name.find('@'), std::string_view::npos) << name;
  }
}

TEST(ElfErrorTest, SaysWhatTheFileIsNot) {
  EXPECT_EQ(ElfSymbolTable::read("/etc/passwd").error().message, "`/etc/passwd` is not an ELF file");
  EXPECT_EQ(ElfSymbolTable::read("/nope").error().message, "cannot read `/nope`: No such file or directory");
}

TEST(UserSymbolTest, TargetFindsThemInLibraries) {
  auto target = make_target();
  auto paths = target->resolve_binary("libc");
  ASSERT_TRUE(paths.ok()) << paths.error().message;
  auto malloc_symbol = target->user_symbol(paths.value().at(0), "malloc");
  ASSERT_TRUE(malloc_symbol.ok()) << malloc_symbol.error().message;
  auto at = target->user_symbol_at(paths.value()[0], malloc_symbol.value().address + 1);
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(at->name, "malloc");
  auto matches = target->match_user_functions(paths.value()[0], "mallo[c]");
  ASSERT_TRUE(matches.ok());
  ASSERT_EQ(matches.value().size(), 1U);
  EXPECT_EQ(matches.value()[0].file_offset, malloc_symbol.value().file_offset);
  EXPECT_EQ(target->user_symbol(paths.value()[0], "no_such_name").error().message,
            "no symbol `no_such_name` in `" + paths.value()[0] + "`");
}

// A directory with a program `tool`, a text `note` and a program `./tool2`, first in $PATH.
class BinaryPathTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/hawk_paths_XXXXXX";
    directory_ = mkdtemp(name);
    for (const char* tool : {"tool", "tool2"}) std::filesystem::copy_file("/proc/self/exe", directory_ / tool);
    std::ofstream(directory_ / "note") << "text";
    chmod((directory_ / "note").c_str(), 0644);
    path_ = getenv("PATH") != nullptr ? getenv("PATH") : "";
    setenv("PATH", (directory_.string() + ":" + path_).c_str(), 1);
    here_ = std::filesystem::current_path();
    std::filesystem::current_path(directory_);
  }
  void TearDown() override {
    std::filesystem::current_path(here_);
    setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(directory_);
  }

  // Found paths without the directory, joined with blanks; or the error's text.
  std::string find(const std::string& name) {
    auto found = find_binaries(name);
    if (!found.ok()) return found.error().message;
    std::string text;
    for (std::string path : found.value()) {
      if (path.starts_with(directory_.string())) path = path.substr(directory_.string().size() + 1);
      text += (text.empty() ? "" : " ") + path;
    }
    return text;
  }

  std::filesystem::path directory_;
  std::filesystem::path here_;
  std::string path_;
};

TEST_F(BinaryPathTest, FindsWhatNamesMean) {
  struct Row {
    std::string name;
    std::string found;
  };
  const Row rows[] = {
      {"tool", "tool"},
      {"./tool", "tool"},
      {directory_.string() + "/tool", "tool"},
      {"../" + directory_.filename().string() + "/tool", "tool"},
      {directory_.string() + "/t*", "tool tool2"},
      {directory_.string() + "/*", "tool tool2"},
      {"./t*2", "tool2"},
      {"tool?", "tool2"},
      {"/nope/*", ""},
      {"/nope", "`/nope` does not exist or is not executable"},
      {"./nope", "`./nope` does not exist or is not executable"},
      {"note", "`note` does not exist or is not executable"},
      {directory_.string(), "`" + directory_.string() + "` does not exist or is not executable"},
  };
  for (const Row& row : rows) EXPECT_EQ(find(row.name), row.found) << row.name;
}

struct CacheRow {
  std::string name;
  std::string path;
  std::int32_t flags;
};

void append(std::string& bytes, const void* data, std::size_t size) {
  bytes.append(static_cast<const char*>(data), size);
}

// A cache in the new format: header, entries, strings.
std::string make_cache(const std::vector<CacheRow>& rows) {
  std::string strings;
  std::string entries;
  std::uint32_t start = static_cast<std::uint32_t>(48 + 24 * rows.size());
  for (const CacheRow& row : rows) {
    std::uint32_t name = start + static_cast<std::uint32_t>(strings.size());
    strings += row.name + '\0';
    std::uint32_t path = start + static_cast<std::uint32_t>(strings.size());
    strings += row.path + '\0';
    std::uint64_t zero = 0;
    append(entries, &row.flags, 4);
    append(entries, &name, 4);
    append(entries, &path, 4);
    append(entries, &zero, 4);
    append(entries, &zero, 8);
  }
  std::string cache = "glibc-ld.so.cache1.1";
  auto count = static_cast<std::uint32_t>(rows.size());
  append(cache, &count, 4);
  cache.resize(48, '\0');
  return cache + entries + strings;
}

TEST(LibraryTest, ReadsTheLinkersCache) {
#if defined(__aarch64__)
  constexpr std::int32_t kOwn = 0x0a03;
#else
  constexpr std::int32_t kOwn = 0x0303;
#endif
  std::string cache = make_cache({{"libz.so", "/dev/libz.so", kOwn},
                                  {"libz.so.1", "/lib/libz.so.1", kOwn},
                                  {"libc.so.6", "/lib32/libc.so.6", 0x0803},
                                  {"libc.so.6", "/lib/libc.so.6", kOwn},
                                  {"libcap.so.2", "/lib/libcap.so.2", kOwn},
                                  {"libonly.so", "/lib/libonly.so", kOwn}});
  struct Row {
    const char* name;
    const char* path;  // "" for none
  };
  for (Row row : {Row{"libc", "/lib/libc.so.6"}, Row{"libc.so", "/lib/libc.so.6"}, Row{"libc.so.6", "/lib/libc.so.6"},
                  Row{"libz", "/lib/libz.so.1"}, Row{"libz.so", "/dev/libz.so"}, Row{"libz.so.1", "/lib/libz.so.1"},
                  Row{"libonly", "/lib/libonly.so"}, Row{"libca", ""}, Row{"libc.so.7", ""}, Row{"lib", ""}}) {
    EXPECT_EQ(find_library(cache, row.name).value_or(""), row.path) << row.name;
    // Behind a cache in the old format.
    EXPECT_EQ(find_library("ld.so-1.7.0 and so on" + cache, row.name).value_or(""), row.path) << row.name;
  }
}

TEST(LibraryTest, SurvivesBrokenCaches) {
  EXPECT_FALSE(find_library("", "libc").has_value());
  EXPECT_FALSE(find_library("glibc-ld.so.cache1.1", "libc").has_value());
  std::string cache = make_cache({{"libc.so.6", "/lib/libc.so.6", 0x0303}});
  for (std::size_t size = 0; size < cache.size(); ++size)
    static_cast<void>(find_library(cache.substr(0, size), "libc"));
}

}  // namespace
}  // namespace hawk
