#include "lexer/token_maker.h"

#include <algorithm>
#include <utility>

#include "lexer/keywords.h"
#include "lexer/literal.h"
#include "lexer/look_alike.h"

namespace hawk {

namespace {

using Kind = TokenKind;

// The UTF-8 character at the beginning of `text`, one byte if it is none.
std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80) ++length;
  return text.substr(0, length);
}

bool is_ascii(std::string_view text) { return static_cast<unsigned char>(text.front()) < 0x80; }

// A stray character as a message shows it: itself, or `\x01`.
std::string printable(std::string_view character) {
  auto value = static_cast<unsigned char>(character.front());
  bool visible = character.size() > 1 || (value > 0x20 && value < 0x7F);
  return visible ? std::string(character) : fmt::format("\\x{:02x}", value);
}

}  // namespace

TokenMaker::TokenMaker(std::string_view text, Span base, DiagSink& diagnostics)
    : text_(text), base_(base), diagnostics_(diagnostics) {}

std::string_view TokenMaker::text(const RawToken& raw) const {
  return text_.substr(raw.begin - base_.begin, raw.end - raw.begin);
}

Token TokenMaker::make(const RawToken& raw, bool is_pattern) {
  Token token{.kind = Kind::kInvalid, .span = {raw.begin, raw.end, base_.file}};
  std::string_view written = text(raw);
  switch (raw.kind) {
    case kRawNumber: return with_integer(token.span, read_integer(written, token.span, diagnostics_));
    case kRawCharacter: return with_integer(token.span, read_character(written, token.span, diagnostics_));
    case kRawFloat: return with_float(std::move(token), written);
    case kRawString: return with_string(std::move(token), written, is_pattern);
    case kRawUnterminatedString: diagnostics_.report(Diag::UnterminatedString, token.span); return token;
    case kRawStray: return stray(raw);
    case kRawWord:
      token.kind = Kind::kIdentifier;
      token.text = written;
      return token;
    default: token.kind = static_cast<Kind>(raw.kind); break;
  }
  if (token.kind == Kind::kVariable || token.kind == Kind::kMap) token.text = written.substr(1);
  if (token.kind == Kind::kAttachPoint) return with_attach_point(std::move(token), written);
  if (token.kind == Kind::kPositional) return with_position(std::move(token), written.substr(1));
  return token;
}

Token TokenMaker::stray(const RawToken& raw) {
  std::uint32_t begin = raw.begin;
  std::string_view rest = text_.substr(begin - base_.begin);
  if (rest.size() > 1 && rest.front() == '$' && !is_ascii(rest.substr(1))) {  // `$名`: the `$` is right
    rest.remove_prefix(1);
    ++begin;
  }
  std::string_view character = first_character(rest);
  Span span{begin, begin + static_cast<std::uint32_t>(character.size()), base_.file};
  const LookAlike* alike = find_look_alike(character);
  bool invisible = alike != nullptr && alike->code_point != nullptr;
  auto& report = diagnostics_.report(Diag::StrayCharacter, span, invisible ? alike->code_point : printable(character));
  if (alike != nullptr) {
    report.help = fmt::format("this is {}: write {}", alike->name, alike->instead);
  } else if (character == "#") {
    report.help = "comments begin with `//`";
  } else if (!is_ascii(character)) {
    report.help = "names are ASCII letters, digits and `_`";
  }
  return {.kind = Kind::kInvalid, .span = span};
}

// What only looks like a bracket or a blank is none and would end in a name of a probe; a path may hold it.
Token TokenMaker::with_attach_point(Token token, std::string_view written) {
  token.text = written;
  for (std::size_t i = 0; i < written.size() && written[i] != '/' && written[i] != '"'; ++i) {
    if (find_look_alike(first_character(written.substr(i))) == nullptr) continue;
    std::uint32_t begin = token.span.begin + static_cast<std::uint32_t>(i);
    return stray({kRawStray, begin, begin + 1});
  }
  return token;
}

Token TokenMaker::with_integer(Span span, std::optional<std::uint64_t> value) {
  return {.kind = value ? Kind::kInteger : Kind::kInvalid, .span = span, .integer = value.value_or(0)};
}

Token TokenMaker::with_float(Token token, std::string_view written) {
  std::optional<double> value = read_float(written, token.span, diagnostics_);
  if (!value) return token;
  token.kind = Kind::kFloat;
  token.real = *value;
  return token;
}

Token TokenMaker::with_string(Token token, std::string_view written, bool is_pattern) {
  std::optional<std::string> value = read_string(written, token.span, diagnostics_, is_pattern);
  if (!value) return token;
  token.kind = Kind::kString;
  token.text = std::move(*value);
  return token;
}

Token TokenMaker::with_position(Token token, std::string_view digits) {
  constexpr std::uint64_t kMaxPosition = 65535;
  for (char c : digits)
    token.integer = std::min<std::uint64_t>(token.integer * 10 + static_cast<std::uint64_t>(c - '0'), kMaxPosition + 1);
  if (token.integer == 0) diagnostics_.report(Diag::PositionalZero, token.span);
  if (token.integer > kMaxPosition) diagnostics_.report(Diag::PositionalRange, token.span, kMaxPosition);
  if (token.integer == 0 || token.integer > kMaxPosition) token.kind = Kind::kInvalid;
  return token;
}

bool ends_in_match(const std::vector<Token>& tokens) {
  if (tokens.size() < 2 || tokens.back().kind != Kind::kTilde) return false;
  const Token& before = tokens[tokens.size() - 2];
  bool joins = before.kind == Kind::kAssign || before.kind == Kind::kNot;
  return joins && before.span.end == tokens.back().span.begin;
}

bool ends_in_dot(const std::vector<Token>& tokens) {
  return !tokens.empty() && (tokens.back().kind == Kind::kDot || tokens.back().kind == Kind::kArrow);
}

// The tokens of a `#define` body or an `#if` condition, without End.
std::optional<std::vector<Token>> lex_line(std::string_view text, Span span, DiagSink& diagnostics) {
  Scanner scanner(text, span.begin);
  TokenMaker maker(text, span, diagnostics);
  std::vector<Token> tokens;
  for (;;) {
    RawToken raw = scanner.next(ScanMode::kCode, ends_in_dot(tokens));
    Token token = maker.make(raw, ends_in_match(tokens));
    if (token.kind == Kind::kEnd) return tokens;
    if (token.kind == Kind::kInvalid) return std::nullopt;
    if (token.kind == Kind::kIdentifier) token.kind = code_keyword(token.text);
    tokens.push_back(std::move(token));
  }
}

void join_strings(std::vector<Token>& tokens) {
  std::vector<Token> joined;
  for (Token& token : tokens) {
    bool more = token.kind == Kind::kString && !joined.empty() && joined.back().kind == Kind::kString;
    if (more) {
      joined.back().text += token.text;
      joined.back().span.end = token.span.end;
    } else {
      joined.push_back(std::move(token));
    }
  }
  tokens = std::move(joined);
}

}  // namespace hawk
