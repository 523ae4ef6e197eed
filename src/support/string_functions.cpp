#include "support/string_functions.h"

#include <algorithm>
#include <limits>

namespace hawk {

std::int64_t find_last(std::string_view text, std::string_view part) {
  std::size_t found = text.rfind(part);
  return found == std::string_view::npos ? -1 : static_cast<std::int64_t>(found);
}

namespace {

std::size_t position_in(std::int64_t position, std::size_t size) {
  auto length = static_cast<std::int64_t>(size);
  if (position < 0) position = position < -length ? 0 : position + length;
  return static_cast<std::size_t>(std::min(position, length));
}

std::string transformed(std::string_view text, char first, char last) {
  std::string result(text);
  for (char& c : result) {
    if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
  }
  return result;
}

}  // namespace

std::string_view slice(std::string_view text, std::int64_t start, std::int64_t length) {
  text.remove_prefix(position_in(start, text.size()));
  return text.substr(0, position_in(length, text.size()));
}

std::string upper_case(std::string_view text) { return transformed(text, 'a', 'z'); }
std::string lower_case(std::string_view text) { return transformed(text, 'A', 'Z'); }

std::string replace_all(std::string_view text, std::string_view part, std::string_view by) {
  std::string result;
  while (!part.empty()) {
    std::size_t found = text.find(part);
    if (found == std::string_view::npos) break;
    result.append(text.substr(0, found)).append(by);
    text.remove_prefix(found + part.size());
  }
  return result.append(text);
}

namespace {

std::string_view without_slashes_at_end(std::string_view path) {
  return path.substr(0, path.find_last_not_of('/') + 1);
}

}  // namespace

std::string_view last_component(std::string_view path) {
  std::string_view named = without_slashes_at_end(path);
  if (named.empty()) return path.substr(0, 1);
  return named.substr(named.rfind('/') + 1);
}

std::string_view parent_path(std::string_view path) {
  std::string_view named = without_slashes_at_end(path);
  std::size_t slash = named.empty() ? path.find('/') : named.rfind('/');
  if (slash == std::string_view::npos) return ".";
  std::string_view parent = without_slashes_at_end(named.substr(0, std::min(slash, named.size())));
  return parent.empty() ? "/" : parent;
}

namespace {

constexpr unsigned kNoDigit = 255;

unsigned digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  auto letter = static_cast<unsigned char>(c | 0x20);
  return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10U : kNoDigit;
}

}  // namespace

std::int64_t leading_integer(std::string_view text, std::int64_t base) {
  if (base != 0 && (base < 2 || base > 36)) return 0;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  bool marked = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && digit_value(text[2]) < 16;
  if (marked && (base == 0 || base == 16)) {
    text.remove_prefix(2);
    base = 16;
  }
  if (base == 0) base = text.starts_with('0') ? 8 : 10;
  std::uint64_t largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()} + (negative ? 1 : 0);
  std::uint64_t value = 0;
  for (char c : text) {
    std::uint64_t digit = digit_value(c);
    if (digit >= static_cast<std::uint64_t>(base)) break;
    if (value > (largest - digit) / static_cast<std::uint64_t>(base)) {
      value = largest;
      break;
    }
    value = value * static_cast<std::uint64_t>(base) + digit;
  }
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

}  // namespace hawk
