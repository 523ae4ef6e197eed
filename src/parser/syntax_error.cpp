// The wording of syntax errors: from the token found and the kinds that would fit to one sentence.
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "lexer/token.h"
#include "parser/parse_context.h"
#include "parser/syntax_hint.h"

namespace hawk {

namespace {

using Kind = TokenKind;
using KindSet = std::set<Kind>;

// May follow a complete expression: not worth naming beside what must follow.
constexpr std::array kOperators = {
    Kind::kOpenParen,
    Kind::kQualifier,
    Kind::kQuestion,
    Kind::kDot,
    Kind::kArrow,
    Kind::kOpenBracket,
    Kind::kAssign,
    Kind::kAddAssign,
    Kind::kSubtractAssign,
    Kind::kMultiplyAssign,
    Kind::kDivideAssign,
    Kind::kModuloAssign,
    Kind::kAndAssign,
    Kind::kOrAssign,
    Kind::kXorAssign,
    Kind::kShiftLeftAssign,
    Kind::kShiftRightAssign,
    Kind::kIncrement,
    Kind::kDecrement,
    Kind::kPlus,
    Kind::kMinus,
    Kind::kStar,
    Kind::kSlash,
    Kind::kPercent,
    Kind::kAmpersand,
    Kind::kPipe,
    Kind::kCaret,
    Kind::kAndAnd,
    Kind::kOrOr,
    Kind::kShiftLeft,
    Kind::kShiftRight,
    Kind::kEqual,
    Kind::kNotEqual,
    Kind::kMatches,
    Kind::kMatchesNot,
    Kind::kLess,
    Kind::kGreater,
    Kind::kLessEqual,
    Kind::kGreaterEqual,
    Kind::kIn,
    Kind::kNotWord,
};

constexpr std::array kExpressionBegin = {
    Kind::kIdentifier,
    Kind::kVariable,
    Kind::kMap,
    Kind::kPositional,
    Kind::kParameterCount,
    Kind::kInteger,
    Kind::kFloat,
    Kind::kString,
    Kind::kTrue,
    Kind::kFalse,
    Kind::kOpenParen,
    Kind::kOpenTypeParen,
    Kind::kMinus,
    Kind::kPlus,
    Kind::kStar,
    Kind::kAmpersand,
    Kind::kNot,
    Kind::kTilde,
    Kind::kIncrement,
    Kind::kDecrement,
    Kind::kSizeOf,
    Kind::kOffsetOf,
    Kind::kTypeOf,
    Kind::kTypeInfo,
    Kind::kComptime,
    Kind::kIf,
    Kind::kOpenBrace,
    Kind::kMatch,
    Kind::kOpenBraceLiteral,
    Kind::kOpenBracket,
};

constexpr std::array kStatementBegin = {
    Kind::kLet,       Kind::kBreak,          Kind::kContinue, Kind::kReturn,      Kind::kImport,
    Kind::kWhile,     Kind::kUnroll,         Kind::kFor,      Kind::kIfStatement, Kind::kOpenBraceStatement,
    Kind::kSemicolon, Kind::kMatchStatement, Kind::kSwitch,
};

constexpr std::array kTypeBegin = {
    Kind::kIdentifier, Kind::kCTypeWord, Kind::kStruct, Kind::kUnion, Kind::kEnum, Kind::kTypeOf, Kind::kQualifier,
};

constexpr std::array kSectionBegin = {
    Kind::kAttachPoint, Kind::kConfig, Kind::kImport, Kind::kMacro, Kind::kFn,      Kind::kLet, Kind::kInclude,
    Kind::kDefine,      Kind::kStruct, Kind::kUnion,  Kind::kEnum,  Kind::kTypedef, Kind::kEnd,
};

constexpr std::size_t kMaxListed = 4;

template <class Kinds>
void remove_all(KindSet& set, const Kinds& kinds) {
  for (Kind kind : kinds) set.erase(kind);
}

// Takes what belongs to a larger notion out of `set` and adds the notion's name to `names`.
void summarise(KindSet& set, std::vector<std::string>& names) {
  bool expression = set.contains(Kind::kInteger) && set.contains(Kind::kNot);
  if (set.contains(Kind::kAttachPoint) && set.contains(Kind::kMacro)) {
    names.emplace_back("a probe");
    remove_all(set, kSectionBegin);
  } else if (expression) {
    names.emplace_back(set.contains(Kind::kReturn) ? "a statement" : "an expression");
    if (set.contains(Kind::kReturn)) remove_all(set, kStatementBegin);
    remove_all(set, kExpressionBegin);
  } else {
    bool type = set.contains(Kind::kStruct) && set.contains(Kind::kIdentifier);
    if (type) {
      names.emplace_back("a type");
      remove_all(set, kTypeBegin);
    }
    KindSet rest = set;
    remove_all(rest, kOperators);
    if (!rest.empty()) set = std::move(rest);
  }
}

std::string describe_expected(Kind found, const std::vector<Kind>& expected) {
  KindSet set(expected.begin(), expected.end());
  set.erase(Kind::kInvalid);
  if (found == Kind::kEnd && set.contains(Kind::kCloseBrace)) return token_spelling(Kind::kCloseBrace);
  std::vector<std::string> names;
  summarise(set, names);
  // A statement that is not finished: one word is clearer than the list.
  if (set.contains(Kind::kSemicolon)) set = {Kind::kSemicolon};
  for (Kind kind : set) {
    std::string name = token_spelling(kind);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  if (names.empty()) return "nothing more";
  std::string text = names.front();
  std::size_t count = std::min(names.size(), kMaxListed);
  for (std::size_t i = 1; i < count; ++i) text += (i + 1 == count ? " or " : ", ") + names[i];
  return text;
}

}  // namespace

void ParseContext::report_unexpected(const std::vector<TokenKind>& expected) {
  if (diagnostics_.has_errors()) return;
  if (tokens_[position()].kind == Kind::kInvalid) return;  // the lexer has said why
  std::optional<SyntaxHint> hint = find_syntax_hint({tokens_, position(), source_.text()});
  const Token& token = tokens_[hint ? hint->at : position()];
  constexpr std::size_t kMaxShown = 40;
  std::string found = token_spelling(token.kind);
  if (token.kind != Kind::kEnd && token.kind != Kind::kDefineEnd) {
    std::string_view text = source_text(token.span);
    text = text.substr(0, text.find('\n'));
    found = text.size() > kMaxShown ? fmt::format("`{}...`", text.substr(0, kMaxShown)) : fmt::format("`{}`", text);
  }
  bool says = hint && *hint->expected != '\0';
  Diagnostic& report = diagnostics_.report(Diag::UnexpectedToken, token.span, found,
                                           says ? hint->expected : describe_expected(token.kind, expected));
  const Token* open = unclosed_bracket(tokens_, position());
  bool missing_close = token.kind == Kind::kEnd ||
                       (token.kind == Kind::kCloseBrace && open != nullptr && !closes(open->kind, token.kind));
  if (open != nullptr && missing_close) {
    report.notes.push_back({open->span, fmt::format("this {} is not closed", token_spelling(open->kind))});
  }
  if (hint) report.help = std::move(hint->help);
}

}  // namespace hawk
