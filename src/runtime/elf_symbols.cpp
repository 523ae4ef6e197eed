#include "runtime/elf_symbols.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>

#include "runtime/elf_file.h"

namespace hawk {

namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

// The build id (note NT_GNU_BUILD_ID) as hex digits, or empty.
std::string build_id(Elf* elf) {
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_NOTE) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t bytes = 0;
    for (std::size_t at = 0; data != nullptr && (at = gelf_getnote(data, at, &note, &name, &bytes)) > 0;) {
      const auto* base = static_cast<const unsigned char*>(data->d_buf);
      bool gnu = note.n_namesz == 4 && std::memcmp(base + name, "GNU", 4) == 0;
      if (gnu && note.n_type == NT_GNU_BUILD_ID) return hex(base + bytes, note.n_descsz);
    }
  }
  return {};
}

std::size_t leading_underscores(std::string_view name) { return std::min(name.find_first_not_of('_'), name.size()); }

}  // namespace

// Fills an ElfSymbolTable from one or two files.
class ElfReader {
 public:
  explicit ElfReader(ElfSymbolTable& table) : table_(table) {}

  void add_segments(Elf* elf) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr || header.p_type != PT_LOAD) continue;
      table_.segments_.push_back({.address = header.p_vaddr, .offset = header.p_offset, .size = header.p_filesz});
    }
  }

  // Returns whether the file has a section of that type.
  bool add_symbols(Elf* elf, GElf_Word section_type) {
    bool found = false;
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr || header.sh_type != section_type) continue;
      found = true;
      if (header.sh_entsize != 0) add_section(elf, section, header);
    }
    return found;
  }

  void finish() {
    auto key = [&](const ElfSymbolTable::Symbol& symbol) {
      std::string_view name = table_.name(symbol);
      return std::tuple(symbol.address, !symbol.is_function, leading_underscores(name), name.size(), name);
    };
    auto& symbols = table_.symbols_;
    std::sort(symbols.begin(), symbols.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    // .dynsym repeats what .symtab says.
    symbols.erase(
        std::unique(symbols.begin(), symbols.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
        symbols.end());
  }

 private:
  // A sparse file may claim anything; the symbols of the largest programs take a quarter of this.
  static bool is_bearable(Elf* elf, const GElf_Shdr& header) {
    constexpr std::uint64_t kLimit = std::uint64_t{1} << 30;  // bytes
    GElf_Shdr names;
    return header.sh_size <= kLimit && gelf_getshdr(elf_getscn(elf, header.sh_link), &names) != nullptr &&
           names.sh_size <= kLimit;
  }

  void add_section(Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
    if (!is_bearable(elf, header)) return;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) return;
    std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) continue;
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_value == 0) continue;
      unsigned type = GELF_ST_TYPE(symbol.st_info);
      bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
      if (!is_function && type != STT_OBJECT) continue;
      const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name != nullptr && *name != '\0') add(name, symbol, is_function);
    }
  }

  void add(std::string_view name, const GElf_Sym& symbol, bool is_function) {
    name = name.substr(0, name.find('@'));
    table_.symbols_.push_back({.address = symbol.st_value,
                               .size = symbol.st_size,
                               .name_begin = static_cast<std::uint32_t>(table_.names_.size()),
                               .name_size = static_cast<std::uint32_t>(name.size()),
                               .is_function = is_function});
    table_.names_ += name;
  }

  ElfSymbolTable& table_;
};

Result<ElfSymbolTable> ElfSymbolTable::read(const std::string& path) {
  Result<ElfFile> file = open_elf(path);
  if (!file.ok()) return file.error();
  Elf* elf = file.value().elf.get();
  ElfSymbolTable table;
  ElfReader reader(table);
  reader.add_segments(elf);
  reader.add_symbols(elf, SHT_DYNSYM);
  bool complete = reader.add_symbols(elf, SHT_SYMTAB);
  std::string id = complete ? "" : build_id(elf);
  if (id.size() > 2) {
    Result<ElfFile> debug =
        open_elf(fmt::format("/usr/lib/debug/.build-id/{}/{}.debug", id.substr(0, 2), id.substr(2)));
    if (debug.ok()) reader.add_symbols(debug.value().elf.get(), SHT_SYMTAB);
  }
  reader.finish();
  return table;
}

UserSymbol ElfSymbolTable::describe(const Symbol& symbol) const {
  return {.name = std::string(name(symbol)),
          .address = symbol.address,
          .file_offset = to_file_offset(symbol.address),
          .size = symbol.size};
}

const ElfSymbolTable::Symbol* ElfSymbolTable::find(std::string_view name) const {
  const Symbol* variable = nullptr;
  for (const Symbol& symbol : symbols_) {
    if (this->name(symbol) != name) continue;
    if (symbol.is_function) return &symbol;
    if (variable == nullptr) variable = &symbol;
  }
  return variable;
}

ElfSymbolTable::Located ElfSymbolTable::find_address(std::uint64_t address) const {
  constexpr int kNesting = 16;  // a function may contain the symbols of its parts
  auto at = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                             [](std::uint64_t a, const Symbol& symbol) { return a < symbol.address; });
  for (int step = 0; step < kNesting && at != symbols_.begin(); ++step) {
    --at;
    bool covers = at->size == 0 ? step == 0 : address - at->address < at->size;
    if (!at->is_function || !covers) continue;
    // Of several names the plainest is the first.
    while (at != symbols_.begin() && (at - 1)->address == at->address && (at - 1)->is_function) --at;
    return {.symbol = &*at, .offset = address - at->address};
  }
  return {};
}

ElfSymbolTable::Located ElfSymbolTable::find_file_offset(std::uint64_t offset) const {
  std::uint64_t address = to_address(offset);
  return address == 0 ? Located{} : find_address(address);
}

std::uint64_t ElfSymbolTable::to_file_offset(std::uint64_t address) const {
  for (const Segment& segment : segments_) {
    if (address - segment.address < segment.size) return address - segment.address + segment.offset;
  }
  return 0;
}

std::uint64_t ElfSymbolTable::to_address(std::uint64_t file_offset) const {
  for (const Segment& segment : segments_) {
    if (file_offset - segment.offset < segment.size) return file_offset - segment.offset + segment.address;
  }
  return 0;
}

}  // namespace hawk
