// Scalars as text: integers, enumerators, strings, buffers, averages.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "output/text_value.h"

namespace hawk {

namespace {

template <class T>
void append_number(std::string& out, T value, int base) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
  out.append(digits, end);
}

bool is_printable(std::uint8_t byte) { return byte >= 32 && byte <= 126; }

}  // namespace

void append_decimal(std::string& out, std::int64_t value) { append_number(out, value, 10); }
void append_decimal(std::string& out, std::uint64_t value) { append_number(out, value, 10); }
void append_hex(std::string& out, std::uint64_t value) { append_number(out, value, 16); }

void append_integer(std::string& out, const Type& type, std::uint64_t raw, const TextOptions& options) {
  std::uint64_t value = divide(type, raw, options.div);
  if (!type.is_signed) return append_decimal(out, value);
  auto number = static_cast<std::int64_t>(value);
  if (options.plus && number >= 0) out += '+';
  append_decimal(out, number);
}

void append_float(std::string& out, double value, const TextOptions& options) {
  if (options.div > 1) value /= static_cast<double>(options.div);
  std::string text = std::isnan(value) ? "nan" : fmt::format("{}", value);  // a NaN has no sign that means anything
  if (options.plus && text[0] != '-') out += '+';
  out += text;
  if (text.find_first_not_of("-0123456789") == std::string::npos) out += ".0";
}

const std::string* find_enumerator(const Type& type, std::uint64_t raw) {
  if (!type.enumerators) return nullptr;
  std::uint32_t bits = std::min<std::uint32_t>(type.size, 8) * 8;
  for (const Enumerator& enumerator : type.enumerators->values) {
    if (widen(enumerator.value, bits, false) == widen(raw, bits, false)) return &enumerator.name;
  }
  return nullptr;
}

void append_escaped_bytes(std::string& out, Bytes data) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (std::uint8_t byte : data) {
    if (is_printable(byte)) {
      out += static_cast<char>(byte);
    } else {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
}

}  // namespace hawk
