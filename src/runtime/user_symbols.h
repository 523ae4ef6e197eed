// UserSymbols: from an address in a process to a function, by the process's mappings and the symbol tables
// of the mapped files.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "ast/config.h"
#include "image/resolver.h"
#include "runtime/elf_symbols.h"
#include "runtime/jit_symbols.h"
#include "runtime/mapping_journal.h"
#include "runtime/mapping_recorder.h"
#include "runtime/process_maps.h"

namespace hawk {

class UserSymbols {
 public:
  explicit UserSymbols(const Config& config) : demangle_(config.cpp_demangle) {}

  // A frame without symbol if nothing is known, as for a process that ended before anyone looked at it.
  [[nodiscard]] StackFrame frame(std::uint64_t address, std::uint32_t pid);
  // Reads the mappings of a process that lives now; they are kept when it has ended.
  void remember(std::uint32_t pid);
  // Records the mappings of all processes from now on, for those that end before they are asked about.
  void record_processes();
  // To be called often while recording.
  void collect_records();

 private:
  struct Process {
    ProcessMaps maps;
    std::string own_pid;  // in its own PID namespace: in the name of its perf map
    JitSymbols jit;
    uid_t owner = 0;      // who it runs as; 0 too while that is not known
    off_t jit_size = -1;  // of the file when it was read
    std::unordered_map<std::uint64_t, StackFrame> frames;
  };

  Process& process(std::uint32_t pid);
  static void read_maps(Process& process, std::uint32_t pid);
  const Mapping* find_mapping(Process& process, std::uint32_t pid, std::uint64_t address);
  static bool read_jit(Process& process, std::uint32_t pid);
  void resolve(Process& process, std::uint32_t pid, StackFrame& frame);
  void resolve_mapped(const Mapping& mapping, std::uint32_t pid, StackFrame& frame);
  // Null if the file cannot be read or is no ELF file.
  const ElfSymbolTable* table(const std::string& path, std::uint32_t pid);
  const ElfSymbolTable* read_table(const std::string& file);
  const ElfSymbolTable* vdso_table();
  [[nodiscard]] std::string display_name(std::string_view symbol) const;

  bool demangle_;
  std::unordered_map<std::uint32_t, Process> processes_;
  std::map<std::pair<dev_t, ino_t>, std::unique_ptr<ElfSymbolTable>> tables_;  // null: unusable
  std::unique_ptr<ElfSymbolTable> vdso_;
  bool vdso_read_ = false;
  std::unique_ptr<MappingRecorder> recorder_;
  MappingJournal journal_;
};

}  // namespace hawk
