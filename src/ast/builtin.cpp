#include "ast/builtin.h"

#include <array>

namespace hawk {

namespace {

constexpr std::array kRows = {
#define BUILTIN(id, name, fewest, most, variable, stage, signature) \
  BuiltinRow{name, fewest, most, variable, BuiltinStage::k##stage, signature},
#include "ast/builtins.def"
#undef BUILTIN
};

}  // namespace

const BuiltinRow& builtin_row(Builtin builtin) { return kRows[static_cast<std::size_t>(builtin)]; }

std::optional<Builtin> find_builtin(std::string_view name) {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<Builtin>(i);
  }
  return std::nullopt;
}

}  // namespace hawk
