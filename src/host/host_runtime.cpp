#include "host/host_runtime.h"

#include <sys/random.h>

#include <algorithm>
#include <cstring>

#include "ast/text_places.h"
#include "host/operations.h"
#include "support/check.h"

namespace hawk {

namespace {

constexpr std::uint64_t kTurnsPerBreath = 65536;  // a turn is about a nanosecond, a breath less than a microsecond

std::uint32_t random_seed() {
  std::uint32_t seed = 0;
  static_cast<void>(::getrandom(&seed, sizeof(seed), GRND_NONBLOCK));
  return seed;
}

std::uint64_t load_id(const void* bytes, std::uint32_t offset) {
  std::uint64_t id = 0;
  std::memcpy(&id, static_cast<const std::uint8_t*>(bytes) + offset, sizeof(id));
  return id;
}

}  // namespace

HostRuntime::HostRuntime(const ProgramImage& image, const RuntimeConstants& constants, Handlers handlers)
    : image_(image),
      handlers_(std::move(handlers)),
      maps_(image.maps.size()),
      aside_(image.maps.size()),
      lines_(handlers_.should_stop),
      random_(random_seed()),
      sweep_at_(texts_.next_sweep()),
      breath_at_(sweep_at_) {
  context_.operations = &kHostOperations;
  context_.runtime = this;
  context_.constants = constants;
  for (std::size_t id = 0; id < maps_.size(); ++id) {
    const MapSchema& schema = image.maps[id];
    if (schema.placement != Placement::kHost) continue;
    auto map = std::make_unique<MemoryMap>(schema);
    if (needs_host(schema.key) || needs_host(schema.value))
      text_maps_.push_back({map.get(), text_places(schema.key), text_places(schema.value)});
    maps_[id] = std::move(map);
  }
}

void HostRuntime::set_map(std::size_t id, std::unique_ptr<HostMap> map) {
  HAWK_CHECK(maps_[id] == nullptr, "a map in hawk's memory is set from outside");
  maps_[id] = std::move(map);
}

void HostRuntime::set_aside(std::size_t id, const MapSnapshot& snapshot) {
  auto map = std::make_unique<MemoryMap>(image_.maps[id]);
  const std::uint32_t only_index = 0;
  std::vector<std::uint64_t> value((map_value_size(image_.maps[id]) + 7) / 8);
  for (const MapEntry& entry : snapshot.entries) {
    std::memcpy(value.data(), entry.value.data(), entry.value.size());
    if (!snapshot.schema->keyed) value.back() = snapshot.written ? 1 : 0;  // the presence word
    map->set(snapshot.schema->keyed ? static_cast<const void*>(entry.key.data()) : &only_index, value.data());
  }
  aside_[id] = std::move(map);
}

std::int64_t HostRuntime::run(HostProgram program, const void* event, std::uint32_t index) {
  program_ = index;
  text_roots_.clear();
  for (auto& map : aside_) map.reset();
  record_is_open_ = false;
  if (texts_.bytes() >= sweep_at_) forget_texts();
  context_.event = event;
  context_.turns_left = kTurnsPerBreath;
  return program(&context_);
}

bool HostRuntime::take_breath(bool may_forget) {
  context_.turns_left = 0;
  if (handlers_.should_stop()) return true;
  context_.turns_left = kTurnsPerBreath;
  if (may_forget && !record_is_open_ && texts_.bytes() >= sweep_at_) forget_texts();
  return false;
}

// --- texts ----------------------------------------------------------------------------------------

std::uint64_t HostRuntime::add_text(std::string_view bytes) {
  spend(32 + bytes.size() / 4);
  std::uint64_t id = texts_.intern(bytes);
  if (texts_.bytes() >= breath_at_) {
    breath_at_ = texts_.bytes() + texts_.bytes() / 8;
    context_.turns_left = 0;
  }
  return id;
}

void HostRuntime::add_text_root(const std::uint64_t* variable) {
  if (std::find(text_roots_.begin(), text_roots_.end(), variable) == text_roots_.end()) text_roots_.push_back(variable);
}

void HostRuntime::forget_texts() {
  if (texts_are_held_) return;
  for (const std::uint64_t* variable : text_roots_) texts_.keep(*variable);
  for (const TextMap& texts : text_maps_) {
    texts.map->for_each_stored([&](const void* key, const void* value) {
      for (std::uint32_t place : texts.key_places) texts_.keep(load_id(key, place));
      for (std::uint32_t place : texts.value_places) texts_.keep(load_id(value, place));
    });
  }
  texts_.sweep();
  sweep_at_ = breath_at_ = texts_.next_sweep();
}

// --- events ---------------------------------------------------------------------------------------

void* HostRuntime::reserve_event(std::size_t bytes) {
  std::size_t words = (bytes + 7) / 8;
  if (record_.size() < words) record_.resize(words);
  record_is_open_ = true;
  return record_.data();
}

void HostRuntime::submit_event(const void* record) {
  std::uint32_t id = 0;
  std::memcpy(&id, record, sizeof(id));
  HAWK_CHECK(id < image_.events.size(), "host code submits an event without a schema");
  record_is_open_ = false;
  spend(1000);
  handlers_.on_event({static_cast<const std::uint8_t*>(record), image_.events[id].size});
}

void HostRuntime::report(std::uint64_t event, std::string_view first, std::string_view second) {
  HAWK_CHECK(event < image_.events.size(), "host code names an event without a schema");
  const EventSchema& schema = image_.events[event];
  HAWK_CHECK(schema.fields.size() == 2, "the failure of a source is an event of two texts");
  auto* record = static_cast<std::uint8_t*>(reserve_event(schema.size));
  std::memset(record, 0, schema.size);
  auto id = static_cast<std::uint32_t>(event);
  std::memcpy(record, &id, sizeof(id));
  if (schema.has_origin) {
    auto cpu = kHostOperations.identity(&context_, static_cast<std::uint64_t>(HostIdentity::kCpu));
    EventOrigin origin{.boot_ns = kHostOperations.clock(&context_, static_cast<std::uint64_t>(Clock::kBoot)),
                       .cpu = static_cast<std::uint32_t>(cpu),
                       .program = program_};
    std::memcpy(record + kEventHeaderSize, &origin, sizeof(origin));
  }
  std::uint64_t texts[] = {add_text(first), add_text(second)};
  for (std::size_t i = 0; i < 2; ++i) {
    HAWK_CHECK(schema.fields[i].type.kind == TypeKind::kText, "the failure of a source is an event of two texts");
    std::memcpy(record + schema.fields[i].offset, &texts[i], sizeof(texts[i]));
  }
  submit_event(record);
}

}  // namespace hawk
