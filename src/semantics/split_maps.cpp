#include "semantics/split_maps.h"

#include <vector>

#include "semantics/typed_search.h"

namespace hawk {

namespace {

constexpr std::uint32_t kShortFrames = 16;
constexpr std::uint32_t kShortString = 64;  // bytes, NUL included
constexpr std::uint32_t kWorthwhile = 2;    // times as long as that

std::optional<SplitKeys> short_stacks(const Type& type) {
  constexpr std::uint32_t kHeader = 8;  // of a stack: see type.h
  constexpr std::uint32_t kAddress = 8;
  if (frame_size(type.stack_mode) != kAddress || type.count < kWorthwhile * kShortFrames) return std::nullopt;
  return SplitKeys{.size = kHeader + kShortFrames * kAddress, .offset = 0, .bytes = 4, .most = kShortFrames};
}

// Behind its NUL a string has zeros.
std::optional<SplitKeys> short_strings(const Type& type) {
  if (type.size < kWorthwhile * kShortString) return std::nullopt;
  return SplitKeys{.size = kShortString, .offset = kShortString - 1, .bytes = 1, .most = 0};
}

// Of keys of the type: what is short is the part that they end with.
std::optional<SplitKeys> short_keys(const Type& type) {
  if (is_stack(type)) return short_stacks(type);
  if (type.kind == TypeKind::kString) return short_strings(type);
  bool composite = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord;
  if (!composite || type.def == nullptr || type.def->fields.empty()) return std::nullopt;
  const Field& last = type.def->fields.back();
  std::optional<SplitKeys> keys = short_keys(last.type);
  if (!keys || last.offset + last.type.size != type.size) return std::nullopt;
  keys->size += last.offset;
  keys->offset += last.offset;
  return keys;
}

// Maps that are looked at as a whole by a clause, or by one inside hawk, which reaches one kernel map.
std::vector<bool> find_whole(const typed::CheckedProgram& program) {
  std::vector<bool> whole(program.maps.size());
  for (const typed::Clause& clause : program.clauses) {
    bool inside = clause.placement == Placement::kHost;
    auto note = [&](const auto& node) {
      using Node = std::decay_t<decltype(node)>;
      constexpr bool kOfAll = std::is_same_v<Node, typed::MapLength> || std::is_same_v<Node, typed::MapAddress> ||
                              std::is_same_v<Node, typed::ForMap>;
      if constexpr (requires { node.map; }) {
        if (kOfAll || inside) whole[node.map] = true;
      }
      return false;
    };
    typed::Search search{.on_expr = [&](const typed::Expr& expr) { return std::visit(note, expr.node); },
                         .on_stmt = [&](const typed::Stmt& stmt) { return std::visit(note, stmt.node); }};
    static_cast<void>(search.find(clause.body));
  }
  return whole;
}

bool can_be_split(const MapSchema& map) {
  return map.keyed && map.placement == Placement::kKernel && !map.has_generations &&
         (map.storage == MapStorage::kHash || map.storage == MapStorage::kPerCpuHash);
}

}  // namespace

void split_maps(typed::CheckedProgram& program) {
  std::vector<bool> whole = find_whole(program);
  for (std::size_t i = 0; i < program.maps.size(); ++i) {
    MapSchema& map = program.maps[i];
    if (can_be_split(map) && !whole[i]) map.short_keys = short_keys(map.key);
  }
}

}  // namespace hawk
