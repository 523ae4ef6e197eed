#include "runtime/unwind_tables.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include "runtime/binary_paths.h"
#include "runtime/child_process.h"
#include "runtime/elf_file.h"
#include "runtime/process_maps.h"

namespace hawk {

namespace {

// Numbers of registers in DWARF (System V ABI for x86-64, figure 3.36).
constexpr int kFramePointer = 6;
constexpr int kStackPointer = 7;
constexpr int kReturnAddress = 16;

struct CfiCloser {
  void operator()(Dwarf_CFI* cfi) const { dwarf_cfi_end(cfi); }
};
struct FrameCloser {
  void operator()(Dwarf_Frame* frame) const { std::free(frame); }
};
using Frame = std::unique_ptr<Dwarf_Frame, FrameCloser>;

std::vector<GElf_Phdr> segments(Elf* elf) {
  std::vector<GElf_Phdr> found;
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return found;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf, static_cast<int>(i), &header) != nullptr) found.push_back(header);
  }
  return found;
}

// --- where functions begin: .eh_frame_hdr -----------------------------------------------------------

// Addresses in order. Linkers write the table in one encoding (LSB core specification, 10.6.2); others are not read.
std::vector<std::uint64_t> function_starts(Elf* elf) {
  std::vector<std::uint64_t> starts;
  for (const GElf_Phdr& segment : segments(elf)) {
    if (segment.p_type != PT_GNU_EH_FRAME) continue;
    constexpr std::size_t kHead = 12;
    constexpr std::uint8_t kUsual[] = {1, DW_EH_PE_pcrel | DW_EH_PE_sdata4, DW_EH_PE_udata4,
                                       DW_EH_PE_datarel | DW_EH_PE_sdata4};
    Elf_Data* data =
        elf_getdata_rawchunk(elf, static_cast<std::int64_t>(segment.p_offset), segment.p_filesz, ELF_T_BYTE);
    if (data == nullptr || data->d_size < kHead || std::memcmp(data->d_buf, kUsual, sizeof kUsual) != 0) return starts;
    const auto* bytes = static_cast<const char*>(data->d_buf);
    std::uint32_t count = 0;
    std::memcpy(&count, bytes + 8, sizeof count);
    count = std::min<std::uint32_t>(count, static_cast<std::uint32_t>((data->d_size - kHead) / 8));
    for (std::uint32_t i = 0; i < count; ++i) {
      std::int32_t distance = 0;
      std::memcpy(&distance, bytes + kHead + std::size_t{i} * 8, sizeof distance);
      starts.push_back(segment.p_vaddr + static_cast<std::uint64_t>(std::int64_t{distance}));
    }
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

// --- rules ----------------------------------------------------------------------------------------

// sp + 8 + ((ip & 15) >= N ? 8 : 0), as linkers describe the entries of a procedure linkage table.
std::optional<std::int32_t> plt_split(const Dwarf_Op* ops, std::size_t count) {
  constexpr std::uint8_t kShape[] = {DW_OP_breg7, DW_OP_breg16, DW_OP_lit15, DW_OP_and};
  if (count < 6 || ops[0].number != 8 || ops[1].number != 0) return std::nullopt;
  for (std::size_t i = 0; i < std::size(kShape); ++i) {
    if (ops[i].atom != kShape[i]) return std::nullopt;
  }
  bool literal = ops[4].atom >= DW_OP_lit0 && ops[4].atom <= DW_OP_lit31 && ops[5].atom == DW_OP_ge;
  return literal ? std::optional<std::int32_t>(ops[4].atom - DW_OP_lit0) : std::nullopt;
}

void set_cfa(UnwindRow& row, const Dwarf_Op* ops, std::size_t count) {
  if (auto split = plt_split(ops, count)) {
    row.rule = CfaRule::kPlt;
    row.cfa_offset = *split;
    return;
  }
  if (count != 1) return;
  bool indirect = ops[0].atom == DW_OP_bregx;
  bool direct = ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31;
  if (!indirect && !direct) return;
  auto number = static_cast<int>(indirect ? ops[0].number : ops[0].atom - DW_OP_breg0);
  row.cfa_offset = static_cast<std::int32_t>(indirect ? ops[0].number2 : ops[0].number);
  if (number == kStackPointer) row.rule = CfaRule::kStack;
  if (number == kFramePointer) row.rule = CfaRule::kFrame;
}

// How a register of the caller is found: at a distance from the CFA, unchanged (0), or in no way that a row can say.
std::optional<std::int32_t> saved_at(Dwarf_Frame* frame, int number) {
  Dwarf_Op memory[3];
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_register(frame, number, memory, &ops, &count) != 0) return std::nullopt;
  if (count == 0) return ops == nullptr ? std::optional(0) : std::nullopt;  // else undefined
  if (ops[0].atom != DW_OP_call_frame_cfa || count > 2) return std::nullopt;
  if (count == 1) return std::nullopt;  // at the CFA itself
  if (ops[1].atom != DW_OP_plus_uconst) return std::nullopt;
  return static_cast<std::int32_t>(ops[1].number);
}

UnwindRow row_of(Dwarf_Frame* frame) {
  UnwindRow row;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame, &ops, &count) != 0) return row;
  set_cfa(row, ops, count);
  constexpr std::int32_t kBelowCfa = -8;
  std::optional<std::int32_t> frame_pointer = saved_at(frame, kFramePointer);
  if (saved_at(frame, kReturnAddress) != kBelowCfa) return {};
  // What is not known is not needed either, unless a caller uses it: then the chain goes astray or ends.
  row.frame_offset = frame_pointer.value_or(0);
  return row.rule == CfaRule::kNone ? UnwindRow{} : row;
}

// --- a file ---------------------------------------------------------------------------------------

class RowReader {
 public:
  RowReader(Elf* elf, Dwarf_CFI* cfi) : segments_(segments(elf)), starts_(function_starts(elf)), cfi_(cfi) {}

  std::vector<UnwindRow> read() {
    for (std::size_t i = 0; i < starts_.size(); ++i)
      read_function(starts_[i], i + 1 < starts_.size() ? starts_[i + 1] : UINT64_MAX);
    return std::move(rows_);
  }

 private:
  void read_function(std::uint64_t address, std::uint64_t next) {
    while (address < next) {
      Dwarf_Frame* raw = nullptr;
      if (dwarf_cfi_addrframe(cfi_, address, &raw) != 0) return add(address, {});
      Frame frame(raw);
      Dwarf_Addr begin = 0;
      Dwarf_Addr end = 0;
      dwarf_frame_info(raw, &begin, &end, nullptr);
      add(address, row_of(raw));
      if (end <= address) return;
      address = end;
    }
  }

  void add(std::uint64_t address, UnwindRow row) {
    std::optional<std::uint64_t> position = position_of(address);
    if (!position || *position > UINT32_MAX) return;
    row.position = static_cast<std::uint32_t>(*position);
    if (!rows_.empty()) {
      UnwindRow same = rows_.back();
      same.position = row.position;
      if (same == row) return;
      if (rows_.back().position == row.position) rows_.pop_back();
    }
    rows_.push_back(row);
  }

  // Also of the first address behind a segment, where a function may end.
  [[nodiscard]] std::optional<std::uint64_t> position_of(std::uint64_t address) const {
    for (const GElf_Phdr& segment : segments_) {
      bool inside = address >= segment.p_vaddr && address <= segment.p_vaddr + segment.p_filesz;
      if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && inside)
        return address - segment.p_vaddr + segment.p_offset;
    }
    return std::nullopt;
  }

  std::vector<GElf_Phdr> segments_;
  std::vector<std::uint64_t> starts_;
  Dwarf_CFI* cfi_;
  std::vector<UnwindRow> rows_;
};

// --- which files ----------------------------------------------------------------------------------

// The names under which a file asks for libraries, and the one of its interpreter.
std::vector<std::string> needed_by(Elf* elf) {
  std::vector<std::string> names;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_DYNAMIC) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    for (int i = 0; data != nullptr && static_cast<std::size_t>(i) < header.sh_size / sizeof(Elf64_Dyn); ++i) {
      GElf_Dyn entry;
      if (gelf_getdyn(data, i, &entry) == nullptr || entry.d_tag != DT_NEEDED) continue;
      const char* name = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
      if (name != nullptr) names.emplace_back(name);
    }
  }
  return names;
}

void collect_libraries(const std::string& path, std::set<std::string>& seen) {
  Result<ElfFile> opened = open_elf(path);
  if (!opened || !seen.insert(path).second) return;
  for (const std::string& name : needed_by(opened.value().elf.get())) {
    Result<std::vector<std::string>> found = find_binaries(name);
    if (found.ok() && !found.value().empty()) collect_libraries(found.value().front(), seen);
  }
}

}  // namespace

Result<std::vector<UnwindRow>> read_unwind_rows(const std::string& path) {
  Result<ElfFile> opened = open_elf(path);
  if (!opened) return Error{.message = fmt::format("`{}` is not a program or library", path)};
  std::unique_ptr<Dwarf_CFI, CfiCloser> cfi(dwarf_getcfi_elf(opened.value().elf.get()));
  if (!cfi) return std::vector<UnwindRow>{};
  return RowReader(opened.value().elf.get(), cfi.get()).read();
}

std::vector<std::string> files_of_command(const std::string& command) {
  Result<std::vector<std::string>> words = split_command(command);
  if (!words.ok() || words.value().empty()) return {};
  Result<std::string> program = find_executable(words.value().front());
  if (!program.ok()) return {};
  std::set<std::string> files;
  collect_libraries(program.value(), files);
  return {files.begin(), files.end()};
}

std::vector<std::string> files_of_process(std::uint32_t pid) {
  std::set<std::string> files;
  const ProcessMaps maps = ProcessMaps::read(pid);
  for (const Mapping& mapping : maps.all()) {
    if (mapping.path.starts_with('/')) files.insert(fmt::format("/proc/{}/root{}", pid, mapping.path));
  }
  return {files.begin(), files.end()};
}

void UnwindTables::add(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return;
  UnwindFileKey key{.inode = status.st_ino & kInodeBits, .size = static_cast<std::uint64_t>(status.st_size)};
  for (const File& file : files) {
    if (file.key.inode == key.inode && file.key.size == key.size) return;
  }
  Result<std::vector<UnwindRow>> read = read_unwind_rows(path);
  if (!read.ok() || read.value().empty()) return;
  files.push_back({.key = key,
                   .rows = {.first = static_cast<std::uint32_t>(rows.size()),
                            .count = static_cast<std::uint32_t>(read.value().size())}});
  rows.insert(rows.end(), read.value().begin(), read.value().end());
}

}  // namespace hawk
