#include "runtime/printable_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace hawk {

namespace {
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
}  // namespace

std::string printable_name(std::string name) {
  if (std::none_of(name.begin(), name.end(), is_control)) return name;
  std::string text;
  for (char c : name) {
    if (is_control(c)) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace hawk
