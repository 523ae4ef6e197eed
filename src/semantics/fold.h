// Constant folding of operators over literals (census 1.12): signed unless an operand needs uint64.
#pragma once

#include <cstdint>
#include <optional>

#include "ast/ast.h"

namespace hawk {

// An integer literal: 64 bits of magnitude and a sign.
struct Folded {
  std::uint64_t value = 0;   // two's complement
  bool is_unsigned = false;  // above INT64_MAX: `value` is unsigned
};

// Nullopt for overflow, division by zero and negative shifts: "unable to fold".
[[nodiscard]] std::optional<Folded> fold_arithmetic(ast::BinaryOp op, Folded left, Folded right);
// kLess ... kNotEqual.
[[nodiscard]] bool fold_comparison(ast::BinaryOp op, Folded left, Folded right);

}  // namespace hawk
