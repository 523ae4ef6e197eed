#include "pattern/characters.h"

#include <algorithm>
#include <array>

namespace hawk::pattern {

namespace {

// Every symbol: surrogates are no characters, and NUL ends a string.
constexpr SymbolRange kAll[] = {{1, 0xD7FF}, {0xE000, kLastCodePoint}, {kStrayByte + 0x80, kStrayByte + 0xFF}};

}  // namespace

CharacterSet CharacterSet::all() {
  CharacterSet set;
  for (const SymbolRange& range : kAll) set.ranges_.push_back(range);
  return set;
}

CharacterSet CharacterSet::of(Symbol symbol) {
  CharacterSet set;
  set.add(symbol, symbol);
  return set;
}

void CharacterSet::add(Symbol first, Symbol last) {
  ranges_.push_back({first, last});
  normalise();
}

void CharacterSet::add(const CharacterSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  normalise();
}

// Sorts, joins what touches, and leaves out what is no symbol.
void CharacterSet::normalise() {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const SymbolRange& a, const SymbolRange& b) { return a.first < b.first; });
  std::vector<SymbolRange> joined;
  for (const SymbolRange& range : ranges_) {
    if (!joined.empty() && range.first <= joined.back().last + 1) {
      joined.back().last = std::max(joined.back().last, range.last);
    } else {
      joined.push_back(range);
    }
  }
  ranges_.clear();
  for (const SymbolRange& range : joined) {
    for (const SymbolRange& piece : kAll) {
      SymbolRange common{std::max(range.first, piece.first), std::min(range.last, piece.last)};
      if (common.first <= common.last) ranges_.push_back(common);
    }
  }
}

void CharacterSet::complement() {
  std::vector<SymbolRange> outside;
  Symbol next = 0;
  for (const SymbolRange& range : ranges_) {
    if (range.first > next) outside.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  outside.push_back({next, kStrayByte + 0xFF});
  ranges_ = std::move(outside);
  normalise();
}

void CharacterSet::fold_ascii_case() {
  constexpr Symbol kDistance = 'a' - 'A';
  CharacterSet folded;
  for (const SymbolRange& range : ranges_) {
    Symbol upper = std::max<Symbol>(range.first, 'A');
    Symbol lower = std::max<Symbol>(range.first, 'a');
    if (upper <= std::min<Symbol>(range.last, 'Z'))
      folded.add(upper + kDistance, std::min<Symbol>(range.last, 'Z') + kDistance);
    if (lower <= std::min<Symbol>(range.last, 'z'))
      folded.add(lower - kDistance, std::min<Symbol>(range.last, 'z') - kDistance);
  }
  add(folded);
}

bool add_class(CharacterSet& set, std::string_view name) {
  struct Row {
    std::string_view name;
    std::array<SymbolRange, 4> ranges;  // those that begin with 0 do not count
  };
  constexpr Row kClasses[] = {
      {"alnum", {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}}},
      {"alpha", {{{'A', 'Z'}, {'a', 'z'}}}},
      {"blank", {{{' ', ' '}, {'\t', '\t'}}}},
      {"cntrl", {{{1, 0x1F}, {0x7F, 0x7F}}}},
      {"digit", {{{'0', '9'}}}},
      {"graph", {{{'!', '~'}}}},
      {"lower", {{{'a', 'z'}}}},
      {"print", {{{' ', '~'}}}},
      {"punct", {{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}}},
      {"space", {{{' ', ' '}, {'\t', '\r'}}}},
      {"upper", {{{'A', 'Z'}}}},
      {"word", {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {'_', '_'}}}},
      {"xdigit", {{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}}},
  };
  for (const Row& row : kClasses) {
    if (row.name != name) continue;
    for (const SymbolRange& range : row.ranges) {
      if (range.first != 0) set.add(range.first, range.last);
    }
    return true;
  }
  return false;
}

DecodedSymbol decode(std::string_view text) {
  auto byte = [&](std::size_t i) -> Symbol { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  Symbol lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  Symbol symbol = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kStrayByte + lead, 1};
    symbol = symbol << 6 | (byte(i) & 0x3F);
  }
  constexpr Symbol kLeast[] = {0x80, 0x800, 0x10000};
  bool surrogate = symbol >= 0xD800 && symbol <= 0xDFFF;
  bool valid = lead >= 0xC2 && lead <= 0xF4 && symbol >= kLeast[length - 2] && symbol <= kLastCodePoint && !surrogate;
  return valid ? DecodedSymbol{symbol, length} : DecodedSymbol{kStrayByte + lead, 1};
}

}  // namespace hawk::pattern
