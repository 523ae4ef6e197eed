#include "lexer/c_macros.h"

#include <algorithm>

namespace hawk {

namespace {

using Kind = TokenKind;

constexpr int kMaxDepth = 64;                  // parentheses, names that stand for names
constexpr std::size_t kMostTokens = 1U << 16;  // of an expansion: a macro that doubles itself ends here

// C's, from 1 (weakest); 0 if the token is no binary operator.
int precedence(Kind kind) {
  if (kind == Kind::kOrOr) return 1;
  if (kind == Kind::kAndAnd) return 2;
  if (kind == Kind::kPipe) return 3;
  if (kind == Kind::kCaret) return 4;
  if (kind == Kind::kAmpersand) return 5;
  if (kind == Kind::kEqual || kind == Kind::kNotEqual) return 6;
  if (kind == Kind::kLess || kind == Kind::kGreater || kind == Kind::kLessEqual || kind == Kind::kGreaterEqual)
    return 7;
  if (kind == Kind::kShiftLeft || kind == Kind::kShiftRight) return 8;
  if (kind == Kind::kPlus || kind == Kind::kMinus) return 9;
  return kind == Kind::kStar || kind == Kind::kSlash || kind == Kind::kPercent ? 10 : 0;
}

std::int64_t wrap(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// Recursive descent with precedence climbing; any failure makes the whole condition invalid.
class Evaluator {
 public:
  Evaluator(const CMacros& macros, const std::vector<Token>& tokens, int depth)
      : macros_(macros), tokens_(tokens), depth_(depth) {}

  std::optional<std::int64_t> evaluate() {
    std::int64_t value = conditional();
    if (failed_ || at_ != tokens_.size()) return std::nullopt;
    return value;
  }

 private:
  [[nodiscard]] Kind peek() const { return at_ < tokens_.size() ? tokens_[at_].kind : Kind::kEnd; }

  bool accept(Kind kind) {
    if (peek() != kind) return false;
    ++at_;
    return true;
  }

  std::int64_t fail() {
    failed_ = true;
    at_ = tokens_.size();
    return 0;
  }

  std::int64_t apply(Kind op, std::int64_t left, std::int64_t right) {
    auto l = static_cast<std::uint64_t>(left);
    auto r = static_cast<std::uint64_t>(right);
    if (op == Kind::kOrOr) return left != 0 || right != 0 ? 1 : 0;
    if (op == Kind::kAndAnd) return left != 0 && right != 0 ? 1 : 0;
    if (op == Kind::kPipe) return wrap(l | r);
    if (op == Kind::kCaret) return wrap(l ^ r);
    if (op == Kind::kAmpersand) return wrap(l & r);
    if (op == Kind::kEqual) return left == right ? 1 : 0;
    if (op == Kind::kNotEqual) return left != right ? 1 : 0;
    if (op == Kind::kLess) return left < right ? 1 : 0;
    if (op == Kind::kGreater) return left > right ? 1 : 0;
    if (op == Kind::kLessEqual) return left <= right ? 1 : 0;
    if (op == Kind::kGreaterEqual) return left >= right ? 1 : 0;
    if (op == Kind::kShiftLeft) return wrap(l << (r & 63));
    if (op == Kind::kShiftRight) return left >> (r & 63);
    if (op == Kind::kPlus) return wrap(l + r);
    if (op == Kind::kMinus) return wrap(l - r);
    if (op == Kind::kStar) return wrap(l * r);
    return divide(op, left, right);
  }

  std::int64_t divide(Kind op, std::int64_t left, std::int64_t right) {
    if (right == 0) return unused_ > 0 ? 0 : fail();
    if (right == -1) return op == Kind::kSlash ? wrap(0 - static_cast<std::uint64_t>(left)) : 0;
    return op == Kind::kSlash ? left / right : left % right;
  }

  std::int64_t conditional() {
    std::int64_t condition = binary(0);
    if (!accept(Kind::kQuestion)) return condition;
    std::int64_t then = operand(condition != 0, [this] { return conditional(); });
    if (!accept(Kind::kColon)) return fail();
    std::int64_t otherwise = operand(condition == 0, [this] { return conditional(); });
    return condition != 0 ? then : otherwise;
  }

  // An operand whose value may not count: 1/0 in it is no failure.
  template <class Read>
  std::int64_t operand(bool counts, Read read) {
    if (!counts) ++unused_;
    std::int64_t value = read();
    if (!counts) --unused_;
    return value;
  }

  std::int64_t binary(int minimum) {
    std::int64_t left = unary();
    while (precedence(peek()) > minimum) {
      Kind op = tokens_[at_++].kind;
      bool counts = op == Kind::kAndAnd ? left != 0 : op != Kind::kOrOr || left == 0;
      std::int64_t right = operand(counts, [this, op] { return binary(precedence(op)); });
      left = apply(op, left, right);
    }
    return left;
  }

  std::int64_t unary() {
    if (++depth_ > kMaxDepth) return fail();
    std::int64_t value = 0;
    if (accept(Kind::kNot)) {
      value = unary() == 0 ? 1 : 0;
    } else if (accept(Kind::kMinus)) {
      value = wrap(0 - static_cast<std::uint64_t>(unary()));
    } else if (accept(Kind::kPlus)) {
      value = unary();
    } else if (accept(Kind::kTilde)) {
      value = ~unary();
    } else if (accept(Kind::kOpenParen)) {
      value = conditional();
      if (!accept(Kind::kCloseParen)) fail();
    } else if (peek() == Kind::kInteger) {
      value = wrap(tokens_[at_++].integer);
    } else if (peek() == Kind::kTrue || peek() == Kind::kFalse) {
      value = tokens_[at_++].kind == Kind::kTrue ? 1 : 0;
    } else if (peek() == Kind::kIdentifier) {
      value = name();
    } else {
      fail();
    }
    --depth_;
    return value;
  }

  std::int64_t name() {
    const std::string& text = tokens_[at_++].text;
    if (text == "defined") {
      bool parenthesised = accept(Kind::kOpenParen);
      if (peek() != Kind::kIdentifier) return fail();
      bool known = macros_.find(tokens_[at_++].text) != nullptr;
      if (parenthesised && !accept(Kind::kCloseParen)) return fail();
      return known ? 1 : 0;
    }
    const CMacros::Macro* macro = macros_.find(text);
    if (macro == nullptr) return 0;
    if (macro->has_parameters || depth_ >= kMaxDepth) return fail();
    std::optional<std::int64_t> value = Evaluator(macros_, macro->body, depth_ + 1).evaluate();
    return value ? *value : fail();
  }

  const CMacros& macros_;
  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int unused_ = 0;
  bool failed_ = false;
};

}  // namespace

void CMacros::undefine(std::string_view name) {
  auto found = macros_.find(name);
  if (found != macros_.end()) macros_.erase(found);
}

const CMacros::Macro* CMacros::find(std::string_view name) const {
  auto found = macros_.find(name);
  return found == macros_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> CMacros::evaluate(const std::vector<Token>& tokens) const {
  return Evaluator(*this, tokens, 0).evaluate();
}

std::vector<Token> CMacros::expand(const Token& name) const {
  std::vector<Token> out;
  std::vector<std::string_view> within;
  expand_into(name, name, within, out);
  return out;
}

// `within`: the macros being expanded, whose names stand for themselves.
void CMacros::expand_into(const Token& token, const Token& place, std::vector<std::string_view>& within,
                          std::vector<Token>& out) const {
  const Macro* macro = token.kind == Kind::kIdentifier ? find(token.text) : nullptr;
  bool stays = macro == nullptr || macro->has_parameters || out.size() > kMostTokens ||
               std::find(within.begin(), within.end(), token.text) != within.end();
  if (stays) {
    out.push_back(token);
    out.back().span = place.span;
    return;
  }
  within.push_back(token.text);
  for (const Token& inner : macro->body) expand_into(inner, place, within, out);
  within.pop_back();
}

}  // namespace hawk
