#include "ast/probe.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hawk {

namespace {

constexpr std::array kProbeRows = {
#define PROBE(id, name, aliases, program, context, space, wildcards, usage) \
  ProbeKindRow{name, aliases, ProgramType::program, ContextKind::context, AddressSpace::space, wildcards, usage},
#include "ast/probes.def"
#undef PROBE
};

std::string in_lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Single letters keep their case: `U` is usdt, `u` is uprobe.
bool has_alias(std::string_view aliases, std::string_view name) {
  while (!aliases.empty()) {
    std::size_t blank = std::min(aliases.find(' '), aliases.size());
    std::string_view alias = aliases.substr(0, blank);
    bool match = alias.size() == 1 ? alias == name : alias == in_lower_case(name);
    if (match) return true;
    aliases.remove_prefix(std::min(blank + 1, aliases.size()));
  }
  return false;
}

}  // namespace

const ProbeKindRow& probe_row(ProbeKind kind) { return kProbeRows[static_cast<std::size_t>(kind)]; }

std::optional<ProbeKind> find_probe_kind(std::string_view name) {
  for (std::size_t i = 0; i < kProbeRows.size(); ++i) {
    if (kProbeRows[i].name == in_lower_case(name) || has_alias(kProbeRows[i].aliases, name))
      return static_cast<ProbeKind>(i);
  }
  return std::nullopt;
}

std::vector<ProbeKind> all_probe_kinds() {
  std::vector<ProbeKind> kinds;
  for (std::size_t i = 0; i < kProbeRows.size(); ++i) kinds.push_back(static_cast<ProbeKind>(i));
  return kinds;
}

}  // namespace hawk
