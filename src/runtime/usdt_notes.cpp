#include "runtime/usdt_notes.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <tuple>

#include "runtime/elf_file.h"

namespace hawk {

namespace {

constexpr std::string_view kNoteName = "stapsdt";
constexpr GElf_Word kNoteType = 3;
constexpr std::uint64_t kLargestSection = std::uint64_t{1} << 26;  // bytes: a sparse file may claim anything

// Cuts bytes off the front of a note's description; after one that is not there all others are empty too.
class NoteReader {
 public:
  NoteReader(std::string_view bytes, bool wide) : rest_(bytes), word_(wide ? 8 : 4) {}

  std::uint64_t word() {
    std::uint64_t value = 0;
    if (rest_.size() < word_) complete_ = false;
    // Files of the other byte order are none of this machine's programs.
    std::memcpy(&value, rest_.data(), std::min(word_, rest_.size()));
    rest_.remove_prefix(std::min(word_, rest_.size()));
    return value;
  }
  std::string text() {
    std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) complete_ = false;
    std::string value(rest_.substr(0, end));
    rest_.remove_prefix(std::min(value.size() + 1, rest_.size()));
    return value;
  }
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  std::string_view rest_;
  std::size_t word_;
  bool complete_ = true;
};

class SiteReader {
 public:
  explicit SiteReader(Elf* elf) : elf_(elf), wide_(gelf_getclass(elf) == ELFCLASS64) {}

  std::vector<UsdtSite> read() {
    find_base();
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) continue;
      bool is_note = header.sh_type == SHT_NOTE;
      bool bearable = header.sh_size <= kLargestSection;
      if (is_note && bearable && name(header) == ".note.stapsdt") read_notes(elf_getdata(section, nullptr));
    }
    auto key = [](const UsdtSite& site) { return std::tie(site.provider, site.name, site.address); };
    std::sort(sites_.begin(), sites_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    sites_.erase(
        std::unique(sites_.begin(), sites_.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
        sites_.end());
    return std::move(sites_);
  }

 private:
  std::string_view name(const GElf_Shdr& header) {
    std::size_t strings = 0;
    if (elf_getshdrstrndx(elf_, &strings) != 0) return {};
    const char* text = elf_strptr(elf_, strings, header.sh_name);
    return text == nullptr ? std::string_view() : text;
  }

  void find_base() {
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) != nullptr && name(header) == ".stapsdt.base") base_ = header.sh_addr;
    }
  }

  void read_notes(Elf_Data* data) {
    GElf_Nhdr note;
    std::size_t name = 0;
    std::size_t description = 0;
    for (std::size_t at = 0; data != nullptr && (at = gelf_getnote(data, at, &note, &name, &description)) > 0;) {
      std::string_view bytes(static_cast<const char*>(data->d_buf), data->d_size);
      bool ours = note.n_type == kNoteType && note.n_namesz == kNoteName.size() + 1 && description <= bytes.size() &&
                  bytes.substr(name, kNoteName.size()) == kNoteName;
      if (ours) add(NoteReader(bytes.substr(description, note.n_descsz), wide_));
    }
  }

  // A note: address of the site, address of .stapsdt.base when it was linked, address of the semaphore or 0; then
  // namespace, name and arguments.
  void add(NoteReader note) {
    UsdtSite site;
    site.address = note.word();
    std::uint64_t linked_base = note.word();
    std::uint64_t semaphore = note.word();
    site.provider = note.text();
    site.name = note.text();
    site.arguments = note.text();
    std::uint64_t moved = base_ && linked_base != 0 ? *base_ - linked_base : 0;
    site.address += moved;
    site.file_offset = file_offset(site.address);
    if (semaphore != 0) site.semaphore = file_offset(semaphore + moved);
    if (note.complete() && site.file_offset != 0) sites_.push_back(std::move(site));
  }

  // By the loadable segments; 0 for what is in none. A semaphore may lie in the part of its last page that the file
  // does not fill.
  std::uint64_t file_offset(std::uint64_t address) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf_, &count) != 0) return 0;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Phdr header;
      if (gelf_getphdr(elf_, static_cast<int>(i), &header) == nullptr || header.p_type != PT_LOAD) continue;
      if (address - header.p_vaddr < header.p_memsz) return address - header.p_vaddr + header.p_offset;
    }
    return 0;
  }

  Elf* elf_;
  bool wide_;
  std::optional<std::uint64_t> base_;
  std::vector<UsdtSite> sites_;
};

}  // namespace

Result<std::vector<UsdtSite>> read_usdt_sites(const std::string& path) {
  Result<ElfFile> file = open_elf(path);
  if (!file.ok()) return file.error();
  return SiteReader(file.value().elf.get()).read();
}

}  // namespace hawk
