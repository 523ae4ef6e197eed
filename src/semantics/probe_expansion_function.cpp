// Expansion of probes on functions: kprobe, kretprobe, fentry, fexit, uprobe, uretprobe.
#include <algorithm>

#include "semantics/alternatives.h"
#include "semantics/number_text.h"
#include "semantics/probe_expansion.h"
#include "support/glob.h"

namespace hawk {

namespace {

struct FunctionText {
  std::string name;
  std::uint64_t offset = 0;
  bool has_offset = false;
};

// "vfs_read+9"; nullopt when what stands behind `+` is no number.
std::optional<FunctionText> split_offset(const std::string& text) {
  std::size_t plus = text.rfind('+');
  if (plus == std::string::npos) return FunctionText{text};
  auto offset = parse_unsigned(std::string_view(text).substr(plus + 1));
  if (!offset) return std::nullopt;
  return FunctionText{text.substr(0, plus), *offset, true};
}

}  // namespace

bool ProbeExpander::kprobes_ready(const Point& point) {
  auto available = target_.kprobes_available();
  if (available) return true;
  std::string help = available.error().help;
  if (!point.parts.empty() && !has_wildcard(point.parts.back())) {
    std::string_view function = point.parts.back();
    std::string near =
        tracepoint_for(function.substr(0, function.find('+')), point.kind == ProbeKind::kKretprobe, target_);
    if (!near.empty()) help = fmt::format("use {}, which is close to it", near);
  }
  (void)missing(point, available.error().message, help);
  return false;
}

ProbeExpander::Probes ProbeExpander::kernel_address(const Point& point, std::uint64_t address) {
  if (!options_.unsafe) {
    diagnostics_.report(Diag::AddressNeedsUnsafe, point.span).help = "run hawk with --unsafe if the address is right";
    return {};
  }
  if (!kprobes_ready(point)) return {};
  ProbeSpec probe{.kind = point.kind, .name = fmt::format("{}:{}", probe_row(point.kind).name, address)};
  probe.address = address;
  return {std::move(probe)};
}

ProbeExpander::Probes ProbeExpander::kernel_function(const Point& point) {
  if (point.parts.empty() || point.parts.size() > 2 || point.parts.back().empty()) return malformed(point);
  if (auto address = parse_unsigned(point.parts.back())) return kernel_address(point, *address);
  auto function = split_offset(point.parts.back());
  if (!function) return malformed(point);
  if (function->has_offset && point.kind == ProbeKind::kKretprobe) {
    diagnostics_.report(Diag::ReturnProbeOffset, point.span, probe_row(point.kind).name);
    return {};
  }
  if (!kprobes_ready(point)) return {};
  std::string module = point.parts.size() == 2 ? point.parts[0] : "";
  auto matches = target_.match_kernel_functions(module, function->name);
  if (!matches) return missing(point, matches.error().message, matches.error().help);
  Probes probes;
  for (const std::string& match : matches.value()) {
    std::string name = probe_row(point.kind).name;
    if (!module.empty()) name += ":" + module;
    name += ":" + match;
    if (function->has_offset) name += fmt::format("+{}", function->offset);
    probes.push_back(
        {.kind = point.kind, .name = std::move(name), .target = module, .function = match, .offset = function->offset});
  }
  if (!probes.empty()) return probes;
  return missing(
      point, fmt::format("no kernel function matches `{}`", function->name),
      fmt::format("list them: hawk -l 'kprobe:{}*'", function->name.substr(0, function->name.find_first_of("*["))));
}

// fentry:bpf:PROGRAM, fentry:bpf:ID:PROGRAM.
ProbeExpander::Probes ProbeExpander::bpf_program(const Point& point) {
  const std::string kind = probe_row(point.kind).name;
  bool with_id = point.parts.size() == 3;
  auto id = with_id ? parse_unsigned(point.parts[1]) : std::optional<std::uint64_t>(0);
  if (point.parts.back().empty() || (with_id && !id && point.parts[1] != "*")) return malformed(point);
  Probes probes;
  for (const BpfProgramName& program : target_.match_bpf_programs(point.parts.back())) {
    if (with_id && id && program.id != *id) continue;
    probes.push_back({.kind = point.kind,
                      .name = fmt::format("{}:bpf:{}:{}", kind, program.id, program.name),
                      .target = kBpfPrograms,
                      .function = program.name,
                      .address = program.id});
  }
  if (!probes.empty()) return probes;
  return missing(point, fmt::format("no BPF program that is loaded now matches `{}`", point.parts.back()),
                 fmt::format("list them: hawk -l '{}:bpf:*'", kind));
}

ProbeExpander::Probes ProbeExpander::typed_function(const Point& point) {
  bool bpf = !point.parts.empty() && point.parts.front() == kBpfPrograms;
  if (bpf && (point.parts.size() == 2 || point.parts.size() == 3)) return bpf_program(point);
  if (point.parts.empty() || point.parts.size() > 2 || point.parts.back().empty()) return malformed(point);
  const std::string kind = probe_row(point.kind).name;
  const std::string& pattern = point.parts.back();
  bool returns = point.kind == ProbeKind::kFexit;
  std::string instead = fmt::format("use {}:{}", returns ? "kretprobe" : "kprobe", pattern);
  if (!target_.has_btf()) {
    return missing(point, fmt::format("{} needs the kernel's type information (BTF), which is not there", kind),
                   instead);
  }
  auto matches = target_.match_typed_functions(point.parts.size() == 2 ? point.parts[0] : "", pattern);
  if (matches.empty()) {
    auto others = target_.match_kernel_functions(point.parts.size() == 2 ? point.parts[0] : "", pattern);
    if (others && !others.value().empty())
      return missing(point,
                     fmt::format("{} cannot trace `{}`: its arguments are not known to the kernel's type "
                                 "information (BTF), or cannot be passed on",
                                 kind, pattern),
                     instead);
    return missing(point, fmt::format("no kernel function matches `{}`", pattern),
                   fmt::format("list them: hawk -l '{}:*:{}*'", kind, pattern.substr(0, pattern.find_first_of("*["))));
  }
  if (matches.size() > 1 && !has_wildcard(pattern) && point.parts.size() == 1) {
    std::string modules;
    for (const auto& match : matches) modules += (modules.empty() ? "" : ", ") + match.module;
    diagnostics_.report(Diag::FunctionInSeveralModules, point.span, pattern, modules).help =
        fmt::format("say which: {}:{}:{}", kind, matches.front().module, pattern);
    return {};
  }
  Probes probes;
  for (const auto& [module, function] : matches) {
    probes.push_back({.kind = point.kind,
                      .name = fmt::format("{}:{}:{}", kind, module, function),
                      .target = module,
                      .function = function});
  }
  return probes;
}

// uprobe:BINARY@FILE:LINE[:COLUMN].
ProbeExpander::Probes ProbeExpander::source_line(const Point& point) {
  std::size_t at = point.parts[0].rfind('@');
  auto line = point.parts.size() > 1 ? parse_unsigned(point.parts[1]) : std::nullopt;
  auto column = point.parts.size() > 2 ? parse_unsigned(point.parts[2]) : std::optional<std::uint64_t>(0);
  SourceLine wanted{.file = point.parts[0].substr(at + 1)};
  constexpr std::uint64_t kMost = UINT32_MAX;
  bool whole = at > 0 && !wanted.file.empty() && point.parts.size() <= 3 && line && column;
  if (!whole || *line == 0 || *line > kMost || *column > kMost) return malformed(point);
  wanted.line = static_cast<std::uint32_t>(*line);
  wanted.column = static_cast<std::uint32_t>(*column);
  if (point.kind == ProbeKind::kUretprobe) {
    diagnostics_.report(Diag::ReturnProbeOffset, point.span, probe_row(point.kind).name);
    return {};
  }
  auto paths = target_.resolve_binary(point.parts[0].substr(0, at));
  if (!paths) return missing(point, paths.error().message, paths.error().help);
  Probes probes;
  for (const std::string& path : paths.value()) {
    auto addresses = target_.source_line(path, wanted);
    if (!addresses) return missing(point, addresses.error().message, addresses.error().help);
    for (std::uint64_t address : addresses.value()) {
      Probes found = user_address(point, path, address);
      for (ProbeSpec& probe : found) {
        probe.name = fmt::format("uprobe:{}@{}:{}", path, wanted.file, wanted.line);
        if (wanted.column != 0) probe.name += fmt::format(":{}", wanted.column);
        probes.push_back(std::move(probe));
      }
    }
  }
  return probes;
}

// With -p, uprobe:FUNCTION is one of any file of the process.
ProbeExpander::Probes ProbeExpander::user_function(const Point& point) {
  if (options_.has_pid && point.parts.size() == 1)
    return user_function({.span = point.span, .kind = point.kind, .parts = {"*", point.parts[0]}});
  if (!point.parts.empty() && point.parts[0].find('@') != std::string::npos) return source_line(point);
  bool demangled = point.parts.size() == 3 && point.parts[1] == "cpp";
  const std::string& wanted = point.parts.empty() ? std::string() : point.parts.back();
  if (point.parts.size() != (demangled ? 3 : 2) || point.parts[0].empty() || wanted.empty()) return malformed(point);
  auto paths = target_.resolve_binary(point.parts[0]);
  if (!paths) return missing(point, paths.error().message, paths.error().help);
  Probes probes;
  std::size_t errors = diagnostics_.all().size();
  for (const std::string& path : paths.value()) {
    Probes found;
    if (demangled) {
      found = user_functions_in(point, path, {.pattern = wanted, .demangled = true});
    } else if (auto address = parse_unsigned(wanted)) {
      found = user_address(point, path, *address);
    } else {
      auto function = split_offset(wanted);
      if (!function) return malformed(point);
      if (function->has_offset && point.kind == ProbeKind::kUretprobe) {
        diagnostics_.report(Diag::ReturnProbeOffset, point.span, probe_row(point.kind).name);
        return {};
      }
      found = user_functions_in(point, path, {.pattern = function->name, .offset = function->offset});
    }
    probes.insert(probes.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  if (!probes.empty() || diagnostics_.all().size() != errors) return probes;
  if (name_clone(point, paths.value(), wanted)) return {};
  bool inlined = !has_wildcard(wanted) && !has_wildcard(point.parts[0]) &&
                 std::any_of(paths.value().begin(), paths.value().end(),
                             [&](const auto& path) { return target_.is_inlined(path, wanted); });
  if (inlined)
    return missing(point,
                   fmt::format("`{}` is nowhere by itself in `{}`: the compiler has put it into its callers", wanted,
                               point.parts[0]),
                   "compile it with __attribute__((noinline))");
  return missing(point, fmt::format("no function of `{}` matches `{}`", point.parts[0], wanted),
                 fmt::format("list them: hawk -l 'uprobe:{}:*'", point.parts[0]));
}

// Compilers make versions of functions for some of their callers, and may leave nothing else: "f.constprop.0".
bool ProbeExpander::name_clone(const Point& point, const std::vector<std::string>& paths, const std::string& wanted) {
  if (has_wildcard(wanted)) return false;
  for (const std::string& path : paths) {
    auto clones = target_.match_user_functions(path, wanted + ".*");
    if (!clones || clones.value().empty()) continue;
    const std::string& clone = clones.value().front().name;
    (void)missing(point, fmt::format("the compiler has made `{}` of `{}`", clone, wanted),
                  fmt::format("use {}:{}:{}", probe_row(point.kind).name, point.parts[0], clone));
    return true;
  }
  return false;
}

ProbeExpander::Probes ProbeExpander::user_functions_in(const Point& point, const std::string& path,
                                                       const UserFunction& wanted) {
  const std::uint64_t offset = wanted.offset;
  auto symbols = wanted.demangled ? target_.match_demangled_functions(path, wanted.pattern)
                                  : target_.match_user_functions(path, wanted.pattern);
  if (!symbols && has_wildcard(point.parts[0])) return {};  // gone meanwhile, or no program
  if (!symbols) return missing(point, symbols.error().message, symbols.error().help);
  Probes probes;
  for (const UserSymbol& symbol : symbols.value()) {
    if (symbol.size != 0 && offset >= symbol.size) {
      diagnostics_.report(Diag::OffsetOutsideFunction, point.span, offset, symbol.name, symbol.size);
      return {};
    }
    std::string name = fmt::format("{}:{}:{}", probe_row(point.kind).name, path, symbol.name);
    if (offset != 0) name += fmt::format("+{}", offset);
    ProbeSpec probe{.kind = point.kind, .name = std::move(name), .target = path, .function = symbol.name};
    probe.offset = symbol.file_offset + offset;
    probe.address = symbol.address + offset;
    probe.function_offset = offset;
    probes.push_back(std::move(probe));
  }
  return probes;
}

ProbeExpander::Probes ProbeExpander::user_address(const Point& point, const std::string& path, std::uint64_t address) {
  auto symbol = target_.user_symbol_at(path, address);
  if (!symbol && !options_.unsafe) {
    diagnostics_.report(Diag::NoFunctionAtAddress, point.span, address, path).help =
        "run hawk with --unsafe if the address is right";
    return {};
  }
  ProbeSpec probe{
      .kind = point.kind, .name = fmt::format("{}:{}:{}", probe_row(point.kind).name, path, address), .target = path};
  probe.address = address;
  probe.offset = symbol ? symbol->file_offset + (address - symbol->address) : address;
  if (symbol) probe.function_offset = address - symbol->address;
  return {std::move(probe)};
}

}  // namespace hawk
