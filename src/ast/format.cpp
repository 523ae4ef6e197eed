// parse_format: a printf format string to a plan of text and conversions. The grammar is that of
// bpftrace 0.27 (observed): % flags width precision length conversion, the flags only in the order
// `-` `+` blank `#` `0`, and anything that does not match is text.
#include "ast/format.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>

namespace hawk {

namespace {

struct ConversionRow {
  std::string_view text;
  Conversion conversion;
};

// Longer spellings first.
constexpr std::array kConversions = {
    ConversionRow{"rx", Conversion::kBufferHexEscaped},
    ConversionRow{"rh", Conversion::kBufferHex},
    ConversionRow{"gr", Conversion::kGfpFlags},
    ConversionRow{"r", Conversion::kBuffer},
    ConversionRow{"d", Conversion::kSigned},
    ConversionRow{"i", Conversion::kSigned},
    ConversionRow{"u", Conversion::kUnsigned},
    ConversionRow{"x", Conversion::kHex},
    ConversionRow{"X", Conversion::kHexUpper},
    ConversionRow{"o", Conversion::kOctal},
    ConversionRow{"c", Conversion::kChar},
    ConversionRow{"p", Conversion::kPointer},
    ConversionRow{"s", Conversion::kAny},
};
constexpr std::string_view kFloats = "fFeEgGaAn";  // %n is refused when the script is checked
constexpr std::string_view kLengthLetters = "hlLjzt";

// No one can mean a larger width or precision.
constexpr std::uint32_t kMost = std::numeric_limits<std::uint16_t>::max();

class FormatParser {
 public:
  explicit FormatParser(std::string_view format) : rest_(format) {}

  FormatPlan parse() {
    while (!rest_.empty()) {
      std::size_t percent = std::min(rest_.find('%'), rest_.size());
      text_ += rest_.substr(0, percent);
      rest_.remove_prefix(percent);
      if (!rest_.empty()) conversion();
    }
    if (!text_.empty()) plan_.pieces.push_back({.text = std::move(text_), .has_spec = false, .spec = {}});
    return std::move(plan_);
  }

 private:
  // At a `%`: consumes a conversion, or only the `%` as text.
  void conversion() {
    std::string_view start = rest_;
    rest_.remove_prefix(1);
    FormatSpec spec;
    flags(spec);
    width(spec);
    precision(spec);
    spec.bytes = length();
    if (take('%')) {
      text_ += '%';
    } else if (letter(spec)) {
      plan_.pieces.push_back({.text = std::move(text_), .has_spec = true, .spec = spec});
      text_.clear();
    } else {
      text_ += '%';
      rest_ = start.substr(1);
    }
  }

  void flags(FormatSpec& spec) {
    spec.minus = take('-');
    spec.plus = take('+');
    spec.space = take(' ');
    spec.alternate = take('#');
    spec.zero = take('0');
  }

  void width(FormatSpec& spec) {
    spec.star_width = take('*');
    if (!spec.star_width) spec.width = digits().value_or(0);
  }

  // A `.` that no digits or `*` follow is no precision, so the sequence will not match.
  void precision(FormatSpec& spec) {
    if (rest_.size() < 2 || rest_[0] != '.') return;
    bool star = rest_[1] == '*';
    if (!star && !is_digit(rest_[1])) return;
    rest_.remove_prefix(star ? 2 : 1);
    spec.star_precision = star;
    if (!star) spec.precision = static_cast<std::int32_t>(digits().value_or(0));
  }

  // Bytes of the C type that the length names; a run of letters that is none (`hhh`) counts as int.
  std::uint32_t length() {
    std::size_t end = std::min(rest_.find_first_not_of(kLengthLetters), rest_.size());
    std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (text == "hh") return 1;
    if (text == "h") return 2;
    if (text == "l" || text == "ll" || text == "j" || text == "z" || text == "t") return 8;
    return 4;
  }

  bool letter(FormatSpec& spec) {
    if (rest_.empty()) return false;
    spec.letter = rest_[0];
    for (const ConversionRow& row : kConversions) {
      if (!rest_.starts_with(row.text)) continue;
      spec.conversion = row.conversion;
      rest_.remove_prefix(row.text.size());
      return true;
    }
    if (kFloats.find(rest_[0]) == std::string_view::npos) return false;
    spec.conversion = Conversion::kFloat;
    rest_.remove_prefix(1);
    return true;
  }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  // Saturates: a width no one can mean must not wrap to a small one.
  std::optional<std::uint32_t> digits() {
    if (rest_.empty() || !is_digit(rest_[0])) return std::nullopt;
    std::uint32_t value = 0;
    while (!rest_.empty() && is_digit(rest_[0])) {
      value = std::min(kMost, value * 10 + static_cast<std::uint32_t>(rest_[0] - '0'));
      rest_.remove_prefix(1);
    }
    return value;
  }

  std::string_view rest_;
  std::string text_;
  FormatPlan plan_;
};

}  // namespace

std::size_t FormatPlan::spec_count() const {
  return static_cast<std::size_t>(
      std::count_if(pieces.begin(), pieces.end(), [](const FormatPiece& piece) { return piece.has_spec; }));
}

std::string spelling(const FormatSpec& spec) {
  switch (spec.conversion) {
    case Conversion::kBufferHexEscaped: return "%rx";
    case Conversion::kBufferHex: return "%rh";
    case Conversion::kGfpFlags: return "%gr";
    case Conversion::kSigned:
    case Conversion::kUnsigned:
    case Conversion::kHex:
    case Conversion::kHexUpper:
    case Conversion::kOctal:
    case Conversion::kChar:
    case Conversion::kPointer:
    case Conversion::kAny:
    case Conversion::kBuffer:
    case Conversion::kFloat: break;
  }
  return std::string("%") + spec.letter;
}

std::int32_t string_limit(const FormatSpec& spec) { return spec.width == 0 ? -1 : spec.precision; }

void set_star_width(FormatSpec& spec, std::int64_t value) {
  spec.star_width = false;
  spec.minus = spec.minus || value < 0;
  std::uint64_t size = value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  spec.width = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, kMost));
}

void set_star_precision(FormatSpec& spec, std::int64_t value) {
  spec.star_precision = false;
  spec.precision = static_cast<std::int32_t>(std::clamp<std::int64_t>(value, -1, kMost));
}

FormatPlan parse_format(const std::string& format) { return FormatParser(format).parse(); }

}  // namespace hawk
