#include "semantics/usdt_operand.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "semantics/number_text.h"
#include "semantics/registers.h"

namespace hawk {

namespace {

std::optional<std::uint64_t> signed_number(std::string_view text) {
  auto number = parse_number(text);
  if (!number) return std::nullopt;
  return number->negative ? -number->magnitude : number->magnitude;
}

// "%rbp" as the offset of the whole register. One of 32 bits stands in programs of 32 bits, where the rest is 0.
std::optional<std::uint32_t> address_register(std::string_view text) {
  if (!text.starts_with('%')) return std::nullopt;
  auto part = register_part(text.substr(1));
  if (!part || part->bytes < 4) return std::nullopt;
  return part->offset;
}

// "counter", "counter+8", "counter-4", "8+counter": the address in the file.
std::optional<std::uint64_t> symbol_address(std::string_view text, const SymbolAddress& symbol) {
  std::size_t sign = text.find_first_of("+-", 1);
  if (sign == std::string_view::npos) return symbol(text);
  std::string_view before = text.substr(0, sign);
  std::string_view behind = text.substr(text[sign] == '+' ? sign + 1 : sign);
  auto offset = signed_number(behind);
  auto address = symbol(before);
  if (!offset) {
    offset = signed_number(before);
    address = symbol(behind);
  }
  if (!offset || !address) return std::nullopt;
  return *address + *offset;
}

struct MemoryText {
  std::string_view displacement;
  std::array<std::string_view, 3> inside;  // base, index, scale; empty where nothing is written
};

// "8(%rax,%rbx,4)" in its parts; without parentheses all is displacement.
std::optional<MemoryText> split_memory(std::string_view text) {
  std::size_t open = text.find('(');
  MemoryText memory{.displacement = text.substr(0, open), .inside = {}};
  if (open == std::string_view::npos) return memory;
  if (!text.ends_with(')')) return std::nullopt;
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  for (std::string_view& part : memory.inside) {
    std::size_t comma = std::min(rest.find(','), rest.size());
    part = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return rest.empty() ? std::optional(memory) : std::nullopt;
}

class OperandParser {
 public:
  OperandParser(std::uint64_t site, const SymbolAddress& symbol) : site_(site), symbol_(symbol) {}

  [[nodiscard]] UsdtArgument parse(std::string_view text) const {
    UsdtArgument argument;
    std::size_t at = text.find('@');
    std::string_view operand = at == std::string_view::npos ? text : text.substr(at + 1);
    if (at != std::string_view::npos && !read_size(text.substr(0, at), argument)) {
      argument.place = UsdtUnreadable{std::string(text)};
      return argument;
    }
    if (std::holds_alternative<UsdtFloat>(argument.place)) return argument;
    read_place(operand, argument);
    return argument;
  }

 private:
  static bool read_size(std::string_view text, UsdtArgument& argument) {
    bool is_float = text.ends_with('f');
    if (is_float) text.remove_suffix(1);
    auto size = parse_number(text);
    if (!size) return false;
    bool known = size->magnitude == 1 || size->magnitude == 2 || size->magnitude == 4 || size->magnitude == 8;
    if (!known) return false;
    argument.size = static_cast<std::uint32_t>(size->magnitude);
    argument.is_signed = size->negative;
    if (is_float) argument.place = UsdtFloat{};
    return true;
  }

  void read_place(std::string_view operand, UsdtArgument& argument) const {
    argument.place = UsdtUnreadable{std::string(operand)};
    if (operand.starts_with('$')) {
      if (auto value = signed_number(operand.substr(1))) argument.place = UsdtConstant{*value};
    } else if (operand.starts_with("%xmm") || operand.starts_with("%ymm") || operand.starts_with("%st")) {
      argument.place = UsdtFloat{};
    } else if (operand.starts_with('%')) {
      auto part = register_part(operand.substr(1));
      if (part) argument.place = UsdtRegister{part->offset, std::min(part->bytes, argument.size), part->shift};
    } else if (auto memory = read_memory(operand)) {
      argument.place = *memory;
    }
  }

  [[nodiscard]] std::optional<UsdtMemory> read_memory(std::string_view operand) const {
    auto text = split_memory(operand);
    if (!text || operand.empty()) return std::nullopt;
    const auto& [base, index, scale] = text->inside;
    UsdtMemory memory;
    if (!base.empty() && !(memory.base = address_register(base))) return std::nullopt;
    if (!index.empty() && !(memory.index = address_register(index))) return std::nullopt;
    if (!scale.empty()) {
      auto factor = parse_unsigned(scale);
      if (!factor || *factor > 8) return std::nullopt;
      memory.scale = static_cast<std::uint32_t>(*factor);
    }
    if (text->displacement.empty()) return memory;
    if (auto number = signed_number(text->displacement)) {
      // A number before (%rip) counts from the end of an instruction whose length the note does not say.
      if (memory.base == instruction_pointer_offset()) return std::nullopt;
      memory.displacement = *number;
      return memory;
    }
    return at_symbol(memory, text->displacement);
  }

  // The distance from the probe to the symbol is the same in memory as in the file.
  [[nodiscard]] std::optional<UsdtMemory> at_symbol(UsdtMemory memory, std::string_view name) const {
    auto address = symbol_address(name, symbol_);
    bool free_base = !memory.base || memory.base == instruction_pointer_offset();
    if (!address || !free_base) return std::nullopt;
    memory.base = instruction_pointer_offset();
    memory.displacement = *address - site_;
    return memory;
  }

  std::uint64_t site_;
  const SymbolAddress& symbol_;
};

}  // namespace

std::vector<UsdtArgument> parse_usdt_arguments(std::string_view text, std::uint64_t site, const SymbolAddress& symbol) {
  OperandParser parser(site, symbol);
  std::vector<UsdtArgument> arguments;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return arguments;
    std::size_t end = std::min(text.find(' '), text.size());
    arguments.push_back(parser.parse(text.substr(0, end)));
    text.remove_prefix(end);
  }
}

std::string usdt_type_name(const UsdtArgument& argument) {
  bool is_float = std::holds_alternative<UsdtFloat>(argument.place);
  const char* kind = is_float ? "float" : argument.is_signed ? "int" : "uint";
  return fmt::format("{}{}", kind, 8 * argument.size);
}

}  // namespace hawk
