// Layout of C structs and unions on the machines hawk runs on (System V ABI: natural alignment, bit
// fields packed into units of their declared type and never across one).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/type.h"

namespace hawk {

struct MemberToPlace {
  std::string name;
  Type type;
  std::optional<std::uint32_t> bit_width;  // bit field; 0 closes the unit
};

struct StructLayout {
  StructDef def;
  std::uint32_t size = 0;
  std::uint32_t align = 1;
};

[[nodiscard]] StructLayout lay_out_struct(std::vector<MemberToPlace> members, bool is_union, bool packed);

}  // namespace hawk
