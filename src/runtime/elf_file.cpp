#include "runtime/elf_file.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace hawk {

Result<ElfFile> open_elf(const std::string& path) {
  elf_version(EV_CURRENT);
  ElfFile file{.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)), .elf = {}};
  if (!file.fd.valid()) return Error{.message = fmt::format("cannot read `{}`: {}", path, std::strerror(errno))};
  // Not mapped: a file that is cut short meanwhile would be a SIGBUS.
  file.elf.reset(elf_begin(file.fd.get(), ELF_C_READ, nullptr));
  if (!file.elf || elf_kind(file.elf.get()) != ELF_K_ELF) {
    return Error{.message = fmt::format("`{}` is not an ELF file", path)};
  }
  return file;
}

}  // namespace hawk
