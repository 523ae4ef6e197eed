// A map of the kernel in two generations: programs use one, the live one, while hawk reads and empties the other. Which
// one is live is the only element of an ARRAY_OF_MAPS, where programs look first. Changing it by a system call returns
// when no program that began before can still be running (synchronize_rcu, Linux 4.20), so that what is read then is
// complete: every update is in exactly one generation.
#pragma once

#include <bpf/libbpf.h>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "image/event.h"
#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

class MapGenerations {
 public:
  // To be called before the object is loaded: both generations are made as `pattern` (live_map_symbol's neighbour)
  // says, which itself is not.
  static Result<MapGenerations> create(const MapSchema& schema, bpf_map& pattern, bpf_map& live);
  // When the object is loaded.
  [[nodiscard]] Result<> start();

  [[nodiscard]] int live() const { return fds_[live_].get(); }

  // Which run of a clause something is for: of a clause in the kernel the ticket that its records carry, else this.
  static constexpr std::uint64_t kOwn = 0;

  // What the map holds is set aside, and the live generation is empty: kRetire. Without a drop() since the last time,
  // both are set aside together.
  void retire(std::uint64_t ticket, bool keep_keys);
  // As if retire() had found nothing: what the map holds stays where it is, for the next one.
  void retire_nothing(std::uint64_t ticket);
  // Ends a retire(): what has been set aside is gone. With `keep_keys`, as retire() was told too, its keys live on,
  // with a value of zero bytes. Does nothing without the retire(), whose record may have been lost.
  void drop(std::uint64_t ticket, bool keep_keys);
  [[nodiscard]] bool has_retired(std::uint64_t ticket) const { return find(ticket) != nullptr; }

  // What has been set aside and not dropped goes back. No program may be running.
  void restore();

  // What has been set aside for the ticket.
  [[nodiscard]] const MapSnapshot& set_aside(std::uint64_t ticket) const { return find(ticket)->snapshot; }
  // What the map holds for everybody else: what waits for a drop() as well.
  [[nodiscard]] MapSnapshot snapshot();

 private:
  MapGenerations(const MapSchema& schema, const bpf_map& live) : schema_(&schema), switch_(&live) {}
  [[nodiscard]] bool use(int generation);
  struct SetAside {
    std::uint64_t ticket = 0;
    MapSnapshot snapshot;
    std::chrono::steady_clock::time_point since;
  };
  [[nodiscard]] const SetAside* find(std::uint64_t ticket) const;
  [[nodiscard]] SetAside* find(std::uint64_t ticket) {
    return const_cast<SetAside*>(std::as_const(*this).find(ticket));
  }
  void put_aside(std::uint64_t ticket, MapSnapshot snapshot);
  void forget_abandoned();

  const MapSchema* schema_;
  const bpf_map* switch_;  // the ARRAY_OF_MAPS, which the object owns
  UniqueFd fds_[2];
  int live_ = 0;
  std::vector<SetAside> set_aside_;  // the oldest first
};

}  // namespace hawk
