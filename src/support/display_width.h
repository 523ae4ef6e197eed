// How many columns of a terminal a text takes.
#pragma once

#include <cstddef>
#include <string_view>

namespace hawk {

// Of UTF-8: East Asian wide characters take two, combining ones none, as the C library's wcwidth() says where it has a
// locale of UTF-8; elsewhere each character one. Bytes that are no UTF-8 and control characters take one.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace hawk
