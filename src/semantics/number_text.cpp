#include "semantics/number_text.h"

#include <array>
#include <charconv>
#include <utility>

namespace hawk {

namespace {

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 7> kUnits = {{
    {"ns", 1},
    {"us", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
    {"d", 86'400'000'000'000},
}};

}  // namespace

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c != '_') digits += c;
  }
  int base = 10;
  std::string_view rest = digits;
  if (rest.starts_with("0x") || rest.starts_with("0X")) {
    base = 16;
    rest.remove_prefix(2);
  } else if (rest.starts_with("0b") || rest.starts_with("0B")) {
    base = 2;
    rest.remove_prefix(2);
  } else if (rest.size() > 1 && rest[0] == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, base);
  if (error != std::errc() || end != rest.data() + rest.size() || rest.empty()) return std::nullopt;
  return value;
}

std::optional<ParsedNumber> parse_number(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  auto magnitude = parse_unsigned(text);
  if (!magnitude || (negative && *magnitude > std::uint64_t{1} << 63)) return std::nullopt;
  return ParsedNumber{*magnitude, negative};
}

std::optional<std::uint64_t> unit_in_ns(std::string_view unit) {
  for (const auto& [name, ns] : kUnits) {
    if (name == unit) return ns;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_duration(std::string_view text) {
  std::size_t letters = text.find_first_not_of("0123456789_");
  if (letters == std::string_view::npos || text.starts_with("0x")) return parse_unsigned(text);
  auto value = parse_unsigned(text.substr(0, letters));
  auto scale = unit_in_ns(text.substr(letters));
  if (!value || !scale) return std::nullopt;
  return *value * *scale;
}

}  // namespace hawk
