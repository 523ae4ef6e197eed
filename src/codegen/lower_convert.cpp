// Conversions.
#include <algorithm>

#include "codegen/convert.h"
#include "codegen/lower.h"

namespace hawk {

using typed::Expr;

llvm::Value* convert_scalar(Emitter& e, llvm::Value* value, const Type& from, const Type& to) {
  if (to.kind == TypeKind::kBool) {
    return from.kind == TypeKind::kBool ? value : e.ir.CreateICmpNE(value, e.number(0, from.size));
  }
  return from.is_signed ? e.ir.CreateSExtOrTrunc(value, e.integer(to.size)) : e.ir.CreateZExtOrTrunc(value, e.integer(to.size));
}

llvm::Value* extract_bits(Emitter& e, llvm::Value* value, const Type& type, std::uint8_t bit_offset, std::uint8_t bit_width) {
  if (bit_width == 0) return value;
  if (value->getType()->isIntegerTy(1)) value = e.ir.CreateZExt(value, e.integer(1));
  unsigned bits = value->getType()->getIntegerBitWidth();
  value = e.ir.CreateShl(value, bits - bit_offset - bit_width);
  value = type.is_signed ? e.ir.CreateAShr(value, bits - bit_width) : e.ir.CreateLShr(value, bits - bit_width);
  return type.kind == TypeKind::kBool ? e.ir.CreateICmpNE(value, llvm::ConstantInt::get(value->getType(), 0)) : value;
}

namespace {

bool is_packed(const Type& type) { return type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord; }

// The same bytes, zeros behind or the end cut off.
void resize(Lowering& l, Place source, std::uint32_t from, Place destination, std::uint32_t to) {
  l.copy(destination, source, std::min(from, to));
  if (to > from) l.zero(l.e().at(destination, from), to - from);
}

void resize_buffer(Lowering& l, Place source, const Type& from, Place destination, const Type& to) {
  resize(l, source, from.size, destination, to.size);
  if (to.size >= from.size) return;
  Emitter& e = l.e();
  llvm::Value* length = e.load(source, 4);
  llvm::Value* most = e.number(to.size - 4, 4);
  e.store(destination, e.ir.CreateSelect(e.ir.CreateICmpULT(length, most), length, most));
}

void convert_members(Lowering& l, Place source, const Type& from, Place destination, const Type& to) {
  l.zero(destination, to.size);
  for (const Field& field : to.def->fields) {
    FoundField origin = find_field(*from.def, field.name);
    HAWK_CHECK(origin.field != nullptr, "a tuple or record converts to one with the same members");
    convert_place(l, l.e().at(source, origin.offset), origin.field->type, l.e().at(destination, field.offset), field.type);
  }
}

// Characters of an array become a string: what lies behind the NUL may be anything and must be zero.
void clean_string(Lowering& l, Place source, Place destination, std::uint32_t bytes) {
  Emitter& e = l.e();
  l.zero(destination, bytes);
  llvm::Value* address = e.ir.CreatePtrToInt(source.pointer, e.integer(8));
  static_cast<void>(l.machine.read_string(e, destination, e.number(bytes), address, AddressSpace::kKernel));
  Place last = e.at(source, bytes - 1);
  Place last_written = e.at(destination, bytes - 1);
  // A full array has no NUL: read_string put one over its last character. Behind a NUL, zero stays.
  llvm::BasicBlock* full = e.block("full");
  llvm::BasicBlock* done = e.block("cleaned");
  llvm::Value* before_last = bytes > 1 ? e.load(e.at(destination, bytes - 2), 1) : e.number(1, 1);
  e.branch(e.ir.CreateICmpNE(before_last, e.number(0, 1)), full, done);
  e.enter(full);
  e.store(last_written, e.load(last, 1));
  e.flow_into(done);
}

}  // namespace

void convert_place(Lowering& l, Place source, const Type& from, Place destination, const Type& to) {
  Emitter& e = l.e();
  if (is_scalar(from) && is_scalar(to))
    return e.store_scalar(destination, convert_scalar(e, e.load_scalar(source, from), from, to));
  if (from.kind == TypeKind::kString && to.kind == TypeKind::kString) return resize(l, source, from.size, destination, to.size);
  if (from.kind == TypeKind::kBuffer && to.kind == TypeKind::kBuffer) return resize_buffer(l, source, from, destination, to);
  if (is_packed(from) && is_packed(to) && !same_type(from, to)) return convert_members(l, source, from, destination, to);
  if (from.kind == TypeKind::kArray && to.kind == TypeKind::kString && from.size == to.size)
    return clean_string(l, source, destination, to.size);
  resize(l, source, from.size, destination, to.size);
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Convert& node) {
  const Type& from = node.operand->type;
  if (is_scalar(from)) return convert_scalar(l.e(), l.scalar(*node.operand), from, expr.type);
  if (expr.type.kind == TypeKind::kNone) {
    l.effect(*node.operand);
    return nullptr;
  }
  Place source = l.borrow(*node.operand);
  if (expr.type.kind == TypeKind::kBool && from.kind == TypeKind::kString)
    return l.e().ir.CreateICmpNE(l.e().load(source, 1), l.e().number(0, 1));
  return l.e().load_scalar(source, expr.type);
}

void lower_into(Lowering& l, const Expr& expr, const typed::Convert& node, Place destination) {
  const Type& from = node.operand->type;
  if (is_scalar(from)) {
    HAWK_CHECK(from.size == expr.type.size, "a scalar converts to bytes of its own size");
    return l.e().store_scalar(destination, l.scalar(*node.operand));
  }
  // A longer string can be made in place; anything else needs its source beside it.
  convert_place(l, l.borrow(*node.operand), from, destination, expr.type);
}

}  // namespace hawk
