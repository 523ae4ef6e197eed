// By what mechanism of the kernel the probes of a program are served: one table, in the order of preference.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "image/program_image.h"

namespace hawk {

class KprobeSession;

// How all probes of a program are attached; decided before loading, because a program is loaded for one.
enum class AttachMode : std::uint8_t { kOneByOne, kKprobeMulti, kKprobeSession, kUprobeMulti, kRawSyscalls };

// Which of the mechanisms that not every kernel has may be used (--no-feature).
struct AllowedHooks {
  bool kprobe_multi = true;
  bool kprobe_session = true;
  bool uprobe_multi = true;
};

struct PassedOver {
  const char* hook;
  std::string reason;
};

struct HookChoice {
  AttachMode mode = AttachMode::kOneByOne;
  const char* hook = "";                        // its name: "kprobe_multi link"
  std::vector<PassedOver> passed_over = {};     // what would have been better, and why it cannot be
  std::shared_ptr<KprobeSession> session = {};  // of kKprobeSession; the programs of both ends share it
};

// One for each program. Asks the kernel only where a mechanism of several probes comes into question.
[[nodiscard]] std::vector<HookChoice> choose_hooks(std::span<const ProgramSpec> programs, AllowedHooks allowed);

// What -v says: "kprobe:vfs_read and 4 more: perf event for each (no kprobe_multi link: --no-feature says so)".
[[nodiscard]] std::string describe_hook(const ProgramSpec& program, const HookChoice& choice);

// The probe of a program, and how many more it has.
[[nodiscard]] std::string probes_of_program(const ProgramSpec& program);

}  // namespace hawk
