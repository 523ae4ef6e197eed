#include "output/xml_text.h"

#include "output/utf8.h"

namespace hawk {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

bool is_xml(const Utf8Character& character) {
  return character.valid && !is_control(character.code) && character.code != 0xfffe && character.code != 0xffff;
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    Utf8Character character = first_character(text);
    if (!is_xml(character)) {
      out += kReplacement;
    } else if (character.code == '&') {
      out += "&amp;";
    } else if (character.code == '<') {
      out += "&lt;";
    } else if (character.code == '>') {
      out += "&gt;";
    } else if (character.code == '"') {
      out += "&quot;";
    } else {
      out += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

}  // namespace hawk
