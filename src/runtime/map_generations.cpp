#include "runtime/map_generations.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "runtime/map_access.h"
#include "runtime/map_calls.h"

namespace hawk {

namespace {

Result<UniqueFd> create_map(const MapSchema& schema, const bpf_map& pattern) {
  bpf_map_create_opts options{};
  options.sz = sizeof(options);
  options.map_flags = bpf_map__map_flags(&pattern);
  UniqueFd fd(bpf_map_create(bpf_map__type(&pattern), bpf_map__name(&pattern), bpf_map__key_size(&pattern),
                             bpf_map__value_size(&pattern), bpf_map__max_entries(&pattern), &options));
  if (!fd.valid()) {
    return Error{.message = "cannot make the map @" + schema.name + ": " + std::strerror(errno),
                 .help = errno == ENOMEM ? "it exists twice, as it is printed and cleared: give it fewer keys" : "",
                 .exit_code = kExitKernel};
  }
  return fd;
}

void merge_value(const MapSchema& schema, std::vector<std::uint8_t>& older, const std::vector<std::uint8_t>& newer) {
  if (is_aggregation(schema.value)) return merge_per_cpu(schema.value, older, newer);
  if (!schema.is_only_added_to || older.size() != sizeof(std::uint64_t)) {
    older = newer;
    return;
  }
  std::uint64_t sum = 0;
  std::uint64_t other = 0;
  std::memcpy(&sum, older.data(), sizeof(sum));
  std::memcpy(&other, newer.data(), sizeof(other));
  sum += other;
  std::memcpy(older.data(), &sum, sizeof(sum));
}

// What two generations hold, as if there had been one.
MapSnapshot merged(MapSnapshot older, const MapSnapshot& newer) {
  if (!older.schema->keyed) {
    if (newer.written) merge_value(*older.schema, older.entries.front().value, newer.entries.front().value);
    older.written = older.written || newer.written;
    return older;
  }
  std::map<std::vector<std::uint8_t>, std::size_t> places;
  for (std::size_t i = 0; i < older.entries.size(); ++i) places.emplace(older.entries[i].key, i);
  for (const MapEntry& entry : newer.entries) {
    auto place = places.find(entry.key);
    if (place == places.end()) older.entries.push_back(entry);
    else merge_value(*older.schema, older.entries[place->second].value, entry.value);
  }
  return older;
}

MapSnapshot nothing(const MapSchema& schema) {
  MapSnapshot empty{.schema = &schema, .entries = {}, .written = schema.keyed};
  if (!schema.keyed) empty.entries.push_back({.key = {}, .value = std::vector<std::uint8_t>(schema.value.size)});
  return empty;
}

}  // namespace

Result<MapGenerations> MapGenerations::create(const MapSchema& schema, bpf_map& pattern, bpf_map& live) {
  MapGenerations made(schema, live);
  for (UniqueFd& fd : made.fds_) {
    Result<UniqueFd> created = create_map(schema, pattern);
    if (!created) return created.error();
    fd = std::move(created).value();
  }
  bpf_map__set_autocreate(&pattern, false);
  bpf_map__set_inner_map_fd(&live, made.live());
  return made;
}

bool MapGenerations::use(int generation) {
  std::uint32_t index = 0;
  int fd = fds_[generation].get();
  if (map_update(bpf_map__fd(switch_), &index, &fd, BPF_ANY) != 0) return false;
  live_ = generation;
  return true;
}

Result<> MapGenerations::start() {
  if (use(0)) return Ok{};
  return Error{.message = "cannot use the map @" + schema_->name + ": " + std::strerror(errno),
               .exit_code = kExitKernel};
}

const MapGenerations::SetAside* MapGenerations::find(std::uint64_t ticket) const {
  auto found =
      std::find_if(set_aside_.begin(), set_aside_.end(), [=](const SetAside& each) { return each.ticket == ticket; });
  return found == set_aside_.end() ? nullptr : &*found;
}

void MapGenerations::put_aside(std::uint64_t ticket, MapSnapshot snapshot) {
  forget_abandoned();
  if (SetAside* found = find(ticket)) {
    found->snapshot = merged(std::move(found->snapshot), snapshot);
  } else {
    set_aside_.push_back({ticket, std::move(snapshot), std::chrono::steady_clock::now()});
  }
}

// Of a clause in the kernel whose clear() has been lost with the ring full: it follows print() within moments.
void MapGenerations::forget_abandoned() {
  constexpr std::chrono::seconds kLong{1};
  auto now = std::chrono::steady_clock::now();
  std::erase_if(set_aside_, [=](const SetAside& each) { return each.ticket != kOwn && now - each.since > kLong; });
}

void MapGenerations::retire(std::uint64_t ticket, bool keep_keys) {
  KernelMap former{schema_, live()};
  if (keep_keys && !schema_->keyed && read_map(former).written) mark_written({schema_, fds_[1 - live_].get()});
  static_cast<void>(use(1 - live_));  // if it fails, all that is lost is the exactness
  MapSnapshot snapshot = read_map(former);
  clear_map(former);
  put_aside(ticket, std::move(snapshot));
}

void MapGenerations::retire_nothing(std::uint64_t ticket) { put_aside(ticket, nothing(*schema_)); }

void MapGenerations::drop(std::uint64_t ticket, bool keep_keys) {
  const SetAside* found = find(ticket);
  if (found == nullptr) return;
  if (keep_keys && schema_->keyed) {
    // Keys that have come back meanwhile keep what they have.
    for (const MapEntry& entry : found->snapshot.entries) insert_zero({schema_, live()}, entry.key);
  }
  set_aside_.erase(set_aside_.begin() + (found - set_aside_.data()));
}

void MapGenerations::restore() {
  if (set_aside_.empty()) return;
  MapSnapshot whole = snapshot();
  clear_map({schema_, live()});
  write_map({schema_, live()}, whole);
  set_aside_.clear();
}

MapSnapshot MapGenerations::snapshot() {
  forget_abandoned();
  MapSnapshot now = read_map({schema_, live()});
  for (auto each = set_aside_.rbegin(); each != set_aside_.rend(); ++each) now = merged(each->snapshot, now);
  return now;
}

}  // namespace hawk
