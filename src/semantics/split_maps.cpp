#include "semantics/split_maps.h"

#include <vector>

#include "semantics/typed_search.h"

namespace hawk {

namespace {

constexpr std::uint32_t kWorthwhile = 2 * kShortFrames;  // frames

// Where in a value of the type the stack is that it ends with.
std::optional<std::uint32_t> last_stack(const Type& type) {
  if (is_stack(type)) {
    bool addresses = frame_size(type.stack_mode) == sizeof(std::uint64_t);
    return addresses && type.count >= kWorthwhile ? std::optional<std::uint32_t>(0) : std::nullopt;
  }
  bool composite = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord;
  if (!composite || type.def == nullptr || type.def->fields.empty()) return std::nullopt;
  const Field& last = type.def->fields.back();
  if (last.offset + last.type.size != type.size) return std::nullopt;
  std::optional<std::uint32_t> inside = last_stack(last.type);
  return inside ? std::optional(last.offset + *inside) : std::nullopt;
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
    if (can_be_split(map) && !whole[i]) map.short_stack = last_stack(map.key);
  }
}

}  // namespace hawk
