#include "lexer/disambiguate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <string_view>

#include "ast/builtin.h"

namespace hawk {

namespace {

using Kind = TokenKind;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Names that can only be types: a parenthesis around one is a cast whatever follows.
constexpr std::array<std::string_view, 21> kTypeNames = {
    "bool", "buffer", "char",   "double", "float",  "inet",   "int",    "int16", "int32",    "int64", "int8",
    "long", "short",  "signed", "string", "uint16", "uint32", "uint64", "uint8", "unsigned", "void",
};

bool is_type_name(std::string_view name) {
  return std::find(kTypeNames.begin(), kTypeNames.end(), name) != kTypeNames.end();
}

bool is_argument_register(std::string_view name) {  // arg0, arg1, ...
  return name.size() > 3 && name.starts_with("arg") && std::all_of(name.begin() + 3, name.end(), [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) != 0;
         });
}

// A builtin that is a value without parentheses: `(pid) - 1` subtracts.
bool is_builtin_value(std::string_view name) {
  auto builtin = find_builtin(name);
  return is_argument_register(name) || (builtin && builtin_row(*builtin).variable);
}

bool takes_type(Kind kind) {
  return kind == Kind::kSizeOf || kind == Kind::kOffsetOf || kind == Kind::kTypeOf || kind == Kind::kTypeInfo;
}

// Whether a token behind `(name)` makes it a cast, as bpftrace decides it. `+` is binary there.
bool begins_operand(Kind kind) {
  constexpr std::array kStarters = {
      Kind::kIdentifier, Kind::kVariable,      Kind::kMap,       Kind::kPositional, Kind::kParameterCount,
      Kind::kInteger,    Kind::kFloat,         Kind::kString,    Kind::kTrue,       Kind::kFalse,
      Kind::kOpenParen,  Kind::kOpenTypeParen, Kind::kMinus,     Kind::kStar,       Kind::kAmpersand,
      Kind::kNot,        Kind::kTilde,         Kind::kIncrement, Kind::kDecrement,  Kind::kSizeOf,
      Kind::kOffsetOf,   Kind::kTypeOf,        Kind::kTypeInfo,  Kind::kComptime,
  };
  return std::find(kStarters.begin(), kStarters.end(), kind) != kStarters.end();
}

bool ends_operand(Kind kind) {
  constexpr std::array kEnders = {
      Kind::kIdentifier, Kind::kVariable,     Kind::kMap,        Kind::kPositional, Kind::kParameterCount,
      Kind::kInteger,    Kind::kFloat,        Kind::kString,     Kind::kTrue,       Kind::kFalse,
      Kind::kCloseParen, Kind::kCloseBracket, Kind::kCloseBrace,
  };
  return std::find(kEnders.begin(), kEnders.end(), kind) != kEnders.end();
}

// A type found in the tokens.
struct TypeMatch {
  std::size_t end = 0;         // first token behind it
  std::string_view name = {};  // if it begins with a single name
  bool only_type = false;      // cannot be read as an expression
  bool bare_name = false;      // one name and nothing else
};

class Disambiguator {
 public:
  Disambiguator(std::vector<Token>& tokens, DiagSink& diagnostics) : tokens_(tokens), diagnostics_(diagnostics) {}

  void run() {
    match_brackets();
    collect_constants();
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Kind::kIdentifier && !tokens_[i].in_c) mark_word(i);
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Kind::kOpenParen) mark_paren(i);
      if (tokens_[i].kind == Kind::kOpenBrace && begins_literal(i)) tokens_[i].kind = Kind::kOpenBraceLiteral;
      if (tokens_[i].kind == Kind::kOpenBrace && begins_statement(i)) tokens_[i].kind = Kind::kOpenBraceStatement;
      if (tokens_[i].kind == Kind::kIf && begins_statement(i)) tokens_[i].kind = Kind::kIfStatement;
      if (tokens_[i].kind == Kind::kMatch && begins_statement(i)) tokens_[i].kind = Kind::kMatchStatement;
    }
    join_match_operators();
  }

 private:
  [[nodiscard]] Kind kind(std::size_t i) const { return i < tokens_.size() ? tokens_[i].kind : Kind::kEnd; }

  static Kind closer(Kind open) {
    if (open == Kind::kOpenParen) return Kind::kCloseParen;
    if (open == Kind::kOpenBracket) return Kind::kCloseBracket;
    return open == Kind::kOpenBrace ? Kind::kCloseBrace : Kind::kEnd;
  }

  void match_brackets() {
    partner_.assign(tokens_.size(), kNone);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (closer(kind(i)) != Kind::kEnd) {
        open.push_back(i);
        if (open.size() > kMaxBracketDepth) return refuse_depth(i);
      } else if (!open.empty() && closer(kind(open.back())) == kind(i)) {
        partner_[i] = open.back();
        partner_[open.back()] = i;
        open.pop_back();
      }
    }
  }

  void refuse_depth(std::size_t i) {
    if (!diagnostics_.has_errors()) diagnostics_.report(Diag::NestingTooDeep, tokens_[i].span, kMaxBracketDepth);
    tokens_[i].kind = Kind::kInvalid;
    tokens_.resize(i + 1);
    tokens_.push_back({.kind = Kind::kEnd, .span = tokens_[i].span});
    partner_.resize(tokens_.size());
    for (std::size_t& other : partner_) {
      if (other != kNone && other >= tokens_.size()) other = kNone;
    }
  }

  // `#define`d names and enumerators of the script are values, so `(NAME) - 1` subtracts.
  void collect_constants() {
    bool in_enum = false;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (kind(i) == Kind::kDefine) constants_.insert(tokens_[i].text);
      if (kind(i) == Kind::kEnum && tokens_[i].in_c) in_enum = true;
      if (kind(i) == Kind::kCloseBrace) in_enum = false;
      bool after = i > 0 && (kind(i - 1) == Kind::kOpenBrace || kind(i - 1) == Kind::kComma);
      if (in_enum && after && kind(i) == Kind::kIdentifier) constants_.insert(tokens_[i].text);
    }
  }

  [[nodiscard]] bool begins_statement(std::size_t i) const {
    if (i == 0 || tokens_[i].in_c) return false;
    Kind previous = kind(i - 1);
    if (previous == Kind::kFatArrow) return kind(i) == Kind::kOpenBrace;
    return previous == Kind::kSemicolon || previous == Kind::kCloseBrace || previous == Kind::kOpenBrace ||
           previous == Kind::kOpenBraceStatement || previous == Kind::kCaseColon;
  }

  // Words that are keywords in one place only: `k in @m`, `match (e) { 1 => ... }`, `switch (e) { case 1: ... }`.
  void mark_word(std::size_t i) {
    const std::string& word = tokens_[i].text;
    Kind previous = i > 0 ? kind(i - 1) : Kind::kEnd;
    if (previous == Kind::kDot || previous == Kind::kArrow) return;
    if (word == "in" && kind(i + 1) == Kind::kMap) {
      tokens_[i].kind = Kind::kIn;
      bool negated =
          previous == Kind::kIdentifier && tokens_[i - 1].text == "not" && i > 1 && ends_operand(kind(i - 2));
      if (negated) tokens_[i - 1].kind = Kind::kNotWord;
    }
    if (word != "match" && word != "switch") return;
    std::size_t open = brace_behind_parentheses(i + 1);
    if (open == kNone) return;
    if (word == "match" && has_arm(open)) tokens_[i].kind = Kind::kMatch;
    if (word == "switch" && is_label(open + 1)) {
      tokens_[i].kind = Kind::kSwitch;
      mark_cases(open);
    }
  }

  // `(...) {`: where the brace is, if it is closed.
  [[nodiscard]] std::size_t brace_behind_parentheses(std::size_t open) const {
    if (kind(open) != Kind::kOpenParen || partner_[open] == kNone) return kNone;
    std::size_t brace = partner_[open] + 1;
    return kind(brace) == Kind::kOpenBrace && partner_[brace] != kNone ? brace : kNone;
  }

  // What is behind token `i`, brackets with all that is in them counting as one.
  [[nodiscard]] std::size_t behind(std::size_t i) const {
    bool opens = closer(kind(i)) != Kind::kEnd && partner_[i] != kNone;
    return (opens ? partner_[i] : i) + 1;
  }

  [[nodiscard]] bool has_arm(std::size_t open) const {
    for (std::size_t i = open + 1; i < partner_[open]; i = behind(i)) {
      if (kind(i) == Kind::kFatArrow) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_label(std::size_t i) const {
    if (kind(i) != Kind::kIdentifier) return false;
    return tokens_[i].text == "case" || (tokens_[i].text == "default" && kind(i + 1) == Kind::kColon);
  }

  void mark_cases(std::size_t open) {
    bool may_begin = true;
    for (std::size_t i = open + 1; i < partner_[open]; i = behind(i)) {
      if (may_begin && is_label(i)) i = mark_label(i);
      Kind last = kind(behind(i) - 1);
      may_begin = last == Kind::kSemicolon || last == Kind::kCloseBrace || last == Kind::kCaseColon;
    }
  }

  // Marks `case` and its colon, which is none of a `?:`; returns where the colon is.
  std::size_t mark_label(std::size_t word) {
    tokens_[word].kind = tokens_[word].text == "case" ? Kind::kCase : Kind::kDefault;
    std::size_t questions = 0;
    for (std::size_t i = word + 1; i < tokens_.size(); i = behind(i)) {
      if (kind(i) == Kind::kSemicolon || kind(i) == Kind::kCloseBrace) break;
      if (kind(i) == Kind::kQuestion) ++questions;
      if (kind(i) != Kind::kColon) continue;
      if (questions-- > 0) continue;
      tokens_[i].kind = Kind::kCaseColon;
      return i;
    }
    return word;
  }

  // `{ .` cannot begin a block, and `(struct x) {` cannot be a cast of one.
  [[nodiscard]] bool begins_literal(std::size_t i) const {
    if (i == 0 || tokens_[i].in_c) return false;
    if (kind(i + 1) == Kind::kDot && kind(i + 2) == Kind::kIdentifier) return true;
    bool inside = kind(i - 1) == Kind::kOpenBraceLiteral || kind(i - 1) == Kind::kAssign || kind(i - 1) == Kind::kComma;
    if (inside && kind(i + 1) == Kind::kCloseBrace) return in_literal(i);
    if (kind(i - 1) != Kind::kCloseParen || partner_[i - 1] == kNone) return false;
    std::size_t open = partner_[i - 1];
    bool tagged = kind(open + 1) == Kind::kStruct || kind(open + 1) == Kind::kUnion;
    return kind(open) == Kind::kOpenTypeParen && tagged && !takes_type(kind(open - 1)) && kind(i - 2) != Kind::kStar;
  }

  // Whether the innermost brace around is that of a literal.
  [[nodiscard]] bool in_literal(std::size_t i) const {
    while (i-- > 0) {
      if (partner_[i] != kNone && partner_[i] < i) i = partner_[i];  // over what is closed
      else if (closer(kind(i)) == Kind::kCloseBrace || kind(i) == Kind::kOpenBraceStatement) return false;
      else if (kind(i) == Kind::kOpenBraceLiteral) return true;
    }
    return false;
  }

  // The type's first words, without `*` and `[N]`.
  [[nodiscard]] std::optional<TypeMatch> match_base(std::size_t i) const {
    bool qualified = kind(i) == Kind::kQualifier;
    while (kind(i) == Kind::kQualifier) ++i;
    Kind first = kind(i);
    if (first == Kind::kStruct || first == Kind::kUnion || first == Kind::kEnum) {
      if (kind(i + 1) != Kind::kIdentifier) return std::nullopt;
      return TypeMatch{.end = i + 2, .only_type = true};
    }
    if (first == Kind::kTypeOf) {
      std::size_t close = i + 1 < partner_.size() ? partner_[i + 1] : kNone;
      if (close == kNone) return std::nullopt;
      return TypeMatch{.end = close + 1, .only_type = qualified};
    }
    std::size_t end = i;
    while (kind(end) == Kind::kIdentifier || kind(end) == Kind::kCTypeWord) ++end;
    if (end == i) return std::nullopt;
    bool several = end > i + 1;
    return TypeMatch{.end = end,
                     .name = tokens_[i].text,
                     .only_type = qualified || several || is_type_name(tokens_[i].text),
                     .bare_name = !several};
  }

  [[nodiscard]] std::optional<TypeMatch> match_type(std::size_t i) const {
    std::optional<TypeMatch> match = match_base(i);
    if (!match) return std::nullopt;
    std::size_t base_end = match->end;
    for (;;) {
      if (kind(match->end) == Kind::kStar || kind(match->end) == Kind::kQualifier) {
        match->only_type = true;
        ++match->end;
      } else if (kind(match->end) == Kind::kOpenBracket && partner_[match->end] != kNone) {
        if (partner_[match->end] == match->end + 1) match->only_type = true;  // `[]`
        match->end = partner_[match->end] + 1;
      } else {
        break;
      }
    }
    match->bare_name = match->bare_name && match->end == base_end;
    return match;
  }

  // No expression begins with these, however the type goes on.
  [[nodiscard]] bool begins_type(std::size_t i) const {
    return kind(i) == Kind::kStruct || kind(i) == Kind::kUnion || kind(i) == Kind::kEnum || kind(i) == Kind::kQualifier;
  }

  void mark_paren(std::size_t open) {
    if (begins_type(open + 1) && !tokens_[open].in_c) {
      tokens_[open].kind = Kind::kOpenTypeParen;
      return;
    }
    std::size_t close = partner_[open];
    if (close == kNone) return;
    std::optional<TypeMatch> type = match_type(open + 1);
    if (!type) return;
    Kind previous = open > 0 ? kind(open - 1) : Kind::kEnd;
    if (takes_type(previous)) {
      bool whole = type->end == close || (previous == Kind::kOffsetOf && kind(type->end) == Kind::kComma);
      if (whole) tokens_[open].kind = Kind::kOpenTypeParen;
      return;
    }
    if (type->end == close && !tokens_[open].in_c && may_be_cast(open) && is_cast(*type, close)) {
      tokens_[open].kind = Kind::kOpenTypeParen;
    }
  }

  // Behind a name `(` begins arguments; behind another value nothing can follow.
  [[nodiscard]] bool may_be_cast(std::size_t open) const {
    if (open == 0) return false;
    Kind previous = kind(open - 1);
    if (previous == Kind::kCloseParen) {
      std::size_t other = partner_[open - 1];
      return other != kNone && kind(other) == Kind::kOpenTypeParen;
    }
    return previous != Kind::kIdentifier && previous != Kind::kCloseBracket && previous != Kind::kUnroll &&
           previous != Kind::kMatch && previous != Kind::kSwitch;
  }

  [[nodiscard]] bool is_cast(const TypeMatch& type, std::size_t close) const {
    if (type.only_type) return true;
    bool value = !type.name.empty() && (is_builtin_value(type.name) || constants_.contains(type.name));
    bool literal = kind(close + 1) == Kind::kOpenBrace && kind(close + 2) == Kind::kDot;
    return !value && (begins_operand(kind(close + 1)) || literal);
  }

  // --- `=~` and `!~` ---

  void join_match_operators() {
    std::vector<std::size_t> tildes;
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
      if (kind(i + 1) != Kind::kTilde || tokens_[i].span.end != tokens_[i + 1].span.begin) continue;
      bool match = kind(i) == Kind::kAssign && is_match(i);
      if (!match && (kind(i) != Kind::kNot || !is_not_match(i))) continue;
      tokens_[i].kind = match ? Kind::kMatches : Kind::kMatchesNot;
      tokens_[i].span.end = tokens_[i + 1].span.end;
      tildes.push_back(i + 1);
    }
    if (tildes.empty()) return;
    std::vector<Token> joined;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!std::binary_search(tildes.begin(), tildes.end(), i)) joined.push_back(std::move(tokens_[i]));
    }
    tokens_ = std::move(joined);
  }

  // A string has no complement.
  [[nodiscard]] bool before_string(std::size_t i) const { return kind(i + 2) == Kind::kString; }

  // Not if `=` assigns: to a variable or map, to a field of a record, or in C.
  [[nodiscard]] bool is_match(std::size_t i) const {
    if (tokens_[i].in_c || i == 0) return false;
    if (before_string(i)) return true;
    std::size_t first = i;
    while (first > 0 && is_part_of_target(first - 1)) {
      --first;
      if (kind(first) == Kind::kCloseBracket && partner_[first] != kNone) first = partner_[first];
    }
    Kind previous = first > 0 ? kind(first - 1) : Kind::kEnd;
    bool typed_let = previous == Kind::kColon && first > 2 && kind(first - 3) == Kind::kLet;
    bool field = first + 1 == i && kind(first) == Kind::kIdentifier && !is_builtin_value(tokens_[first].text) &&
                 (previous == Kind::kOpenParen || previous == Kind::kComma);
    return !begins_statement(first) && previous != Kind::kLet && !typed_let && !field;
  }

  [[nodiscard]] bool is_part_of_target(std::size_t i) const {
    constexpr std::array kParts = {Kind::kVariable, Kind::kMap,     Kind::kIdentifier,  Kind::kDot,
                                   Kind::kArrow,    Kind::kInteger, Kind::kCloseBracket};
    return std::find(kParts.begin(), kParts.end(), kind(i)) != kParts.end();
  }

  // Not where an operand begins, which `!` and `~` negate.
  [[nodiscard]] bool is_not_match(std::size_t i) const {
    if (before_string(i)) return true;
    if (i == 0 || !ends_operand(kind(i - 1)) || kind(i - 1) == Kind::kCloseBrace) return false;
    std::size_t open = partner_[i - 1];
    return open == kNone || kind(open) != Kind::kOpenTypeParen;
  }

  std::vector<Token>& tokens_;
  DiagSink& diagnostics_;
  std::vector<std::size_t> partner_;
  std::set<std::string, std::less<>> constants_;
};

}  // namespace

void disambiguate(std::vector<Token>& tokens, DiagSink& diagnostics) { Disambiguator(tokens, diagnostics).run(); }

}  // namespace hawk
