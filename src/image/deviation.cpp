#include "image/deviation.h"

#include <array>
#include <cmath>
#include <cstring>

namespace hawk {

namespace {

__extension__ using Wide = unsigned __int128;

// A number of 256 bits, the least significant word first.
using Number = std::array<std::uint64_t, 4>;

constexpr std::size_t kSumWord = 1;
constexpr std::size_t kSquaresWord = 3;
constexpr std::size_t kSquaresWords = 3;

// Adds the words of `from` to those of `into`, with carries.
void add_number(std::span<std::uint8_t> into, Bytes from) {
  Wide carry = 0;
  for (std::size_t i = 0; i < into.size() / 8; ++i) {
    carry += Wide{load_word(into, i)} + load_word(from, i);
    auto word = static_cast<std::uint64_t>(carry);
    std::memcpy(into.data() + i * 8, &word, 8);
    carry >>= 64;
  }
}

Number multiply(const Number& left, const Number& right) {
  Number product{};
  for (std::size_t i = 0; i < product.size(); ++i) {
    Wide carry = 0;
    for (std::size_t j = 0; i + j < product.size(); ++j) {
      carry += Wide{left[i]} * right[j] + product[i + j];
      product[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
  }
  return product;
}

Number subtract(const Number& left, const Number& right) {
  Number difference{};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < difference.size(); ++i) {
    Wide word = Wide{left[i]} - right[i] - borrow;
    difference[i] = static_cast<std::uint64_t>(word);
    borrow = static_cast<std::uint64_t>(word >> 64) & 1;
  }
  return difference;
}

long double to_real(const Number& number) {
  long double value = 0;
  for (std::size_t i = number.size(); i-- > 0;) value = std::ldexp(value, 64) + static_cast<long double>(number[i]);
  return value;
}

}  // namespace

// The variance is (count * squares - sum^2) / count^2, whose numerator has 256 bits and is never negative.
Deviation load_deviation(const Type& type, Bytes bytes) {
  Deviation result{.count = load_word(bytes, 0)};
  if (result.count == 0) return result;
  Wide sum = Wide{load_word(bytes, kSumWord + 1)} << 64 | load_word(bytes, kSumWord);
  bool negative = type.is_signed && (sum >> 127) != 0;
  if (negative) sum = -sum;
  Number total{static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> 64), 0, 0};
  Number squares{};
  for (std::size_t i = 0; i < kSquaresWords; ++i) squares[i] = load_word(bytes, kSquaresWord + i);
  auto count = static_cast<long double>(result.count);
  long double average = to_real(total) / count;
  long double spread = to_real(subtract(multiply(squares, {result.count, 0, 0, 0}), multiply(total, total)));
  result.average = static_cast<double>(negative ? -average : average);
  result.deviation = static_cast<double>(std::sqrt(spread) / count);
  return result;
}

void merge_deviation(std::span<std::uint8_t> into, Bytes from) {
  constexpr std::size_t kCountBytes = 8 * kSumWord;
  constexpr std::size_t kSumBytes = 8 * (kSquaresWord - kSumWord);
  add_number(into.first(kCountBytes), from.first(kCountBytes));
  add_number(into.subspan(kCountBytes, kSumBytes), from.subspan(kCountBytes, kSumBytes));
  add_number(into.subspan(kCountBytes + kSumBytes), from.subspan(kCountBytes + kSumBytes));
}

}  // namespace hawk
