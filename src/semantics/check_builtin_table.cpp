// table(@reads, @bytes, bytes, desc, 10): maps with keys of one type, side by side. Each map is a column; what stands
// behind it says how that one is shown: a heading, a unit, or asc or desc to sort by it. Texts in front of the first
// map are headings of the keys, `key` sorts by them, and a number is how many rows there are at most.
#include <algorithm>
#include <array>
#include <set>

#include "semantics/builtin_checks.h"
#include "semantics/map_order_words.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_stmt;

namespace {

struct UnitRow {
  std::string_view word;
  Unit unit;
};
constexpr std::array kTableUnits = {
    UnitRow{"plain", Unit::kPlain},       UnitRow{"si", Unit::kSi},           UnitRow{"bytes", Unit::kBytes},
    UnitRow{"duration", Unit::kDuration}, UnitRow{"percent", Unit::kPercent},
};
constexpr const char* kTableWords =
    "maps, headings in quotes, plain, si, bytes, duration or percent, key, asc or desc, and one number";

// What is written about one map.
struct Request {
  MapInfo* map = nullptr;
  Span span;
  PartPath part = {};
  Type type;         // of that part
  std::string name;  // the heading if no other is given
  std::optional<std::string> heading;
  std::optional<Unit> unit;
  Span unit_span;
};

// A value that takes several lines, or none.
bool fits_a_cell(const Type& type) {
  bool block = is_stack(type) || type.kind == TypeKind::kTimeSeries || type.kind == TypeKind::kHeatMap;
  if (block || type.kind == TypeKind::kNone) return false;
  if ((type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord || type.kind == TypeKind::kStruct) && type.def) {
    const auto& fields = type.def->fields;
    return std::all_of(fields.begin(), fields.end(), [](const Field& field) { return fits_a_cell(field.type); });
  }
  return type.kind != TypeKind::kArray || fits_a_cell(*type.element);
}

bool is_countable(const Type& type) {
  return type.kind == TypeKind::kInt || type.kind == TypeKind::kFloat ||
         (is_aggregation(type) && summary_names(type).empty());
}

class TableReader {
 public:
  TableReader(Checker& checker, const CallSite& site) : checker_(checker), site_(site) {}

  std::optional<Table> read() {
    for (std::size_t i = 0; i < site_.count(); ++i) {
      if (!take(site_.argument(i))) return std::nullopt;
    }
    if (requests_.empty()) {
      checker_.report(Diag::MapExpected, site_.span, site_.name());
      return std::nullopt;
    }
    if (!unify_keys() || !head_keys() || !sort()) return std::nullopt;
    for (const Request& request : requests_) {
      if (!add_columns(request)) return std::nullopt;
    }
    return has_own_headings() ? std::optional(std::move(table_)) : std::nullopt;
  }

 private:
  // False after a diagnostic.
  bool take(const ast::Expr& argument) {
    NamedPath path = split_path(argument);
    if (const auto* map = std::get_if<ast::MapAccess>(&path.base->node); map != nullptr && !map->key)
      return take_map(argument, path);
    if (const auto* text = std::get_if<ast::StringLiteral>(&argument.node)) return take_heading(*text, argument.span);
    if (const auto* word = std::get_if<ast::Identifier>(&argument.node); word != nullptr && take_unit(*word, argument))
      return true;
    OrderWords words;
    if (take_order_word(argument, words)) return take_order(words, argument.span);
    if (const auto* number = std::get_if<ast::IntegerLiteral>(&argument.node); number != nullptr && table_.top == 0) {
      table_.top = number->value;
      return true;
    }
    return refuse(argument.span);
  }

  bool refuse(Span span) {
    checker_.report(Diag::UnknownWord, span, site_.name(), kTableWords);
    return false;
  }

  bool take_map(const ast::Expr& argument, const NamedPath& path) {
    auto use = checker_.whole_map(*path.base, site_.name());
    if (use.info == nullptr) return false;
    if (use.info->keyed != true) {
      checker_.report(Diag::KeyedMapExpected, argument.span, site_.name(), use.info->name);
      return false;
    }
    const Type whole = checker_.map_value_type(*use.info);
    auto part = resolve_part(checker_, whole, path.names, argument.span);
    if (!part) return false;
    Type type = part_type(whole, *part);
    if (!fits_a_cell(type)) {
      checker_.report(Diag::TableCell, argument.span, type_name(type));
      return false;
    }
    std::string name = use.info->name.empty() ? "@" : use.info->name;
    for (const std::string& each : path.names) name += "." + each;
    requests_.push_back({use.info, argument.span, *part, std::move(type), std::move(name), {}, {}, {}});
    return true;
  }

  bool take_heading(const ast::StringLiteral& text, Span span) {
    if (requests_.empty()) {
      table_.keys.push_back(text.value);
    } else if (requests_.back().heading) {
      return refuse(span);
    } else {
      requests_.back().heading = text.value;
    }
    return true;
  }

  // False if it is no unit, or behind no map, or the second one there.
  bool take_unit(const ast::Identifier& word, const ast::Expr& argument) {
    const auto* row = std::find_if(kTableUnits.begin(), kTableUnits.end(),
                                   [&](const UnitRow& unit) { return unit.word == word.name; });
    if (row == kTableUnits.end() || requests_.empty() || requests_.back().unit) return false;
    requests_.back().unit = row->unit;
    requests_.back().unit_span = argument.span;
    return true;
  }

  // `key` and a direction behind it, or a direction behind a map; one of them for the whole table.
  bool take_order(const OrderWords& words, Span span) {
    if (words.subject) {
      if (!words.by_key || order_.subject || order_.direction != EntryOrder::Direction::kNone) return refuse(span);
      order_ = words;
      return true;
    }
    if (order_.direction != EntryOrder::Direction::kNone || (requests_.empty() && !order_.subject)) return refuse(span);
    order_.direction = words.direction;
    if (!order_.subject) sorted_by_ = requests_.size() - 1;
    return true;
  }

  // All maps get keys of the same type, as if each had been given the keys of the others.
  bool unify_keys() {
    MapInfo& first = *requests_.front().map;
    for (int round = 0; round < 2; ++round) {
      for (Request& request : requests_) {
        bool known = first.key.known() && request.map->key.known();
        if (!known || (request.map->key.add(first.key.type()) && first.key.add(request.map->key.type()))) continue;
        return refuse_keys(request);
      }
    }
    for (Request& request : requests_) {
      bool fixed = first.key.fixed() || request.map->key.fixed();
      if (fixed && !same_type(first.key.type(), request.map->key.type())) return refuse_keys(request);
    }
    return true;
  }

  bool refuse_keys(const Request& request) {
    const MapInfo& first = *requests_.front().map;
    checker_.report(Diag::TableKeys, request.span, request.map->name, type_name(request.map->key.type()), first.name,
                    type_name(first.key.type()));
    return false;
  }

  bool head_keys() {
    const Type key = requests_.front().map->key.type();
    if (!fits_a_cell(key)) {
      checker_.report(Diag::TableCell, requests_.front().span, type_name(key));
      return false;
    }
    std::vector<std::string> parts = key.kind == TypeKind::kStruct ? std::vector<std::string>{} : part_names(key);
    if (table_.keys.empty()) {
      if (parts.empty()) table_.keys.emplace_back("key");
      for (const std::string& part : parts) table_.keys.push_back(key.kind == TypeKind::kTuple ? "key." + part : part);
    }
    std::size_t wanted = std::max<std::size_t>(parts.size(), 1);
    if (table_.keys.size() == wanted) return true;
    checker_.report(Diag::TableKeyHeadings, site_.span, wanted, table_.keys.size());
    return false;
  }

  bool sort() {
    Request& by = requests_[sorted_by_];
    table_.order.direction = order_.direction;
    if (order_.subject) {
      auto part = resolve_part(checker_, by.map->key.type(), order_.path, *order_.subject);
      if (!part) return false;
      table_.order.by = EntryOrder::By::kKey;
      table_.order.part = *part;
      return true;
    }
    bool asked = order_.direction != EntryOrder::Direction::kNone;
    bool ordered = asked ? has_order(by.type) : is_printed_by_value(by.type);
    if (!ordered && asked) {
      checker_.report(Diag::NoOrder, by.span, type_name(by.type)).help = "`key` sorts by key";
      return false;
    }
    table_.order.by = ordered ? EntryOrder::By::kValue : EntryOrder::By::kKey;
    if (ordered) table_.order.part = by.part;
    table_.sorted_by = index_of(by.map->id);
    return true;
  }

  std::uint32_t index_of(typed::MapId map) {
    auto found = std::find(table_.maps.begin(), table_.maps.end(), map);
    if (found == table_.maps.end()) found = table_.maps.insert(found, map);
    return static_cast<std::uint32_t>(found - table_.maps.begin());
  }

  // A value with parts has a column for each of them.
  bool add_columns(const Request& request) {
    std::string heading = request.heading.value_or(request.name);
    std::vector<std::string> parts = part_names(request.type);
    if (parts.empty()) return add_column(request, heading);
    for (const std::string& name : parts) {
      Request part = request;
      std::uint16_t number = find_part(request.type, name);
      auto end = std::find(part.part.begin(), part.part.end(), 0);
      if (number == 0 || end == part.part.end()) continue;
      *end = number;
      part.type = part_type(request.type, number);
      // A unit is that of the values, of which a count is none.
      bool counts = !summary_names(request.type).empty() && number == 1;
      if (counts || !is_countable(part.type)) part.unit.reset();
      if (!add_column(part, heading + "." + name)) return false;
    }
    return true;
  }

  bool add_column(const Request& request, std::string heading) {
    Unit unit = request.unit.value_or(Unit::kPlain);
    if (unit != Unit::kPlain && !is_countable(request.type)) {
      checker_.report(Diag::UnitOfNumber, request.unit_span, type_name(request.type));
      return false;
    }
    if (unit == Unit::kPercent && !request.heading) heading += " %";
    table_.columns.push_back({index_of(request.map->id), request.part, unit, std::move(heading)});
    return true;
  }

  // JSON has them as names.
  bool has_own_headings() {
    std::set<std::string> headings(table_.keys.begin(), table_.keys.end());
    bool own = headings.size() == table_.keys.size();
    std::string twice = own ? "" : table_.keys.front();
    for (const TableColumn& column : table_.columns) {
      if (headings.insert(column.heading).second) continue;
      own = false;
      twice = column.heading;
    }
    if (!own) checker_.report(Diag::TableHeading, site_.span, twice);
    return own;
  }

  Checker& checker_;
  const CallSite& site_;
  Table table_;
  OrderWords order_;
  std::size_t sorted_by_ = 0;
  std::vector<Request> requests_;
};

}  // namespace

ExprPtr check_Table(Checker& checker, const CallSite& site) {
  auto table = TableReader(checker, site).read();
  if (!table) return typed::poison(site.span);
  EventSchema schema;
  schema.kind = EventKind::kPrintTable;
  schema.table = std::move(*table);
  schema.location = checker.location(site.span);
  return typed::effect(make_stmt(site.span, typed::Emit{checker.add_event(std::move(schema)), {}}), site.span);
}

}  // namespace hawk
