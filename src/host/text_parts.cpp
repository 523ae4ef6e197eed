#include "host/text_parts.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>
#include <system_error>

namespace hawk {

namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kSpace = " \t\n\r\v\f";

std::string_view blank_field(std::string_view text, std::int64_t number) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    if (--number == 0 || end == 0) return text.substr(0, end);
    text.remove_prefix(end);
  }
}

std::string_view separated_field(std::string_view text, std::int64_t number, std::string_view separators) {
  while (true) {
    std::size_t end = text.find_first_of(separators);
    if (--number == 0) return text.substr(0, end);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
}

// The sign, and what stands behind it.
struct SignedText {
  bool negative = false;
  std::string_view digits;
};

SignedText split_sign(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return {negative, text};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view find_text_field(std::string_view text, std::int64_t number, std::string_view separators) {
  if (number == 0) return text;
  if (number < 0) return {};
  return separators.empty() ? blank_field(text, number) : separated_field(text, number, separators);
}

double leading_float(std::string_view text) {
  auto [negative, digits] = split_sign(text);
  std::size_t first = digits.starts_with('.') ? 1 : 0;
  if (first >= digits.size() || !is_digit(digits[first])) return 0;  // from_chars takes `inf` and `nan` for numbers
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  // Out of range: from_chars does not say on which side.
  if (error == std::errc::result_out_of_range) value = std::strtod(std::string(digits.data(), end).c_str(), nullptr);
  return negative ? -value : value;
}

std::int64_t leading_int(std::string_view text) {
  auto [negative, digits] = split_sign(text);
  bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  if (error == std::errc::result_out_of_range) value = std::numeric_limits<std::uint64_t>::max();
  if (!hexadecimal) {
    constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
    value = std::min(value, negative ? kLargest + 1 : kLargest);
  }
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

}  // namespace hawk
