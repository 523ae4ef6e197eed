// How fields lie in structs, as far as type information (BTF, DWARF) leaves it to be computed.
#pragma once

#include <cstdint>
#include <vector>

#include "ast/type.h"

namespace hawk {

// Bytes. 1 for a packed struct, which is one where a member is off its own alignment, or ends off the struct's.
[[nodiscard]] std::uint32_t struct_align(const std::vector<Field>& fields, std::uint32_t size);

// Puts a bit field of `width` bits, `first_bit` bits into a struct of `parent_size` bytes, into the unit that the
// compiler would load: one of its declared type if it fits there, else (packed structs) the smallest one that covers
// it.
void place_bit_field(Field& field, std::uint32_t first_bit, std::uint32_t width, std::uint32_t parent_size);

}  // namespace hawk
