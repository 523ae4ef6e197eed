#include "ast/schema.h"

#include <algorithm>

#include "ast/round_up.h"
#include "support/check.h"

namespace hawk {

void add_field(EventSchema& schema, Type type) {
  // The record's end is always 8-byte aligned, so the next field may start there.
  std::uint32_t offset = schema.size;
  schema.size = round_up(offset + std::max<std::uint32_t>(type.size, 1), 8);
  schema.fields.push_back({.type = std::move(type), .offset = offset});
}

void add_origin(EventSchema& schema) {
  HAWK_CHECK(!schema.has_origin, "an event has one origin");
  schema.has_origin = true;
  schema.size += sizeof(EventOrigin);
  for (EventField& field : schema.fields) field.offset += sizeof(EventOrigin);
}

bool is_data_event(EventKind kind) {
  switch (kind) {
    case EventKind::kPrintf:
    case EventKind::kPrintValue:
    case EventKind::kPrintMapValue:
    case EventKind::kErrorf:
    case EventKind::kWarnf:
    case EventKind::kTime:
    case EventKind::kCat:
    case EventKind::kSystem:
    case EventKind::kJoin: return true;
    case EventKind::kPrintMap:
    case EventKind::kPrintTable:
    case EventKind::kExit:
    case EventKind::kUnwatch:
    case EventKind::kClear:
    case EventKind::kZero:
    case EventKind::kRetire:
    case EventKind::kPacket:
    case EventKind::kRuntimeError:
    case EventKind::kHelperError: return false;
  }
  HAWK_UNREACHABLE("event kind");
}

bool is_control_event(const EventSchema& event) {
  // A map says only once on each CPU that it is full.
  return event.has_ticket || event.refuses || event.kind == EventKind::kExit || event.kind == EventKind::kUnwatch ||
         event.kind == EventKind::kClear || event.kind == EventKind::kZero || event.kind == EventKind::kRetire;
}

std::string describe(const EntryOrder& order) {
  std::string text;
  if (order.by != EntryOrder::By::kPrinted) text = order.by == EntryOrder::By::kKey ? " by key" : " by value";
  for (std::uint16_t part : order.part) text += part == 0 ? "" : "." + std::to_string(part - 1);
  if (order.direction == EntryOrder::Direction::kNone) return text;
  return text + (order.direction == EntryOrder::Direction::kAscending ? ", ascending" : ", descending");
}

bool is_per_cpu(MapStorage storage) {
  return storage == MapStorage::kPerCpuHash || storage == MapStorage::kPerCpuLruHash ||
         storage == MapStorage::kPerCpuArray;
}

bool is_always_there(const MapSchema& map) { return !map.keyed && map.storage != MapStorage::kTask; }

std::uint32_t map_key_size(const MapSchema& map) { return map.keyed ? map.key.size : 4; }

std::uint32_t presence_offset(const MapSchema& map) {
  HAWK_CHECK(!map.keyed, "only scalar maps have a presence word");
  return round_up(map.value.size, 8);
}

std::uint32_t map_value_size(const MapSchema& map) {
  return map.keyed ? std::max<std::uint32_t>(map.value.size, 1) : presence_offset(map) + 8;
}

}  // namespace hawk
