#include "runtime/types_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <vector>

#include "runtime/read_file.h"

namespace hawk {

namespace {

constexpr std::size_t kMostMembers = 65535;  // btf_type.info has 16 bits for them

// "!12" at the beginning; 0 characters taken if there is none.
std::size_t node_length(std::string_view text) {
  if (!text.starts_with('!')) return 0;
  std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  return end > 1 ? end : 0;
}

// The node behind `key: ` in a compile unit, as "!12".
std::string_view operand(std::string_view unit, std::string_view key) {
  std::size_t at = unit.find(fmt::format(" {}: !", key));
  if (at == std::string_view::npos) return {};
  std::string_view rest = unit.substr(at + key.size() + 3);
  return rest.substr(0, node_length(rest));
}

// The nodes of `!12 = !{!13, !14}`.
void add_elements(std::string_view line, std::vector<std::string_view>& nodes) {
  std::size_t at = line.find('{');
  while (at < line.size()) {
    at = line.find('!', at);
    if (at == std::string_view::npos) return;
    std::size_t length = node_length(line.substr(at));
    if (length > 0) nodes.push_back(line.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
}

struct Metadata {
  std::string text;                                    // every line of it
  std::string_view unit_line;                          // "!0 = distinct !DICompileUnit(...)"
  std::map<std::string_view, std::string_view> lists;  // "!12" to "!12 = !{...}"
  std::uint64_t next = 0;                              // a number that no node has
};

Metadata metadata_of(std::string_view ir) {
  Metadata found;
  for (std::string_view line : lines_of(ir)) {
    if (!line.starts_with('!')) continue;
    found.text.append(line).append("\n");
    std::size_t length = node_length(line);
    if (length == 0) continue;
    std::uint64_t number = 0;
    std::from_chars(line.data() + 1, line.data() + length, number);
    found.next = std::max(found.next, number + 1);
    if (line.find(" !DICompileUnit(") != std::string_view::npos) found.unit_line = line;
    if (line.substr(length).starts_with(" = !{")) found.lists.emplace(line.substr(0, length), line);
  }
  return found;
}

}  // namespace

std::optional<std::string> types_module(std::string_view ir) {
  Metadata found = metadata_of(ir);
  std::string_view unit = found.unit_line.substr(0, node_length(found.unit_line));
  if (unit.empty()) return std::nullopt;
  std::vector<std::string_view> types;
  for (std::string_view key : {"retainedTypes", "enums"}) {
    auto list = found.lists.find(operand(found.unit_line, key));
    if (list != found.lists.end()) add_elements(list->second, types);
  }
  if (types.size() > kMostMembers) return std::nullopt;

  std::uint64_t first = found.next;
  std::string text = fmt::format("@types = global i8 0, !dbg !{}\n", first);
  text += found.text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "!{} = !DIGlobalVariableExpression(var: !{}, expr: !DIExpression())\n", first, first + 1);
  fmt::format_to(
      out, "!{} = distinct !DIGlobalVariable(name: \"types\", scope: {}, file: {}, type: !{}, isDefinition: true)\n",
      first + 1, unit, operand(found.unit_line, "file"), first + 2);
  fmt::format_to(out, "!{} = !DICompositeType(tag: DW_TAG_structure_type, size: 8, elements: !{})\n", first + 2,
                 first + 3);
  std::string members;
  std::uint64_t next = first + 4;
  std::string list;
  for (std::string_view type : types) {
    fmt::format_to(std::back_inserter(members),
                   "!{} = !DIDerivedType(tag: DW_TAG_member, name: \"type\", baseType: {})\n", next, type);
    fmt::format_to(std::back_inserter(list), "{}!{}", list.empty() ? "" : ", ", next++);
  }
  fmt::format_to(out, "!{} = !{{{}}}\n", first + 3, list);
  return text + members;
}

}  // namespace hawk
