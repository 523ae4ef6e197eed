// LiveSession: what it does with events, from the kernel and from clauses that run inside hawk, and with maps in both
// places.
#include <cstring>
#include <utility>

#include "image/bytes.h"
#include "runtime/detach.h"
#include "runtime/live_session.h"
#include "support/check.h"

namespace hawk {

// Until everything is attached, records wait.
bool LiveSession::receive(std::span<const std::uint8_t> record) {
  account_.received(event_id(record));
  if (announced_ && dropping_) account_.dropped(event_id(record));
  if (announced_) return dropping_ || handle(record);
  queue(record, false);
  return true;
}

// Of a clause that runs inside hawk: as those of the kernel, its records are looked at when it has ended, or when they
// are many. What they say of maps counts at once.
void LiveSession::queue(std::span<const std::uint8_t> record, bool own) {
  constexpr std::size_t kMostPending = 1 << 20;  // bytes
  const EventSchema& event = image_.events[event_id(record)];
  if (exit_pends_ && !own) account_.dropped(event_id(record));
  if (exit_pends_ || act_on_map({.schema = &event, .bytes = record}, own)) return;
  exit_pends_ = event.kind == EventKind::kExit;
  pending_.push_back({.record = {record.begin(), record.end()}, .maps = {}, .own = own});
  pending_bytes_ += record.size();
  if (event.kind == EventKind::kPrintMap || event.kind == EventKind::kPrintTable) {
    pending_.back().maps = maps_of({.schema = &event, .bytes = record});
    for (const MapSnapshot& map : pending_.back().maps) pending_bytes_ += memory_size(map);
  }
  if (host_ && names_texts_[event_id(record)]) host_->hold_texts(true);
  if (pending_bytes_ > kMostPending) deliver();
}

// While a clause inside hawk reads what has been set aside, it has it in its own memory.
void LiveSession::queue_own(std::span<const std::uint8_t> record) {
  queue(record, true);
  const EventSchema& event = image_.events[event_id(record)];
  if (event.refuses) ++refused_inside_[event.map];
  if (event.kind == EventKind::kRetire && loaded_.generations[event.map]) {
    host_->set_aside(event.map, loaded_.generations[event.map]->set_aside(MapGenerations::kOwn));
  } else if (event.kind != EventKind::kRetire && event.drops) {
    host_->forget_aside(event.map);
  }
}

EventKind LiveSession::kind_of(std::span<const std::uint8_t> record) const {
  return image_.events[event_id(record)].kind;
}

// A flood must not keep everything else from being served: much, but not for ever.
void LiveSession::take_reported() { events_->consume_reported(); }

void LiveSession::deliver() {
  pending_bytes_ = 0;
  exit_pends_ = false;
  for (const Pending& each : std::exchange(pending_, {})) {
    if (dropping_ && !each.own) account_.dropped(event_id(each.record));
    if (dropping_) continue;
    // What the kernel has reported before an exit() counts.
    if (kind_of(each.record) == EventKind::kExit && announced_) take_reported();
    if (each.maps.empty()) {
      handle(each.record);
    } else {
      show_maps({.schema = &image_.events[event_id(each.record)], .bytes = each.record}, each.maps);
    }
  }
  if (host_) host_->hold_texts(false);
}

std::uint32_t LiveSession::event_id(std::span<const std::uint8_t> record) const {
  std::uint32_t id = 0;
  HAWK_CHECK(record.size() >= kEventHeaderSize, "an event without a header");
  std::memcpy(&id, record.data(), sizeof(id));
  HAWK_CHECK(id < image_.events.size(), "an event of an unknown kind");
  return id;
}

bool LiveSession::handle(std::span<const std::uint8_t> record) {
  const EventSchema& schema = image_.events[event_id(record)];
  HAWK_CHECK(record.size() >= schema.size, "an event cut short");
  Event event{.schema = &schema, .bytes = record.first(schema.size)};
  if (act_on_map(event, false)) return true;
  switch (schema.kind) {
    case EventKind::kExit: handle_exit(event); return false;
    case EventKind::kUnwatch: unwatch(event); return true;
    case EventKind::kPrintMap:
    case EventKind::kPrintTable: show_maps(event, maps_of(event)); return true;
    case EventKind::kClear:
    case EventKind::kZero:
    case EventKind::kRetire: break;  // act_on_map
    case EventKind::kPacket: HAWK_UNREACHABLE("packets come another way");
    case EventKind::kPrintf:
    case EventKind::kPrintValue:
    case EventKind::kPrintMapValue:
    case EventKind::kErrorf:
    case EventKind::kWarnf:
    case EventKind::kTime:
    case EventKind::kCat:
    case EventKind::kSystem:
    case EventKind::kJoin:
    case EventKind::kRuntimeError:
    case EventKind::kHelperError:
      if (handlers_.event && !is_known_refusal(schema)) handlers_.event(event);
      return true;
  }
  HAWK_UNREACHABLE("event kind");
}

// Once is enough to say that a map is full; the summary has the number.
bool LiveSession::is_known_refusal(const EventSchema& event) {
  return event.refuses && !refused_said_.insert(event.map).second;
}

void LiveSession::show_maps(const Event& event, const std::vector<MapSnapshot>& maps) {
  bool table = event.schema->kind == EventKind::kPrintTable;
  if (table && handlers_.print_table) handlers_.print_table(event, maps);
  if (!table && handlers_.print_map) handlers_.print_map(event, maps.front());
}

// What the event is to show, as it is now.
std::vector<MapSnapshot> LiveSession::maps_of(const Event& event) {
  std::vector<MapSnapshot> maps;
  const EventSchema& schema = *event.schema;
  if (schema.kind == EventKind::kPrintTable) {
    for (std::uint32_t map : schema.table.maps) maps.push_back(read(map, ticket_of(event)));
  } else {
    bool recorded = schema.fields.size() > (schema.has_ticket ? 1 : 0);
    maps.push_back(recorded ? recorded_map(event) : read(schema.map, ticket_of(event)));
  }
  return maps;
}

std::uint64_t LiveSession::ticket_of(const Event& event) {
  if (!event.schema->has_ticket) return MapGenerations::kOwn;
  return load_word(event.bytes.subspan(event.schema->fields.back().offset), 0);
}

void LiveSession::handle_exit(const Event& event) {
  std::int64_t code = 0;
  std::memcpy(&code, event.bytes.data() + event.schema->fields.front().offset, sizeof(code));
  exit_code_ = static_cast<int>(code & 0xff);
  dropping_ = true;
}

void LiveSession::unwatch(const Event& event) {
  std::uint64_t address = load_word(event.bytes.subspan(event.schema->fields.front().offset), 0);
  std::vector<Attachment> ended;
  for (Attachment& attachment : attachments_) {
    const ProbeSpec& probe = image_.programs[attachment.program].probes.front();
    if (probe.kind == ProbeKind::kWatchpoint && attachment.watched == address) ended.push_back(std::move(attachment));
  }
  std::erase_if(attachments_, [](const Attachment& each) { return !each.link.valid() && !each.event.valid(); });
  stop_programs(ended);
}

KernelMap LiveSession::kernel_map(std::size_t index) const {
  HAWK_CHECK(index < image_.maps.size(), "a map of an unknown number");
  return {.schema = &image_.maps[index], .fd = loaded_.maps[index], .short_fd = loaded_.short_maps[index]};
}

HostMap* LiveSession::host_map(std::size_t index) {
  return image_.maps[index].placement == Placement::kHost ? &host_->map(index) : nullptr;
}

bool LiveSession::act_on_map(const Event& event, bool at_once) {
  const EventSchema& schema = *event.schema;
  switch (schema.kind) {
    case EventKind::kClear:
      if (!schema.drops || !drop(event, false)) clear(schema.map);
      return true;
    case EventKind::kZero:
      if (!schema.drops || !drop(event, true)) zero(schema.map);
      return true;
    case EventKind::kRetire: retire(event, at_once); return true;
    default: return false;
  }
}

// For a ticket: what was set aside, which is done now where the record that asked for it has been lost.
MapSnapshot LiveSession::read(std::size_t map, std::uint64_t ticket) {
  if (HostMap* here = host_map(map)) return here->snapshot();
  auto& generations = loaded_.generations[map];
  if (!generations) return read_map(kernel_map(map));
  bool of_kernel = ticket != MapGenerations::kOwn;
  if (of_kernel && !generations->has_retired(ticket)) set_aside(map, ticket, false);
  return of_kernel || generations->has_retired(ticket) ? generations->set_aside(ticket) : generations->snapshot();
}

// Of a scalar: its value, and whether it had been written.
MapSnapshot LiveSession::recorded_map(const Event& event) const {
  const MapSchema& schema = image_.maps[event.schema->map];
  const std::uint8_t* value = event.bytes.data() + event.schema->fields[0].offset;
  MapSnapshot snapshot{.schema = &schema, .entries = {}, .written = event.bytes[event.schema->fields[1].offset] != 0};
  snapshot.entries.push_back({.key = {}, .value = {value, value + schema.value.size}});
  return snapshot;
}

void LiveSession::clear(std::size_t map) {
  HostMap* here = host_map(map);
  here != nullptr ? here->clear() : clear_map(kernel_map(map));
}

void LiveSession::zero(std::size_t map) {
  HostMap* here = host_map(map);
  here != nullptr ? here->zero() : zero_map(kernel_map(map));
}

// Each time takes a grace period of the kernel. A program that asks for many in a row gets the first ones, with all
// that there is, and waits with the rest for the next reading.
void LiveSession::retire(const Event& event, bool at_once) {
  constexpr std::uint32_t kMostInARound = 8;
  std::uint32_t map = event.schema->map;
  std::optional<MapGenerations>& generations = loaded_.generations[map];
  if (!generations) return;  // no program of the kernel uses it
  if (!at_once && too_many_retirements(map, kMostInARound)) return generations->retire_nothing(ticket_of(event));
  set_aside(map, ticket_of(event), event.schema->drops);
}

void LiveSession::set_aside(std::size_t map, std::uint64_t ticket, bool zeroes) {
  std::optional<MapGenerations>& generations = loaded_.generations[map];
  generations->retire(ticket, zeroes);
  loaded_.maps[map] = generations->live();
}

bool LiveSession::too_many_retirements(std::size_t map, std::uint32_t most) {
  retirements_.resize(loaded_.generations.size());
  Retirements& last = retirements_[map];
  if (last.round != events_->round()) last = {.round = events_->round(), .count = 0};
  return ++last.count > most;
}

// False if there are no generations.
bool LiveSession::drop(const Event& event, bool zeroes) {
  auto& generations = loaded_.generations[event.schema->map];
  if (generations) generations->drop(ticket_of(event), zeroes);
  return generations.has_value();
}

// What was set aside and never dropped, as its clause did not get that far, is the map's. When nothing runs any more.
void LiveSession::restore_maps() {
  for (std::optional<MapGenerations>& generations : loaded_.generations) {
    if (generations) generations->restore();
  }
}

}  // namespace hawk
