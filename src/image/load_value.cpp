#include "image/load_value.h"

#include <limits>

namespace hawk {

std::uint64_t quotient(std::uint64_t left, std::uint64_t right, bool is_signed) {
  if (right == 0) return 0;
  if (!is_signed) return left / right;
  if (right > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return 0;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(left) / static_cast<std::int64_t>(right));
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

std::uint64_t divide(const Type& type, std::uint64_t raw, std::uint64_t div) {
  return div <= 1 ? raw : quotient(raw, div, type.is_signed);
}

StatsNumbers load_stats(const Type& type, Bytes bytes, std::uint64_t div) {
  StatsNumbers numbers{.count = load_word(bytes, 1), .average = 0, .total = load_word(bytes, 0)};
  numbers.average = divide(type, quotient(numbers.total, numbers.count, type.is_signed), div);
  return numbers;
}

std::uint64_t total_samples(Bytes bytes) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bytes.size() / 8; ++i) total += load_word(bytes, i);
  return total;
}

}  // namespace hawk
