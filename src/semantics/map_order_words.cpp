#include "semantics/map_order_words.h"

#include <algorithm>

namespace hawk {

NamedPath split_path(const ast::Expr& expr) {
  NamedPath path{&expr, {}};
  while (const auto* access = std::get_if<ast::FieldAccess>(&path.base->node)) {
    path.names.insert(path.names.begin(), access->field);
    path.base = access->base.get();
  }
  return path;
}

bool take_order_word(const ast::Expr& argument, OrderWords& words) {
  NamedPath path = split_path(argument);
  const auto* word = std::get_if<ast::Identifier>(&path.base->node);
  if (word == nullptr) return false;
  bool ascending = word->name == "asc";
  if (path.names.empty() && (ascending || word->name == "desc")) {
    if (words.direction != EntryOrder::Direction::kNone) return false;
    words.direction = ascending ? EntryOrder::Direction::kAscending : EntryOrder::Direction::kDescending;
    return true;
  }
  if ((word->name != "key" && word->name != "value") || words.subject) return false;
  words.by_key = word->name == "key";
  words.subject = argument.span;
  words.path = std::move(path.names);
  return true;
}

std::optional<PartPath> resolve_part(Checker& checker, const Type& whole, const std::vector<std::string>& names,
                                     Span span) {
  PartPath path = {};
  Type type = whole;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::uint16_t part = i < path.size() ? find_part(type, names[i]) : std::uint16_t{0};
    if (part == 0) {
      std::vector<std::string> parts = part_names(type);
      auto& diagnostic = checker.report(Diag::NoPart, span, type_name(type), names[i]);
      if (parts.empty() || parts.size() > 16) return std::nullopt;
      diagnostic.help = fmt::format("it has {}", fmt::join(parts, ", "));
      return std::nullopt;
    }
    path[i] = part;
    type = part_type(type, part);
  }
  return path;
}

bool has_order(const Type& type) {
  if (is_aggregation(type)) return type.kind != TypeKind::kTimeSeries;
  bool packed = type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord;
  if (!packed) return (is_scalar(type) && type.kind != TypeKind::kPointer) || type.kind == TypeKind::kString;
  const auto& fields = type.def->fields;
  return std::all_of(fields.begin(), fields.end(), [](const Field& field) { return has_order(field.type); });
}

bool is_printed_by_value(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kFloat || (is_aggregation(type) && has_order(type));
}

std::optional<EntryOrder> resolve_order(Checker& checker, const OrderWords& words, const MapInfo& map, Span span) {
  EntryOrder order;
  order.direction = words.direction;
  if (words.empty()) return order;
  Type value = checker.map_value_type(map);
  bool by_key = words.subject ? words.by_key : !is_printed_by_value(value);
  order.by = by_key ? EntryOrder::By::kKey : EntryOrder::By::kValue;
  const Type whole = by_key ? map.key.type() : value;
  auto part = resolve_part(checker, whole, words.path, words.subject.value_or(span));
  if (!part) return std::nullopt;
  order.part = *part;
  Type sorted = part_type(whole, order.part);
  if (by_key || has_order(sorted)) return order;
  checker.report(Diag::NoOrder, words.subject.value_or(span), type_name(sorted)).help = "`key` sorts by key";
  return std::nullopt;
}

}  // namespace hawk
