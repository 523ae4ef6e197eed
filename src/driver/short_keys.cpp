#include "driver/short_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "semantics/kernel_abilities.h"

namespace hawk {

namespace {

constexpr std::uint64_t kLengths[] = {480, 384, 256, 224, 160, 128, 96, 64};  // bytes of strings
constexpr std::uint32_t kFrames[] = {kDefaultFrames, 60, 48, 30, 24, 16};

bool is_set(const CheckOptions& options, const char* key) {
  return std::find(options.environment_keys.begin(), options.environment_keys.end(), key) !=
         options.environment_keys.end();
}

std::string warning(std::uint64_t length, std::uint32_t frames, const CheckOptions& options) {
  bool strings = length != options.config.max_strlen;
  bool stacks = frames != options.default_frames;
  std::string cut = strings ? fmt::format("strings are cut at {} bytes", length) : "";
  if (stacks) cut += fmt::format("{}stacks have {} frames", strings ? ", " : "", frames);
  std::string help = strings ? fmt::format("config = {{ max_strlen = {} }}", length) : "";
  if (stacks) help += fmt::format("{}kstack({}), ustack({})", strings ? ", " : "", frames, frames);
  return fmt::format(
      "WARNING: keys of maps hold at most 512 bytes on this kernel: {}\nHINT: say how long they may be: {}\n", cut,
      help);
}

}  // namespace

std::optional<ShortKeys> shorten_keys(const ast::Program& script, const Sources& sources, TargetInfo& target,
                                      const CheckOptions& options, const DiagSink& parsed) {
  std::vector<std::uint64_t> lengths = {options.config.max_strlen};
  if (!is_set(options, "max_strlen")) lengths.insert(lengths.end(), std::begin(kLengths), std::end(kLengths));
  for (std::uint32_t frames : kFrames) {
    for (std::uint64_t length : lengths) {
      CheckOptions shorter = options;
      shorter.config.max_strlen = length;
      shorter.default_frames = frames;
      DiagSink diagnostics = parsed;
      auto program = check(script, sources, target, shorter, diagnostics);
      if (!program || has_refused_key(*program)) continue;
      return ShortKeys{.program = *std::move(program),
                       .diagnostics = std::move(diagnostics),
                       .warning = warning(length, frames, options)};
    }
  }
  return std::nullopt;
}

}  // namespace hawk
