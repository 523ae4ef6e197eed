// The BPF object of an image, loaded: file descriptors of its programs and maps, by hawk's own numbers.
#pragma once

#include <bpf/libbpf.h>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "image/program_image.h"
#include "runtime/attach.h"
#include "runtime/map_generations.h"
#include "runtime/unwind_tables.h"
#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

struct CloseObject {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};

struct LoadedObject {
  std::unique_ptr<bpf_object, CloseObject> object;  // owns the descriptors below
  std::vector<int> programs;                        // index: ProgramImage::programs; -1 for one on the host
  std::vector<HookChoice> hooks;                    // likewise
  std::vector<UniqueFd> traced;                     // BPF programs that ours are put on
  std::vector<int> short_maps;                      // likewise; -1 also without short keys
  std::vector<int> maps;                            // index: ProgramImage::maps; -1 for one that no program here uses
  std::vector<std::optional<MapGenerations>> generations;  // likewise; `maps` has the descriptor of the live one
  int event_ring = -1;                                     // -1 if nothing reports events
  int packets = -1;                                        // -1 without skboutput()
  int account = -1;                                        // likewise, -1 if nothing is counted
  int refused = -1;                                        // likewise, -1 if no map can be full
};

struct LoadRequest {
  const ProgramImage& image;
  RuntimeConstants constants;
  // What dw_ustack searches; asked for only if the object does. May be empty.
  std::function<UnwindTables()> unwind_tables;
  bool verbose = false;  // a verifier rejection brings the kernel's log
  AllowedHooks allowed = {};
};

// The Error says what the kernel refused, and where in the script if it is the verifier that did.
[[nodiscard]] Result<LoadedObject> load_object(const LoadRequest& request);

}  // namespace hawk
