#include "semantics/registers.h"

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

}  // namespace

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
