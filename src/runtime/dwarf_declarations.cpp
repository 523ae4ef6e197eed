#include "runtime/dwarf_declarations.h"

#include <dwarf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "runtime/debug_file.h"

namespace hawk {

namespace {

constexpr int kMostNestedText = 32;

std::string with_tag(const char* keyword, Dwarf_Die& die) {
  return die_name(die).empty() ? fmt::format("{} (anonymous)", keyword) : fmt::format("{} {}", keyword, die_name(die));
}

// "int (*)(void *)".
std::string function_pointer_text(Dwarf_Die& function, int depth) {
  // A file may claim that its functions take themselves.
  constexpr int kDeeper = 12;
  constexpr std::size_t kMostInside = 16;  // parameters of a function that is a parameter
  bool inside = depth > kDeeper;
  depth += kDeeper;
  std::vector<std::string> parameters;
  visit_children(function, [&](Dwarf_Die& child) {
    if (inside && parameters.size() == kMostInside) return true;
    if (dwarf_tag(&child) == DW_TAG_unspecified_parameters) parameters.emplace_back("...");
    if (dwarf_tag(&child) == DW_TAG_formal_parameter)
      parameters.push_back(declaration_of(die_reference(child, DW_AT_type), depth));
    return false;
  });
  return fmt::format("{} (*)({})", declaration_of(die_reference(function, DW_AT_type), depth),
                     parameters.empty() ? "void" : fmt::format("{}", fmt::join(parameters, ", ")));
}

std::string pointer_text(Dwarf_Die& die, const char* sign, int depth) {
  auto pointee = die_reference(die, DW_AT_type);
  if (pointee && dwarf_tag(&*pointee) == DW_TAG_subroutine_type) return function_pointer_text(*pointee, depth);
  std::string text = declaration_of(pointee, depth);
  return text.ends_with('*') || text.ends_with('&') ? text + sign : fmt::format("{} {}", text, sign);
}

// "const char", "char * const".
std::string qualified_text(Dwarf_Die& die, const char* qualifier, int depth) {
  auto type = die_reference(die, DW_AT_type);
  std::string text = declaration_of(type, depth);
  bool is_pointer = type && (dwarf_tag(&*type) == DW_TAG_pointer_type || dwarf_tag(&*type) == DW_TAG_reference_type);
  return is_pointer ? fmt::format("{} {}", text, qualifier) : fmt::format("{} {}", qualifier, text);
}

std::string array_text(Dwarf_Die& die, int depth) {
  std::string text = declaration_of(die_reference(die, DW_AT_type), depth);
  visit_children(die, [&](Dwarf_Die& child) {
    auto count = die_number(child, DW_AT_count);
    auto last = die_number(child, DW_AT_upper_bound);
    if (last && !count) count = *last + 1;
    text += count ? fmt::format("[{}]", *count) : "[]";
    return false;
  });
  return text;
}

}  // namespace

std::string declaration_of(std::optional<Dwarf_Die> type, int depth) {
  if (!type) return "void";
  if (++depth > kMostNestedText) return "...";
  switch (dwarf_tag(&*type)) {
    case DW_TAG_pointer_type: return pointer_text(*type, "*", depth);
    case DW_TAG_reference_type: return pointer_text(*type, "&", depth);
    case DW_TAG_rvalue_reference_type: return pointer_text(*type, "&&", depth);
    case DW_TAG_const_type: return qualified_text(*type, "const", depth);
    case DW_TAG_volatile_type: return qualified_text(*type, "volatile", depth);
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type: return declaration_of(die_reference(*type, DW_AT_type), depth);
    case DW_TAG_array_type: return array_text(*type, depth);
    case DW_TAG_structure_type:
    case DW_TAG_class_type: return with_tag("struct", *type);
    case DW_TAG_union_type: return with_tag("union", *type);
    case DW_TAG_enumeration_type: return with_tag("enum", *type);
    default: return die_name(*type).empty() ? "?" : std::string(die_name(*type));
  }
}

}  // namespace hawk
