// InferredType: the type of a variable, a map's key or a map's value, learned from its uses. Literals
// are kept apart: they only ask for room, so that `@x = 1; @x = (uint64)$y` is a uint64 (census 2.2).
#pragma once

#include <optional>
#include <string>

#include "ast/type.h"
#include "semantics/typed.h"

namespace hawk {

// The type that holds values of both, or nullopt if they do not mix. Ints widen, up to floats; strings grow, up to
// texts; tuples and records widen member by member.
[[nodiscard]] std::optional<Type> common_type(const Type& left, const Type& right);

class InferredType {
 public:
  // Learns from one value assigned to it. False if the kinds do not mix (the caller reports).
  [[nodiscard]] bool add(const typed::Expr& value);
  [[nodiscard]] bool add(const Type& type);
  // Learns that it is counted up (or down, by a signed amount) in place: 8 bytes, and signed unless only
  // unsigned values are assigned to it. False if it holds no int.
  [[nodiscard]] bool step(bool down);
  // Fixed by a declaration: later values must fit, nothing widens.
  void fix(const Type& type);

  [[nodiscard]] bool known() const { return hard_.has_value() || has_literal_ || stepped_; }
  [[nodiscard]] bool fixed() const { return fixed_; }
  [[nodiscard]] Type type() const;  // kError while unknown
  // Whether `type()` has changed since the last call; starts true once known.
  [[nodiscard]] bool take_change();

 private:
  std::optional<Type> hard_;
  bool has_literal_ = false;
  bool fixed_ = false;
  bool stepped_ = false;
  bool stepped_down_ = false;
  std::int64_t lowest_ = 0;  // of the integer literals
  std::uint64_t highest_ = 0;
  std::optional<Type> reported_;
};

}  // namespace hawk
