// Looking for types of debug information by name.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string_view>

#include "runtime/debug_file.h"

namespace hawk {

// "struct point", also for a class of C++, "union u", "enum e" or, without a tag, a typedef or a class: in `unit`, then
// in all units, in any namespace; one that is defined.
[[nodiscard]] std::optional<Dwarf_Die> find_type_entry(DebugFile& file, std::optional<Dwarf_Die> unit,
                                                       std::string_view name);
// The enum of the unit that has such an enumerator.
[[nodiscard]] std::optional<Dwarf_Die> find_enum_with(Dwarf_Die unit, std::string_view enumerator);
// The definition of a type that is only declared here: of the same name, in the same namespace.
[[nodiscard]] std::optional<Dwarf_Die> find_definition(DebugFile& file, Dwarf_Die& declaration);

}  // namespace hawk
