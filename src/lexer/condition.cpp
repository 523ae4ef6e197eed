#include "lexer/condition.h"

namespace hawk {

namespace {

constexpr std::size_t kMaxDepth = 64;

// Recursive descent with precedence climbing; any failure makes the whole condition invalid.
class Evaluator {
 public:
  Evaluator(const std::vector<Token>& tokens, const DefinedNames& defined) : tokens_(tokens), defined_(defined) {}

  std::optional<std::uint64_t> evaluate() {
    std::uint64_t value = binary(0);
    if (failed_ || at_ != tokens_.size()) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] TokenKind peek() const { return at_ < tokens_.size() ? tokens_[at_].kind : TokenKind::kEnd; }

  bool accept(TokenKind kind) {
    if (peek() != kind) return false;
    ++at_;
    return true;
  }

  std::uint64_t fail() {
    failed_ = true;
    at_ = tokens_.size();
    return 0;
  }

  static int precedence(TokenKind kind) {
    if (kind == TokenKind::kOrOr) return 1;
    if (kind == TokenKind::kAndAnd) return 2;
    if (kind == TokenKind::kEqual || kind == TokenKind::kNotEqual) return 3;
    bool relational = kind == TokenKind::kLess || kind == TokenKind::kGreater || kind == TokenKind::kLessEqual ||
                      kind == TokenKind::kGreaterEqual;
    return relational ? 4 : 0;
  }

  static bool apply(TokenKind kind, std::uint64_t left, std::uint64_t right) {
    if (kind == TokenKind::kOrOr) return left != 0 || right != 0;
    if (kind == TokenKind::kAndAnd) return left != 0 && right != 0;
    if (kind == TokenKind::kEqual) return left == right;
    if (kind == TokenKind::kNotEqual) return left != right;
    if (kind == TokenKind::kLess) return left < right;
    if (kind == TokenKind::kGreater) return left > right;
    if (kind == TokenKind::kLessEqual) return left <= right;
    return left >= right;
  }

  std::uint64_t binary(int minimum) {
    std::uint64_t left = unary();
    while (precedence(peek()) > minimum) {
      TokenKind op = tokens_[at_++].kind;
      std::uint64_t right = binary(precedence(op));
      left = apply(op, left, right) ? 1 : 0;
    }
    return left;
  }

  std::uint64_t unary() {
    if (++depth_ > kMaxDepth) return fail();
    std::uint64_t value = 0;
    if (accept(TokenKind::kNot)) {
      value = unary() == 0 ? 1 : 0;
    } else if (accept(TokenKind::kOpenParen)) {
      value = binary(0);
      if (!accept(TokenKind::kCloseParen)) fail();
    } else if (peek() == TokenKind::kInteger) {
      value = tokens_[at_++].integer;
    } else if (peek() == TokenKind::kIdentifier) {
      value = name();
    } else {
      fail();
    }
    --depth_;
    return value;
  }

  std::uint64_t name() {
    const std::string& text = tokens_[at_++].text;
    if (text == "defined") {
      bool parenthesised = accept(TokenKind::kOpenParen);
      if (peek() != TokenKind::kIdentifier) return fail();
      bool known = defined_.contains(tokens_[at_++].text);
      if (parenthesised && !accept(TokenKind::kCloseParen)) return fail();
      return known ? 1 : 0;
    }
    auto found = defined_.find(text);
    if (found == defined_.end()) return 0;
    return found->second ? *found->second : fail();
  }

  const std::vector<Token>& tokens_;
  const DefinedNames& defined_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::uint64_t> evaluate_condition(const std::vector<Token>& tokens, const DefinedNames& defined) {
  return Evaluator(tokens, defined).evaluate();
}

}  // namespace hawk
