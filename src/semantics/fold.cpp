#include "semantics/fold.h"

#include "support/check.h"

namespace hawk {

namespace {

using Wide = __int128;

Wide widen(Folded folded) {
  return folded.is_unsigned ? static_cast<Wide>(folded.value)
                            : static_cast<Wide>(static_cast<std::int64_t>(folded.value));
}

std::optional<Folded> narrow(Wide value) {
  constexpr Wide kMaxSigned = INT64_MAX;
  if (value > static_cast<Wide>(UINT64_MAX) || value < static_cast<Wide>(INT64_MIN)) return std::nullopt;
  return Folded{static_cast<std::uint64_t>(value), value > kMaxSigned};
}

std::optional<Wide> wide_result(ast::BinaryOp op, Wide left, Wide right) {
  switch (op) {
    case ast::BinaryOp::kAdd: return left + right;
    case ast::BinaryOp::kSubtract: return left - right;
    case ast::BinaryOp::kMultiply: {
      Wide product = 0;
      return __builtin_mul_overflow(left, right, &product) ? std::nullopt : std::optional(product);
    }
    case ast::BinaryOp::kDivide: return right == 0 ? std::nullopt : std::optional(left / right);
    case ast::BinaryOp::kModulo: return right == 0 ? std::nullopt : std::optional(left % right);
    case ast::BinaryOp::kShiftLeft: {
      if (right < 0 || right > 63) return std::nullopt;
      std::uint64_t bits = static_cast<std::uint64_t>(left) << static_cast<int>(right);
      return left < 0 ? static_cast<Wide>(static_cast<std::int64_t>(bits)) : static_cast<Wide>(bits);
    }
    case ast::BinaryOp::kShiftRight:
      return right < 0 || right > 63 ? std::nullopt : std::optional(left >> static_cast<int>(right));
    case ast::BinaryOp::kBitAnd: return left & right;
    case ast::BinaryOp::kBitOr: return left | right;
    case ast::BinaryOp::kBitXor: return left ^ right;
    case ast::BinaryOp::kLess:
    case ast::BinaryOp::kGreater:
    case ast::BinaryOp::kLessEqual:
    case ast::BinaryOp::kGreaterEqual:
    case ast::BinaryOp::kEqual:
    case ast::BinaryOp::kNotEqual:
    case ast::BinaryOp::kAnd:
    case ast::BinaryOp::kOr:
    case ast::BinaryOp::kIn:
    case ast::BinaryOp::kMatches:
    case ast::BinaryOp::kMatchesNot: break;
  }
  HAWK_UNREACHABLE("not an arithmetic operator");
}

}  // namespace

std::optional<Folded> fold_arithmetic(ast::BinaryOp op, Folded left, Folded right) {
  auto result = wide_result(op, widen(left), widen(right));
  return result ? narrow(*result) : std::nullopt;
}

bool fold_comparison(ast::BinaryOp op, Folded left, Folded right) {
  Wide a = widen(left);
  Wide b = widen(right);
  switch (op) {
    case ast::BinaryOp::kLess: return a < b;
    case ast::BinaryOp::kGreater: return a > b;
    case ast::BinaryOp::kLessEqual: return a <= b;
    case ast::BinaryOp::kGreaterEqual: return a >= b;
    case ast::BinaryOp::kEqual: return a == b;
    case ast::BinaryOp::kNotEqual: return a != b;
    case ast::BinaryOp::kMultiply:
    case ast::BinaryOp::kDivide:
    case ast::BinaryOp::kModulo:
    case ast::BinaryOp::kAdd:
    case ast::BinaryOp::kSubtract:
    case ast::BinaryOp::kShiftLeft:
    case ast::BinaryOp::kShiftRight:
    case ast::BinaryOp::kBitAnd:
    case ast::BinaryOp::kBitXor:
    case ast::BinaryOp::kBitOr:
    case ast::BinaryOp::kAnd:
    case ast::BinaryOp::kOr:
    case ast::BinaryOp::kIn:
    case ast::BinaryOp::kMatches:
    case ast::BinaryOp::kMatchesNot: break;
  }
  HAWK_UNREACHABLE("not a comparison");
}

}  // namespace hawk
