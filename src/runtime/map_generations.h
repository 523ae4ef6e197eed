// A map of the kernel in two generations: programs use one, the live one, while hawk reads and empties the other. Which
// one is live is the only element of an ARRAY_OF_MAPS, where programs look first. Changing it by a system call returns
// when no program that began before can still be running (synchronize_rcu, Linux 4.20), so that what is read then is
// complete: every update is in exactly one generation.
#pragma once

#include <bpf/libbpf.h>

#include <optional>

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

  // What the map holds is set aside, and the live generation is empty: kRetire. Without a drop() since the last time,
  // both are set aside together.
  void retire(bool keep_keys);
  // As if retire() had found nothing: what the map holds stays where it is, for the next one.
  void retire_nothing() { ++retired_; }
  // Ends one retire(): what has been set aside is gone. With `keep_keys`, as retire() was told too, its keys live on,
  // with a value of zero bytes.
  // False if nothing has been retired.
  bool drop(bool keep_keys);

  // What has been set aside goes back, and nothing waits for a drop() any more. No program may be running.
  void restore();

  // What has been set aside while a retire() waits for its drop(), else what the map holds.
  [[nodiscard]] MapSnapshot snapshot() const;

 private:
  MapGenerations(const MapSchema& schema, const bpf_map& live) : schema_(&schema), switch_(&live) {}
  [[nodiscard]] bool use(int generation);

  const MapSchema* schema_;
  const bpf_map* switch_;  // the ARRAY_OF_MAPS, which the object owns
  UniqueFd fds_[2];
  int live_ = 0;
  int retired_ = 0;  // retire()s that wait for a drop()
  std::optional<MapSnapshot> set_aside_;
};

}  // namespace hawk
