#include "runtime/dwarf_search.h"

#include <dwarf.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace hawk {

namespace {

constexpr int kMostNestedClasses = 32;

// "a", "B" for something in class B of namespace a.
using ScopeNames = std::vector<std::string>;

struct WantedType {
  std::string_view name;
  bool (*has_kind)(int tag) = nullptr;
  const ScopeNames* scopes = nullptr;  // null: any
};

// Walks the types of a unit, and those in its namespaces and classes.
class TypeSearch {
 public:
  explicit TypeSearch(const WantedType& wanted) : wanted_(wanted) {}

  std::optional<Dwarf_Die> in(Dwarf_Die unit) {
    visit(unit);
    return found_;
  }

 private:
  bool is_wanted(Dwarf_Die& die, int tag) {
    if (!wanted_.has_kind(tag) || die_name(die) != wanted_.name || is_declaration(die)) return false;
    return wanted_.scopes == nullptr || scopes_ == *wanted_.scopes;
  }

  bool visit(Dwarf_Die& scope) {
    return visit_children(scope, [&](Dwarf_Die& child) {
      int tag = dwarf_tag(&child);
      if (is_wanted(child, tag)) {
        found_ = child;
        return true;
      }
      bool deeper = tag == DW_TAG_namespace || is_class_tag(tag);
      if (!deeper || scopes_.size() > kMostNestedClasses) return false;
      scopes_.emplace_back(die_name(child));
      bool done = visit(child);
      scopes_.pop_back();
      return done;
    });
  }

  const WantedType& wanted_;
  ScopeNames scopes_;
  std::optional<Dwarf_Die> found_;
};

std::optional<Dwarf_Die> search_types(DebugFile& file, std::optional<Dwarf_Die> first, const WantedType& wanted) {
  std::optional<Dwarf_Die> found;
  if (first) found = TypeSearch(wanted).in(*first);
  if (!found) {
    file.visit_units([&](Dwarf_Die& unit) {
      found = TypeSearch(wanted).in(unit);
      return found.has_value();
    });
  }
  return found;
}

ScopeNames scopes_around(Dwarf_Die& die) {
  Dwarf_Die* scopes = nullptr;
  int count = dwarf_getscopes_die(&die, &scopes);
  std::unique_ptr<Dwarf_Die, decltype(&std::free)> owner(scopes, &std::free);
  ScopeNames names;
  for (int i = count - 1; i > 0; --i) {  // the entry itself comes first
    int tag = dwarf_tag(&scopes[i]);
    if (tag == DW_TAG_namespace || is_class_tag(tag)) names.emplace_back(die_name(scopes[i]));
  }
  return names;
}

}  // namespace

std::optional<Dwarf_Die> find_type_entry(DebugFile& file, std::optional<Dwarf_Die> unit, std::string_view name) {
  WantedType wanted{.name = name};
  if (name.starts_with("struct ")) {
    wanted = {.name = name.substr(7),
              .has_kind = [](int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type; }};
  } else if (name.starts_with("union ")) {
    wanted = {.name = name.substr(6), .has_kind = [](int tag) { return tag == DW_TAG_union_type; }};
  } else if (name.starts_with("enum ")) {
    wanted = {.name = name.substr(5), .has_kind = [](int tag) { return tag == DW_TAG_enumeration_type; }};
  } else {
    wanted.has_kind = [](int tag) {
      return tag == DW_TAG_typedef || tag == DW_TAG_base_type || tag == DW_TAG_enumeration_type || is_class_tag(tag);
    };
  }
  return search_types(file, unit, wanted);
}

std::optional<Dwarf_Die> find_enum_with(Dwarf_Die unit, std::string_view enumerator) {
  std::optional<Dwarf_Die> found;
  int depth = 0;
  std::function<bool(Dwarf_Die&)> visit = [&](Dwarf_Die& child) {
    int tag = dwarf_tag(&child);
    if (tag == DW_TAG_namespace || is_class_tag(tag)) {
      bool done = ++depth <= kMostNestedClasses && visit_children(child, visit);
      --depth;
      return done;
    }
    if (tag != DW_TAG_enumeration_type) return false;
    bool has = visit_children(child, [&](Dwarf_Die& value) { return die_name(value) == enumerator; });
    if (has) found = child;
    return has;
  };
  visit_children(unit, visit);
  return found;
}

std::optional<Dwarf_Die> find_definition(DebugFile& file, Dwarf_Die& declaration) {
  static constexpr auto is_union = [](int tag) { return tag == DW_TAG_union_type; };
  static constexpr auto is_struct = [](int tag) { return tag == DW_TAG_structure_type || tag == DW_TAG_class_type; };
  ScopeNames scopes = scopes_around(declaration);
  WantedType wanted{.name = die_name(declaration), .scopes = &scopes};
  wanted.has_kind = is_struct;
  if (dwarf_tag(&declaration) == DW_TAG_union_type) wanted.has_kind = is_union;
  Dwarf_Die unit;
  bool has_unit = dwarf_diecu(&declaration, &unit, nullptr, nullptr) != nullptr;
  return search_types(file, has_unit ? std::optional(unit) : std::nullopt, wanted);
}

}  // namespace hawk
