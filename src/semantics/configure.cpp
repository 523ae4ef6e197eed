#include "semantics/configure.h"

#include <algorithm>

namespace hawk {

namespace {

void apply_entry(const ast::ConfigEntry& entry, const CheckOptions& options, Config& config, DiagSink& diagnostics) {
  std::string key = canonical_config_key(entry.key);
  if (key.empty() && is_obsolete_config_key(entry.key)) {
    diagnostics.report(Diag::ObsoleteConfigKey, entry.key_span, entry.key);
    return;
  }
  if (key.empty() && is_environment_key(entry.key)) {
    diagnostics.report(Diag::EnvironmentKey, entry.key_span, entry.key);
    return;
  }
  if (key.empty()) {
    auto& diagnostic = diagnostics.report(Diag::UnknownConfigKey, entry.key_span, entry.key);
    std::string near = nearest_name(entry.key, config_keys());
    if (!near.empty()) diagnostic.help = fmt::format("did you mean `{}`?", near);
    return;
  }
  std::string_view renamed = new_config_key(entry.key);
  if (!renamed.empty()) diagnostics.report(Diag::RenamedConfigKey, entry.key_span, entry.key, renamed);
  const auto& environment = options.environment_keys;
  if (std::find(environment.begin(), environment.end(), key) != environment.end()) return;
  auto set = set_config(config, entry.key, entry.value);
  if (!set) diagnostics.report(Diag::BadConfigValue, entry.value_span, set.error().message).help = set.error().help;
  if (set && key == "show_debug_info" && config.show_debug_info)
    diagnostics.report(Diag::NoDebugInfo, entry.span, entry.key);
}

}  // namespace

Config configure(const ast::Program& program, const CheckOptions& options, DiagSink& diagnostics) {
  Config config = options.config;
  for (std::size_t i = 0; i < program.config.size(); ++i) {
    if (i > 0) diagnostics.report(Diag::SecondConfigBlock, program.config[i].span);
    for (const ast::ConfigEntry& entry : program.config[i].entries) apply_entry(entry, options, config, diagnostics);
  }
  return config;
}

}  // namespace hawk
