// ElfSymbolTable: the functions and variables of one program or library, read once. libelf parses the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast/target_info.h"
#include "support/result.h"

namespace hawk {

class ElfSymbolTable {
 public:
  struct Symbol {
    std::uint64_t address = 0;  // virtual address in the file
    std::uint64_t size = 0;     // bytes; 0 if the file does not say
    std::uint32_t name_begin = 0;
    std::uint32_t name_size = 0;
    bool is_function = false;  // else a variable
  };
  // A symbol and how far behind its start an address lies.
  struct Located {
    const Symbol* symbol = nullptr;
    std::uint64_t offset = 0;
  };

  // .symtab and .dynsym; where there is no .symtab, that of the separate debug file with the same build id
  // (/usr/lib/debug/.build-id). Symbol versions (`@@GLIBC_2.34`) are cut off. Error if it is not an ELF file.
  [[nodiscard]] static Result<ElfSymbolTable> read(const std::string& path);

  // In order of address; where several names share one, the plainest first (`malloc` before `__libc_malloc`).
  [[nodiscard]] const std::vector<Symbol>& symbols() const { return symbols_; }
  [[nodiscard]] std::string_view name(const Symbol& symbol) const {
    return std::string_view(names_).substr(symbol.name_begin, symbol.name_size);
  }
  // As the compiler wants it, with its place in the file.
  [[nodiscard]] UserSymbol describe(const Symbol& symbol) const;

  // A function of that name, else a variable; null if there is none.
  [[nodiscard]] const Symbol* find(std::string_view name) const;
  // The function that covers a virtual address or a position in the file; null `symbol` if none does.
  [[nodiscard]] Located find_address(std::uint64_t address) const;
  [[nodiscard]] Located find_file_offset(std::uint64_t offset) const;

  // Between virtual addresses and positions in the file, by the loadable segments; 0 for what is in none.
  [[nodiscard]] std::uint64_t to_file_offset(std::uint64_t address) const;
  [[nodiscard]] std::uint64_t to_address(std::uint64_t file_offset) const;

 private:
  friend class ElfReader;
  struct Segment {
    std::uint64_t address = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  // bytes in the file
  };

  std::string names_;
  std::vector<Symbol> symbols_;
  std::vector<Segment> segments_;
};

}  // namespace hawk
