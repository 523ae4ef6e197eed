// CharacterSet: a set of symbols. A symbol is a code point, or a byte that is not part of valid UTF-8.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hawk::pattern {

using Symbol = std::uint32_t;
inline constexpr Symbol kLastCodePoint = 0x10FFFF;
inline constexpr Symbol kStrayByte = 0x110000;  // byte b, 0x80 to 0xff, is the symbol kStrayByte + b

struct SymbolRange {
  Symbol first = 0;
  Symbol last = 0;  // inclusive
};

class CharacterSet {
 public:
  [[nodiscard]] static CharacterSet all();  // every symbol but NUL
  [[nodiscard]] static CharacterSet of(Symbol symbol);

  void add(Symbol first, Symbol last);
  void add(const CharacterSet& other);
  void complement();
  void fold_ascii_case();

  [[nodiscard]] const std::vector<SymbolRange>& ranges() const { return ranges_; }  // sorted, apart from each other

 private:
  void normalise();
  std::vector<SymbolRange> ranges_;
};

// `alpha` of [[:alpha:]]: its ASCII characters; false if there is no such class.
[[nodiscard]] bool add_class(CharacterSet& set, std::string_view name);

struct DecodedSymbol {
  Symbol symbol = 0;
  std::size_t bytes = 0;
};
// The symbol that `text`, which is not empty, begins with.
[[nodiscard]] DecodedSymbol decode(std::string_view text);

}  // namespace hawk::pattern
