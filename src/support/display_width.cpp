#include "support/display_width.h"

#include <clocale>
#include <cwchar>

namespace hawk {

namespace {

// The locale that characters are looked up in; null if the C library has none.
locale_t utf8_locale() {
  static locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

// Uses a locale in this thread for a while.
class LocaleScope {
 public:
  explicit LocaleScope(locale_t locale) : before_(::uselocale(locale)) {}
  LocaleScope(const LocaleScope&) = delete;
  LocaleScope& operator=(const LocaleScope&) = delete;
  ~LocaleScope() { ::uselocale(before_); }

 private:
  locale_t before_;
};

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool is_ascii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::size_t number_of_characters(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += is_continuation(c) ? 0 : 1;
  return count;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  if (utf8_locale() == nullptr) return number_of_characters(text);
  LocaleScope scope(utf8_locale());
  std::size_t width = 0;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t character = 0;
    std::size_t bytes = std::mbrtowc(&character, text.data(), text.size(), &state);
    if (bytes == 0 || bytes > text.size()) {  // NUL; or no character, or a part of one
      state = {};
      bytes = 1;
      ++width;
    } else {
      int columns = ::wcwidth(character);
      width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    }
    text.remove_prefix(bytes);
  }
  return width;
}

}  // namespace hawk
