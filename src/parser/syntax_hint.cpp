#include "parser/syntax_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ast/builtin.h"

namespace hawk {

namespace {

using Kind = TokenKind;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Word {
  std::string_view found;
  std::string_view instead;
};

constexpr std::array<std::string_view, 6> kFunctionWords = {"def", "fun", "func", "function", "proc", "sub"};
constexpr std::array<std::string_view, 3> kElseIfWords = {"elif", "elseif", "elsif"};

constexpr std::array kOperatorWords = {Word{"and", "&&"}, Word{"or", "||"}, Word{"eq", "=="},
                                       Word{"ne", "!="},  Word{"is", "=="}, Word{"mod", "%"}};

constexpr std::array kPrintWords = {Word{"echo", "print"}, Word{"println", "print"}, Word{"puts", "print"},
                                    Word{"say", "print"}};

constexpr const char* kArm = "an arm is written `1 => ...`, one for all other values `_ => ...`";
constexpr const char* kCase = "a case is written `case 1: ...`";

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

template <std::size_t N>
std::string_view instead_of(const std::array<Word, N>& words, std::string_view found) {
  for (const Word& word : words) {
    if (word.found == found) return word.instead;
  }
  return {};
}

bool begins_brace(Kind kind) { return kind == Kind::kOpenBrace || kind == Kind::kOpenBraceStatement; }
bool is_opener(Kind kind) {
  return closes(kind, Kind::kCloseParen) || closes(kind, Kind::kCloseBracket) || closes(kind, Kind::kCloseBrace);
}
bool is_closer(Kind kind) {
  return kind == Kind::kCloseParen || kind == Kind::kCloseBracket || kind == Kind::kCloseBrace;
}

class Finder {
 public:
  explicit Finder(const SyntaxErrorPlace& place) : tokens_(place.tokens), at_(place.at), source_(place.source) {}

  std::optional<SyntaxHint> find() const {
    using Rule = std::optional<SyntaxHint> (Finder::*)() const;
    constexpr std::array kRules = {&Finder::foreign_function, &Finder::operator_word,   &Finder::foreign_branch,
                                   &Finder::bare_arguments,   &Finder::foreign_loop,    &Finder::looped_name,
                                   &Finder::default_value,    &Finder::bare_let,        &Finder::foreign_match,
                                   &Finder::assignment,       &Finder::arm_of_call,     &Finder::arm_of_match,
                                   &Finder::arm_of_switch,    &Finder::nothing_to_match};
    for (Rule rule : kRules) {
      if (auto hint = (this->*rule)()) return hint;
    }
    return std::nullopt;
  }

 private:
  // `offset` tokens behind the one that does not fit.
  [[nodiscard]] Kind kind(std::ptrdiff_t offset = 0) const {
    std::ptrdiff_t i = static_cast<std::ptrdiff_t>(at_) + offset;
    return i >= 0 && i < static_cast<std::ptrdiff_t>(tokens_.size()) ? tokens_[static_cast<std::size_t>(i)].kind
                                                                     : Kind::kEnd;
  }

  // As it is written.
  [[nodiscard]] std::string_view text(std::ptrdiff_t offset = 0) const {
    if (kind(offset) == Kind::kEnd) return {};
    const Span span = tokens_[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at_) + offset)].span;
    return source_.substr(span.begin, span.end - span.begin);
  }

  [[nodiscard]] bool is_word(std::ptrdiff_t offset, std::string_view word) const {
    return kind(offset) == Kind::kIdentifier && text(offset) == word;
  }

  [[nodiscard]] SyntaxHint here(std::string help) const { return {.help = std::move(help), .at = at_}; }

  // What is written from `offset` up to a token that ends it outside of all brackets; "..." if that is no short text.
  [[nodiscard]] std::string text_until_end(std::ptrdiff_t offset) const {
    std::size_t begin = at_ + static_cast<std::size_t>(offset);
    std::size_t end = begin;
    for (int depth = 0; end < tokens_.size(); ++end) {
      Kind kind = tokens_[end].kind;
      if (kind == Kind::kEnd || kind == Kind::kInvalid || kind == Kind::kSemicolon) break;
      if (depth == 0 && (is_closer(kind) || begins_brace(kind))) break;
      if (is_opener(kind)) ++depth;
      if (is_closer(kind)) --depth;
    }
    constexpr std::size_t kMaxShown = 40;
    if (end == begin || end == tokens_.size()) return "...";
    std::string_view written =
        source_.substr(tokens_[begin].span.begin, tokens_[end - 1].span.end - tokens_[begin].span.begin);
    bool short_text = written.size() <= kMaxShown && written.find('\n') == std::string_view::npos;
    return short_text ? std::string(written) : "...";
  }

  // The bracket that token `close` closes.
  [[nodiscard]] std::size_t opener_of(std::size_t close) const {
    const Token* open = unclosed_bracket(tokens_, close);
    return open == nullptr ? kNone : static_cast<std::size_t>(open - tokens_.data());
  }

  // In `word (...) {`, for the brace: where the word is.
  [[nodiscard]] std::size_t word_before_brace(std::size_t brace) const {
    if (brace == 0 || tokens_[brace - 1].kind != Kind::kCloseParen) return kNone;
    std::size_t open = opener_of(brace - 1);
    return open == kNone || open == 0 ? kNone : open - 1;
  }

  // `function f($x) { ... }`
  std::optional<SyntaxHint> foreign_function() const {
    if (kind() != Kind::kAttachPoint || kind(-1) != Kind::kAttachPoint) return std::nullopt;
    if (!is_among(kFunctionWords, text(-1))) return std::nullopt;
    std::string_view name = text().substr(0, text().find('('));
    return here(fmt::format("functions are written `fn {}($x) {{ ... }}`", name));
  }

  // `$a and $b`
  std::optional<SyntaxHint> operator_word() const {
    std::string_view instead = kind() == Kind::kIdentifier ? instead_of(kOperatorWords, text()) : "";
    if (instead.empty()) return std::nullopt;
    return here(fmt::format("write `{}`", instead));
  }

  // `} elif (...) {`
  std::optional<SyntaxHint> foreign_branch() const {
    std::size_t word = begins_brace(kind()) ? word_before_brace(at_) : kNone;
    if (word == kNone || tokens_[word].kind != Kind::kIdentifier) return std::nullopt;
    if (!is_among(kElseIfWords, tokens_[word].text)) return std::nullopt;
    return SyntaxHint{.help = "write `else if (...) { ... }`", .at = word, .expected = "'else'"};
  }

  // `printf "hi"`
  std::optional<SyntaxHint> bare_arguments() const {
    constexpr std::array kArguments = {Kind::kString, Kind::kInteger,    Kind::kFloat,     Kind::kVariable,
                                       Kind::kMap,    Kind::kIdentifier, Kind::kPositional};
    bool argument = std::find(kArguments.begin(), kArguments.end(), kind()) != kArguments.end();
    if (!argument || kind(-1) != Kind::kIdentifier || kind(-2) == Kind::kDot || kind(-2) == Kind::kArrow)
      return std::nullopt;
    std::string_view name = text(-1);
    if (auto instead = instead_of(kPrintWords, name); !instead.empty()) name = instead;
    auto builtin = find_builtin(name);
    if (!builtin || builtin_row(*builtin).variable) return std::nullopt;
    return here(fmt::format("arguments are in parentheses: write `{}({})`", name, text_until_end(0)));
  }

  // Whether the token at `offset` is the first of a loop's head.
  [[nodiscard]] bool begins_loop(std::ptrdiff_t offset) const {
    return kind(offset - 1) == Kind::kFor || (kind(offset - 1) == Kind::kOpenParen && kind(offset - 2) == Kind::kFor);
  }

  // The hint for `for (x in y)` or `for (x = 0; ...)` with `name` of the variable and the word or sign at `offset`.
  [[nodiscard]] std::string loop(std::string_view name, std::ptrdiff_t offset) const {
    bool in =
        kind(offset) == Kind::kIn || kind(offset) == Kind::kColon || is_word(offset, "in") || is_word(offset, "of");
    if (in && kind(offset + 1) == Kind::kMap)
      return fmt::format("write `for ($kv : {})`: $kv.0 is the key, $kv.1 the value", text(offset + 1));
    std::string range = "0..10";
    if (in && !is_word(offset + 1, "range")) range = text_until_end(offset + 1);
    bool counted =
        kind(offset) == Kind::kAssign && kind(offset + 2) == Kind::kSemicolon && kind(offset + 4) == Kind::kLess;
    if (counted) range = fmt::format("{}..{}", text(offset + 1), text(offset + 5));
    return fmt::format("write `for (${} : {})`", name, range);
  }

  // `for (k in @m)`
  std::optional<SyntaxHint> looped_name() const {
    if (!begins_loop(0)) return std::nullopt;
    if (kind() == Kind::kLet && kind(1) == Kind::kVariable) return here(loop(text(1).substr(1), 2));
    if (kind() != Kind::kIdentifier) return std::nullopt;
    bool typed = kind(1) == Kind::kIdentifier && !is_word(1, "in") && !is_word(1, "of");  // `int i = 0`
    return here(loop(text(typed ? 1 : 0), typed ? 2 : 1));
  }

  // `for ($k in @m)`
  std::optional<SyntaxHint> foreign_loop() const {
    if (kind(-1) != Kind::kVariable || !begins_loop(-1)) return std::nullopt;
    bool foreign = kind() == Kind::kIn || kind() == Kind::kAssign || is_word(0, "in") || is_word(0, "of");
    if (!foreign) return std::nullopt;
    return here(loop(text(-1).substr(1), 0));
  }

  // `fn f($x = 5)`
  std::optional<SyntaxHint> default_value() const {
    if (kind() != Kind::kAssign) return std::nullopt;
    std::size_t open = opener_of(at_);
    if (open == kNone || open < 2) return std::nullopt;
    Kind word = tokens_[open - 2].kind;
    if (word != Kind::kFn && word != Kind::kMacro) return std::nullopt;
    return here("parameters have no default values");
  }

  // `let x = 5`
  std::optional<SyntaxHint> bare_let() const {
    if (kind(-1) != Kind::kLet || kind() != Kind::kIdentifier) return std::nullopt;
    return here(fmt::format("write `let ${}`", text()));
  }

  // `$s ~ "b"` and `$s =~ /b/`
  std::optional<SyntaxHint> foreign_match() const {
    if (kind() == Kind::kTilde) return here("to match a pattern, write `=~`");
    bool pattern = kind() == Kind::kSlash && (kind(-1) == Kind::kMatches || kind(-1) == Kind::kMatchesNot);
    if (!pattern) return std::nullopt;
    std::string_view rest = source_.substr(tokens_[at_].span.end);
    rest = rest.substr(0, rest.find('\n'));
    std::size_t end = rest.find('/');
    bool plain = end != std::string_view::npos && rest.substr(0, end).find('"') == std::string_view::npos;
    return here(fmt::format("a pattern is a string: `{} \"{}\"`", text(-1), plain ? rest.substr(0, end) : "..."));
  }

  // `if (comm = "cat")`, `/comm = "cat"/`
  std::optional<SyntaxHint> assignment() const {
    if (kind() != Kind::kAssign) return std::nullopt;
    const Token* open = unclosed_bracket(tokens_, at_);
    bool condition = open != nullptr && open->kind == Kind::kOpenParen;
    for (std::size_t i = at_; i-- > 0 && !condition;) {
      Kind before = tokens_[i].kind;
      condition = before == Kind::kPredicateBegin || before == Kind::kIf || before == Kind::kIfStatement ||
                  before == Kind::kWhile;
      if (before == Kind::kSemicolon || before == Kind::kPredicateEnd || before == Kind::kCloseBrace ||
          begins_brace(before))
        break;
    }
    if (!condition) return std::nullopt;
    return here("an assignment is a statement; to compare, write `==`");
  }

  // Whether `->` at token `i` is behind what has no fields.
  [[nodiscard]] bool is_wrong_arrow(std::size_t i) const {
    Kind before = tokens_[i - 1].kind;
    bool value = before == Kind::kInteger || before == Kind::kString || before == Kind::kTrue ||
                 before == Kind::kFalse || (before == Kind::kIdentifier && tokens_[i - 1].text == "_");
    return tokens_[i].kind == Kind::kArrow && value;
  }

  // `match (1) { 1: ... }`, `switch (1) { 1 => ... }`: no arm makes the word a name, and `{` is where that does not
  // fit.
  std::optional<SyntaxHint> arm_of_call() const {
    std::size_t word = begins_brace(kind()) ? word_before_brace(at_) : kNone;
    if (word == kNone || tokens_[word].kind != Kind::kIdentifier) return std::nullopt;
    std::size_t first = at_ + 1;
    if (tokens_[word].text == "switch") {
      bool other = is_closer(kind(1)) || kind(1) == Kind::kEnd || is_word(1, "case") || is_word(1, "default");
      if (other) return std::nullopt;
      return SyntaxHint{.help = kCase, .at = first, .expected = "'case' or 'default'"};
    }
    if (tokens_[word].text != "match") return std::nullopt;
    int depth = 0;
    for (std::size_t i = first; i < tokens_.size() && depth >= 0; ++i) {
      const Token& token = tokens_[i];
      bool label = token.kind == Kind::kIdentifier && (token.text == "case" || token.text == "default");
      if (depth == 0 && label) return SyntaxHint{.help = kArm, .at = i, .expected = "an expression"};
      if (depth == 0 && (token.kind == Kind::kColon || is_wrong_arrow(i)))
        return SyntaxHint{.help = kArm, .at = i, .expected = "'=>'"};
      if (is_opener(token.kind)) ++depth;
      if (is_closer(token.kind)) --depth;
    }
    return std::nullopt;
  }

  // `match (1) { 1 => 2, 2 -> 3 }`
  std::optional<SyntaxHint> arm_of_match() const {
    std::size_t brace = opener_of(at_);
    std::size_t word = brace == kNone ? kNone : word_before_brace(brace);
    if (word == kNone) return std::nullopt;
    if (tokens_[word].kind != Kind::kMatch && tokens_[word].kind != Kind::kMatchStatement) return std::nullopt;
    if (kind() == Kind::kSemicolon) return here("an arm ends in a comma, or in `}` if it is a block");
    if (is_word(-1, "case")) return SyntaxHint{.help = kArm, .at = at_ - 1, .expected = "an expression"};
    if (kind() == Kind::kColon || is_wrong_arrow(at_)) return here(kArm);
    if (kind() != Kind::kCloseBrace && kind() != Kind::kComma) return std::nullopt;
    for (std::size_t i = at_ - 1; i > brace && tokens_[i].kind != Kind::kComma; --i) {
      if (is_wrong_arrow(i)) return SyntaxHint{.help = kArm, .at = i, .expected = "'=>'"};
    }
    return std::nullopt;
  }

  // `match (1) { }`: without an arm the word is none of the language.
  std::optional<SyntaxHint> nothing_to_match() const {
    if (!begins_brace(kind()) || kind(1) != Kind::kCloseBrace) return std::nullopt;
    std::size_t word = word_before_brace(at_);
    if (word == kNone || tokens_[word].kind != Kind::kIdentifier) return std::nullopt;
    auto behind = static_cast<std::ptrdiff_t>(word) - static_cast<std::ptrdiff_t>(at_);
    bool match = is_word(behind, "match");
    if (!match && !is_word(behind, "switch")) return std::nullopt;
    return SyntaxHint{.help = match ? kArm : kCase, .at = at_ + 1, .expected = match ? "an arm" : "a case"};
  }

  // `switch (1) { case 1 => ... }`
  std::optional<SyntaxHint> arm_of_switch() const {
    if (kind() != Kind::kFatArrow && kind() != Kind::kArrow && kind() != Kind::kOpenBraceStatement) return std::nullopt;
    std::size_t i = at_;
    while (i > 0 && tokens_[i - 1].kind != Kind::kSemicolon && tokens_[i - 1].kind != Kind::kCaseColon &&
           !begins_brace(tokens_[i - 1].kind))
      --i;
    if (tokens_[i].kind != Kind::kCase) return std::nullopt;
    return SyntaxHint{.help = kCase, .at = at_, .expected = "':'"};
  }

  const std::vector<Token>& tokens_;
  std::size_t at_;
  std::string_view source_;
};

}  // namespace

bool closes(TokenKind open, TokenKind close) {
  if (close == Kind::kCloseParen) return open == Kind::kOpenParen || open == Kind::kOpenTypeParen;
  if (close == Kind::kCloseBracket) return open == Kind::kOpenBracket;
  bool brace = open == Kind::kOpenBrace || open == Kind::kOpenBraceStatement || open == Kind::kOpenBraceLiteral;
  return close == Kind::kCloseBrace && brace;
}

const Token* unclosed_bracket(const std::vector<Token>& tokens, std::size_t position) {
  std::vector<const Token*> open;
  for (std::size_t i = 0; i < position; ++i) {
    if (is_opener(tokens[i].kind)) open.push_back(&tokens[i]);
    if (!open.empty() && closes(open.back()->kind, tokens[i].kind)) open.pop_back();
  }
  return open.empty() ? nullptr : open.back();
}

std::optional<SyntaxHint> find_syntax_hint(const SyntaxErrorPlace& place) { return Finder(place).find(); }

}  // namespace hawk
