#include "driver/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "ast/perf_events.h"
#include "ast/probe.h"
#include "runtime/printable_name.h"
#include "semantics/usdt_operand.h"
#include "support/diagnostics.h"
#include "support/glob.h"

namespace hawk {

namespace {

struct Entry {
  std::string name;
  std::vector<std::string> arguments;
};

// What stands behind the provider, as one glob or cut at its first colon.
struct Pattern {
  std::string_view text;

  [[nodiscard]] std::string_view before_colon() const { return text.substr(0, text.find(':')); }
  [[nodiscard]] std::string_view behind_colon() const { return text.substr(std::min(text.find(':') + 1, text.size())); }
  [[nodiscard]] bool has_colon() const { return text.find(':') != std::string_view::npos; }
};

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> split_at_commas(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(','), text.size());
    parts.push_back(trim(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool names_type(std::string_view part) {
  return part.starts_with("struct ") || part.starts_with("union ") || part.starts_with("enum ");
}

Error unknown_provider(std::string_view name) {
  std::vector<std::string> names;
  for (ProbeKind kind : all_probe_kinds()) names.emplace_back(probe_row(kind).name);
  std::string nearest = nearest_name(name, names);
  return {.message = fmt::format("unknown probe type `{}`", name),
          .help = nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest)};
}

// The kinds a search over all of them looks through: what the kernel itself offers, entry points only.
bool is_searched(ProbeKind kind) {
  return kind == ProbeKind::kHardware || kind == ProbeKind::kSoftware || kind == ProbeKind::kTracepoint ||
         kind == ProbeKind::kRawTracepoint || kind == ProbeKind::kKprobe || kind == ProbeKind::kFentry ||
         kind == ProbeKind::kIter;
}

class Lister {
 public:
  Lister(Target& target, bool verbose) : target_(target), verbose_(verbose) {}

  Result<> add_kind(ProbeKind kind, Pattern pattern) {
    switch (kind) {
      case ProbeKind::kTracepoint: return add_tracepoints(pattern);
      case ProbeKind::kRawTracepoint: return add_raw_tracepoints(pattern);
      case ProbeKind::kKprobe:
      case ProbeKind::kKretprobe: return add_kprobes(kind, pattern);
      case ProbeKind::kFentry:
      case ProbeKind::kFexit: return add_typed_functions(kind, pattern);
      case ProbeKind::kIter: return add_iterators(pattern);
      case ProbeKind::kUprobe:
      case ProbeKind::kUretprobe: return add_uprobes(kind, pattern);
      case ProbeKind::kSoftware: return add_perf_events(kind, software_events(), pattern);
      case ProbeKind::kHardware: return add_perf_events(kind, hardware_events(), pattern);
      case ProbeKind::kProfile:
      case ProbeKind::kInterval: return add_timers(kind, pattern);
      case ProbeKind::kUsdt: return add_usdt(pattern);
      case ProbeKind::kBegin:
      case ProbeKind::kEnd:
      case ProbeKind::kSelf:
      case ProbeKind::kTest:
      case ProbeKind::kBench:
      case ProbeKind::kWatchpoint: return Ok{};  // a script makes these up; there is nothing to choose from
    }
    HAWK_UNREACHABLE("probe kind without a listing");
  }

  // As syscall:NAME and syscall:NAME:return.
  Result<> add_system_calls(std::string_view pattern) {
    constexpr std::string_view kEnter = "syscalls:sys_enter_";
    constexpr std::string_view kExit = "syscalls:sys_exit_";
    Result<std::vector<std::string>> names = target_.match_tracepoints("syscalls", "sys_*");
    if (!names.ok()) return names.error();
    for (const std::string& event : names.value()) {
      bool enters = event.starts_with(kEnter);
      if (!enters && !event.starts_with(kExit)) continue;
      std::string name = enters ? event.substr(kEnter.size()) : event.substr(kExit.size()) + ":return";
      if (glob_match(pattern, name))
        entries_.push_back({.name = "syscall:" + name, .arguments = arguments_of_tracepoint({event})});
    }
    return Ok{};
  }

  // Looks through all kernel probes. What the machine does not show is left out, unless nothing else is found.
  Result<> search(std::string_view provider, std::string_view name) {
    Result<> failure = Ok{};
    for (ProbeKind kind : all_probe_kinds()) {
      if (!is_searched(kind) || !glob_match(provider, probe_row(kind).name)) continue;
      Result<> added = add_event_name(kind, name);
      if (!added.ok() && kind == ProbeKind::kTracepoint) failure = added;
    }
    return entries_.empty() ? failure : Ok{};
  }

  std::string text() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    std::string text;
    for (const Entry& entry : entries_) {
      text += printable_name(entry.name) + "\n";
      for (const std::string& argument : entry.arguments) text += fmt::format("    {}\n", argument);
    }
    return text;
  }

 private:
  // A name without colon means the event, in any category.
  Result<> add_event_name(ProbeKind kind, std::string_view name) {
    bool in_category = kind == ProbeKind::kTracepoint && name.find(':') == std::string_view::npos;
    std::string pattern = in_category ? fmt::format("*:{}", name) : std::string(name);
    return add_kind(kind, {pattern});
  }

  void add(ProbeKind kind, std::string_view rest, std::vector<std::string> arguments) {
    entries_.push_back({.name = fmt::format("{}:{}", probe_row(kind).name, rest), .arguments = std::move(arguments)});
  }

  Result<> add_tracepoints(Pattern pattern) {
    Result<std::vector<std::string>> names = target_.match_tracepoints("*", "*");
    if (!names.ok()) return names.error();
    for (const std::string& name : names.value()) {
      if (glob_match(pattern.text, name)) add(ProbeKind::kTracepoint, name, arguments_of_tracepoint({name}));
    }
    return Ok{};
  }

  std::vector<std::string> arguments_of_tracepoint(Pattern name) {
    if (!verbose_) return {};
    auto arguments = target_.tracepoint_arguments(name.before_colon(), name.behind_colon());
    return arguments.ok() ? std::move(arguments).value() : std::vector<std::string>{};
  }

  // "sched_switch" or, as they are printed, "vmlinux:sched_switch".
  static std::string_view without_module(Pattern pattern) {
    return pattern.has_colon() && glob_match(pattern.before_colon(), "vmlinux") ? pattern.behind_colon() : pattern.text;
  }

  Result<> add_raw_tracepoints(Pattern pattern) {
    Result<std::vector<std::string>> names = target_.match_raw_tracepoints(without_module(pattern));
    if (!names.ok()) return names.error();
    for (const std::string& name : names.value()) {
      add(ProbeKind::kRawTracepoint, "vmlinux:" + name,
          verbose_ ? target_.raw_tracepoint_arguments(name) : std::vector<std::string>{});
    }
    return Ok{};
  }

  Result<> add_kprobes(ProbeKind kind, Pattern pattern) {
    Result<> available = target_.kprobes_available();
    if (!available.ok()) return available;
    std::string_view module = pattern.has_colon() ? pattern.before_colon() : "";
    auto names = target_.match_kernel_functions(module, pattern.has_colon() ? pattern.behind_colon() : pattern.text);
    if (!names.ok()) return names.error();
    bool plain_module = !module.empty() && !has_wildcard(module);
    for (const std::string& name : names.value()) {
      add(kind, plain_module ? fmt::format("{}:{}", module, name) : name,
          arguments_of_kprobe(kind, {plain_module ? std::string(module) : "vmlinux", name}));
    }
    return Ok{};
  }

  // A kprobe knows its arguments by number: "struct file * arg0".
  std::vector<std::string> arguments_of_kprobe(ProbeKind kind, const KernelFunctionName& function) {
    if (!verbose_) return {};
    bool returns = kind == ProbeKind::kKretprobe;
    std::vector<std::string> arguments = target_.function_arguments(function, returns);
    if (returns) {
      bool has_value = !arguments.empty() && arguments.back().ends_with(" retval");
      return has_value ? std::vector{arguments.back()} : std::vector<std::string>{};
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      std::string& argument = arguments[i];
      argument = fmt::format("{}arg{}", argument.substr(0, argument.rfind(' ') + 1), i);
    }
    return arguments;
  }

  Result<> add_typed_functions(ProbeKind kind, Pattern pattern) {
    bool returns = kind == ProbeKind::kFexit;
    std::string_view module = pattern.has_colon() ? pattern.before_colon() : "";
    std::string_view function = pattern.has_colon() ? pattern.behind_colon() : pattern.text;
    if (module == kBpfPrograms) {
      for (const BpfProgramName& program : target_.match_bpf_programs(function))
        entries_.push_back(
            {.name = fmt::format("{}:bpf:{}:{}", probe_row(kind).name, program.id, program.name), .arguments = {}});
      return Ok{};
    }
    if (!target_.has_btf()) return no_types(kind);
    for (const KernelFunctionName& name : target_.match_typed_functions(module, function)) {
      add(kind, fmt::format("{}:{}", name.module, name.function),
          verbose_ ? target_.function_arguments(name, returns) : std::vector<std::string>{});
    }
    return Ok{};
  }

  static Error no_types(ProbeKind kind) {
    return {.message =
                fmt::format("{} needs the kernel's type information (BTF), which is not there", probe_row(kind).name),
            .help = "hawk doctor says what this machine can do"};
  }

  Result<> add_iterators(Pattern pattern) {
    if (!target_.has_btf()) return no_types(ProbeKind::kIter);
    for (const std::string& name : target_.match_iterators(pattern.text)) {
      add(ProbeKind::kIter, name, verbose_ ? target_.iterator_arguments(name) : std::vector<std::string>{});
    }
    return Ok{};
  }

  static Error no_binary(ProbeKind kind, std::string_view example) {
    const char* name = probe_row(kind).name;
    return {.message = fmt::format("a list of `{}` probes needs a program or library", name),
            .help = fmt::format("for instance {}:{}", name, example)};
  }

  Result<> add_uprobes(ProbeKind kind, Pattern pattern) {
    if (!pattern.has_colon() && !target_.has_process()) return no_binary(kind, "libc:mall*");
    std::string_view file = pattern.has_colon() ? pattern.before_colon() : "*";
    std::string_view function = pattern.has_colon() ? pattern.behind_colon() : pattern.text;
    Result<std::vector<std::string>> paths = target_.resolve_binary(file);
    if (!paths.ok()) return Ok{};  // no such file has no probes
    for (const std::string& path : paths.value()) {
      Result<std::vector<UserSymbol>> symbols = target_.match_user_functions(path, function);
      if (!symbols.ok()) continue;
      std::string last;
      for (const UserSymbol& symbol : symbols.value()) {
        if (symbol.name != last)
          add(kind, fmt::format("{}:{}", path, symbol.name), arguments_of_uprobe(kind, {path, symbol.address}));
        last = symbol.name;
      }
    }
    return Ok{};
  }

  // As debug information has them, if there is some.
  std::vector<std::string> arguments_of_uprobe(ProbeKind kind, const UserCode& code) {
    if (!verbose_) return {};
    return target_.user_function_arguments(code, kind == ProbeKind::kUretprobe);
  }

  // BINARY:NAMESPACE:PROBE or, in any namespace, BINARY:PROBE.
  Result<> add_usdt(Pattern pattern) {
    if (!pattern.has_colon() && !target_.has_process()) return no_binary(ProbeKind::kUsdt, "libc:*");
    Result<std::vector<std::string>> paths = target_.resolve_binary(pattern.has_colon() ? pattern.before_colon() : "*");
    if (!paths.ok()) return Ok{};
    Pattern rest{pattern.has_colon() ? pattern.behind_colon() : pattern.text};
    std::string name = rest.has_colon() ? std::string(rest.text) : fmt::format("*:{}", rest.text);
    for (const std::string& path : paths.value()) {
      Result<std::vector<UsdtSite>> sites = target_.usdt_sites(path);
      if (!sites.ok()) continue;
      std::string last;
      for (const UsdtSite& site : sites.value()) {
        std::string full = fmt::format("{}:{}", site.provider, site.name);
        if (full == last || !glob_match(name, full)) continue;
        add(ProbeKind::kUsdt, fmt::format("{}:{}", path, full), arguments_of_usdt(site));
        last = full;
      }
    }
    return Ok{};
  }

  // As the first of its sites has them: "arg0 int32".
  std::vector<std::string> arguments_of_usdt(const UsdtSite& site) {
    std::vector<std::string> texts;
    if (!verbose_) return texts;
    auto no_symbols = [](std::string_view) { return std::optional<std::uint64_t>(); };
    for (const UsdtArgument& argument : parse_usdt_arguments(site.arguments, site.address, no_symbols))
      texts.push_back(fmt::format("arg{} {}", texts.size(), usdt_type_name(argument)));
    return texts;
  }

  // Printed with a colon at the end, where a count may follow.
  Result<> add_perf_events(ProbeKind kind, std::span<const PerfEventRow> events, Pattern pattern) {
    for (const PerfEventRow& event : events) {
      for (std::string_view name : {event.name, event.alias}) {
        std::string rest = fmt::format("{}:", name);
        if (!name.empty() && glob_match(pattern.text, rest)) add(kind, rest, {});
      }
    }
    return Ok{};
  }

  Result<> add_timers(ProbeKind kind, Pattern pattern) {
    for (std::string_view unit : {"hz:", "ms:", "s:", "us:"}) {
      if (glob_match(pattern.text, unit)) add(kind, unit, {});
    }
    return Ok{};
  }

  Target& target_;
  bool verbose_;
  std::vector<Entry> entries_;
};

std::string list_types(Target& target, std::string_view pattern, bool verbose) {
  std::vector<std::string> names = target.match_types(pattern);
  if (!verbose) return names.empty() ? "" : fmt::format("{}\n", fmt::join(names, "\n"));
  std::string text;
  for (const std::string& definition : target.type_definitions(names))
    text += fmt::format("vmlinux: {}\n\n", definition);
  return text;
}

Result<std::string> list_part(Target& target, std::string_view part, bool verbose) {
  if (names_type(part)) return list_types(target, part, verbose);
  Lister lister(target, verbose);
  std::size_t colon = part.find(':');
  std::string_view provider = part.substr(0, colon);
  Result<> added = Ok{};
  if (colon == std::string_view::npos) {
    added = lister.search("*", part.empty() ? "*" : part);
  } else if (has_wildcard(provider)) {
    added = lister.search(provider, part.substr(colon + 1));
  } else if (provider == "syscall") {
    added = lister.add_system_calls(part.substr(colon + 1));
  } else if (auto kind = find_probe_kind(provider)) {
    added = lister.add_kind(*kind, {part.substr(colon + 1)});
  } else {
    return unknown_provider(provider);
  }
  if (!added.ok()) return added.error();
  return lister.text();
}

}  // namespace

Result<std::string> list_probes(Target& target, std::string_view pattern, bool verbose) {
  if (trim(pattern).empty()) return list_part(target, "", verbose);
  std::string text;
  for (std::string_view part : split_at_commas(pattern)) {
    Result<std::string> listed = list_part(target, part, verbose);
    if (!listed.ok()) return listed.error();
    text += listed.value();
  }
  return text;
}

}  // namespace hawk
