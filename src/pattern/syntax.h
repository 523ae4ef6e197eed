// The syntax tree of a pattern, common to regular expressions and globs.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "pattern/characters.h"
#include "pattern/pattern.h"

namespace hawk::pattern {

struct Node;
using NodePtr = std::unique_ptr<Node>;

// What must be true between two characters.
enum class Assertion : std::uint8_t { kBegin, kEnd, kWordEdge, kNoWordEdge, kWordBegin, kWordEnd };

struct Sequence {
  std::vector<NodePtr> parts;
};  // without parts: the empty string
struct Choice {
  std::vector<NodePtr> branches;
};
struct Repeat {
  NodePtr part;
  std::uint32_t least = 0;
  std::optional<std::uint32_t> most;
};

struct Node {
  std::variant<CharacterSet, Sequence, Choice, Repeat, Assertion> value;
};

[[nodiscard]] inline NodePtr make_node(auto value) { return std::make_unique<Node>(Node{std::move(value)}); }

// Null after a diagnostic.
[[nodiscard]] NodePtr parse_regex(const Source& source, DiagSink& diagnostics);
[[nodiscard]] NodePtr parse_glob(const Source& source, DiagSink& diagnostics);

}  // namespace hawk::pattern
