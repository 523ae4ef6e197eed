#include "output/utf8.h"

#include <array>
#include <cstdint>

namespace hawk {

namespace {

// Table 3-7 of the Unicode standard: what may follow a first byte. Further bytes are 80 to bf.
struct LeadRow {
  std::uint8_t first;
  std::uint8_t last;
  std::size_t bytes;
  std::uint8_t second_first;
  std::uint8_t second_last;
};
constexpr std::array kLeads = {
    LeadRow{0x00, 0x7f, 1, 0, 0},       LeadRow{0xc2, 0xdf, 2, 0x80, 0xbf}, LeadRow{0xe0, 0xe0, 3, 0xa0, 0xbf},
    LeadRow{0xe1, 0xec, 3, 0x80, 0xbf}, LeadRow{0xed, 0xed, 3, 0x80, 0x9f}, LeadRow{0xee, 0xef, 3, 0x80, 0xbf},
    LeadRow{0xf0, 0xf0, 4, 0x90, 0xbf}, LeadRow{0xf1, 0xf3, 4, 0x80, 0xbf}, LeadRow{0xf4, 0xf4, 4, 0x80, 0x8f},
};

std::uint8_t byte_at(std::string_view text, std::size_t index) { return static_cast<std::uint8_t>(text[index]); }

Utf8Character decode(std::string_view text, const LeadRow& row) {
  constexpr std::array<std::uint8_t, 5> kBits = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t code = byte_at(text, 0) & kBits[row.bytes];
  for (std::size_t i = 1; i < row.bytes; ++i) {
    std::uint8_t low = i == 1 ? row.second_first : 0x80;
    std::uint8_t high = i == 1 ? row.second_last : 0xbf;
    if (i >= text.size() || byte_at(text, i) < low || byte_at(text, i) > high) return {.bytes = i};
    code = code << 6 | (byte_at(text, i) & 0x3f);
  }
  return {.code = code, .bytes = row.bytes, .valid = true};
}

// Nothing to look at closely: most of what is printed.
bool is_harmless(char c) { return c >= 0x20 && c < 0x7f; }

}  // namespace

Utf8Character first_character(std::string_view text) {
  for (const LeadRow& row : kLeads) {
    if (byte_at(text, 0) >= row.first && byte_at(text, 0) <= row.last) return decode(text, row);
  }
  return {};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    Utf8Character character = first_character(text);
    if (!character.valid) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

bool is_control(char32_t code) {
  bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  bool mark = code == 0x061c || code == 0x200e || code == 0x200f;
  return control || mark || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void escape_controls(std::string& out, std::size_t start) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::size_t plain = start;
  while (plain < out.size() && is_harmless(out[plain])) ++plain;
  if (plain == out.size()) return;
  std::string escaped;
  for (std::string_view rest = std::string_view(out).substr(plain); !rest.empty();) {
    Utf8Character character = first_character(rest);
    if (character.valid && !is_control(character.code)) {
      escaped += rest.substr(0, character.bytes);
    } else {
      for (std::size_t i = 0; i < character.bytes; ++i)
        escaped += {'\\', 'x', kDigits[byte_at(rest, i) >> 4], kDigits[byte_at(rest, i) & 15]};
    }
    rest.remove_prefix(character.bytes);
  }
  out.replace(plain, std::string::npos, escaped);
}

}  // namespace hawk
