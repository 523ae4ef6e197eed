#include "runtime/load_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "runtime/verifier_log.h"

namespace hawk {

namespace {

constexpr const char* kPolicyHelp =
    "run as root or with CAP_BPF and CAP_PERFMON; if you do, the machine's policy forbids it (kernel lockdown, a "
    "container)";

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
    if (before.find(fmt::format("'{}'", map_symbol(i))) != std::string_view::npos) return i;
  }
  return std::nullopt;
}

std::string map_reason(const MapSchema& map, int error) {
  constexpr std::uint32_t kOldKeyLimit = 512;  // MAX_BPF_STACK: keys on kernels before 5.11
  if (error == E2BIG && map_key_size(map) > kOldKeyLimit) {
    return fmt::format("its key of {} bytes is longer than this kernel allows ({})", map_key_size(map), kOldKeyLimit);
  }
  if (error == E2BIG) return "its entries are larger than the kernel allows";
  if (error == ENOMEM) return "there is not enough memory for it";
  if (error == EPERM) return "the kernel does not permit it";
  return fmt::format("the kernel answered `{}`", std::strerror(error));
}

std::string map_help(const MapSchema& map, int error) {
  if (error == E2BIG && map_key_size(map) > 512) return "use shorter strings: config = { max_strlen = 64 }";
  if (error == ENOMEM || error == E2BIG) return "use fewer entries: config = { max_map_keys = N }";
  return error == EPERM ? kPolicyHelp : "";
}

Error map_error(const MapSchema& map, int error) {
  return {.message = fmt::format("the kernel refused to make map `@{}`: {}", map.name, map_reason(map, error)),
          .help = map_help(map, error),
          .exit_code = kExitKernel};
}

std::string place(const ProgramImage& image, const VerifierComplaint& complaint) {
  if (complaint.line == 0) return {};
  return fmt::format(" at {}:{}", image.source_name, complaint.line);
}

Error helper_error(const ProgramImage& image, const VerifierComplaint& complaint) {
  return {
      .message = fmt::format("the program of `{}` needs `{}`{}, which this kernel does not offer to this kind of probe",
                             probe_name(image, complaint.program), complaint.helper, place(image, complaint)),
      .help = "`hawk --info` lists what this kernel offers",
      .exit_code = kExitKernel};
}

Error verifier_error(const ProgramImage& image, const VerifierComplaint& complaint, std::string_view log,
                     bool verbose) {
  std::string text = complaint.source_text.empty() ? "" : fmt::format(" `{}`", complaint.source_text);
  return {.message = fmt::format("Error loading BPF program for `{}`: the kernel's verifier rejected it{}{}: {}",
                                 probe_name(image, complaint.program), place(image, complaint), text, complaint.reason),
          .help = verbose ? "the verifier's log follows\n" + std::string(log) : "run with -v for the verifier's log",
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

Error load_error(const ProgramImage& image, int error, std::string_view log, bool verbose) {
  if (std::optional<std::size_t> map = refused_map(image, log)) return map_error(image.maps[*map], error);
  VerifierComplaint complaint = parse_verifier_log(log, image.source_text);
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
