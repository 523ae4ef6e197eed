#include "runtime/btf_file.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "support/unique_fd.h"

namespace hawk {

namespace {

constexpr const char* kKernelBtf = "/sys/kernel/btf/vmlinux";
constexpr BtfKinds kIndexed = btf_kinds({BTF_KIND_INT, BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_ENUM, BTF_KIND_ENUM64,
                                         BTF_KIND_FWD, BTF_KIND_TYPEDEF, BTF_KIND_FLOAT, BTF_KIND_FUNC});

bool in(BtfKinds kinds, const btf_type& type) { return ((kinds >> btf_kind(&type)) & 1) != 0; }

std::uint32_t hash_of(std::string_view text) { return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text)); }

// Linux 6.16 lets the kernel's file be mapped, which saves a copy of some megabytes. Null where it does not,
// or for an ELF file.
btf* parse_mapped(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file.valid() || fstat(file.get(), &status) != 0 || status.st_size < 2) return nullptr;
  auto size = static_cast<std::uint32_t>(status.st_size);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return nullptr;
  std::uint16_t magic = 0;
  std::memcpy(&magic, data, sizeof magic);
  btf* parsed = magic == BTF_MAGIC ? btf__new(data, size) : nullptr;
  munmap(data, size);
  return parsed;
}

const char* kernel_btf() {
  const char* chosen = std::getenv("BPFTRACE_BTF");
  return chosen != nullptr && *chosen != '\0' ? chosen : kKernelBtf;
}

Error open_error(const std::string& path, int error) {
  const char* help = "the kernel needs CONFIG_DEBUG_INFO_BTF, or set BPFTRACE_BTF to a file with its type information";
  if (error == EACCES || error == EPERM) help = "run as root, or let this user read that file";
  return {.message = fmt::format("cannot read kernel types (BTF) from `{}`: {}", path, std::strerror(error)),
          .help = help};
}

}  // namespace

Result<std::unique_ptr<BtfFile>> BtfFile::open() { return open(kernel_btf()); }

bool BtfFile::readable() { return ::access(kernel_btf(), R_OK) == 0; }

Result<std::unique_ptr<BtfFile>> BtfFile::open(const std::string& path) {
  libbpf_print_fn_t print = libbpf_set_print(nullptr);  // the Error says what is wrong
  btf* parsed = parse_mapped(path);
  if (parsed == nullptr) parsed = btf__parse(path.c_str(), nullptr);
  int error = errno;
  libbpf_set_print(print);
  if (parsed == nullptr) return open_error(path, error);
  return std::make_unique<BtfFile>(parsed);
}

Result<std::unique_ptr<BtfFile>> BtfFile::open_module(const std::string& name, const BtfFile& kernel) {
  std::string path = fmt::format("/sys/kernel/btf/{}", name);
  libbpf_print_fn_t print = libbpf_set_print(nullptr);
  btf* parsed = btf__parse_split(path.c_str(), kernel.get());
  int error = errno;
  libbpf_set_print(print);
  if (parsed == nullptr) return open_error(path, error);
  return std::make_unique<BtfFile>(parsed);
}

BtfFile::BtfFile(struct btf* btf) : btf_(btf) {}
BtfFile::~BtfFile() { btf__free(btf_); }

const btf_type& BtfFile::type(std::uint32_t id) const { return *btf__type_by_id(btf_, id); }
const char* BtfFile::name(const btf_type& type) const { return string(type.name_off); }
const char* BtfFile::string(std::uint32_t offset) const { return btf__str_by_offset(btf_, offset); }

void BtfFile::build_index() {
  std::uint32_t count = btf__type_cnt(btf_);
  index_.assign(std::bit_ceil(count + count / 2), 0);
  std::uint32_t mask = static_cast<std::uint32_t>(index_.size()) - 1;
  for (std::uint32_t id = 1; id < count; ++id) {
    const btf_type& named = type(id);
    if (named.name_off == 0 || !in(kIndexed, named)) continue;
    std::uint32_t slot = hash_of(name(named)) & mask;
    while (index_[slot] != 0) slot = (slot + 1) & mask;
    index_[slot] = id;
  }
}

std::uint32_t BtfFile::find(std::string_view name, BtfKinds kinds) {
  if (index_.empty()) build_index();
  std::uint32_t mask = static_cast<std::uint32_t>(index_.size()) - 1;
  // Types of one name keep the order of their ids along the probe sequence.
  for (std::uint32_t slot = hash_of(name) & mask; index_[slot] != 0; slot = (slot + 1) & mask) {
    const btf_type& candidate = type(index_[slot]);
    if (in(kinds, candidate) && name == this->name(candidate)) return index_[slot];
  }
  return 0;
}

void BtfFile::for_each(BtfKinds kinds, const std::function<void(std::uint32_t, std::string_view)>& visit) const {
  std::uint32_t count = btf__type_cnt(btf_);
  for (std::uint32_t id = 1; id < count; ++id) {
    const btf_type& candidate = type(id);
    if (candidate.name_off == 0 || !in(kinds, candidate)) continue;
    visit(id, name(candidate));
  }
}

}  // namespace hawk
