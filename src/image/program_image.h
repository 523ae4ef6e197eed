// ProgramImage: a compiled script, complete: what a machine without a compiler needs to load it, attach
// it and read what it reports. Codegen makes it, the runtime runs it, and in between it may be saved.
// It knows neither LLVM nor libbpf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ast/config.h"
#include "ast/probe.h"
#include "ast/schema.h"
#include "support/result.h"

namespace hawk {

// Names inside the BPF object. Maps of the script are map_symbol(index into `maps`).
inline constexpr const char* kEventRingSymbol = "hawk_events";  // BPF_MAP_TYPE_RINGBUF; its size is set by the runtime
inline constexpr const char* kAccountSymbol = "hawk_account";   // PERCPU_ARRAY, ProgramAccount per program
inline constexpr const char* kRefusedSymbol = "hawk_refused";   // PERCPU_ARRAY, u64 per map: updates without room
inline constexpr const char* kPacketsSymbol = "hawk_packets";   // PERF_EVENT_ARRAY of skboutput(); may be absent
inline constexpr const char* kScratchSymbol = "hawk_scratch";   // PERCPU_ARRAY for large temporaries; may be absent
// Section .rodata.hawk: values that the runtime fills in before loading (struct RuntimeConstants).
inline constexpr const char* kConstantsSection = ".rodata.hawk";
[[nodiscard]] std::string map_symbol(std::size_t index);
// Of a map with short keys (MapSchema::short_keys): where those are.
[[nodiscard]] std::string short_map_symbol(std::size_t index);
// Of a map with generations: an ARRAY_OF_MAPS with one element, the generation that programs use. map_symbol() then
// only says what the generations are like.
[[nodiscard]] std::string live_map_symbol(std::size_t index);

// Layout of the variable in kConstantsSection, all 8 bytes.
struct RuntimeConstants {
  std::uint64_t hawk_pid = 0;       // of hawk itself, initial or own namespace as `pid` shows it
  std::uint64_t child_pid = 0;      // of -c CMD, 0 without
  std::uint64_t target_pid = 0;     // -p PID, 0 without: programs of kinds without per-process attachment compare it
  std::uint64_t start_boot_ns = 0;  // CLOCK_BOOTTIME when tracing began: `elapsed`
  std::uint64_t cpu_count = 1;      // possible CPUs
  std::uint64_t pid_ns_device = 0;  // own PID namespace when it is not the initial one, else 0
  std::uint64_t pid_ns_inode = 0;
  std::uint64_t event_limit = UINT64_MAX;  // unread bytes in the event ring from which on only control events are added
  std::uint64_t tai_offset_ns = 0;         // CLOCK_TAI - CLOCK_BOOTTIME now: nsecs(sw_tai)
};

// What the programs of the kernel count, each CPU for itself.
struct ProgramAccount {
  std::uint64_t hits = 0;    // of its probes; only if the script was compiled to count them
  std::uint64_t passed = 0;  // of these, what the predicate let through; likewise
  std::uint64_t events = 0;  // that it was to report
  std::uint64_t lost = 0;    // of these, what found no room in the ring, or no working memory
};

// One program, in the BPF object or in the host's by its placement, and the attach points it serves, in clause order.
struct ProgramSpec {
  std::string symbol;  // function name in the object
  Placement placement = Placement::kKernel;
  ProgramType type = ProgramType::kRawTracepoint;  // of a program in the kernel
  std::vector<ProbeSpec> probes;                   // all of one kind
  bool sleepable = false;
  bool overrides = false;  // it may make the probed function return at once: override()
  Location location;       // of the clause, for messages
};

struct ProgramImage {
  std::vector<std::uint8_t> object;       // BPF ELF, with BTF and line info; empty if no program runs in the kernel
  std::vector<std::uint8_t> host_object;  // relocatable ELF of this machine's processor, see image/host_interface.h;
                                          // empty if no program runs on the host
  std::vector<ProgramSpec> programs;
  std::vector<MapSchema> maps;
  std::vector<EventSchema> events;   // index: event id
  std::vector<std::string> strings;  // strftime formats, cgroup filters: index: string id
  std::string source_name;           // of the script, for messages
  std::string source_text;           // for a verifier rejection reported at its line
  Config config;
  bool needs_unsafe = false;
};

[[nodiscard]] std::string serialize_image(const ProgramImage& image);
// The error says what is wrong with the bytes: not an image, other version, cut short.
[[nodiscard]] Result<ProgramImage> deserialize_image(std::string_view bytes);
// `-d image`: everything but the object's bytes.
[[nodiscard]] std::string dump_image(const ProgramImage& image);
// `-d maps`: one line per map.
[[nodiscard]] std::string dump_maps(const std::vector<MapSchema>& maps);

}  // namespace hawk
