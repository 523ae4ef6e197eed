#include "runtime/field_layout.h"

#include <algorithm>
#include <bit>

namespace hawk {

std::uint32_t struct_align(const std::vector<Field>& fields, std::uint32_t size) {
  std::uint32_t align = 1;
  for (const Field& field : fields) align = std::max(align, field.type.align);
  bool packed = size % align != 0;
  for (const Field& field : fields) packed = packed || field.offset % std::max(field.type.align, 1U) != 0;
  return packed ? 1 : align;
}

void place_bit_field(Field& field, std::uint32_t first_bit, std::uint32_t width, std::uint32_t parent_size) {
  std::uint32_t unit = std::max(field.type.size, 1U);
  std::uint32_t start = first_bit / (unit * 8) * unit;
  bool fits = first_bit + width <= (start + unit) * 8 && start + unit <= parent_size;
  if (!fits) {
    start = first_bit / 8;
    unit = std::bit_ceil((first_bit % 8 + width + 7) / 8);
    field.type.size = unit;
  }
  field.offset = start;
  field.bit_offset = static_cast<std::uint8_t>(first_bit - start * 8);
  field.bit_width = static_cast<std::uint8_t>(width);
}

}  // namespace hawk
