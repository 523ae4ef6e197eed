// ELF files as libelf opens them.
#pragma once

#include <libelf.h>

#include <memory>
#include <string>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

struct ElfCloser {
  void operator()(Elf* elf) const { elf_end(elf); }
};

// An open file and libelf's view of it.
struct ElfFile {
  UniqueFd fd;
  std::unique_ptr<Elf, ElfCloser> elf;
};

// The error says why the file cannot be read, or that it is something else.
[[nodiscard]] Result<ElfFile> open_elf(const std::string& path);

}  // namespace hawk
