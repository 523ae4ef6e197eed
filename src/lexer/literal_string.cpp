#include <cctype>

#include "lexer/literal.h"

namespace hawk {

namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

unsigned hex_value(char c) {
  if (c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>(std::tolower(static_cast<unsigned char>(c)) - 'a') + 10;
}

// Decodes one literal; `text_` is what lies between the quotes.
class EscapeReader {
 public:
  EscapeReader(std::string_view text, Span span, DiagSink& diagnostics, bool is_pattern)
      : text_(text), span_(span), diagnostics_(diagnostics), is_pattern_(is_pattern) {}

  std::optional<std::string> read() {
    std::string out;
    while (at_ < text_.size()) {
      if (text_[at_] != '\\') {
        out += text_[at_++];
        continue;
      }
      if (is_pattern_ && at_ + 1 < text_.size() && !is_known_escape(text_[at_ + 1])) {
        out += text_[at_++];
        continue;
      }
      std::optional<char> c = read_escape();
      if (!c) return std::nullopt;
      out += *c;
    }
    return out;
  }

 private:
  static bool is_known_escape(char c) {
    return is_octal(c) || std::string_view("ntr\"'\\xX").find(c) != std::string_view::npos;
  }

  std::optional<char> read_escape() {
    std::size_t begin = at_;
    ++at_;
    char c = at_ < text_.size() ? text_[at_++] : '\0';
    switch (c) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case '"': return '"';
      case '\'': return '\'';
      case '\\': return '\\';
      case 'x':
      case 'X': return read_hex(begin);
      default: break;
    }
    if (is_octal(c)) return read_octal(begin);
    return refuse(Diag::InvalidEscape, begin);
  }

  std::optional<char> read_hex(std::size_t begin) {
    unsigned value = 0;
    std::size_t first = at_;
    while (at_ < text_.size() && at_ < first + 2 && std::isxdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      value = value * 16 + hex_value(text_[at_++]);
    }
    if (at_ == first) return refuse(Diag::InvalidHexEscape, begin);
    return static_cast<char>(value);
  }

  std::optional<char> read_octal(std::size_t begin) {
    unsigned value = 0;
    at_ = begin + 1;
    while (at_ < text_.size() && at_ <= begin + 3 && is_octal(text_[at_])) value = value * 8 + hex_value(text_[at_++]);
    if (value > 0xFF) return refuse(Diag::OctalEscapeRange, begin);
    return static_cast<char>(value);
  }

  std::nullopt_t refuse(Diag diag, std::size_t begin) {
    auto first = span_.begin + 1 + static_cast<std::uint32_t>(begin);
    auto last = span_.begin + 1 + static_cast<std::uint32_t>(at_);
    diagnostics_.report(diag, {first, last, span_.file}, text_.substr(begin, at_ - begin));
    return std::nullopt;
  }

  std::string_view text_;
  Span span_;
  DiagSink& diagnostics_;
  bool is_pattern_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> read_string(std::string_view quoted, Span span, DiagSink& diagnostics, bool is_pattern) {
  return EscapeReader(quoted.substr(1, quoted.size() - 2), span, diagnostics, is_pattern).read();
}

std::optional<std::uint64_t> read_character(std::string_view quoted, Span span, DiagSink& diagnostics) {
  std::optional<std::string> text = EscapeReader(quoted.substr(1, quoted.size() - 2), span, diagnostics, false).read();
  if (!text) return std::nullopt;
  if (text->size() != 1) {
    diagnostics.report(Diag::InvalidCharacter, span, quoted);
    return std::nullopt;
  }
  return static_cast<unsigned char>(text->front());
}

}  // namespace hawk
