#include "runtime/btf_declarations.h"

#include <bpf/btf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string_view>
#include <unordered_map>

namespace hawk {

namespace {

void append(void* text, const char* format, va_list arguments) {
  char piece[1024];  // libbpf writes one identifier or less at a time
  int size = std::vsnprintf(piece, sizeof piece, format, arguments);
  if (size > 0) static_cast<std::string*>(text)->append(piece, std::min<std::size_t>(size, sizeof piece - 1));
}

std::unique_ptr<btf_dump, BtfDumpCloser> dump_into(const BtfFile& file, std::string& text) {
  return std::unique_ptr<btf_dump, BtfDumpCloser>(btf_dump__new(file.get(), append, &text, nullptr));
}

const char* keyword(const btf_type& type) {
  if (btf_is_any_enum(&type)) return "enum";
  return btf_is_union(&type) ? "union" : "struct";
}

// The definitions in a dump, by their first line: "struct list_head". Between two is an empty line.
std::unordered_map<std::string_view, std::string_view> blocks_of(std::string_view dump) {
  std::unordered_map<std::string_view, std::string_view> blocks;
  while (!dump.empty()) {
    std::size_t end = std::min(dump.find("\n\n"), dump.size());
    std::string_view block = dump.substr(0, end);
    blocks.try_emplace(block.substr(0, block.find(" {")), block);
    dump.remove_prefix(std::min(end + 2, dump.size()));
  }
  return blocks;
}

}  // namespace

void BtfDumpCloser::operator()(btf_dump* dump) const { btf_dump__free(dump); }

BtfDeclarations::BtfDeclarations(const BtfFile& file) : file_(file) {}

std::string BtfDeclarations::declare(std::uint32_t id) {
  if (id == 0) return "void";
  if (!dump_) dump_ = dump_into(file_, text_);
  text_.clear();
  btf_dump_emit_type_decl_opts options{};
  options.sz = sizeof options;
  options.field_name = "";
  btf_dump__emit_type_decl(dump_.get(), id, &options);
  return text_;
}

std::vector<std::string> BtfDeclarations::parameters(std::uint32_t prototype, Parts parts) {
  const btf_type& type = file_.type(prototype);
  std::vector<std::string> texts;
  for (unsigned i = parts.skipped_parameters; i < btf_vlen(&type); ++i) {
    const btf_param& parameter = btf_params(&type)[i];
    if (parameter.type != 0)
      texts.push_back(fmt::format("{} {}", declare(parameter.type), file_.string(parameter.name_off)));
  }
  if (parts.result && type.type != 0) texts.push_back(fmt::format("{} retval", declare(type.type)));
  return texts;
}

std::vector<std::string> BtfDeclarations::members(std::uint32_t id) {
  const btf_type& type = file_.type(id);
  std::vector<std::string> texts;
  for (unsigned i = 0; i < btf_vlen(&type); ++i) {
    const btf_member& member = btf_members(&type)[i];
    const char* name = file_.string(member.name_off);
    std::uint32_t of_member = member.type;
    // Pointers of iterators are members of one-pointer unions, which keep their size on 32-bit machines.
    if (*name == '\0' && btf_is_union(&file_.type(of_member))) {
      std::vector<std::string> inner = members(of_member);
      texts.insert(texts.end(), inner.begin(), inner.end());
    } else {
      texts.push_back(fmt::format("{} {}", declare(of_member), name));
    }
  }
  return texts;
}

std::vector<std::string> BtfDeclarations::definitions(const std::vector<std::uint32_t>& ids) const {
  std::string text;
  auto dump = dump_into(file_, text);
  for (std::uint32_t id : ids) btf_dump__dump_type(dump.get(), id);
  auto blocks = blocks_of(text);
  std::vector<std::string> texts;
  for (std::uint32_t id : ids) {
    const btf_type& type = file_.type(id);
    auto block = blocks.find(fmt::format("{} {}", keyword(type), file_.name(type)));
    texts.emplace_back(block != blocks.end() ? block->second : "");
  }
  return texts;
}

}  // namespace hawk
