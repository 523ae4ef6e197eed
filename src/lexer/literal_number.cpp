#include <array>
#include <cctype>
#include <cstdlib>
#include <limits>

#include "lexer/literal.h"

namespace hawk {

namespace {

constexpr std::uint64_t kMaximum = std::numeric_limits<std::uint64_t>::max();

struct Suffix {
  std::string_view text;  // lower case
  std::uint64_t multiplier = 1;
  std::uint64_t maximum = kMaximum;  // of the number before it
};

// C's suffixes only check the range (census 1.3); durations count nanoseconds and are written in lower case.
constexpr std::array kCSuffixes = {
    Suffix{"", 1, kMaximum},
    Suffix{"u", 1, std::numeric_limits<std::uint32_t>::max()},
    Suffix{"l", 1, std::numeric_limits<std::int64_t>::max()},
    Suffix{"ll", 1, std::numeric_limits<std::int64_t>::max()},
    Suffix{"ul", 1, kMaximum},
    Suffix{"ull", 1, kMaximum},
    Suffix{"lu", 1, kMaximum},
    Suffix{"llu", 1, kMaximum},
};
constexpr std::array kDurations = {
    Suffix{"ns", 1},
    Suffix{"us", 1'000},
    Suffix{"ms", 1'000'000},
    Suffix{"s", 1'000'000'000},
    Suffix{"m", 60'000'000'000},
    Suffix{"h", 3'600'000'000'000},
    Suffix{"d", 86'400'000'000'000},
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

const Suffix* find_suffix(std::string_view text) {
  std::string lower = lower_case(text);
  for (const Suffix& suffix : kCSuffixes) {
    if (suffix.text == lower) return &suffix;
  }
  for (const Suffix& suffix : kDurations) {
    if (suffix.text == text) return &suffix;
  }
  return nullptr;
}

unsigned digit_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>(std::tolower(static_cast<unsigned char>(c)) - 'a') + 10;
}

// A number taken apart: `0x1f_u` is base 16, digits "1f_", rest "u".
struct Parts {
  unsigned base = 10;
  std::string_view digits;
  std::string_view rest;
};

Parts split_number(std::string_view text) {
  Parts parts;
  std::size_t begin = 0;
  if (text.size() > 1 && text[0] == '0') {
    switch (text[1]) {
      case 'x':
      case 'X':
        parts.base = 16;
        begin = 2;
        break;
      case 'o':
      case 'O':
        parts.base = 8;
        begin = 2;
        break;
      case 'b':
      case 'B':
        parts.base = 2;
        begin = 2;
        break;
      default: parts.base = std::isdigit(static_cast<unsigned char>(text[1])) || text[1] == '_' ? 8 : 10; break;
    }
  }
  std::size_t end = begin;
  auto is_digit = [&](char c) {
    auto byte = static_cast<unsigned char>(c);
    return c == '_' || (parts.base == 16 ? std::isxdigit(byte) != 0 : std::isdigit(byte) != 0);
  };
  while (end < text.size() && is_digit(text[end])) ++end;
  parts.digits = text.substr(begin, end - begin);
  parts.rest = text.substr(end);
  return parts;
}

class IntegerReader {
 public:
  IntegerReader(std::string_view text, Span span, DiagSink& diagnostics)
      : text_(text), span_(span), diagnostics_(diagnostics) {}

  std::optional<std::uint64_t> read() {
    Parts parts = split_number(text_);
    if (!check_digits(parts)) return std::nullopt;
    std::optional<std::uint64_t> value = accumulate(parts.digits, parts.base);
    std::string_view rest = parts.rest;
    if (value && parts.base == 10 && rest.size() > 1 && (rest[0] == 'e' || rest[0] == 'E'))
      value = read_exponent(*value, rest);
    if (!value) return std::nullopt;
    const Suffix* suffix = find_suffix(rest);
    if (suffix == nullptr) {
      auto begin = span_.end - static_cast<std::uint32_t>(rest.size());
      diagnostics_.report(Diag::InvalidSuffix, {begin, span_.end, span_.file}, rest).help =
          "numbers end in a C suffix (u, l, ul, ll, ull) or a duration (ns, us, ms, s, m, h, d)";
      return std::nullopt;
    }
    if (*value > suffix->maximum) return overflow(suffix->maximum);
    return multiply(*value, suffix->multiplier);
  }

 private:
  bool check_digits(const Parts& parts) {
    bool empty = parts.digits.find_first_not_of('_') == std::string_view::npos;
    if (empty || parts.digits.ends_with('_')) {
      diagnostics_.report(empty ? Diag::MissingDigits : Diag::TrailingSeparator, span_, text_);
      return false;
    }
    for (char c : parts.digits) {
      if (c == '_' || digit_value(c) < parts.base) continue;
      diagnostics_.report(Diag::InvalidDigit, span_, c, parts.base == 8 ? "octal" : "binary", text_);
      return false;
    }
    return true;
  }

  std::optional<std::uint64_t> overflow(std::uint64_t maximum) {
    diagnostics_.report(Diag::IntegerOverflow, span_, text_, maximum);
    return std::nullopt;
  }

  std::optional<std::uint64_t> multiply(std::uint64_t value, std::uint64_t factor) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(value, factor, &product)) return overflow(kMaximum);
    return product;
  }

  std::optional<std::uint64_t> accumulate(std::string_view digits, unsigned base) {
    std::uint64_t value = 0;
    for (char c : digits) {
      if (c == '_') continue;
      if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, digit_value(c), &value)) {
        return overflow(kMaximum);
      }
    }
    return value;
  }

  // `e6`: takes the exponent off `rest`.
  std::optional<std::uint64_t> read_exponent(std::uint64_t coefficient, std::string_view& rest) {
    std::size_t end = 1;
    while (end < rest.size() && std::isdigit(static_cast<unsigned char>(rest[end])) != 0) ++end;
    if (end == 1) return coefficient;  // not an exponent: find_suffix refuses it
    std::optional<std::uint64_t> exponent = accumulate(rest.substr(1, end - 1), 10);
    rest = rest.substr(end);
    std::optional<std::uint64_t> value = coefficient;
    for (std::uint64_t i = 0; exponent && value && i < *exponent && coefficient != 0; ++i) value = multiply(*value, 10);
    return exponent ? value : std::nullopt;
  }

  std::string_view text_;
  Span span_;
  DiagSink& diagnostics_;
};

}  // namespace

std::optional<std::uint64_t> read_integer(std::string_view text, Span span, DiagSink& diagnostics) {
  return IntegerReader(text, span, diagnostics).read();
}

std::optional<double> read_float(std::string_view text, Span span, DiagSink& diagnostics) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool before_digit =
        i + 1 < text.size() && (std::isdigit(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '_');
    if (text[i] == '_' && !before_digit) {
      diagnostics.report(Diag::TrailingSeparator, span, text);
      return std::nullopt;
    }
    if (text[i] != '_') digits += text[i];
  }
  return std::strtod(digits.c_str(), nullptr);
}

}  // namespace hawk
