#include "image/load_value.h"

#include <limits>

namespace hawk {

std::uint64_t quotient(std::uint64_t left, std::uint64_t right, bool is_signed) {
  if (right == 0) return 0;
  if (!is_signed) return left / right;
  if (right > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 0;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(left) / static_cast<std::int64_t>(right));
}

namespace {

// Without the beginning of a character of UTF-8 whose rest has been cut off. Bytes that are no UTF-8 stay.
std::string_view whole_characters(std::string_view text) {
  std::size_t behind = 0;  // bytes that go on with a character
  while (behind < 3 && behind < text.size() &&
         (static_cast<std::uint8_t>(text[text.size() - 1 - behind]) & 0xc0) == 0x80)
    ++behind;
  if (behind == text.size()) return text;
  auto lead = static_cast<std::uint8_t>(text[text.size() - 1 - behind]);
  std::size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
  return behind < wanted ? text.substr(0, text.size() - 1 - behind) : text;
}

}  // namespace

StringText load_string(const Type& type, Bytes bytes) {
  bytes = bytes.first(std::min<std::size_t>(type.size, bytes.size()));
  const auto* begin = reinterpret_cast<const char*>(bytes.data());
  if (bytes.empty()) return {};
  if (const void* nul = std::memchr(begin, 0, bytes.size())) {
    return {{begin, static_cast<std::size_t>(static_cast<const char*>(nul) - begin)}, false};
  }
  return {whole_characters({begin, bytes.size() - 1}), true};
}

Bytes load_buffer(Bytes bytes) {
  if (bytes.size() < 4) return {};
  std::size_t length = load_unsigned(bytes, 4);
  return bytes.subspan(4, std::min(length, bytes.size() - 4));
}

std::uint64_t divide(const Type& type, std::uint64_t raw, std::uint64_t div) {
  return div <= 1 ? raw : quotient(raw, div, type.is_signed);
}

StatsNumbers load_stats(const Type& type, Bytes bytes, std::uint64_t div) {
  StatsNumbers numbers{.count = load_word(bytes, 1), .average = 0, .total = load_word(bytes, 0)};
  numbers.average = divide(type, quotient(numbers.total, numbers.count, type.is_signed), div);
  numbers.total = divide(type, numbers.total, div);
  return numbers;
}

std::uint64_t total_samples(Bytes bytes) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bytes.size() / 8; ++i) total += load_word(bytes, i);
  return total;
}

}  // namespace hawk
