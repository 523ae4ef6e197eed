// The words that say in which order entries of a map come: `key`, `value`, or a part of it (`value.1`, `value.count`),
// and `asc` or `desc`. sort(@m, ...), top(@m, n, ...), print(@m, ...) and table(...) read them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "semantics/checker.h"

namespace hawk {

// For messages about another one.
inline constexpr const char* kOrderWords = "key, value or a part of one, and asc or desc";

struct OrderWords {
  bool by_key = false;
  std::optional<Span> subject;    // of `key` or `value` and what follows it
  std::vector<std::string> path;  // `1` of `value.1`
  EntryOrder::Direction direction = EntryOrder::Direction::kNone;

  [[nodiscard]] bool empty() const { return !subject && direction == EntryOrder::Direction::kNone; }
};

// `base.a.b`: the expression in front, and the names behind it.
struct NamedPath {
  const ast::Expr* base = nullptr;
  std::vector<std::string> names;
};
[[nodiscard]] NamedPath split_path(const ast::Expr& expr);

// False if it is no such word, or one of the kind has been taken before.
[[nodiscard]] bool take_order_word(const ast::Expr& argument, OrderWords& words);

// The part of a value; nullopt after a diagnostic.
[[nodiscard]] std::optional<PartPath> resolve_part(Checker& checker, const Type& whole,
                                                   const std::vector<std::string>& names, Span span);

// Whether sorting by values of the type says something to a reader.
[[nodiscard]] bool has_order(const Type& type);
// Whether print() sorts by them, and not by key.
[[nodiscard]] bool is_printed_by_value(const Type& type);

// What the words mean for a map; nullopt after a diagnostic. Without a subject it is what print() sorts by.
[[nodiscard]] std::optional<EntryOrder> resolve_order(Checker& checker, const OrderWords& words, const MapInfo& map,
                                                      Span span);

}  // namespace hawk
