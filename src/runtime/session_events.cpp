// LiveSession: what it does with events, from the kernel and from clauses that run inside hawk, and with maps in both
// places.
#include <cstring>
#include <utility>

#include "runtime/live_session.h"
#include "support/check.h"

namespace hawk {

// Until everything is attached, records wait.
bool LiveSession::receive(std::span<const std::uint8_t> record) {
  if (announced_) return handle(record);
  queue(record);
  return true;
}

// Of a clause that runs inside hawk: as those of the kernel, its records are looked at when it has ended, or when they
// are many.
void LiveSession::queue(std::span<const std::uint8_t> record) {
  constexpr std::size_t kMostPending = 1 << 20;  // bytes
  pending_.emplace_back(record.begin(), record.end());
  pending_bytes_ += record.size();
  if (host_ && names_texts_[event_id(record)]) host_->hold_texts(true);
  if (pending_bytes_ > kMostPending) deliver();
}

EventKind LiveSession::kind_of(std::span<const std::uint8_t> record) const {
  return image_.events[event_id(record)].kind;
}

// A flood must not keep everything else from being served: much, but not for ever.
void LiveSession::take_reported() {
  constexpr std::size_t kMuch = 1 << 20;
  static_cast<void>(events_->consume(kMuch));
}

void LiveSession::deliver() {
  pending_bytes_ = 0;
  for (const std::vector<std::uint8_t>& record : std::exchange(pending_, {})) {
    // What the kernel has reported before an exit() counts.
    if (kind_of(record) == EventKind::kExit && announced_) take_reported();
    handle(record);
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
  if (dropping_) return true;
  const EventSchema& schema = image_.events[event_id(record)];
  HAWK_CHECK(record.size() >= schema.size, "an event cut short");
  Event event{.schema = &schema, .bytes = record.first(schema.size)};
  switch (schema.kind) {
    case EventKind::kExit: handle_exit(event); return false;
    case EventKind::kClear: clear(schema.map); return true;
    case EventKind::kZero: zero(schema.map); return true;
    case EventKind::kPrintMap:
      if (handlers_.print_map) handlers_.print_map(schema, read(schema.map));
      return true;
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
      if (handlers_.event) handlers_.event(event);
      return true;
  }
  HAWK_UNREACHABLE("event kind");
}

void LiveSession::handle_exit(const Event& event) {
  std::int64_t code = 0;
  std::memcpy(&code, event.bytes.data() + event.schema->fields.front().offset, sizeof(code));
  exit_code_ = static_cast<int>(code & 0xff);
  dropping_ = true;
}

KernelMap LiveSession::kernel_map(std::size_t index) const {
  HAWK_CHECK(index < image_.maps.size(), "a map of an unknown number");
  return {.schema = &image_.maps[index], .fd = loaded_.maps[index]};
}

HostMap* LiveSession::host_map(std::size_t index) {
  return image_.maps[index].placement == Placement::kHost ? &host_->map(index) : nullptr;
}

MapSnapshot LiveSession::read(std::size_t map) {
  HostMap* here = host_map(map);
  return here != nullptr ? here->snapshot() : read_map(kernel_map(map));
}

void LiveSession::clear(std::size_t map) {
  HostMap* here = host_map(map);
  here != nullptr ? here->clear() : clear_map(kernel_map(map));
}

void LiveSession::zero(std::size_t map) {
  HostMap* here = host_map(map);
  here != nullptr ? here->zero() : zero_map(kernel_map(map));
}

}  // namespace hawk
