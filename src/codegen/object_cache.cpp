#include "codegen/object_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/Support/CachePruning.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SHA256.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "support/write_all.h"

namespace hawk {

namespace {

constexpr std::string_view kPrefix = "llvmcache-";  // the only files that LLVM prunes
constexpr std::uint64_t kMostBytes = 64 << 20;      // of the whole directory
constexpr std::uint64_t kMostFiles = 1000;
constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;

constexpr std::size_t kDigestSize = 32;  // SHA-256

// The build of hawk that runs: the linker's hash of it. Empty if it was linked without one.
std::vector<std::uint8_t> build_id() {
  std::vector<std::uint8_t> id;
  auto search = [](dl_phdr_info* info, std::size_t, void* found) {
    for (int i = 0; i < info->dlpi_phnum; ++i) {
      const ElfW(Phdr)& header = info->dlpi_phdr[i];
      if (header.p_type != PT_NOTE) continue;
      const auto* at = reinterpret_cast<const std::uint8_t*>(info->dlpi_addr + header.p_vaddr);
      const std::uint8_t* end = at + header.p_memsz;
      while (at + sizeof(ElfW(Nhdr)) <= end) {
        const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
        const std::uint8_t* name = at + sizeof(*note);
        const std::uint8_t* text = name + (note->n_namesz + 3) / 4 * 4;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
          static_cast<std::vector<std::uint8_t>*>(found)->assign(text, text + note->n_descsz);
        at = text + (note->n_descsz + 3) / 4 * 4;
      }
    }
    return 1;  // the first one is the program itself
  };
  ::dl_iterate_phdr(search, &id);
  return id;
}

using ByteView = llvm::ArrayRef<std::uint8_t>;

bool is_ours_alone(const struct stat& status) {
  return status.st_uid == ::geteuid() && (status.st_mode & kOthersMayWrite) == 0;
}

}  // namespace

std::string object_key(const llvm::Module& module, const llvm::TargetMachine& target) {
  llvm::SmallVector<char, 0> bitcode;
  llvm::raw_svector_ostream out(bitcode);
  llvm::WriteBitcodeToFile(module, out);
  llvm::SHA256 hash;
  hash.update(build_id());
  hash.update(fmt::format("{} {} {}", target.getTargetTriple().str(), target.getTargetCPU().str(),
                          target.getTargetFeatureString().str()));
  hash.update(llvm::StringRef(bitcode.data(), bitcode.size()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

ObjectCache::ObjectCache(const std::string& directory) : path_(directory) {
  if (directory.empty() || build_id().empty()) return;
  ::mkdir(directory.c_str(), S_IRWXU);
  UniqueFd opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (opened.valid() && ::fstat(opened.get(), &status) == 0 && is_ours_alone(status)) directory_ = std::move(opened);
}

// A file is the SHA-256 of the object, then the object.
std::optional<std::vector<std::uint8_t>> ObjectCache::find(const std::string& key) const {
  if (!directory_.valid()) return std::nullopt;
  std::string name = std::string(kPrefix) + key;
  UniqueFd file(::openat(directory_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || !is_ours_alone(status))
    return std::nullopt;
  // Read, not mapped: a file that is cut short meanwhile must not end hawk.
  auto read = llvm::MemoryBuffer::getOpenFile(file.get(), name, static_cast<std::uint64_t>(status.st_size),
                                              /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!read) return std::nullopt;
  ByteView bytes = llvm::arrayRefFromStringRef((*read)->getBuffer());
  if (bytes.size() <= kDigestSize) return std::nullopt;
  ByteView object = bytes.drop_front(kDigestSize);
  if (ByteView(llvm::SHA256::hash(object)) != bytes.take_front(kDigestSize)) return std::nullopt;
  return object.vec();
}

void ObjectCache::keep(const std::string& key, const std::vector<std::uint8_t>& object) const {
  if (!directory_.valid() || object.size() > kMostBytes / 4) return;
  std::string name = std::string(kPrefix) + key;
  std::string unfinished = fmt::format("{}{}.{}", kPrefix, key, ::getpid());
  UniqueFd file(::openat(directory_.get(), unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         S_IRUSR | S_IWUSR));
  if (!file.valid()) return;
  std::string bytes = llvm::toStringRef(llvm::SHA256::hash(object)).str() + llvm::toStringRef(object).str();
  bool written = write_all(file.get(), bytes) == 0 &&
                 ::renameat(directory_.get(), unfinished.c_str(), directory_.get(), name.c_str()) == 0;
  if (!written) {
    ::unlinkat(directory_.get(), unfinished.c_str(), 0);
    return;
  }
  llvm::CachePruningPolicy policy;
  policy.Interval = std::chrono::seconds(0);
  policy.Expiration = std::chrono::hours(30 * 24);
  policy.MaxSizeBytes = kMostBytes;
  policy.MaxSizeFiles = kMostFiles;
  llvm::pruneCache(path_, policy);
}

}  // namespace hawk
