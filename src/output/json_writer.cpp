#include "output/json_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "output/utf8.h"

namespace hawk {

namespace {

constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

bool stands_for_itself(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// A character that may not stand for itself.
void append_escaped(std::string& out, char32_t code) {
  switch (code) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
  }
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(code));
}

void append_quoted(std::string& out, std::string_view text, bool (*escapes)(char32_t)) {
  out += '"';
  while (!text.empty()) {
    auto plain = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), stands_for_itself) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    Utf8Character character = first_character(text);
    bool escape = escapes(character.code) || character.code == '"' || character.code == '\\';
    if (!character.valid) out += "\uFFFD";
    else if (escape) append_escaped(out, character.code);
    else out += text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
  }
  out += '"';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  append_quoted(out, text, [](char32_t code) { return code < 0x20 || (code >= 0x80 && is_control(code)); });
}

void JsonWriter::separate() {
  if (follows_) out_ += ',';
  follows_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  follows_ = false;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  follows_ = true;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_quoted(out_, name, is_control);
  out_ += ':';
  follows_ = false;
  return *this;
}

void JsonWriter::word(std::string_view token) {
  separate();
  out_ += token;
}

void JsonWriter::end_line() {
  out_ += '\n';
  follows_ = false;
}

void JsonWriter::number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  word(value < kExact ? digits : fmt::format(R"({{"$int":"{}"}})", digits));
}

void JsonWriter::number(std::int64_t value) {
  std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string digits = std::to_string(value);
  word(magnitude < kExact ? digits : fmt::format(R"({{"$int":"{}"}})", digits));
}

void JsonWriter::real(double value) {
  if (std::isfinite(value)) return word(fmt::format("{}", value));
  word(fmt::format(R"({{"$float":"{}"}})", std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf"));
}

void JsonWriter::hex(std::span<const std::uint8_t> value) {
  key("$hex").word(fmt::format("\"{:02x}\"", fmt::join(value.begin(), value.end(), "")));
}

void JsonWriter::bytes(std::span<const std::uint8_t> value) {
  begin_object();
  hex(value);
  end_object();
}

void JsonWriter::text(std::string_view value) {
  bool plain = is_utf8(value);
  if (!plain) {
    begin_object();
    hex({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
    key("lossy");
  }
  separate();
  append_quoted(out_, value, is_control);
  if (!plain) end_object();
}

}  // namespace hawk
