#include "runtime/load_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "runtime/kernel_config.h"
#include "runtime/verifier_log.h"

namespace hawk {

namespace {

constexpr const char* kPolicyHelp =
    "run as root or with CAP_BPF and CAP_PERFMON; if you do, the machine's policy forbids it (kernel lockdown, a "
    "container)";

constexpr const char* kLockdownHelp =
    "boot without lockdown=, or with Secure Boot off; scripts that count and read nothing by pointers still run";

// The probe a program symbol belongs to, as the script names it.
std::string probe_name(const ProgramImage& image, std::string_view symbol) {
  for (const ProgramSpec& program : image.programs) {
    if (program.symbol == symbol && !program.probes.empty()) return program.probes.front().name;
  }
  return std::string(symbol);
}

// The name of the script's map in "map 'hawk_map_3': failed to create ...".
std::optional<std::size_t> refused_map(const ProgramImage& image, std::string_view log) {
  std::size_t at = log.find("failed to create");
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view before = log.substr(0, at);
  before = before.substr(before.rfind('\n') + 1);
  for (std::size_t i = 0; i < image.maps.size(); ++i) {
    for (const std::string& symbol : {map_symbol(i), short_map_symbol(i)})
      if (before.find(fmt::format("'{}'", symbol)) != std::string_view::npos) return i;
  }
  return std::nullopt;
}

constexpr std::uint32_t kOldKeyLimit = 512;  // bytes, MAX_BPF_STACK: keys on kernels before 5.11

std::string map_reason(int error) {
  switch (error) {
    case EPERM:
    case EACCES: return "the kernel does not permit it";
    case ENOMEM: return "there is not enough memory for it";
    case E2BIG: return "its entries are larger than the kernel allows";
    case EINVAL: return "this kernel does not know its kind of map, or not of this size";
    default: return fmt::format("the kernel answered `{}`", std::strerror(error));
  }
}

bool holds_stack(const Type& type) {
  if (is_stack(type)) return true;
  return type.def != nullptr && std::any_of(type.def->fields.begin(), type.def->fields.end(),
                                            [](const Field& field) { return holds_stack(field.type); });
}

Error long_key_error(const MapSchema& map) {
  return {.message = fmt::format("the kernel refused to make map `@{}`: its key of {} bytes is longer than this "
                                 "kernel allows ({})",
                                 map.name, map_key_size(map), kOldKeyLimit),
          .help = holds_stack(map.key) ? "say how many frames its stacks may have: kstack(30), ustack(30)"
                                       : "use shorter strings: config = { max_strlen = 64 }",
          .exit_code = kExitKernel};
}

Error task_storage_error(const MapSchema& map) {
  return {.message = fmt::format("the kernel refused to make map `@{}`: this kernel keeps nothing for each task, which "
                                 "needs Linux 5.13",
                                 map.name),
          .help = fmt::format("use a map with the key tid: @{}[tid]", map.name),
          .exit_code = kExitKernel};
}

// `smaller` says how to get by with less memory.
Error map_error(const std::string& name, int error, const char* smaller) {
  bool denied = error == EPERM || error == EACCES;
  bool too_large = error == ENOMEM || error == E2BIG;
  return {.message = fmt::format("the kernel refused to make {}: {}", name, map_reason(error)),
          .help = denied      ? kPolicyHelp
                  : too_large ? smaller
                              : "`hawk --info` lists what this kernel offers",
          .exit_code = kExitKernel};
}

// Where `log` tells of a map that could not be made.
std::optional<Error> find_map_error(const ProgramImage& image, int error, std::string_view log) {
  if (std::optional<std::size_t> index = refused_map(image, log)) {
    const MapSchema& map = image.maps[*index];
    if (error == E2BIG && map_key_size(map) > kOldKeyLimit) return long_key_error(map);
    if (error == EINVAL && map.storage == MapStorage::kTask) return task_storage_error(map);
    return map_error(fmt::format("map `@{}`", map.name), error, "use fewer entries: config = { max_map_keys = N }");
  }
  if (log.find("failed to create") == std::string_view::npos) return std::nullopt;
  bool ring = log.find(fmt::format("map '{}': failed to create", kEventRingSymbol)) != std::string_view::npos;
  return map_error(ring ? "the event buffer" : "a map of hawk's own", error,
                   "a smaller event buffer may do: config = { perf_rb_pages = 64 }");
}

// What the kernel's best known verdicts mean to who wrote the script.
struct Verdict {
  std::string_view kernel;  // part of what the verifier says
  const char* meaning;
  const char* help;
};

constexpr const char* kEndlessLoop = "the loop has no bound that the kernel can prove";
constexpr const char* kTooManySteps = "it takes more steps than the kernel is willing to check";
constexpr const char* kBoundedLoop = "use a loop with a bound: for ($i : 0..N) { ... }";
constexpr const char* kShorter =
    "split the clause, shorten its strings (str(s, 64)), or use for ($i : 0..N) { ... } for a long loop";

constexpr Verdict kVerdicts[] = {
    {"infinite loop detected", kEndlessLoop, kBoundedLoop},
    {"back-edge from insn", kEndlessLoop, kBoundedLoop},  // Linux 5.2 and before, and without CAP_BPF
    {"BPF program is too large", kTooManySteps, kShorter},
    {"too many instructions", kTooManySteps, kShorter},
    {"jumps is too complex", kTooManySteps, kShorter},
    {"combined stack size", "it needs more than the 512 bytes of stack the kernel gives it",
     "use fewer variables or shorter strings: config = { max_strlen = 64 }"},
    {"invalid mem access", "it reads or writes memory that the kernel cannot prove to be safe", nullptr},
};

const Verdict* find_verdict(std::string_view reason) {
  for (const Verdict& verdict : kVerdicts) {
    if (reason.find(verdict.kernel) != std::string_view::npos) return &verdict;
  }
  return nullptr;
}

std::string place(const ProgramImage& image, const VerifierComplaint& complaint) {
  if (complaint.line == 0) return {};
  return fmt::format(" at {}:{}", image.source_name, complaint.line);
}

Error helper_error(const ProgramImage& image, const VerifierComplaint& complaint) {
  std::string lockdown = lockdown_mode();
  if (!lockdown.empty() && complaint.helper.starts_with("bpf_probe_")) {
    return {.message =
                fmt::format("the program of `{}` accesses memory by `{}`{}: the kernel is locked down ({}), and "
                            "forbids it",
                            probe_name(image, complaint.program), complaint.helper, place(image, complaint), lockdown),
            .help = kLockdownHelp,
            .exit_code = kExitKernel};
  }
  std::optional<KernelRelease> since = release_of_helper(complaint.helper);
  KernelRelease here = running_kernel();
  std::string why = since && here < *since
                        ? fmt::format("it came with Linux {}.{}, and this is {}.{}", since->major, since->minor,
                                      here.major, here.minor)
                        : "this kernel is too old to have it or forbids it, or this kind of probe may not use it";
  return {.message = fmt::format("the program of `{}` needs `{}`{}: {}", probe_name(image, complaint.program),
                                 complaint.helper, place(image, complaint), why),
          .help = "`hawk --info` lists what this kernel offers",
          .exit_code = kExitKernel};
}

Error verifier_error(const ProgramImage& image, const VerifierComplaint& complaint, std::string_view log,
                     bool verbose) {
  std::string text = complaint.source_text.empty() ? "" : fmt::format(" `{}`", complaint.source_text);
  const Verdict* verdict = find_verdict(complaint.reason);
  std::string reason =
      verdict == nullptr ? complaint.reason : fmt::format("{} ({})", verdict->meaning, complaint.reason);
  bool advised = verdict != nullptr && verdict->help != nullptr;
  std::string help = advised ? verdict->help : verbose ? "" : "run with -v for the verifier's log";
  if (verbose) help += fmt::format("{}the verifier's log follows\n{}", help.empty() ? "" : "; ", log);
  return {.message = fmt::format("Error loading BPF program for `{}`: the kernel's verifier rejected it{}{}: {}",
                                 probe_name(image, complaint.program), place(image, complaint), text, reason),
          .help = std::move(help),
          .exit_code = kExitKernel};
}

std::string refusal(int error) {
  switch (error) {
    case EPERM:
    case EACCES: return "the kernel does not permit it";
    case ENOMEM: return "the kernel has not enough memory for it";
    case E2BIG: return "it is too large for this kernel";
    case EINVAL: return "this kernel does not know this kind of program or something it uses";
    default: return fmt::format("the kernel answered `{}`", std::strerror(error));
  }
}

}  // namespace

Error load_error(const ProgramImage& image, int error, std::string_view all_of_log, bool verbose) {
  // The verdict stands at the end.
  std::string_view log = all_of_log;
  if (log.size() > image.config.log_size) log.remove_prefix(log.size() - image.config.log_size);
  if (std::optional<Error> refused = find_map_error(image, error, all_of_log)) return *std::move(refused);
  VerifierComplaint complaint = parse_verifier_log(all_of_log, image.source_text);
  if (!complaint.helper.empty()) return helper_error(image, complaint);
  if (!complaint.reason.empty()) return verifier_error(image, complaint, log, verbose);
  std::string what = complaint.program.empty()
                         ? std::string("cannot load the program")
                         : fmt::format("Error loading BPF program for `{}`", probe_name(image, complaint.program));
  bool denied = error == EPERM || error == EACCES;
  std::string help = denied ? kPolicyHelp : "run with -v for the details";
  if (verbose) help += "\n" + std::string(log);
  return {.message = fmt::format("{}: {}", what, refusal(error)), .help = std::move(help), .exit_code = kExitKernel};
}

}  // namespace hawk
