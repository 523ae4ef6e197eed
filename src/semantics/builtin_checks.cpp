// The table of builtin checks and what all calls have in common.
#include "semantics/builtin_checks.h"

#include <array>

namespace hawk {

namespace {

#define BUILTIN_Rewritten(id) &check_##id
#define BUILTIN_Lowered(id) &check_##id
constexpr std::array<BuiltinCheck, kBuiltinCount> kChecks = {
#define BUILTIN(id, name, fewest, most, variable, stage, signature) BUILTIN_##stage(id),
#include "ast/builtins.def"
#undef BUILTIN
};

std::string expected_count(const BuiltinRow& row) {
  if (row.max_arguments == 255) return fmt::format("at least {}", row.min_arguments);
  if (row.min_arguments == row.max_arguments) return fmt::format("{}", row.min_arguments);
  return fmt::format("{} to {}", row.min_arguments, row.max_arguments);
}

}  // namespace

bool check_argument_count(Checker& checker, const CallSite& site) {
  const BuiltinRow& row = builtin_row(site.builtin);
  bool bare_function = site.call == nullptr && !row.variable;
  if (site.count() < row.min_arguments || site.count() > row.max_arguments || bare_function) {
    auto& diagnostic = checker.report(Diag::ArgumentCount, site.span, row.name, expected_count(row), site.count());
    diagnostic.help = fmt::format("write it as {}", row.signature);
    return false;
  }
  return true;
}

typed::ExprPtr check_builtin(Checker& checker, const CallSite& site) {
  if (!check_argument_count(checker, site)) return typed::poison(site.span);
  return kChecks[static_cast<std::size_t>(site.builtin)](checker, site);
}

}  // namespace hawk
