// Conversions between types of the language, on values in registers and in memory.
#pragma once

#include "codegen/lowering.h"

namespace hawk {

// Scalar to scalar, texts only to bool and themselves.
[[nodiscard]] llvm::Value* convert_scalar(Emitter& e, llvm::Value* value, const Type& from, const Type& to);
// Scalar to scalar of any kind.
[[nodiscard]] llvm::Value* convert_value(Lowering& l, llvm::Value* value, const Type& from, const Type& to);

// A float in its register (8 bytes) as LLVM's double, and back.
[[nodiscard]] llvm::Value* to_double(Emitter& e, llvm::Value* bits);
[[nodiscard]] llvm::Value* to_bits(Emitter& e, llvm::Value* number);

// A value in memory and its type.
struct Typed {
  Place place;
  const Type& type;
};
// See typed::Convert for what converts to what.
void convert_place(Lowering& l, const Typed& from, const Typed& to);

struct BitField {
  std::uint8_t offset = 0;  // of the least significant bit
  std::uint8_t width = 0;   // 0: the whole unit
};
// The bits of the unit `value`, extended by the type's sign.
[[nodiscard]] llvm::Value* extract_bits(Emitter& e, llvm::Value* value, const Type& type, BitField bits);
// Stores a scalar at `place`; of a bit field only its bits change.
void store_bits(Emitter& e, Place place, llvm::Value* value, BitField bits);

}  // namespace hawk
