#include "semantics/struct_layout.h"

#include <algorithm>

namespace hawk {

namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t align) { return (value + align - 1) / align * align; }

Field place_bits(const MemberToPlace& member, std::uint64_t& bit) {
  std::uint64_t unit = member.type.size * 8ULL;
  std::uint64_t width = *member.bit_width;
  if (bit / unit != (bit + width - 1) / unit) bit = round_up(bit, unit);
  Field field{.name = member.name, .type = member.type};
  field.offset = static_cast<std::uint32_t>(bit / unit * (unit / 8));
  field.bit_offset = static_cast<std::uint8_t>(bit % unit);
  field.bit_width = static_cast<std::uint8_t>(width);
  bit += width;
  return field;
}

}  // namespace

StructLayout lay_out_struct(std::vector<MemberToPlace> members, bool is_union, bool packed) {
  StructLayout layout;
  std::uint64_t bit = 0;
  std::uint64_t end = 0;
  for (MemberToPlace& member : members) {
    if (is_union) bit = 0;
    std::uint32_t align = packed ? 1 : std::max<std::uint32_t>(member.type.align, 1);
    if (member.bit_width == 0U) {
      bit = round_up(bit, member.type.size * 8ULL);
      continue;
    }
    layout.align = std::max(layout.align, align);
    if (member.bit_width) {
      layout.def.fields.push_back(place_bits(member, bit));
    } else {
      bit = round_up(bit, align * 8ULL);
      layout.def.fields.push_back(
          {.name = std::move(member.name), .type = member.type, .offset = static_cast<std::uint32_t>(bit / 8)});
      bit += member.type.size * 8ULL;
    }
    end = std::max(end, bit);
  }
  layout.size = static_cast<std::uint32_t>(round_up(round_up(end, 8) / 8, layout.align));
  return layout;
}

}  // namespace hawk
