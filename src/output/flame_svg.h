// Flame graphs as one SVG file that needs nothing else: a picture without scripts, and with them zoom, search and the
// keyboard (flame_graph.js). Everything that comes from outside is escaped.
#pragma once

#include <string>
#include <vector>

#include "output/flame_tree.h"

namespace hawk {

struct FlamePage {
  std::string title;
  std::string subtitle = {};
  std::vector<FlameGraph> graphs = {};
};

[[nodiscard]] std::string flame_svg(const FlamePage& page);

}  // namespace hawk
