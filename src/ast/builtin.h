// Builtins: variable-like (`pid`) and functions (`str(p)`). One row of builtins.def each; parsing,
// checking, lowering and documentation read the row. Semantics has a check per row and codegen a
// lowering per Lowered row; a row without them does not build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hawk {

enum class Builtin : std::uint16_t {
#define BUILTIN(id, ...) k##id,
#include "ast/builtins.def"
#undef BUILTIN
};

// Rewritten: semantics turns it into other nodes. Lowered: stays a typed::Call.
enum class BuiltinStage : std::uint8_t { kRewritten, kLowered };

struct BuiltinRow {
  const char* name;
  std::uint8_t min_arguments;
  std::uint8_t max_arguments;  // 255: any number
  bool variable;               // may be written without parentheses
  BuiltinStage stage;
  const char* signature;  // for messages and help: "str(pointer[, length])"
};

inline constexpr std::size_t kBuiltinCount = 0
#define BUILTIN(...) +1
#include "ast/builtins.def"
#undef BUILTIN
    ;

[[nodiscard]] const BuiltinRow& builtin_row(Builtin builtin);
[[nodiscard]] std::optional<Builtin> find_builtin(std::string_view name);

}  // namespace hawk
