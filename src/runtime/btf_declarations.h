// Kernel types and functions as C text, for listings. libbpf writes the C.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/btf_file.h"

struct btf_dump;

namespace hawk {

struct BtfDumpCloser {
  void operator()(btf_dump* dump) const;
};

class BtfDeclarations {
 public:
  // `file` must outlive this object.
  explicit BtfDeclarations(const BtfFile& file);

  // A parameter list as {"struct file * file", "size_t count"}.
  struct Parts {
    unsigned skipped_parameters = 0;
    bool result = false;  // add "ssize_t retval" unless the function returns nothing
  };
  [[nodiscard]] std::vector<std::string> parameters(std::uint32_t prototype, Parts parts);

  // Members of a struct as {"struct task_struct * task", "u32 fd"}.
  [[nodiscard]] std::vector<std::string> members(std::uint32_t id);

  // Definitions of structs, unions and enums as "struct list_head {\n\tstruct list_head *next;\n...};", one
  // for each id. Writing one out visits all types it depends on, so ask for many at once.
  [[nodiscard]] std::vector<std::string> definitions(const std::vector<std::uint32_t>& ids) const;

 private:
  std::string declare(std::uint32_t id);

  const BtfFile& file_;
  std::string text_;  // where dump_ writes
  std::unique_ptr<btf_dump, BtfDumpCloser> dump_;
};

}  // namespace hawk
