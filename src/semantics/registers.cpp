#include "semantics/registers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hawk {

namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 22> kRegisters = {{
    {"r15", 0},  {"r14", 8},  {"r13", 16}, {"r12", 24},    {"bp", 32},  {"bx", 40},  {"r11", 48}, {"r10", 56},
    {"r9", 64},  {"r8", 72},  {"ax", 80},  {"cx", 88},     {"dx", 96},  {"si", 104}, {"di", 112}, {"orig_ax", 120},
    {"ip", 128}, {"pc", 128}, {"cs", 136}, {"flags", 144}, {"sp", 152}, {"ss", 160},
}};
constexpr std::array<std::string_view, 6> kArgumentRegisters = {"di", "si", "dx", "cx", "r8", "r9"};

constexpr std::array<std::string_view, 9> kNamedRegisters = {"ax", "bx", "cx", "dx", "si", "di", "bp", "sp", "ip"};

bool is_named(std::string_view name) {
  return std::find(kNamedRegisters.begin(), kNamedRegisters.end(), name) != kNamedRegisters.end();
}

// "r8" to "r15", and their lower parts "r8d", "r8w", "r8b".
std::optional<RegisterPart> numbered_part(std::string_view name) {
  std::size_t digits = std::min(name.find_first_not_of("0123456789", 1), name.size());
  auto offset = register_offset(name.substr(0, digits));
  std::string_view suffix = name.substr(digits);
  if (!offset) return std::nullopt;
  if (suffix.empty()) return RegisterPart{*offset, 8, 0};
  if (suffix == "d") return RegisterPart{*offset, 4, 0};
  if (suffix == "w") return RegisterPart{*offset, 2, 0};
  if (suffix == "b") return RegisterPart{*offset, 1, 0};
  return std::nullopt;
}

// "al", "ah", "sil".
std::optional<RegisterPart> byte_part(std::string_view name) {
  std::string whole(name.substr(0, name.size() - 1));
  bool high = name.back() == 'h';
  if (!high && name.back() != 'l') return std::nullopt;
  bool is_letter = whole == "a" || whole == "b" || whole == "c" || whole == "d";
  if (is_letter) whole += 'x';
  if (!is_named(whole) || whole == "ip" || (high && !is_letter)) return std::nullopt;
  return RegisterPart{*register_offset(whole), 1, high ? 8U : 0U};
}

}  // namespace

std::optional<RegisterPart> register_part(std::string_view name) {
  if (name.size() < 2) return std::nullopt;
  if (name[0] == 'r' && name[1] >= '0' && name[1] <= '9') return numbered_part(name);
  if (is_named(name)) return RegisterPart{*register_offset(name), 2, 0};
  std::string_view rest = name.substr(1);
  if (is_named(rest) && name[0] == 'r') return RegisterPart{*register_offset(rest), 8, 0};
  if (is_named(rest) && name[0] == 'e') return RegisterPart{*register_offset(rest), 4, 0};
  return byte_part(name);
}

std::optional<std::uint32_t> register_offset(std::string_view name) {
  for (const auto& [known, offset] : kRegisters) {
    if (known == name) return offset;
  }
  return std::nullopt;
}

std::vector<std::string> register_names() {
  std::vector<std::string> names;
  for (const auto& [name, offset] : kRegisters) names.emplace_back(name);
  return names;
}

std::optional<std::uint32_t> argument_register_offset(std::uint32_t index) {
  if (index >= kArgumentRegisters.size()) return std::nullopt;
  return register_offset(kArgumentRegisters[index]);
}

std::uint32_t instruction_pointer_offset() { return *register_offset("ip"); }
std::uint32_t result_register_offset() { return *register_offset("ax"); }
std::uint32_t code_segment_offset() { return *register_offset("cs"); }

std::optional<std::uint32_t> argument_index(std::string_view name) {
  if (!name.starts_with("arg")) return std::nullopt;
  name.remove_prefix(3);
  std::uint32_t index = 0;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  bool whole = error == std::errc() && end == name.data() + name.size() && !name.empty();
  return whole ? std::optional(index) : std::nullopt;
}

}  // namespace hawk
