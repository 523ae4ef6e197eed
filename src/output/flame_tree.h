// FlameGraph: the stacks of a map, merged from their outermost frames on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ast/schema.h"
#include "output/printer.h"

namespace hawk {

enum class FrameKind : std::uint8_t {
  kRoot,     // everything, and the parts of the key that are not stacks: processes
  kProgram,  // the executable itself
  kLibrary,  // shared objects, the vdso too
  kKernel,
  kGenerated,  // has a name and no file: code made at run time
  kUnknown,    // has no name
};

struct FlameFrame {
  std::string name;
  FrameKind kind = FrameKind::kRoot;
  std::uint32_t depth = 0;  // 0: the frame that holds all
  std::uint64_t start = 0;  // what lies to the left of it
  std::uint64_t value = 0;
};

struct FlameGraph {
  std::string map;      // name without `@`
  bool counts = false;  // the values are numbers of samples
  std::vector<FlameFrame> frames =
      {};                       // each followed by those on top of it, left to right; none where nothing was counted
  std::size_t pruned = 0;       // frames left out
  std::uint64_t narrowest = 0;  // because their value is below this
};

// Whether a flame graph can be made of a map: stacks in its key, a number, count() or sum() as its value.
[[nodiscard]] bool has_flames(const MapSchema& schema);

// The parts of a key that are no stacks come first, in their order, then user stacks, then kernel stacks. Frames too
// narrow to be seen are left out, and as many of the narrowest as it takes to keep the rest within what a browser draws
// at once.
[[nodiscard]] FlameGraph make_flame_graph(const MapSnapshot& snapshot, const FormatContext& context);

}  // namespace hawk
