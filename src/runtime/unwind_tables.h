// Tables for dw_ustack: the .eh_frame of programs and libraries as rows that a BPF program can search
// (image/unwind_table.h). elfutils reads the DWARF.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/unwind_table.h"
#include "support/result.h"

namespace hawk {

// The rows of one ELF file, in order of position. Empty for one without such information.
[[nodiscard]] Result<std::vector<UnwindRow>> read_unwind_rows(const std::string& path);

// The program that a command line runs, and the libraries it is linked with. Empty if it is not an ELF file.
[[nodiscard]] std::vector<std::string> files_of_command(const std::string& command);
// The files mapped as code into a process, as this process can open them.
[[nodiscard]] std::vector<std::string> files_of_process(std::uint32_t pid);

struct UnwindTables {
  struct File {
    UnwindFileKey key;
    UnwindFile rows;
  };
  std::vector<File> files;
  std::vector<UnwindRow> rows;

  // Adds a file, once; those without rows are left out.
  void add(const std::string& path);
};

}  // namespace hawk
