// Parts of a value that maps can be put in order by, and shown by in a table: the members of tuples, records and
// structs, and the three numbers of stats.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"

namespace hawk {

// Which member, and which member of that one, ...: counted from 1; 0 ends. All zero: the value itself.
using PartPath = std::array<std::uint16_t, 3>;

// What an aggregation of several numbers calls them, the count first: its parts. Empty for other types.
[[nodiscard]] std::span<const char* const> summary_names(const Type& type);

// In order; empty for a value without parts. Members of anonymous structs have no name of their own here.
[[nodiscard]] std::vector<std::string> part_names(const Type& type);
// Number of the part, from 1; 0 if there is none of that name, or so many that it cannot be told.
[[nodiscard]] std::uint16_t find_part(const Type& type, std::string_view name);
// `part` is one of find_part. A bit field is a whole number.
[[nodiscard]] Type part_type(const Type& type, std::uint16_t part);
[[nodiscard]] Type part_type(Type type, const PartPath& path);

}  // namespace hawk
