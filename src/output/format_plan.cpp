// format_plan: the text of a printf plan over an event's fields.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "image/members.h"
#include "output/gfp_flags.h"
#include "output/text_value.h"
#include "support/check.h"

namespace hawk {

namespace {

// The value of a %d %u %x %o argument in the C type that the length modifier names.
std::uint64_t narrow(const Type& type, Bytes bytes, const FormatSpec& spec, bool is_signed) {
  return widen(load_scalar(type, bytes), spec.bytes * 8, is_signed);
}

// What stands before the digits, the least number of digits, and the width, as C has them: zeros that fill it go
// between head and digits.
void append_digits(std::string& out, const FormatSpec& spec, std::string_view head, std::string_view digits) {
  if (spec.precision == 0 && digits == "0") digits = {};
  auto least = static_cast<std::size_t>(std::max(spec.precision, 0));
  std::size_t zeros = least > digits.size() ? least - digits.size() : 0;
  std::size_t length = head.size() + zeros + digits.size();
  std::size_t padding = spec.width > length ? spec.width - length : 0;
  bool fill_zeros = spec.zero && !spec.minus && spec.precision < 0;
  if (!spec.minus && !fill_zeros) out.append(padding, ' ');
  out += head;
  out.append(fill_zeros ? padding : zeros, '0');
  out += digits;
  if (spec.minus) out.append(padding, ' ');
}

struct Numeral {
  int number = 10;
  std::string_view prefix = {};
  bool upper = false;
};

void append_unsigned(std::string& out, std::uint64_t value, const FormatSpec& spec, const Numeral& base) {
  char digits[24];
  auto* end = std::to_chars(digits, digits + sizeof digits, value, base.number).ptr;
  if (base.upper) std::transform(digits, end, digits, [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  append_digits(out, spec, value != 0 ? base.prefix : "", std::string_view(digits, end));
}

void append_signed(std::string& out, std::uint64_t raw, const FormatSpec& spec) {
  bool negative = static_cast<std::int64_t>(raw) < 0;
  char digits[24];
  auto* end = std::to_chars(digits, digits + sizeof digits, negative ? -raw : raw).ptr;
  append_digits(out, spec, negative ? "-" : spec.plus ? "+" : spec.space ? " " : "", std::string_view(digits, end));
}

void append_hex_bytes(std::string& out, Bytes data, std::string_view before_first, std::string_view before_next) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string_view before = before_first;
  for (std::uint8_t byte : data) {
    out += before;
    before = before_next;
    out += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
}

// The bytes that the %r conversions show.
Bytes raw_bytes(const Type& type, Bytes bytes) { return type.kind == TypeKind::kBuffer ? load_buffer(bytes) : bytes; }

// As C prints it. The width is part of it: zeros to fill go behind the sign.
void append_formatted(std::string& out, double value, const FormatSpec& spec) {
  std::string format = "%";
  if (spec.minus) format += '-';
  if (spec.plus) format += '+';
  if (spec.space) format += ' ';
  if (spec.alternate) format += '#';
  if (spec.zero) format += '0';
  format += "*.*";
  format += spec.letter;
  if (std::isnan(value)) value = std::fabs(value);  // the sign of a NaN says nothing
  auto width = static_cast<int>(spec.width);
  int length = std::snprintf(nullptr, 0, format.c_str(), width, spec.precision, value);
  std::size_t start = out.size();
  out.resize(start + static_cast<std::size_t>(length) + 1);
  static_cast<void>(std::snprintf(&out[start], out.size() - start, format.c_str(), width, spec.precision, value));
  out.pop_back();
}

// `text` from `start` on, in the width; the first `length` bytes of it count for that.
void pad(std::string& out, std::size_t start, std::size_t length, const FormatSpec& spec) {
  if (length >= spec.width) return;
  out.insert(spec.minus ? out.size() : start, spec.width - length, ' ');
}

// Not inside a character of UTF-8.
void cut_text(std::string& out, std::size_t start, std::int32_t limit) {
  auto most = static_cast<std::size_t>(limit);
  if (limit < 0 || out.size() - start <= most) return;
  while (most > 0 && (static_cast<unsigned char>(out[start + most]) & 0xc0) == 0x80) --most;
  out.resize(start + most);
}

// Of a tuple the width is for the opening bracket alone, as in bpftrace; on the left that says nothing to anyone.
std::size_t padded_length(const FormatSpec& spec, const Type& type, std::string_view text) {
  return type.kind == TypeKind::kTuple && !spec.minus ? 1 : text.size();
}

void append_any(const TextTarget& to, FormatSpec spec, const Type& type, Bytes bytes) {
  if (type.kind == TypeKind::kInt) {
    spec.precision = -1;
    std::uint64_t raw = load_scalar(type, bytes);
    return type.is_signed ? append_signed(to.out, raw, spec) : append_unsigned(to.out, raw, spec, {});
  }
  if (type.kind == TypeKind::kPointer) {  // a null pointer is 0x0
    spec.precision = -1;
    return append_digits(to.out, spec, "0x", fmt::format("{:x}", load_unsigned(bytes)));
  }
  std::size_t start = to.out.size();
  append_value(to, type, bytes);
  if (type.kind == TypeKind::kText) cut_text(to.out, start, spec.precision);
  if (type.kind == TypeKind::kString) cut_text(to.out, start, string_limit(spec));
  pad(to.out, start, padded_length(spec, type, std::string_view(to.out).substr(start)), spec);
}

void append_character(const TextTarget& to, char character) { append_foreign(to, {&character, 1}); }

void append_bytes_of(const TextTarget& to, const FormatSpec& spec, const Type& type, Bytes bytes) {
  std::string& out = to.out;
  std::size_t start = out.size();
  if (spec.conversion == Conversion::kChar) append_character(to, static_cast<char>(load_scalar(type, bytes)));
  if (spec.conversion == Conversion::kBuffer) append_escaped_bytes(out, raw_bytes(type, bytes));
  if (spec.conversion == Conversion::kBufferHexEscaped) append_hex_bytes(out, raw_bytes(type, bytes), "\\x", "\\x");
  if (spec.conversion == Conversion::kBufferHex) append_hex_bytes(out, raw_bytes(type, bytes), "", " ");
  if (spec.conversion == Conversion::kGfpFlags) append_gfp_flags(out, load_scalar(type, bytes));
  pad(out, start, out.size() - start, spec);
}

void append_conversion(const TextTarget& to, const FormatSpec& spec, const Type& type, Bytes bytes) {
  const bool alternate = spec.alternate;
  switch (spec.conversion) {
    case Conversion::kSigned: return append_signed(to.out, narrow(type, bytes, spec, true), spec);
    case Conversion::kUnsigned: return append_unsigned(to.out, narrow(type, bytes, spec, false), spec, {});
    case Conversion::kHex:
      return append_unsigned(to.out, narrow(type, bytes, spec, false), spec, {16, alternate ? "0x" : "", false});
    case Conversion::kHexUpper:
      return append_unsigned(to.out, narrow(type, bytes, spec, false), spec, {16, alternate ? "0X" : "", true});
    case Conversion::kOctal:
      return append_unsigned(to.out, narrow(type, bytes, spec, false), spec, {8, alternate ? "0" : "", false});
    case Conversion::kPointer: return append_unsigned(to.out, load_scalar(type, bytes), spec, {16, "0x", false});
    case Conversion::kAny: return append_any(to, spec, type, bytes);
    case Conversion::kChar:
    case Conversion::kBuffer:
    case Conversion::kBufferHexEscaped:
    case Conversion::kBufferHex:
    case Conversion::kGfpFlags: return append_bytes_of(to, spec, type, bytes);
    case Conversion::kFloat: return append_formatted(to.out, load_float(bytes), spec);
  }
  HAWK_UNREACHABLE("conversion");
}

// The fields of an event, one after the other.
class EventFields {
 public:
  explicit EventFields(const Event& event) : event_(event) {}

  const EventField& next() {
    HAWK_CHECK(next_ < event_.schema->fields.size(), "a format plan has more conversions than its event fields");
    return event_.schema->fields[next_++];
  }
  [[nodiscard]] Bytes bytes(const EventField& field) const {
    return slice(event_.bytes, field.offset, field.type.size);
  }
  // The spec with what the arguments of `*` say.
  FormatSpec filled(FormatSpec spec) {
    if (spec.star_width) set_star_width(spec, next_number());
    if (spec.star_precision) set_star_precision(spec, next_number());
    return spec;
  }

 private:
  std::int64_t next_number() { return static_cast<std::int64_t>(load_unsigned(bytes(next()))); }

  const Event& event_;
  std::size_t next_ = 0;
};

}  // namespace

void format_plan(std::string& out, const Event& event, const FormatContext& context) {
  FormatContext own = context;  // for what the script itself says
  own.escape_controls = false;
  EventFields fields(event);
  for (const FormatPiece& piece : event.schema->format.pieces) {
    out += piece.text;
    if (!piece.has_spec) continue;
    FormatSpec spec = fields.filled(piece.spec);
    const EventField& field = fields.next();
    append_conversion({out, field.is_literal ? own : context, {.plus = spec.plus, .div = 1}}, spec, field.type,
                      fields.bytes(field));
  }
}

}  // namespace hawk
