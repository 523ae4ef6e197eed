// Objects that are kept between runs.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <llvm/IR/LLVMContext.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "codegen/backend.h"
#include "codegen/object_cache.h"

namespace hawk {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

class ObjectCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hawk_cache_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    top_ = name;
    directory_ = (top_ / "hawk").string();
  }
  void TearDown() override { fs::remove_all(top_); }

  [[nodiscard]] fs::path only_file() const {
    fs::path file;
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (entry.path().filename() == "llvmcache.timestamp") continue;
      EXPECT_TRUE(file.empty()) << "one file, nothing unfinished";
      file = entry.path();
    }
    return file;
  }

  fs::path top_;
  std::string directory_;
};

TEST_F(ObjectCacheTest, FindsWhatItWasGiven) {
  ObjectCache cache(directory_);
  EXPECT_FALSE(cache.find("one").has_value());
  cache.keep("one", {1, 2, 3});
  EXPECT_EQ(ObjectCache(directory_).find("one"), (Bytes{1, 2, 3}));
  EXPECT_FALSE(cache.find("other").has_value());
  EXPECT_EQ(fs::status(directory_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(only_file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ObjectCacheTest, DamagedFilesAreNotUsed) {
  ObjectCache cache(directory_);
  cache.keep("one", Bytes(1000, 7));
  fs::path file = only_file();
  fs::resize_file(file, 900);
  EXPECT_FALSE(cache.find("one").has_value()) << "cut short";
  cache.keep("one", Bytes(1000, 7));
  EXPECT_TRUE(cache.find("one").has_value()) << "written anew";
  std::fstream(file, std::ios::in | std::ios::out).seekp(500).put('x');
  EXPECT_FALSE(cache.find("one").has_value()) << "changed";
  std::ofstream(file, std::ios::trunc).close();
  EXPECT_FALSE(cache.find("one").has_value()) << "empty";
}

TEST_F(ObjectCacheTest, WhatOthersCouldHaveWrittenIsNotUsed) {
  ObjectCache cache(directory_);
  cache.keep("one", {1, 2, 3});
  fs::path file = only_file();
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  EXPECT_FALSE(cache.find("one").has_value()) << "a file that others may write to";
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(cache.find("one").has_value());
  ASSERT_EQ(::chmod(directory_.c_str(), 0777), 0);
  EXPECT_FALSE(ObjectCache(directory_).is_open()) << "a directory that others may write to";
  ASSERT_EQ(::chmod(directory_.c_str(), 0700), 0);
  fs::rename(file, top_ / "elsewhere");
  fs::create_symlink(top_ / "elsewhere", file);
  EXPECT_FALSE(cache.find("one").has_value()) << "a link";
  fs::create_directory_symlink(directory_, top_ / "link");
  EXPECT_FALSE(ObjectCache((top_ / "link").string()).is_open()) << "a link to a directory";
  fs::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(cache.find("one").has_value()) << "does not wait for a pipe";
}

TEST_F(ObjectCacheTest, AnothersDirectoryIsNotUsed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a directory away";
  ASSERT_EQ(::mkdir(directory_.c_str(), 0700), 0);
  ASSERT_EQ(::chown(directory_.c_str(), 65534, 65534), 0);
  EXPECT_FALSE(ObjectCache(directory_).is_open());
}

TEST_F(ObjectCacheTest, NothingIsKeptWhereNothingCanBe) {
  ObjectCache none("");
  none.keep("one", {1});
  EXPECT_FALSE(none.find("one").has_value());
  EXPECT_FALSE(ObjectCache((top_ / "no" / "such").string()).is_open());
  EXPECT_FALSE(ObjectCache("/dev/null").is_open());
}

TEST_F(ObjectCacheTest, StaysBelowItsBound) {
  ObjectCache cache(directory_);
  for (int i = 0; i < 10; ++i) cache.keep(std::to_string(i), Bytes(15 << 20, 1));
  std::uintmax_t total = 0;
  for (const auto& entry : fs::directory_iterator(directory_)) total += entry.file_size();
  EXPECT_LE(total, 64U << 20);
  EXPECT_GT(total, 0U);
  EXPECT_TRUE(cache.find("9").has_value()) << "the newest stays";
}

TEST(ObjectKey, SaysWhatDecidesTheObject) {
  llvm::LLVMContext context;
  auto target = create_bpf_target();
  auto key = [&](const char* name, const llvm::TargetMachine& machine) {
    llvm::Module module("script", context);
    prepare_module(module, *target);
    new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(context), true, llvm::GlobalValue::ExternalLinkage, nullptr,
                             name);
    return object_key(module, machine);
  };
  EXPECT_EQ(key("a", *target), key("a", *target));
  EXPECT_NE(key("a", *target), key("b", *target));
  EXPECT_NE(key("a", *target), key("a", *create_host_target()));
  EXPECT_EQ(key("a", *target).size(), 64U);
}

}  // namespace
}  // namespace hawk
