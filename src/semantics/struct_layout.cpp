#include "semantics/struct_layout.h"

#include <algorithm>
#include <bit>

#include "ast/round_up.h"

namespace hawk {

namespace {

// The field at `bit`, in the unit that a program loads: one of its declared type if it fits there, else (packed) the
// smallest that covers its bits.
Field bit_field(const MemberToPlace& member, std::uint64_t bit, std::uint64_t width) {
  Field field{.name = member.name, .type = member.type};
  std::uint64_t unit = member.type.size;
  std::uint64_t start = bit / (unit * 8) * unit;
  if (member.packed || bit + width > (start + unit) * 8) {
    start = bit / 8;
    unit = std::bit_ceil((bit % 8 + width + 7) / 8);
    field.type.size = static_cast<std::uint32_t>(unit);
  }
  field.offset = static_cast<std::uint32_t>(start);
  field.bit_offset = static_cast<std::uint8_t>(bit - start * 8);
  field.bit_width = static_cast<std::uint8_t>(width);
  return field;
}

// Where a bit field goes; `bit` is the first free one.
std::uint64_t bit_field_place(const MemberToPlace& member, std::uint64_t bit, std::uint64_t width) {
  std::uint64_t natural = member.type.align * 8ULL;
  if (width == 0) return round_up(bit, natural);
  if (member.aligned > 0) bit = round_up(bit, member.aligned * 8ULL);
  bool crosses = bit % natural + width > member.type.size * 8ULL;
  return !member.packed && crosses ? round_up(bit, natural) : bit;
}

}  // namespace

std::optional<StructLayout> lay_out_struct(std::vector<MemberToPlace> members, const StructShape& shape) {
  StructLayout layout;
  std::uint64_t bit = 0;
  std::uint64_t end = 0;
  for (MemberToPlace& member : members) {
    if (shape.is_union) bit = 0;
    member.packed = member.packed || shape.packed;
    std::uint32_t align = std::max({member.packed ? 1 : member.type.align, member.aligned, 1U});
    bool unnamed_bits = member.bit_width && member.name.empty();  // they align nothing
    if (!unnamed_bits) layout.align = std::max(layout.align, align);
    if (member.bit_width) {
      std::uint64_t width = *member.bit_width;
      bit = bit_field_place(member, bit, width);
      if (bit % 8 + width > 64) return std::nullopt;
      if (!unnamed_bits) layout.def.fields.push_back(bit_field(member, bit, width));
      bit += width;
    } else {
      bit = round_up(bit, align * 8ULL);
      layout.def.fields.push_back(
          {.name = std::move(member.name), .type = member.type, .offset = static_cast<std::uint32_t>(bit / 8)});
      bit += member.type.size * 8ULL;
    }
    end = std::max(end, bit);
  }
  layout.align = std::max(layout.align, shape.aligned);
  layout.size = static_cast<std::uint32_t>(round_up(round_up(end, 8) / 8, layout.align));
  return layout;
}

}  // namespace hawk
