// Conversions between types of the language, on values in registers and in memory.
#pragma once

#include "codegen/lowering.h"

namespace hawk {

// Scalar to scalar.
[[nodiscard]] llvm::Value* convert_scalar(Emitter& e, llvm::Value* value, const Type& from, const Type& to);
// Any value in memory; see typed::Convert for what converts to what.
void convert_place(Lowering& l, Place source, const Type& from, Place destination, const Type& to);
// `bit_width` bits from `bit_offset` of the unit `value`, extended by the type's sign.
[[nodiscard]] llvm::Value* extract_bits(Emitter& e, llvm::Value* value, const Type& type, std::uint8_t bit_offset, std::uint8_t bit_width);

}  // namespace hawk
