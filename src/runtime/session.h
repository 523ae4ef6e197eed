// RunningProgram: a ProgramImage loaded into this kernel and into hawk. Life of a session (census 9.1):
//   load -> start child (stopped) -> begin programs -> attach -> let the child run -> poll ... ->
//   detach -> end programs -> drain -> read maps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "image/event.h"
#include "image/host_interface.h"
#include "image/program_image.h"
#include "image/resolver.h"
#include "runtime/hooks.h"
#include "support/result.h"

namespace hawk {

struct SessionOptions {
  std::string command;                           // -c, or empty
  std::uint32_t pid = 0;                         // -p, or 0
  std::vector<std::uint32_t> unwound_pids = {};  // --dwarf-pid
  bool verbose = false;                          // kernel log on a verifier rejection
  bool dry_run = false;                          // load and attach only
  AllowedHooks allowed_hooks = {};
};

enum class StopReason { kExitCalled, kSignal, kChildEnded, kProcessEnded, kNothingToDo };

// What has become of the hits and of the events of a clause in the kernel. Every event has been delivered or is lost:
// `events` is counted where they come from, before anything can fail.
struct ClauseAccount {
  std::size_t program = 0;      // index: ProgramImage::programs
  std::uint64_t hits = 0;       // counted only if the image was compiled to
  std::uint64_t filtered = 0;   // of these, what the predicate has kept out; likewise
  std::uint64_t events = 0;     // but those behind an exit()
  std::uint64_t delivered = 0;  // to `Handlers`
  std::uint64_t lost = 0;       // there was no room in the ring, or no working memory
  std::uint64_t missed = 0;     // hits that have run no program (missed_hits.h)
};

// Of a map: how many updates found no room in it.
struct MapRefusals {
  std::size_t map = 0;  // index: ProgramImage::maps
  std::uint64_t count = 0;
};

struct ClauseRuns {
  std::int32_t returned = 0;  // by the last run
  // That all runs took: of a test with what it takes to start it, of a benchmark without.
  std::uint64_t ns = 0;
};

class RunningProgram {
 public:
  // Receives events in ring-buffer order. kExit, kClear and kZero are handled inside; kPrintMap and
  // kPrintTable arrive through `print_map` and `print_table` with the snapshots taken at that moment.
  struct Handlers {
    std::function<void(const ProbeList&)> attached;  // everything is in place; not called by a dry run
    std::function<void(const Event&)> event;
    std::function<void(const Event&, const MapSnapshot&)> print_map;
    std::function<void(const Event&, const std::vector<MapSnapshot>&)> print_table;  // of Table::maps
    std::function<void(std::uint64_t lost, std::uint64_t total)> lost;
    std::function<void(const std::vector<ClauseAccount>&)> account;  // at the end, of all clauses in the kernel
    std::function<void(const std::vector<MapRefusals>&)> refusals;  // likewise; of each map the first has been an event
    std::function<void(const std::string&)> detail;                 // one line for -v
    std::function<void()> idle;                       // nothing more to read for now: a good moment to flush
    std::function<void(const std::string&)> warning;  // one-line warnings (probe skipped under missing_probes=warn)
  };

  virtual ~RunningProgram() = default;

  // Runs begin programs, attaches the rest, lets the child go. Events of begin programs are delivered after `attached`.
  virtual Result<> start() = 0;
  virtual StopReason run() = 0;  // until exit(), a signal, or the end of what is traced
  // Runs a clause that nothing else starts, a test or a benchmark, so many times, and delivers its events. The error:
  // the kernel refused, or a signal came. exit() in it ends one run, and exit_code() is then of the last one.
  [[nodiscard]] virtual Result<ClauseRuns> run_clause(std::size_t program, std::uint64_t times) = 0;
  virtual void finish() = 0;                         // detaches, runs end programs, drains
  virtual std::vector<MapSnapshot> snapshots() = 0;  // of all maps with printed_at_exit
  [[nodiscard]] virtual int exit_code() const = 0;   // of exit(N), else 0
  virtual Resolver& resolver() = 0;
};

// The image must outlive the program. Errors explain what the kernel refused and what to do; a verifier
// rejection names the script's line.
// `code`: of image.host_object; null if there is none.
[[nodiscard]] Result<std::unique_ptr<RunningProgram>> load_program(const ProgramImage& image,
                                                                   std::shared_ptr<HostCode> code,
                                                                   const SessionOptions& options,
                                                                   RunningProgram::Handlers handlers);

// Capabilities that are missing to trace at all (root, CAP_BPF + CAP_PERFMON), as one Error; Ok if none.
[[nodiscard]] Result<> check_privileges();

}  // namespace hawk
