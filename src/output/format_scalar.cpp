// Scalars as text: integers, enumerators, strings, buffers, averages.
#include <algorithm>
#include <charconv>
#include <limits>

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

std::uint64_t quotient(std::uint64_t left, std::uint64_t right, bool is_signed) {
  if (right == 0) return 0;
  if (!is_signed) return left / right;
  if (right > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 0;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(left) / static_cast<std::int64_t>(right));
}

}  // namespace

void append_decimal(std::string& out, std::int64_t value) { append_number(out, value, 10); }
void append_decimal(std::string& out, std::uint64_t value) { append_number(out, value, 10); }
void append_hex(std::string& out, std::uint64_t value) { append_number(out, value, 16); }

std::uint64_t divide(const Type& type, std::uint64_t raw, std::uint64_t div) {
  return div <= 1 ? raw : quotient(raw, div, type.is_signed);
}

void append_integer(std::string& out, const Type& type, std::uint64_t raw, const TextOptions& options) {
  std::uint64_t value = divide(type, raw, options.div);
  if (!type.is_signed) return append_decimal(out, value);
  auto number = static_cast<std::int64_t>(value);
  if (options.plus && number >= 0) out += '+';
  append_decimal(out, number);
}

const std::string* find_enumerator(const Type& type, std::uint64_t raw) {
  if (!type.enumerators) return nullptr;
  std::uint32_t bits = std::min<std::uint32_t>(type.size, 8) * 8;
  for (const Enumerator& enumerator : type.enumerators->values) {
    if (widen(enumerator.value, bits, false) == widen(raw, bits, false)) return &enumerator.name;
  }
  return nullptr;
}

StringText load_string(const Type& type, Bytes bytes) {
  bytes = bytes.first(std::min<std::size_t>(type.size, bytes.size()));
  const auto* begin = reinterpret_cast<const char*>(bytes.data());
  if (bytes.empty()) return {};
  if (const void* nul = std::memchr(begin, 0, bytes.size())) {
    return {{begin, static_cast<std::size_t>(static_cast<const char*>(nul) - begin)}, false};
  }
  return {{begin, bytes.size() - 1}, true};
}

Bytes load_buffer(Bytes bytes) {
  if (bytes.size() < 4) return {};
  std::size_t length = load_unsigned(bytes, 4);
  return bytes.subspan(4, std::min(length, bytes.size() - 4));
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

StatsNumbers load_stats(const Type& type, Bytes bytes, std::uint64_t div) {
  StatsNumbers numbers{.count = load_word(bytes, 1), .average = 0, .total = load_word(bytes, 0)};
  numbers.average = divide(type, quotient(numbers.total, numbers.count, type.is_signed), div);
  return numbers;
}

}  // namespace hawk
