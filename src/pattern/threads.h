// Threads: a pattern as a non-deterministic automaton over bytes. A place is where a thread stands; edges take it on
// with a byte, links without one, and a link may be bound to an assertion.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pattern/syntax.h"

namespace hawk::pattern {

using PlaceId = std::uint32_t;

struct Edge {
  unsigned char first = 0;
  unsigned char last = 0;
  PlaceId to = 0;
  bool stray = false;  // the byte is taken for one that is part of no UTF-8: what follows must not complete it
};

struct Link {
  PlaceId to = 0;
  std::optional<Assertion> assertion;
};

struct Place {
  std::vector<Edge> edges;
  std::vector<Link> links;
};

struct Threads {
  std::vector<Place> places;
  PlaceId start = 0;
  PlaceId goal = 0;           // a thread here at the end of the string is a match
  bool goal_is_sure = false;  // and a thread that has come here stays, whatever follows
  bool asks_for_words = false;
};

// The pattern anywhere in the string, or as the whole string. nullopt if it takes too many places.
[[nodiscard]] std::optional<Threads> build_threads(const Node& pattern, bool anywhere);

}  // namespace hawk::pattern
