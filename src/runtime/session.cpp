// LiveSession: from load to finish. The order is that of session.h.
#include "runtime/session.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "ast/text_places.h"
#include "runtime/attach_error.h"
#include "runtime/detach.h"
#include "runtime/limits.h"
#include "runtime/live_session.h"
#include "runtime/notify.h"
#include "runtime/runtime_constants.h"
#include "runtime/user_symbol_use.h"
#include "support/check.h"

namespace hawk {

namespace {
bool has_texts(const Type& type) { return !text_places(type).empty(); }
}  // namespace

LiveSession::LiveSession(const ProgramImage& image, std::shared_ptr<HostCode> code, SessionOptions options,
                         Handlers handlers)
    : image_(image),
      code_(std::move(code)),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      account_(image_, loaded_) {}

LiveSession::~LiveSession() {
  stop_programs(attachments_);
  abandon_events(attachments_);
}

Result<> LiveSession::open_target() {
  if (!options_.command.empty()) {
    Result<ChildProcess> child = ChildProcess::start(options_.command);
    if (!child) return child.error();
    child_.emplace(std::move(child).value());
  }
  for (std::uint32_t pid : options_.unwound_pids) {
    if (Result<UniqueFd> process = open_process(static_cast<pid_t>(pid)); !process) return process.error();
  }
  if (options_.pid != 0) {
    Result<UniqueFd> target = open_process(static_cast<pid_t>(options_.pid));
    if (!target) return target.error();
    target_ = std::move(target).value();
  }
  return Ok{};
}

Result<> LiveSession::load() {
  if (Result<> opened = open_target(); !opened) return opened;
  RuntimeConstants constants = runtime_constants(child_ ? child_->pid() : 0, static_cast<pid_t>(options_.pid));
  resolver_ = std::make_unique<MachineResolver>(image_.config);
  if (Result<> loaded = load_kernel_part(constants); !loaded) return loaded;
  load_host_part(constants);
  return Ok{};
}

Result<> LiveSession::load_kernel_part(const RuntimeConstants& constants) {
  if (is_host_only()) {
    loaded_.programs.assign(image_.programs.size(), -1);
    loaded_.maps.assign(image_.maps.size(), -1);
    loaded_.short_maps.assign(image_.maps.size(), -1);
    loaded_.generations.resize(image_.maps.size());
  } else {
    raise_limits();  // after the fork: the command keeps its own
    Result<LoadedObject> loaded = load_object({.image = image_,
                                               .constants = constants,
                                               .unwind_tables = [this] { return unwind_tables(); },
                                               .verbose = options_.verbose,
                                               .allowed = options_.allowed_hooks});
    if (!loaded) return loaded.error();
    loaded_ = std::move(loaded).value();
  }
  auto on_record = [this](std::span<const std::uint8_t> record) { return receive(record); };
  Result<std::unique_ptr<EventReader>> events = EventReader::open(loaded_.event_ring, on_record);
  if (!events) return events.error();
  events_ = std::move(events).value();
  return Ok{};
}

UnwindTables LiveSession::unwind_tables() const {
  std::vector<std::uint32_t> pids = options_.unwound_pids;
  if (options_.pid != 0) pids.push_back(options_.pid);
  UnwindTables tables;
  for (const std::string& file : files_of_command(options_.command)) tables.add(file);
  for (std::uint32_t pid : pids) {
    for (const std::string& file : files_of_process(pid)) tables.add(file);
  }
  if (tables.files.empty() && handlers_.warning)
    handlers_.warning(
        "dw_ustack finds no unwind information (.eh_frame) in the process's files: stacks have one frame");
  return tables;
}

void LiveSession::load_host_part(const RuntimeConstants& constants) {
  if (image_.host_object.empty()) return;
  host_ = std::make_unique<HostPrograms>(
      HostPrograms::Setup{.image = image_,
                          .code = code_,
                          .constants = constants,
                          .kernel_maps = loaded_.maps,
                          .handlers = {.on_event = [this](auto record) { queue_own(record); },
                                       .should_stop = [this] { return should_stop(); }}});
  for (const EventSchema& event : image_.events) {
    auto map_has_texts = [&](std::uint32_t map) {
      return has_texts(image_.maps[map].key) || has_texts(image_.maps[map].value);
    };
    names_texts_.push_back((event.kind == EventKind::kPrintMap && map_has_texts(event.map)) ||
                           std::any_of(event.table.maps.begin(), event.table.maps.end(), map_has_texts) ||
                           std::any_of(event.fields.begin(), event.fields.end(),
                                       [](const EventField& field) { return has_texts(field.type); }));
  }
  resolver_->use_texts([this](std::uint64_t id) { return host_->text(id); });
}

void LiveSession::show_now() {
  deliver();
  if (handlers_.idle) handlers_.idle();
}

bool LiveSession::should_stop() {
  if (announced_) show_now();
  return signals_->received();
}

// --- start ----------------------------------------------------------------------------------------

Result<> LiveSession::start() {
  signals_.emplace({SIGINT, SIGTERM});
  if (!probes_of({ProbeKind::kSelf}).empty()) own_signals_.emplace({SIGUSR1});
  name_.emplace();
  explain_hooks();
  if (shows_user_symbols(image_)) resolver_->record_processes();
  if (options_.dry_run) {
    Result<ProbeList> attached = attach_programs();
    return attached ? Result<>(Ok{}) : Result<>(attached.error());
  }
  if (loaded_.packets >= 0) {
    Result<std::unique_ptr<PacketCapture>> packets = PacketCapture::open(loaded_.packets, image_);
    if (!packets) return packets.error();
    packets_ = std::move(packets).value();
  }
  // Inside hawk nothing can fail to attach: what begin clauses print need not wait.
  ProbeList probes = probes_of({ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf});
  if (is_host_only()) announce(probes_of({ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf, ProbeKind::kInterval}));
  if (Result<> begun = run_programs(ProbeKind::kBegin); !begun) return begun;
  if (signals_->received()) {  // meanwhile: there is nothing to attach any more, but end clauses
    if (!announced_) announce(probes);
    deliver();
    return Ok{};
  }
  Result<ProbeList> attached = attach_programs();
  if (!attached) return attached.error();
  Result<ProbeList> timers = host_ ? host_->start_timers() : Result<ProbeList>(ProbeList{});
  if (!timers) return timers.error();
  for (const ProbeList* more : {&attached.value(), &timers.value()})
    probes.insert(probes.end(), more->begin(), more->end());
  if (target_.valid()) resolver_->remember_process(options_.pid);
  if (child_) {
    if (announced_) show_now();  // what begin clauses printed comes before what the command prints
    if (Result<> released = child_->release(); !released) return released;
    resolver_->remember_process(static_cast<std::uint32_t>(child_->pid()));
  }
  notify_service_manager("READY=1");
  if (!announced_) announce(probes);
  deliver();
  return Ok{};
}

void LiveSession::explain_hooks() {
  for (std::size_t i = 0; i < image_.programs.size() && handlers_.detail; ++i) {
    HookChoice inside;
    const HookChoice& choice = i < loaded_.hooks.size() ? loaded_.hooks[i] : inside;
    handlers_.detail(describe_hook(image_.programs[i], choice));
  }
}

void LiveSession::announce(const ProbeList& probes) {
  announced_ = true;
  if (handlers_.attached) handlers_.attached(probes);
}

ProbeList LiveSession::probes_of(std::initializer_list<ProbeKind> kinds) const {
  ProbeList probes;
  for (const ProgramSpec& program : image_.programs) {
    if (std::find(kinds.begin(), kinds.end(), program.probes.front().kind) == kinds.end()) continue;
    for (const ProbeSpec& probe : program.probes) probes.push_back(&probe);
  }
  return probes;
}

Result<> LiveSession::run_programs(ProbeKind kind) {
  for (std::size_t i = 0; i < image_.programs.size(); ++i) {
    const ProgramSpec& program = image_.programs[i];
    if (program.probes.front().kind != kind) continue;
    for (const ProbeSpec& probe : program.probes) {
      if (Result<> done = run_program_once(i, probe.name); !done) return done;
    }
  }
  return Ok{};
}

Error cannot_run(const std::string& probe, int error) {
  return Error{.message = fmt::format("cannot run `{}`: {}", probe, std::strerror(error)),
               .help = error == EINVAL || error == EOPNOTSUPP ? "running clauses on demand needs Linux 5.10" : "",
               .exit_code = kExitKernel};
}

Result<> LiveSession::run_program_once(std::size_t index, const std::string& probe) {
  if (image_.programs[index].placement == Placement::kHost) {
    drain();  // what clauses in the kernel printed comes first
    host_->run(index);
    return Ok{};
  }
  int error = run_program(loaded_.programs[index]).error;
  return error == 0 ? Result<>(Ok{}) : Result<>(cannot_run(probe, error));
}

// Programs in the order in which they are attached: where the newest fires first, the last clause comes
// first, so that clauses on one event fire as they are written.
std::vector<std::size_t> LiveSession::attach_order() const {
  std::vector<std::size_t> order;
  std::vector<std::size_t> newest_first;
  for (std::size_t i = 0; i < image_.programs.size(); ++i) {
    ProbeKind kind = image_.programs[i].probes.front().kind;
    if (image_.programs[i].placement == Placement::kHost) continue;
    if (is_attachable(kind)) (fires_newest_first(kind) ? newest_first : order).push_back(i);
  }
  order.insert(order.end(), newest_first.rbegin(), newest_first.rend());
  return order;
}

Result<ProbeList> LiveSession::attach_programs() {
  ProbeList attached;
  std::vector<std::size_t> order = attach_order();
  for (std::size_t index : order) {
    if (signals_->received()) return Error{.message = "interrupted while attaching probes"};
    if (Result<> done = attach_program(index, attached); !done) return done.error();
  }
  bool other = !probes_of({ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf}).empty();
  if (attached.empty() && !order.empty() && !other) {
    return Error{.message = "Attachment failed for all probes", .exit_code = kExitKernel};
  }
  return attached;
}

Result<> LiveSession::attach_program(std::size_t index, ProbeList& attached) {
  pid_t process = child_ ? child_->pid() : static_cast<pid_t>(options_.pid);
  AttachOutcome outcome = attacher_.attach({.program = image_.programs[index],
                                            .program_fd = loaded_.programs[index],
                                            .hook = loaded_.hooks[index],
                                            .pid = process});
  for (Attachment& attachment : outcome.attachments) attachment.program = index;
  std::move(outcome.attachments.begin(), outcome.attachments.end(), std::back_inserter(attachments_));
  for (const ProbeSpec& probe : image_.programs[index].probes) {
    bool failed = std::any_of(outcome.failures.begin(), outcome.failures.end(),
                              [&](const AttachFailure& failure) { return failure.probe == &probe; });
    if (!failed) attached.push_back(&probe);
  }
  return report_failures(std::move(outcome.failures));
}

namespace {
// A program that `*` found in a process of another file system, and that has ended since.
bool has_vanished(const AttachFailure& failure) {
  return failure.error == ENOENT && failure.probe->target.starts_with("/proc/");
}
}  // namespace

Result<> LiveSession::report_failures(std::vector<AttachFailure> failures) {
  std::erase_if(failures, has_vanished);
  if (failures.empty() || image_.config.missing_probes == "ignore") return Ok{};
  if (image_.config.missing_probes != "warn") return attach_error(failures.front());
  for (const AttachFailure& failure : failures) {
    if (handlers_.warning) handlers_.warning(attach_error(failure).message);
  }
  return Ok{};
}

// --- run ------------------------------------------------------------------------------------------

namespace {
constexpr std::size_t kBatch = 16384;  // records between two looks at signals and the clock
constexpr std::chrono::milliseconds kTick{100};
constexpr std::size_t kUnlimited = SIZE_MAX;
}  // namespace

// Elements are taken one at a time, so that the event ring has room for what their programs report, and exit() means
// it.
StopReason LiveSession::iterate() {
  for (const Attachment& attachment : attachments_) {
    char mark = 0;
    while (attachment.elements.valid() && !dropping_) {
      if (signals_->received()) return StopReason::kSignal;
      ssize_t got = ::read(attachment.elements.get(), &mark, sizeof(mark));
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;  // EAGAIN: a million elements without one to report
      if (got < 0 && handlers_.warning)
        handlers_.warning(fmt::format("the iteration has ended early: {}", std::strerror(errno)));
      if (got <= 0) break;
      drain();
      deliver();
      if (handlers_.idle) handlers_.idle();
    }
  }
  return dropping_ ? StopReason::kExitCalled : StopReason::kNothingToDo;
}

StopReason LiveSession::run() {
  if (!probes_of({ProbeKind::kIter}).empty()) return iterate();
  while (true) {
    bool busy = events_->consume(kBatch) && !dropping_;
    if (packets_) packets_->consume();
    do_every_tick();
    if (dropping_) return StopReason::kExitCalled;
    if (!busy && handlers_.idle) handlers_.idle();
    bool expects_nothing = attachments_.empty() && !child_ && !own_signals_ && !(host_ && host_->has_timers());
    if (!busy && expects_nothing) return StopReason::kNothingToDo;
    if (std::optional<StopReason> reason = wait(busy)) return *reason;
  }
}

// Once for each signal, as far as they can be told apart: signals of one kind that are on their way together are one.
void LiveSession::run_self_clauses() {
  for (std::uint64_t left = own_signals_->take(); left > 0 && !dropping_ && !signals_->received(); --left) {
    take_reported();  // comes first
    [[maybe_unused]] Result<> ran = run_programs(ProbeKind::kSelf);
    events_->consume_reported();
    deliver();
  }
}

// Returns when there is something to read or the tick is over; with a reason when the run ends.
std::optional<StopReason> LiveSession::wait(bool busy) {
  std::vector<pollfd> sources = {
      {.fd = signals_->fd(), .events = POLLIN, .revents = 0},
      {.fd = child_ ? child_->pidfd() : -1, .events = POLLIN, .revents = 0},
      {.fd = target_.get(), .events = POLLIN, .revents = 0},
      {.fd = events_->fd(), .events = POLLIN, .revents = 0},
      {.fd = packets_ ? packets_->fd() : -1, .events = POLLIN, .revents = 0},
      {.fd = own_signals_ ? own_signals_->fd() : -1, .events = POLLIN, .revents = 0},
  };
  if (host_) host_->add_to(sources);
  ::poll(sources.data(), sources.size(), busy ? 0 : static_cast<int>(kTick.count()));
  if (sources[0].revents != 0) return StopReason::kSignal;
  if (sources[1].revents != 0) return StopReason::kChildEnded;
  if (sources[2].revents != 0) return StopReason::kProcessEnded;
  if (own_signals_ && own_signals_->received()) run_self_clauses();
  if (host_ && host_->is_due()) {
    take_reported();  // comes first
    host_->run_due([this] {
      deliver();
      return dropping_ || signals_->received();
    });
    deliver();
  }
  return std::nullopt;
}

void LiveSession::do_every_tick() {
  auto now = std::chrono::steady_clock::now();
  if (now < next_tick_) return;
  next_tick_ = now + kTick;
  resolver_->collect_records();
  report_lost();
}

std::uint64_t LiveSession::count_lost() const { return account_.lost() + (packets_ ? packets_->lost() : 0); }

std::vector<MapRefusals> LiveSession::count_refusals() const {
  std::vector<MapRefusals> refusals;
  for (std::uint32_t map = 0; map < image_.maps.size(); ++map) {
    auto inside = refused_inside_.find(map);
    std::uint64_t count = inside == refused_inside_.end() ? 0 : inside->second;
    if (loaded_.refused >= 0) count += sum_counters(loaded_.refused, map, 1).front();
    if (count > 0) refusals.push_back({.map = map, .count = count});
  }
  return refusals;
}

void LiveSession::report_lost() {
  std::uint64_t total = count_lost();
  if (total > lost_ && handlers_.lost) handlers_.lost(total - lost_, total);
  lost_ = std::max(lost_, total);
}

// --- finish ---------------------------------------------------------------------------------------

// Everything that is queued; to be called when nothing writes any more.
void LiveSession::drain() {
  if (packets_) packets_->consume();
  while (events_->consume(kUnlimited)) {
  }
}

// As drain(), and what programs report that were at work when their probes went away.
void LiveSession::drain_all() {
  constexpr std::chrono::milliseconds kPause{1};
  constexpr int kMostPauses = 100;
  drain();
  for (int i = 0; i < kMostPauses && account_.is_open(); ++i) {
    std::this_thread::sleep_for(kPause);
    drain();
  }
}

void LiveSession::finish() {
  notify_service_manager("STOPPING=1");
  report_lost();
  if (host_) host_->stop_timers();
  account_.note_missed(attachments_);
  stop_programs(attachments_);
  if (!attachments_.empty()) wait_for_programs();
  drain_all();
  restore_maps();
  for (std::size_t i = 0; i < image_.programs.size(); ++i) {
    if (image_.programs[i].probes.front().kind != ProbeKind::kEnd) continue;
    dropping_ = false;  // an exit() ends what comes before the end clauses, or one of them
    signals_->take();   // and so does a signal
    for (const ProbeSpec& probe : image_.programs[i].probes) {
      [[maybe_unused]] Result<> ran = run_program_once(i, probe.name);
      drain();
      deliver();
    }
  }
  report_lost();
  if (handlers_.account) handlers_.account(account_.settle());
  if (std::vector<MapRefusals> refusals = count_refusals(); !refusals.empty() && handlers_.refusals)
    handlers_.refusals(refusals);
  if (handlers_.idle) handlers_.idle();
}

std::vector<MapSnapshot> LiveSession::snapshots() {
  std::vector<MapSnapshot> snapshots;
  for (std::size_t i = 0; i < image_.maps.size(); ++i) {
    bool exists = host_map(i) != nullptr || loaded_.maps[i] >= 0;
    if (image_.maps[i].printed_at_exit && exists) snapshots.push_back(read(i));
  }
  return snapshots;
}

Result<std::unique_ptr<RunningProgram>> load_program(const ProgramImage& image, std::shared_ptr<HostCode> code,
                                                     const SessionOptions& options, RunningProgram::Handlers handlers) {
  auto session = std::make_unique<LiveSession>(image, std::move(code), options, std::move(handlers));
  if (Result<> loaded = session->load(); !loaded) return loaded.error();
  return std::unique_ptr<RunningProgram>(std::move(session));
}

}  // namespace hawk
