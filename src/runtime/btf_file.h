// BtfFile: the kernel's type information (BTF), opened once, with an index of its names. libbpf parses it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

struct btf;
struct btf_type;

namespace hawk {

// A set of BTF_KIND_* numbers (linux/btf.h).
using BtfKinds = std::uint32_t;
[[nodiscard]] constexpr BtfKinds btf_kinds(std::initializer_list<unsigned> kinds) {
  BtfKinds set = 0;
  for (unsigned kind : kinds) set |= BtfKinds{1} << kind;
  return set;
}

class BtfFile {
 public:
  // $BPFTRACE_BTF (raw BTF, or an ELF file with a .BTF section), else /sys/kernel/btf/vmlinux.
  [[nodiscard]] static Result<std::unique_ptr<BtfFile>> open();
  [[nodiscard]] static Result<std::unique_ptr<BtfFile>> open(const std::string& path);
  // A module's, which refers to the kernel's: its ids go on where those of `kernel` end. `kernel` must outlive it.
  [[nodiscard]] static Result<std::unique_ptr<BtfFile>> open_module(const std::string& name, const BtfFile& kernel);
  // Whether the file that `open` would read can be read.
  [[nodiscard]] static bool readable();
  // Takes over `btf`, made with libbpf's btf__new_empty() and the like.
  explicit BtfFile(struct btf* btf);
  ~BtfFile();
  BtfFile(const BtfFile&) = delete;
  BtfFile& operator=(const BtfFile&) = delete;

  [[nodiscard]] struct btf* get() const { return btf_; }
  [[nodiscard]] const btf_type& type(std::uint32_t id) const;
  [[nodiscard]] const char* name(const btf_type& type) const;
  [[nodiscard]] const char* string(std::uint32_t offset) const;

  // The first type of that name and one of these kinds; 0 if there is none.
  [[nodiscard]] std::uint32_t find(std::string_view name, BtfKinds kinds);
  // Every type of these kinds that has a name, in the order of their ids.
  void for_each(BtfKinds kinds, const std::function<void(std::uint32_t id, std::string_view name)>& visit) const;

 private:
  void build_index();

  struct btf* btf_;
  std::vector<std::uint32_t> index_;  // open hash table of type ids, 0 where free; built by the first find
};

}  // namespace hawk
