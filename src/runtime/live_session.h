// The RunningProgram (session.h) of this machine: its kernel, and hawk's own process.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "runtime/account.h"
#include "runtime/attach.h"
#include "runtime/bpf_object.h"
#include "runtime/child_process.h"
#include "runtime/event_reader.h"
#include "runtime/host_programs.h"
#include "runtime/machine_resolver.h"
#include "runtime/map_access.h"
#include "runtime/packet_capture.h"
#include "runtime/process_name.h"
#include "runtime/program_run.h"
#include "runtime/session.h"
#include "runtime/signal_event.h"

namespace hawk {

// Why the kernel did not run the clause of a probe.
[[nodiscard]] Error cannot_run(const std::string& probe, int error);

class LiveSession : public RunningProgram {
 public:
  LiveSession(const ProgramImage& image, std::shared_ptr<HostCode> code, SessionOptions options, Handlers handlers);
  ~LiveSession() override;

  Result<> load();

  Result<> start() override;
  StopReason run() override;
  Result<ClauseRuns> run_clause(std::size_t program, std::uint64_t times) override;
  void finish() override;
  std::vector<MapSnapshot> snapshots() override;
  [[nodiscard]] int exit_code() const override { return exit_code_; }
  Resolver& resolver() override { return *resolver_; }

 private:
  Result<> open_target();
  Result<> load_kernel_part(const RuntimeConstants& constants);
  [[nodiscard]] UnwindTables unwind_tables() const;
  void load_host_part(const RuntimeConstants& constants);
  void show_now();
  bool should_stop();
  [[nodiscard]] bool is_host_only() const { return image_.object.empty(); }
  void explain_hooks();
  void announce(const ProbeList& probes);
  Result<> run_programs(ProbeKind kind);
  Result<> run_program_once(std::size_t index, const std::string& probe);
  Result<ClauseRuns> run_in_kernel(std::size_t index, std::uint64_t times);
  Result<ClauseRuns> run_inside_hawk(std::size_t index, std::uint64_t times);
  Result<ProbeList> attach_programs();
  Result<> attach_program(std::size_t index, ProbeList& attached);
  [[nodiscard]] std::vector<std::size_t> attach_order() const;
  [[nodiscard]] ProbeList probes_of(std::initializer_list<ProbeKind> kinds) const;
  Result<> report_failures(std::vector<AttachFailure> failures);

  std::optional<StopReason> wait(bool busy);
  void run_self_clauses();
  StopReason iterate();
  bool receive(std::span<const std::uint8_t> record);
  void queue(std::span<const std::uint8_t> record, bool own);
  void queue_own(std::span<const std::uint8_t> record);
  void deliver();
  void take_reported();
  [[nodiscard]] std::uint32_t event_id(std::span<const std::uint8_t> record) const;
  [[nodiscard]] EventKind kind_of(std::span<const std::uint8_t> record) const;
  bool handle(std::span<const std::uint8_t> record);
  void handle_exit(const Event& event);
  void unwatch(const Event& event);
  void drain();
  void drain_all();
  void do_every_tick();
  [[nodiscard]] std::uint64_t count_lost() const;
  void report_lost();
  [[nodiscard]] std::vector<MapRefusals> count_refusals() const;
  [[nodiscard]] bool is_known_refusal(const EventSchema& event);
  [[nodiscard]] KernelMap kernel_map(std::size_t index) const;
  // The map if it lives inside hawk, else null.
  [[nodiscard]] HostMap* host_map(std::size_t index);
  [[nodiscard]] MapSnapshot read(std::size_t map, std::uint64_t ticket = MapGenerations::kOwn);
  [[nodiscard]] static std::uint64_t ticket_of(const Event& event);
  struct Pending {
    std::vector<std::uint8_t> record;
    std::vector<MapSnapshot> maps;  // of a kPrintMap or kPrintTable, as they were then
    bool own = false;               // of a clause inside hawk
  };
  // False if the event is of another kind.
  // `at_once`: the clause waits for it, as one inside hawk does.
  bool act_on_map(const Event& event, bool at_once);
  void clear(std::size_t map);
  void zero(std::size_t map);
  void retire(const Event& event, bool at_once);
  void set_aside(std::size_t map, std::uint64_t ticket, bool zeroes);
  [[nodiscard]] bool too_many_retirements(std::size_t map, std::uint32_t most);
  bool drop(const Event& event, bool zeroes);
  void restore_maps();
  [[nodiscard]] MapSnapshot recorded_map(const Event& event) const;
  [[nodiscard]] std::vector<MapSnapshot> maps_of(const Event& event);
  void show_maps(const Event& event, const std::vector<MapSnapshot>& maps);

  const ProgramImage& image_;
  std::shared_ptr<HostCode> code_;
  SessionOptions options_;
  Handlers handlers_;

  // In the order of creation; destruction goes the other way.
  std::optional<ChildProcess> child_;
  UniqueFd target_;  // pidfd of -p
  LoadedObject loaded_;
  Account account_;
  std::unique_ptr<EventReader> events_;
  std::unique_ptr<PacketCapture> packets_;  // null without skboutput()
  std::unique_ptr<HostPrograms> host_;      // null if nothing runs inside hawk
  std::unique_ptr<MachineResolver> resolver_;
  std::optional<SignalEvent> signals_;      // these end the run
  std::optional<SignalEvent> own_signals_;  // those of self clauses, if there are any
  std::optional<TracerName> name_;
  Attacher attacher_;
  std::vector<Attachment> attachments_;
  std::optional<ProgramTimer> timer_;  // once a benchmark has run in the kernel

  bool announced_ = false;         // everything is attached
  std::vector<bool> names_texts_;  // by event
  std::vector<Pending> pending_;   // records that wait
  std::size_t pending_bytes_ = 0;
  struct Retirements {
    std::uint64_t round = 0;  // EventReader::round()
    std::uint32_t count = 0;  // in that round
  };
  std::vector<Retirements> retirements_;  // by map: what clauses in the kernel asked for
  bool exit_pends_ = false;               // one of them ends the program
  bool dropping_ = false;                 // exit() was called: later events do not count
  int exit_code_ = 0;
  std::map<std::uint32_t, std::uint64_t> refused_inside_;  // by map: updates by clauses inside hawk
  std::set<std::uint32_t> refused_said_;                   // maps that have been said to be full
  std::uint64_t lost_ = 0;                                 // reported so far
  std::chrono::steady_clock::time_point next_tick_;
};

}  // namespace hawk
