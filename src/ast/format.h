// Format strings of printf, errorf, warnf, cat and system (census section 7), parsed once when the
// script is checked and followed at run time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hawk {

enum class Conversion : std::uint8_t {
  kSigned,            // %d %i
  kUnsigned,          // %u
  kHex,               // %x
  kHexUpper,          // %X
  kOctal,             // %o
  kChar,              // %c
  kPointer,           // %p
  kAny,               // %s: every printable type
  kBuffer,            // %r
  kBufferHexEscaped,  // %rx
  kBufferHex,         // %rh
  kGfpFlags,          // %gr
  kFloat,             // %f %F %e %E %g %G %a %A, and %n, which is refused
};

struct FormatSpec {
  Conversion conversion = Conversion::kAny;
  char letter = 's';  // as written, for messages and floats
  bool minus = false, plus = false, space = false, alternate = false, zero = false;
  std::uint32_t width = 0;
  std::uint32_t bytes = 4;      // integer conversions: 1, 2, 4 or 8, from the length modifier
  std::int32_t precision = -1;  // as in C, for strings see string_limit; -1: none
  // Given by arguments of their own, in front of the value: `*`.
  bool star_width = false, star_precision = false;
};

// Bytes of a string that are shown at most; negative: all. A precision without a width is ignored there, as bpftrace
// ignores it, and `%10.10s` is a column. (Texts, which are hawk's own, follow C.)
[[nodiscard]] std::int32_t string_limit(const FormatSpec& spec);
// What `*` stands for: below zero it is a width and `-`, or no precision.
void set_star_width(FormatSpec& spec, std::int64_t value);
void set_star_precision(FormatSpec& spec, std::int64_t value);

// Literal text, then (unless it is the last piece) one conversion.
struct FormatPiece {
  std::string text;
  bool has_spec = false;
  FormatSpec spec;
};

struct FormatPlan {
  std::vector<FormatPiece> pieces;
  [[nodiscard]] std::size_t spec_count() const;
};

// A conversion as messages name it: `%s`, `%rx`; without flags, width, precision and length.
[[nodiscard]] std::string spelling(const FormatSpec& spec);

// Never fails: what is not a conversion is text, as in bpftrace (`%z` prints `%z`). `%%` becomes `%`.
[[nodiscard]] FormatPlan parse_format(const std::string& format);

}  // namespace hawk
