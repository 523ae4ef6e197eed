// Expansion of probes that programs offer themselves (USDT): one ProbeSpec for each of their sites.
#include <algorithm>

#include "semantics/probe_expansion.h"
#include "semantics/usdt_operand.h"
#include "support/glob.h"

namespace hawk {

namespace {

// "NAMESPACE:PROBE" of every probe, each once.
std::vector<std::string> full_names(const std::vector<UsdtSite>& sites) {
  std::vector<std::string> names;
  for (const UsdtSite& site : sites) {
    std::string name = site.provider + ":" + site.name;
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> plain_names(const std::vector<UsdtSite>& sites) {
  std::vector<std::string> names;
  for (const UsdtSite& site : sites) names.push_back(site.name);
  return names;
}

}  // namespace

ProbeExpander::Probes ProbeExpander::usdt(const Point& point) {
  bool has_namespace = point.parts.size() == 3;
  bool complete = (point.parts.size() == 2 || has_namespace) && !point.parts[0].empty() && !point.parts.back().empty();
  if (!complete) return malformed(point);
  auto paths = target_.resolve_binary(point.parts[0]);
  if (!paths) return missing(point, paths.error().message, paths.error().help);
  bool searching = has_wildcard(point.parts[0]);
  Probes probes;
  for (const std::string& path : paths.value()) {
    auto sites = target_.usdt_sites(path);
    if (searching && (!sites || sites.value().empty())) continue;
    if (!sites) return missing(point, sites.error().message, sites.error().help);
    if (sites.value().empty()) return missing(point, fmt::format("`{}` has no USDT probes", point.parts[0]), "");
    Probes found = usdt_in(point, path, sites.value());
    if (found.empty() && !searching) return missing_usdt(point, sites.value());
    probes.insert(probes.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  if (!probes.empty()) return probes;
  return missing(point, fmt::format("no file of `{}` has such a USDT probe", point.parts[0]),
                 fmt::format("list what they have: hawk -l 'usdt:{}:*'", point.parts[0]));
}

ProbeExpander::Probes ProbeExpander::usdt_in(const Point& point, const std::string& path,
                                             const std::vector<UsdtSite>& sites) {
  const std::string& name = point.parts.back();
  bool any_namespace = point.parts.size() == 2 || point.parts[1].empty();
  std::vector<UsdtSite> matches;
  std::copy_if(sites.begin(), sites.end(), std::back_inserter(matches), [&](const UsdtSite& site) {
    return (any_namespace || glob_match(point.parts[1], site.provider)) && glob_match(name, site.name);
  });
  Probes probes;
  for (const UsdtSite& site : matches) probes.push_back(usdt_site(path, site));
  return probes;
}

ProbeSpec ProbeExpander::usdt_site(const std::string& path, const UsdtSite& site) {
  ProbeSpec probe{
      .kind = ProbeKind::kUsdt, .name = fmt::format("usdt:{}:{}:{}", path, site.provider, site.name), .target = path};
  if (auto function = target_.user_symbol_at(path, site.address)) probe.function = function->name;
  probe.offset = site.file_offset;
  probe.address = site.address;
  probe.semaphore = site.semaphore;
  auto symbol = [&](std::string_view name) -> std::optional<std::uint64_t> {
    auto found = target_.user_symbol(path, name);
    return found ? std::optional(found.value().address) : std::nullopt;
  };
  probe.usdt_arguments = parse_usdt_arguments(site.arguments, site.address, symbol);
  return probe;
}

ProbeExpander::Probes ProbeExpander::missing_usdt(const Point& point, const std::vector<UsdtSite>& sites) {
  bool has_namespace = point.parts.size() == 3 && !point.parts[1].empty();
  std::string wanted = has_namespace ? point.parts[1] + ":" + point.parts[2] : point.parts.back();
  std::string near;
  if (!has_wildcard(wanted)) near = nearest_name(wanted, has_namespace ? full_names(sites) : plain_names(sites));
  std::string help = near.empty() ? fmt::format("list them: hawk -l 'usdt:{}:*'", point.parts[0])
                                  : fmt::format("did you mean `usdt:{}:{}`?", point.parts[0], near);
  return missing(point, fmt::format("no USDT probe of `{}` matches `{}`", point.parts[0], wanted), help);
}

}  // namespace hawk
