#include "semantics/snapshots.h"

#include <algorithm>
#include <optional>

#include "semantics/typed_build.h"
#include "semantics/typed_search.h"

namespace hawk {

namespace {

using typed::Block;
using typed::MapId;
using typed::Stmt;
using typed::StmtPtr;

// Whether control may leave a statement other than at its end: out of the loop, the function or the clause around it.
struct MayLeave {
  bool in_loop = false;
  bool in_region = false;

  bool any(const Block& block) const {
    return std::any_of(block.statements.begin(), block.statements.end(),
                       [&](const StmtPtr& stmt) { return std::visit(*this, stmt->node); });
  }
  [[nodiscard]] MayLeave inside_loop() const { return {true, in_region}; }

  bool operator()(const typed::Break&) const { return !in_loop; }
  bool operator()(const typed::Continue&) const { return !in_loop; }
  bool operator()(const typed::Return&) const { return true; }
  bool operator()(const typed::LeaveRegion&) const { return !in_region; }
  bool operator()(const typed::If& node) const { return any(node.then) || any(node.otherwise); }
  bool operator()(const typed::Choose& node) const {
    const MayLeave inside = node.ends_at_break ? inside_loop() : *this;
    return std::any_of(node.choices.begin(), node.choices.end(),
                       [&](const typed::Choice& choice) { return inside.any(choice.body); });
  }
  bool operator()(const typed::While& node) const { return inside_loop().any(node.body); }
  bool operator()(const typed::ForRange& node) const { return inside_loop().any(node.body); }
  bool operator()(const typed::ForMap& node) const { return inside_loop().any(node.body); }
  bool operator()(const typed::Scope& node) const { return any(node.block); }
  bool operator()(const typed::Region& node) const { return MayLeave{false, true}.any(node.block); }
  // An expression with statements inside: only those of a function, or of a macro, which may hold anything.
  template <class Node>
  bool operator()(const Node& node) const {
    typed::Search search{.on_stmt = [](const Stmt& stmt) {
      return std::holds_alternative<typed::Return>(stmt.node) || std::holds_alternative<typed::Break>(stmt.node) ||
             std::holds_alternative<typed::Continue>(stmt.node);
    }};
    if constexpr (std::is_same_v<Node, typed::Evaluate>) return search.find(node.expr);
    else if constexpr (requires { node.value; }) return search.find(node.value);
    else return false;
  }
};

class Planner {
 public:
  explicit Planner(typed::CheckedProgram& program)
      : program_(program),
        has_address_(program.maps.size(), false),
        is_set_(program.maps.size(), false),
        waits_for_hawk_(program.maps.size(), false) {}

  void run() {
    for (const typed::Clause& clause : program_.clauses) note_uses(clause);
    for (typed::Clause& clause : program_.clauses) {
      clause_ = &clause;
      ticket_.reset();
      plan(clause.body);
    }
    for (typed::Clause& clause : program_.clauses) {
      clause_ = &clause;
      if (clause.placement == Placement::kKernel) act_in_place(clause.body);
    }
    for (std::size_t i = 0; i < program_.maps.size(); ++i)
      program_.maps[i].is_only_added_to = program_.maps[i].has_generations && !is_set_[i];
  }

 private:
  // --- what statements do -------------------------------------------------------------------------
  [[nodiscard]] const EventSchema* event_of(const Stmt& stmt) const {
    const auto* emit = std::get_if<typed::Emit>(&stmt.node);
    return emit != nullptr ? &program_.events[emit->event] : nullptr;
  }
  static bool clears(EventKind kind) { return kind == EventKind::kClear || kind == EventKind::kZero; }

  static bool is_about(const EventSchema& event, MapId map) {
    if (event.kind != EventKind::kPrintTable) return event.map == map;
    return std::find(event.table.maps.begin(), event.table.maps.end(), map) != event.table.maps.end();
  }
  static bool prints(EventKind kind) { return kind == EventKind::kPrintMap || kind == EventKind::kPrintTable; }

  // Whether anything in the statement is an event of these kinds about the map.
  template <class Kinds>
  [[nodiscard]] bool reports(const Stmt& stmt, MapId map, Kinds kinds) const {
    typed::Search search{.on_stmt = [&](const Stmt& each) {
      const EventSchema* event = event_of(each);
      return event != nullptr && kinds(event->kind) && is_about(*event, map);
    }};
    return search.find(stmt);
  }
  [[nodiscard]] static bool touches(const Stmt& stmt, MapId map) {
    auto look = [&](const auto& node) {
      if constexpr (requires { node.map; }) return node.map == map;
      return false;
    };
    typed::Search search{.on_expr = [&](const typed::Expr& expr) { return std::visit(look, expr.node); },
                         .on_stmt = [&](const Stmt& each) { return std::visit(look, each.node); }};
    return search.find(stmt);
  }
  // What is to be set aside before the statement runs. In the kernel the statements have run long before their events
  // are looked at, so only those matter.
  [[nodiscard]] bool shows(const Stmt& stmt, MapId map) const {
    return reports(stmt, map, prints) || (clause_->placement == Placement::kHost && touches(stmt, map));
  }

  void note_uses(const typed::Clause& clause) {
    typed::Search search{.on_expr =
                             [&](const typed::Expr& expr) {
                               if (const auto* address = typed::node_as<typed::MapAddress>(expr))
                                 has_address_[address->map] = true;
                               return false;
                             },
                         .on_stmt =
                             [&](const Stmt& stmt) {
                               if (const auto* set = std::get_if<typed::SetMap>(&stmt.node)) is_set_[set->map] = true;
                               return false;
                             }};
    static_cast<void>(search.find(clause.body));
  }
  // A scalar of one value, which the program itself can print and clear. Where others may add to it meanwhile, that
  // would lose what they add between the two.
  [[nodiscard]] bool acts_in_place(MapId map) const {
    const MapSchema& schema = program_.maps[map];
    return schema.storage == MapStorage::kArray && schema.placement == Placement::kKernel && is_set_[map];
  }
  [[nodiscard]] bool may_have_generations(MapId map) const {
    const MapSchema& schema = program_.maps[map];
    return schema.placement == Placement::kKernel && schema.storage != MapStorage::kTask && !has_address_[map];
  }

  // --- generations --------------------------------------------------------------------------------
  template <class Visit>
  static void for_each_block(Stmt& stmt, const Visit& visit) {
    std::visit(
        [&]<class Node>(Node& node) {
          if constexpr (std::is_same_v<Node, typed::Evaluate>) {
            if (auto* inner = typed::node_as<typed::BlockExpr>(*node.expr)) visit(inner->block);
          }
          if constexpr (std::is_same_v<Node, typed::If>) {
            visit(node.then);
            visit(node.otherwise);
          }
          if constexpr (std::is_same_v<Node, typed::Choose>) {
            for (typed::Choice& choice : node.choices) visit(choice.body);
          }
          if constexpr (requires { node.body; }) visit(node.body);
          if constexpr (requires { node.block; }) visit(node.block);
        },
        stmt.node);
  }

  void plan(Block& block) {
    for (StmtPtr& stmt : block.statements) for_each_block(*stmt, [&](Block& inner) { plan(inner); });
    for (std::size_t i = 0; i < block.statements.size(); ++i) {
      const EventSchema* event = event_of(*block.statements[i]);
      if (event == nullptr || !clears(event->kind) || !may_have_generations(event->map)) continue;
      std::optional<std::size_t> begin = first_shown(block, i, event->map);
      if (!begin) continue;
      i += retire(block, *begin, i);
    }
  }

  // The first statement before the clearing one from which on it is certain that the clearing follows, and that shows
  // what is cleared.
  [[nodiscard]] std::optional<std::size_t> first_shown(const Block& block, std::size_t clearing, MapId map) const {
    std::optional<std::size_t> first;
    if (clause_->placement == Placement::kKernel && acts_in_place(map)) return first;
    for (std::size_t i = clearing; i-- > 0;) {
      const Stmt& stmt = *block.statements[i];
      if (std::visit(MayLeave{}, stmt.node) || reports(stmt, map, clears)) break;
      if (shows(stmt, map)) first = i;
    }
    return first;
  }

  // The number of statements added in front.
  std::size_t retire(Block& block, std::size_t begin, std::size_t clearing) {
    typed::EventId clear = std::get<typed::Emit>(block.statements[clearing]->node).event;
    program_.events[clear].drops = true;
    MapId map = program_.events[clear].map;
    program_.maps[map].has_generations = true;
    bool in_kernel = clause_->placement == Placement::kKernel;
    if (in_kernel) waits_for_hawk_[map] = true;
    if (in_kernel) give_tickets(block, begin, clearing, map);
    auto event = static_cast<typed::EventId>(program_.events.size());
    program_.events.push_back({.kind = EventKind::kRetire,
                               .fields = {},
                               .format = {},
                               .text = {},
                               .map = map,
                               .program = program_.events[clear].program,
                               .drops = program_.events[clear].kind == EventKind::kZero,
                               .location = program_.events[clear].location});
    Span span = block.statements[begin]->span;
    std::vector<StmtPtr> inserted;
    if (in_kernel) inserted.push_back(draw_ticket(span));
    inserted.push_back(typed::make_stmt(span, typed::Emit{event, {}}));
    if (in_kernel) add_ticket(*inserted.back());
    block.statements.insert(block.statements.begin() + static_cast<std::ptrdiff_t>(begin),
                            std::make_move_iterator(inserted.begin()), std::make_move_iterator(inserted.end()));
    return inserted.size();
  }

  // --- tickets: which records of the ring belong together, where those of several CPUs are mixed -----
  static constexpr std::uint32_t kWord = 8;

  typed::VariableId ticket() {
    if (!ticket_) {
      ticket_ = static_cast<typed::VariableId>(clause_->variables.size());
      clause_->variables.push_back({.name = "", .type = int_type(kWord, false)});
    }
    return *ticket_;
  }
  typed::ExprPtr read_ticket(Span span) {
    return typed::make_expr(int_type(kWord, false), span, typed::ReadVariable{ticket()});
  }

  // The time and the CPU, which no other clause that runs has. One for the whole run of the clause.
  StmtPtr draw_ticket(Span span) {
    constexpr std::uint64_t kCpuBits = 10;
    Type word = int_type(kWord, false);
    auto binary = [&](typed::BinaryOp op, typed::ExprPtr left, typed::ExprPtr right, const Type& type) {
      return typed::make_expr(type, span, typed::Binary{op, std::move(left), std::move(right), {}});
    };
    typed::Call clock{Builtin::kNsecs, {}};
    clock.arguments.push_back(typed::constant(word, static_cast<std::uint64_t>(Clock::kMonotonic), span));
    typed::ExprPtr time = binary(typed::BinaryOp::kShiftLeft, typed::make_expr(word, span, std::move(clock)),
                                 typed::constant(word, kCpuBits, span), word);
    typed::ExprPtr cpu = typed::make_expr(word, span, typed::Call{Builtin::kCpu, {}});
    typed::ExprPtr fresh = binary(typed::BinaryOp::kBitOr, std::move(time), std::move(cpu), word);
    typed::ExprPtr none =
        binary(typed::BinaryOp::kEqual, read_ticket(span), typed::constant(word, 0, span), bool_type());
    typed::ExprPtr value =
        typed::make_expr(word, span, typed::Conditional{std::move(none), std::move(fresh), read_ticket(span)});
    return typed::make_stmt(span, typed::SetVariable{ticket(), std::move(value)});
  }

  void add_ticket(Stmt& stmt) {
    auto& emit = std::get<typed::Emit>(stmt.node);
    EventSchema& event = program_.events[emit.event];
    if (event.has_ticket) return;
    event.has_ticket = true;
    add_field(event, int_type(kWord, false));
    emit.fields.push_back(read_ticket(stmt.span));
  }

  // To what is between the two statements, and the last, about the map.
  void give_tickets(Block& block, std::size_t begin, std::size_t clearing, MapId map) {
    for (std::size_t i = begin; i < clearing; ++i) give_tickets(*block.statements[i], map);
    add_ticket(*block.statements[clearing]);
  }
  void give_tickets(Stmt& stmt, MapId map) {
    for_each_block(stmt, [&](Block& inner) {
      for (StmtPtr& each : inner.statements) give_tickets(*each, map);
    });
    const EventSchema* event = event_of(stmt);
    if (event != nullptr && prints(event->kind) && is_about(*event, map)) add_ticket(stmt);
  }

  // --- clauses in the kernel ----------------------------------------------------------------------
  // A scalar of one value is printed and cleared by the program, at once; what needs generations is left to hawk.
  void act_in_place(Block& block) {
    for (StmtPtr& stmt : block.statements) {
      for_each_block(*stmt, [&](Block& inner) { act_in_place(inner); });
      auto* emit = std::get_if<typed::Emit>(&stmt->node);
      if (emit == nullptr) continue;
      EventSchema& event = program_.events[emit->event];
      bool about_map = event.kind == EventKind::kPrintMap || event.kind == EventKind::kClear;
      if (!about_map || waits_for_hawk_[event.map]) continue;
      const MapSchema& map = program_.maps[event.map];
      if (map.storage != MapStorage::kArray || map.placement == Placement::kHost) continue;
      if (event.kind == EventKind::kPrintMap) {
        add_field(event, map.value);
        emit->fields.push_back(typed::make_expr(map.value, stmt->span, typed::ReadMap{event.map, nullptr}));
        add_field(event, bool_type());
        emit->fields.push_back(typed::make_expr(bool_type(), stmt->span, typed::HasKey{event.map, nullptr}));
      } else {
        stmt->node = typed::Evaluate{typed::make_expr(bool_type(), stmt->span, typed::DeleteKey{event.map, nullptr})};
      }
    }
  }

  typed::CheckedProgram& program_;
  std::vector<bool> has_address_;     // by map, and so are these:
  std::vector<bool> is_set_;          // somewhere, not only added to
  std::vector<bool> waits_for_hawk_;  // a clause in the kernel leaves printing and clearing to hawk
  typed::Clause* clause_ = nullptr;
  std::optional<typed::VariableId> ticket_;  // the clause's variable, once it has one
};

}  // namespace

void plan_snapshots(typed::CheckedProgram& program) { Planner(program).run(); }

}  // namespace hawk
