#include "semantics/probe_expansion.h"

#include <algorithm>
#include <cstring>

#include "ast/perf_events.h"
#include "semantics/number_text.h"
#include "support/glob.h"

namespace hawk {

namespace {

constexpr std::uint64_t kShortestPeriodNs = 1000;
constexpr const char* kSystemCall = "syscall";

std::string join_parts(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += ":" + part;
  return text;
}

std::vector<std::string> split_colons(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    std::size_t colon = text.find(':', begin);
    parts.push_back(text.substr(begin, colon - begin));
    if (colon == std::string::npos) return parts;
    begin = colon + 1;
  }
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (ProbeKind kind : all_probe_kinds()) names.emplace_back(probe_row(kind).name);
  return names;
}

// Some system calls are called otherwise in the kernel: stat is newstat.
std::string newer_system_call(const std::string& event) {
  for (const char* prefix : {"syscalls:sys_enter_", "syscalls:sys_exit_"}) {
    if (event.starts_with(prefix)) return fmt::format("{}new{}", prefix, event.substr(std::strlen(prefix)));
  }
  return {};
}

}  // namespace

std::optional<std::string> ProbeExpander::substitute(const std::string& part, Span span) {
  std::string result;
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::size_t digits = i + 1;
    while (digits < part.size() && part[digits] >= '0' && part[digits] <= '9') ++digits;
    if (part[i] != '$' || digits == i + 1) {
      result += part[i];
      continue;
    }
    auto index = parse_unsigned(part.substr(i + 1, digits - i - 1)).value_or(0);
    if (index == 0 || index > options_.arguments.size()) {
      diagnostics_.report(Diag::ProbeParameterMissing, span, index);
      return std::nullopt;
    }
    result += options_.arguments[index - 1];
    i = digits - 1;
  }
  return result;
}

// What somebody may have meant who wrote an event, or its category, without the probe type.
std::string ProbeExpander::suggest_probe(const std::vector<std::string>& parts) {
  std::string near = nearest_name(parts[0], kind_names());
  if (!near.empty()) return fmt::format("did you mean `{}`?", near);
  bool has_category = parts.size() > 1;
  auto events = target_.match_tracepoints(has_category ? parts[0] : "*", has_category ? parts[1] : parts[0]);
  if (parts[0].empty() || !events || events.value().empty()) return "list the probes: hawk -l";
  return fmt::format("did you mean `tracepoint:{}`?", events.value().front());
}

// syscall:NAME and syscall:NAME:return are the tracepoints where a system call begins and ends.
std::optional<ProbeExpander::Point> ProbeExpander::system_call(Span span, const std::vector<std::string>& parts) {
  bool returns = parts.size() == 3 && parts[2] == "return";
  if ((parts.size() != 2 && !returns) || parts[1].empty()) {
    diagnostics_.report(Diag::MalformedProbe, span, kSystemCall).help =
        "write it as syscall:NAME or syscall:NAME:return";
    return std::nullopt;
  }
  return Point{span, ProbeKind::kTracepoint, {"syscalls", (returns ? "sys_exit_" : "sys_enter_") + parts[1]}};
}

std::optional<ProbeExpander::Point> ProbeExpander::resolve_parts(const ast::AttachPoint& point) {
  std::vector<std::string> parts;
  for (const std::string& part : point.parts) {
    auto text = substitute(part, point.span);
    if (!text) return std::nullopt;
    parts.push_back(std::move(*text));
  }
  if (point.parts.size() == 1 && point.parts[0].starts_with('$')) parts = split_colons(parts[0]);
  if (!parts.empty() && parts[0] == kSystemCall) return system_call(point.span, parts);
  auto kind = find_probe_kind(parts.empty() ? "" : parts[0]);
  if (!kind) {
    auto& diagnostic = diagnostics_.report(Diag::UnknownProbeKind, point.span, parts.empty() ? "" : parts[0]);
    diagnostic.help = suggest_probe(parts);
    return std::nullopt;
  }
  parts.erase(parts.begin());
  return Point{point.span, *kind, std::move(parts)};
}

std::vector<ProbeSpec> ProbeExpander::expand(const ast::AttachPoint& point) {
  auto resolved = resolve_parts(point);
  if (!resolved) return {};
  const ProbeKindRow& row = probe_row(resolved->kind);
  bool pattern =
      std::any_of(resolved->parts.begin(), resolved->parts.end(), [](auto& part) { return has_wildcard(part); });
  if (pattern && !row.wildcards) {
    diagnostics_.report(Diag::NoWildcards, point.span, row.name);
    return {};
  }
  return expand_kind(*resolved);
}

ProbeExpander::Probes ProbeExpander::expand_kind(const Point& point) {
  switch (point.kind) {
    case ProbeKind::kBegin:
    case ProbeKind::kEnd: return special(point);
    case ProbeKind::kTest:
    case ProbeKind::kBench: return named(point);
    case ProbeKind::kKprobe:
    case ProbeKind::kKretprobe: return kernel_function(point);
    case ProbeKind::kFentry:
    case ProbeKind::kFexit: return typed_function(point);
    case ProbeKind::kTracepoint: return tracepoint(point);
    case ProbeKind::kRawTracepoint: return raw_tracepoint(point);
    case ProbeKind::kUprobe:
    case ProbeKind::kUretprobe: return user_function(point);
    case ProbeKind::kUsdt: return usdt(point);
    case ProbeKind::kProfile:
    case ProbeKind::kInterval: return timer(point);
    case ProbeKind::kSoftware:
    case ProbeKind::kHardware: return perf_event(point);
    case ProbeKind::kSelf: return self(point);
    case ProbeKind::kWatchpoint: return watchpoint(point);
    case ProbeKind::kIter: return iterator(point);
  }
  return {};
}

ProbeExpander::Probes ProbeExpander::malformed(const Point& point) {
  const ProbeKindRow& row = probe_row(point.kind);
  diagnostics_.report(Diag::MalformedProbe, point.span, row.name).help = fmt::format("write it as {}", row.usage);
  return {};
}

ProbeExpander::Probes ProbeExpander::missing(const Point& point, const std::string& message, const std::string& help) {
  if (config_.missing_probes == "ignore") return {};
  bool warn = config_.missing_probes == "warn";
  diagnostics_.report(warn ? Diag::ProbeSkipped : Diag::NoSuchProbe, point.span, message).help = help;
  return {};
}

ProbeExpander::Probes ProbeExpander::special(const Point& point) {
  if (!point.parts.empty()) return malformed(point);
  return {{.kind = point.kind, .name = probe_row(point.kind).name}};
}

ProbeExpander::Probes ProbeExpander::named(const Point& point) {
  if (point.parts.size() != 1 || point.parts[0].empty()) return malformed(point);
  return {
      {.kind = point.kind, .name = probe_row(point.kind).name + (":" + point.parts[0]), .function = point.parts[0]}};
}

ProbeExpander::Probes ProbeExpander::self(const Point& point) {
  if (point.parts.size() != 2 || point.parts[0] != "signal") return malformed(point);
  if (point.parts[1] != "SIGUSR1") {
    diagnostics_.report(Diag::SelfSignal, point.span, point.parts[1]);
    return {};
  }
  return {{.kind = point.kind, .name = probe_row(point.kind).name + join_parts(point.parts)}};
}

// What the debug registers of x86-64 can watch (Intel SDM 3B, 17.2.4): reads alone are not among it.
ProbeExpander::Probes ProbeExpander::watchpoint(const Point& point) {
  if (point.parts.size() != 3) return malformed(point);
  auto address = parse_unsigned(point.parts[0]);
  auto length = parse_unsigned(point.parts[1]);
  if (!address || !length) return malformed(point);
  if (*length != 1 && *length != 2 && *length != 4 && *length != 8) {
    diagnostics_.report(Diag::WatchpointLength, point.span, *length);
    return {};
  }
  std::string mode = point.parts[2];
  std::sort(mode.begin(), mode.end());
  bool code = mode == "x";
  if (!code && mode != "w" && mode != "rw") {
    diagnostics_.report(Diag::WatchpointMode, point.span, point.parts[2]);
    return {};
  }
  if (code && *length != sizeof(long)) {
    diagnostics_.report(Diag::WatchpointCodeLength, point.span, *length);
    return {};
  }
  if (*address % *length != 0 && !code) {
    diagnostics_.report(Diag::WatchpointAlignment, point.span, *length);
    return {};
  }
  ProbeSpec probe{.kind = point.kind, .name = probe_row(point.kind).name + join_parts(point.parts)};
  probe.address = *address;
  probe.length = *length;
  probe.mode = mode;
  return {std::move(probe)};
}

ProbeExpander::Probes ProbeExpander::iterator(const Point& point) {
  if (point.parts.empty() || point.parts.size() > 2 || point.parts[0].empty()) return malformed(point);
  const std::string& object = point.parts[0];
  const std::string list = "list them: hawk -l 'iter:*'";
  if (!target_.has_btf())
    return missing(point, "iter needs the kernel's type information (BTF), which is not there",
                   "hawk doctor says what this machine can do");
  if (!target_.find_type("struct bpf_iter__" + object))
    return missing(point, fmt::format("the kernel cannot iterate over `{}`", object), list);
  ProbeSpec probe{.kind = point.kind, .name = probe_row(point.kind).name + join_parts(point.parts), .function = object};
  if (point.parts.size() == 2) {
    if (point.parts[1].empty()) return malformed(point);
    constexpr const char* kFileSystem = "/sys/fs/bpf/";  // where BPF objects have names
    probe.pin = point.parts[1].starts_with('/') ? point.parts[1] : kFileSystem + point.parts[1];
  }
  return {std::move(probe)};
}

ProbeExpander::Probes ProbeExpander::tracepoint(const Point& point) {
  if (point.parts.size() != 2 || point.parts[0].empty() || point.parts[1].empty()) return malformed(point);
  auto matches = target_.match_tracepoints(point.parts[0], point.parts[1]);
  if (!matches) return missing(point, matches.error().message, matches.error().help);
  Probes probes;
  for (const std::string& match : matches.value()) {
    std::size_t colon = match.find(':');
    probes.push_back({.kind = point.kind,
                      .name = "tracepoint:" + match,
                      .target = match.substr(0, colon),
                      .function = match.substr(colon + 1)});
    if (probes.back().target == "syscalls") probes.back().system_call = target_.system_call(probes.back().function);
  }
  if (!probes.empty()) return probes;
  std::string help = fmt::format("list them: hawk -l 'tracepoint:{}:*'", point.parts[0]);
  auto siblings = target_.match_tracepoints(point.parts[0], "*");
  bool unknown_category = siblings && siblings.value().empty();
  if (unknown_category) siblings = target_.match_tracepoints("*", "*");
  if (unknown_category) help = "list them: hawk -l 'tracepoint:*'";
  if (siblings && !siblings.value().empty() && !has_wildcard(point.parts[1])) {
    std::string near = nearest_name(point.parts[0] + ":" + point.parts[1], siblings.value());
    std::string newer = newer_system_call(point.parts[0] + ":" + point.parts[1]);
    const auto& names = siblings.value();
    if (std::find(names.begin(), names.end(), newer) != names.end()) near = newer;
    if (!near.empty()) help = fmt::format("did you mean `tracepoint:{}`?", near);
  }
  return missing(point, fmt::format("no tracepoint matches `{}:{}`", point.parts[0], point.parts[1]), help);
}

ProbeExpander::Probes ProbeExpander::raw_tracepoint(const Point& point) {
  if (point.parts.empty() || point.parts.size() > 2 || point.parts.back().empty()) return malformed(point);
  auto matches = target_.match_raw_tracepoints(point.parts.back());
  if (!matches) return missing(point, matches.error().message, matches.error().help);
  Probes probes;
  for (const std::string& match : matches.value()) {
    probes.push_back(
        {.kind = point.kind, .name = "rawtracepoint:vmlinux:" + match, .target = "vmlinux", .function = match});
  }
  if (!probes.empty()) return probes;
  return missing(point, fmt::format("no raw tracepoint matches `{}`", point.parts.back()),
                 "list them: hawk -l 'rawtracepoint:*'");
}

ProbeExpander::Probes ProbeExpander::timer(const Point& point) {
  const char* name = probe_row(point.kind).name;
  std::string unit = point.parts.size() == 2 ? point.parts[0] : "ns";
  std::string text = point.parts.size() == 2 ? point.parts[1] : (point.parts.size() == 1 ? point.parts[0] : "");
  auto value = point.parts.size() == 2 ? parse_unsigned(text) : parse_duration(text);  // one unit is enough
  if (!value) return malformed(point);
  ProbeSpec probe{.kind = point.kind};
  if (unit == "hz") {
    probe.frequency = true;
    probe.period = *value;
    probe.name = fmt::format("{}:hz:{}", name, *value);
  } else {
    auto scale = unit_in_ns(unit);
    if (!scale || unit == "m" || unit == "h" || unit == "d") {
      diagnostics_.report(Diag::UnknownUnit, point.span, unit);
      return {};
    }
    probe.period = *value * *scale;
    bool plain = point.parts.size() == 1;
    probe.name =
        plain ? fmt::format("{}:us:{}", name, probe.period / 1000) : fmt::format("{}:{}:{}", name, unit, *value);
  }
  if (probe.period == 0 || (!probe.frequency && probe.period < kShortestPeriodNs)) {
    if (probe.frequency) {
      diagnostics_.report(Diag::RateTooLow, point.span);
      return {};
    }
    auto& diagnostic = diagnostics_.report(Diag::PeriodTooShort, point.span);
    bool no_unit = point.parts.size() == 1 && probe.period != 0;
    const char* meant = point.kind == ProbeKind::kProfile ? "hz" : "s";
    if (no_unit) diagnostic.help = fmt::format("without a unit it counts nanoseconds: {}:{}:{}", name, meant, *value);
    return {};
  }
  return {std::move(probe)};
}

ProbeExpander::Probes ProbeExpander::perf_event(const Point& point) {
  if (point.parts.empty() || point.parts.size() > 2) return malformed(point);
  bool hardware = point.kind == ProbeKind::kHardware;
  const PerfEventRow* event = find_perf_event(hardware ? hardware_events() : software_events(), point.parts[0]);
  const char* name = probe_row(point.kind).name;
  if (event == nullptr) {
    diagnostics_.report(Diag::UnknownPerfEvent, point.span, name, point.parts[0]).help =
        fmt::format("list them: hawk -l '{}:*'", name);
    return {};
  }
  std::string count_text = point.parts.size() == 2 ? point.parts[1] : "";
  auto count = count_text.empty() ? std::optional(event->default_count) : parse_unsigned(count_text);
  if (!count || *count == 0) return malformed(point);
  ProbeSpec probe{.kind = point.kind, .name = name + join_parts(point.parts), .function = std::string(event->name)};
  probe.period = *count;
  probe.perf_type = event->type;
  probe.perf_config = event->config;
  return {std::move(probe)};
}

}  // namespace hawk
