// format_plan: the text of a printf plan over an event's fields. No allocation beyond growing `out`.
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

void append_signed(std::string& out, std::uint64_t raw, const FormatSpec& spec) {
  auto number = static_cast<std::int64_t>(raw);
  if (spec.plus && number >= 0) out += '+';
  append_decimal(out, number);
}

struct Base {
  int number;
  std::string_view prefix;
  bool upper;
};

void append_based(std::string& out, std::uint64_t value, const FormatSpec& spec, const Base& base) {
  if (spec.alternate && value != 0) out += base.prefix;
  char digits[24];
  auto* end = std::to_chars(digits, digits + sizeof digits, value, base.number).ptr;
  if (base.upper) std::transform(digits, end, digits, [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  out.append(digits, end);
}

void append_pointer(std::string& out, std::uint64_t address) {
  if (address != 0) out += "0x";
  append_hex(out, address);
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

// A precision cuts texts, and nothing else: bpftrace ignores it for strings.
void append_any(const TextTarget& to, const FormatSpec& spec, const Type& type, Bytes bytes) {
  if (type.kind != TypeKind::kText || spec.precision < 0) return append_value(to, type, bytes);
  append_foreign(to,
                 to.context.resolver->text(load_unsigned(bytes)).substr(0, static_cast<std::size_t>(spec.precision)));
}

void append_character(const TextTarget& to, char character) { append_foreign(to, {&character, 1}); }

void append_conversion(const TextTarget& to, const FormatSpec& spec, const Type& type, Bytes bytes) {
  switch (spec.conversion) {
    case Conversion::kSigned: return append_signed(to.out, narrow(type, bytes, spec, true), spec);
    case Conversion::kUnsigned: return append_decimal(to.out, narrow(type, bytes, spec, false));
    case Conversion::kHex: return append_based(to.out, narrow(type, bytes, spec, false), spec, {16, "0x", false});
    case Conversion::kHexUpper: return append_based(to.out, narrow(type, bytes, spec, false), spec, {16, "0X", true});
    case Conversion::kOctal: return append_based(to.out, narrow(type, bytes, spec, false), spec, {8, "0", false});
    case Conversion::kChar: return append_character(to, static_cast<char>(load_scalar(type, bytes)));
    case Conversion::kPointer: return append_pointer(to.out, load_scalar(type, bytes));
    case Conversion::kAny: return append_any(to, spec, type, bytes);
    case Conversion::kBuffer: return append_escaped_bytes(to.out, raw_bytes(type, bytes));
    case Conversion::kBufferHexEscaped: return append_hex_bytes(to.out, raw_bytes(type, bytes), "\\x", "\\x");
    case Conversion::kBufferHex: return append_hex_bytes(to.out, raw_bytes(type, bytes), "", " ");
    case Conversion::kGfpFlags: return append_gfp_flags(to.out, load_scalar(type, bytes));
    case Conversion::kFloat: return append_formatted(to.out, load_float(bytes), spec);
  }
  HAWK_UNREACHABLE("conversion");
}

// What the width applies to: of tuples, records and structs only the opening bracket, as in bpftrace.
std::size_t padded_length(const FormatSpec& spec, const Type& type, std::string_view text) {
  if (spec.conversion != Conversion::kAny) return text.size();
  if (type.kind == TypeKind::kTuple) return 1;
  bool fields = type.kind == TypeKind::kRecord || type.kind == TypeKind::kStruct;
  return fields && text.starts_with("{ ") ? 2 : text.size();
}

// Fills up to the width; `0` fills with zeros on whichever side, whatever the text.
void pad(std::string& out, std::size_t start, std::size_t length, const FormatSpec& spec) {
  if (length >= spec.width) return;
  out.insert(spec.minus ? start + length : start, spec.width - length, spec.zero ? '0' : ' ');
}

}  // namespace

void format_plan(std::string& out, const Event& event, const FormatContext& context) {
  const EventSchema& schema = *event.schema;
  FormatContext own = context;  // for what the script itself says
  own.escape_controls = false;
  std::size_t argument = 0;
  for (const FormatPiece& piece : schema.format.pieces) {
    out += piece.text;
    if (!piece.has_spec) continue;
    HAWK_CHECK(argument < schema.fields.size(), "a format plan has more conversions than its event fields");
    const EventField& field = schema.fields[argument++];
    std::size_t start = out.size();
    append_conversion({out, field.is_literal ? own : context, {.plus = piece.spec.plus, .div = 1}}, piece.spec,
                      field.type, slice(event.bytes, field.offset, field.type.size));
    if (piece.spec.width == 0 || piece.spec.conversion == Conversion::kFloat) continue;
    pad(out, start, padded_length(piece.spec, field.type, std::string_view(out).substr(start)), piece.spec);
  }
}

}  // namespace hawk
