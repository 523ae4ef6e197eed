// Layout of C structs and unions on the machines hawk runs on (System V ABI: natural alignment, bit
// fields packed into units of their declared type and never across one; GNU attributes `packed` and `aligned`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/type.h"

namespace hawk {

struct MemberToPlace {
  std::string name;
  Type type;
  std::optional<std::uint32_t> bit_width = {};  // bit field; 0 closes the unit
  bool packed = false;
  std::uint32_t aligned = 0;  // bytes; 0: not said
};

struct StructShape {
  bool is_union = false;
  bool packed = false;        // every member
  std::uint32_t aligned = 0;  // bytes; 0: not said
};

struct StructLayout {
  StructDef def;
  std::uint32_t size = 0;
  std::uint32_t align = 1;
};

// Nullopt: a bit field that no load of at most 8 bytes covers.
[[nodiscard]] std::optional<StructLayout> lay_out_struct(std::vector<MemberToPlace> members, const StructShape& shape);

}  // namespace hawk
