// Conversions.
#include <algorithm>

#include "codegen/convert.h"
#include "codegen/lower.h"

namespace hawk {

using typed::Expr;

llvm::Value* to_double(Emitter& e, llvm::Value* bits) { return e.ir.CreateBitCast(bits, e.ir.getDoubleTy()); }
llvm::Value* to_bits(Emitter& e, llvm::Value* number) { return e.ir.CreateBitCast(number, e.integer(8)); }

namespace {

llvm::Value* float_from_int(Emitter& e, llvm::Value* value, bool is_signed) {
  auto* type = e.ir.getDoubleTy();
  return to_bits(e, is_signed ? e.ir.CreateSIToFP(value, type) : e.ir.CreateUIToFP(value, type));
}

// Toward zero, cut to the range of `to`, 0 for NaN.
llvm::Value* int_from_float(Emitter& e, llvm::Value* value, const Type& to) {
  auto intrinsic = to.is_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
  return e.ir.CreateIntrinsic(intrinsic, {e.integer(to.size), e.ir.getDoubleTy()}, {to_double(e, value)});
}

llvm::Value* text_from(Lowering& l, const Typed& string) {
  Emitter& e = l.e();
  return l.machine.call_host(e, HOST_CALL(text_from), {string.place.pointer, e.number(string.type.size)});
}

void text_to(Lowering& l, llvm::Value* text, const Typed& string) {
  Emitter& e = l.e();
  static_cast<void>(
      l.machine.call_host(e, HOST_CALL(text_to), {text, string.place.pointer, e.number(string.type.size)}));
}

}  // namespace

llvm::Value* convert_scalar(Emitter& e, llvm::Value* value, const Type& from, const Type& to) {
  if (is_float(from) && is_float(to)) return value;
  if (is_float(to)) return float_from_int(e, value, from.is_signed);
  if (is_float(from) && to.kind != TypeKind::kBool) return int_from_float(e, value, to);
  if (is_float(from)) return e.ir.CreateFCmpUNE(to_double(e, value), llvm::ConstantFP::get(e.ir.getDoubleTy(), 0));
  if (to.kind == TypeKind::kBool) {
    return from.kind == TypeKind::kBool ? value : e.ir.CreateICmpNE(value, e.number(0, from.size));
  }
  return from.is_signed ? e.ir.CreateSExtOrTrunc(value, e.integer(to.size))
                        : e.ir.CreateZExtOrTrunc(value, e.integer(to.size));
}

llvm::Value* extract_bits(Emitter& e, llvm::Value* value, const Type& type, BitField bits) {
  if (bits.width == 0) return value;
  if (value->getType()->isIntegerTy(1)) value = e.ir.CreateZExt(value, e.integer(1));
  unsigned unit = value->getType()->getIntegerBitWidth();
  value = e.ir.CreateShl(value, unit - bits.offset - bits.width);
  value = type.is_signed ? e.ir.CreateAShr(value, unit - bits.width) : e.ir.CreateLShr(value, unit - bits.width);
  return type.kind == TypeKind::kBool ? e.ir.CreateICmpNE(value, llvm::ConstantInt::get(value->getType(), 0)) : value;
}

void store_bits(Emitter& e, Place place, llvm::Value* value, BitField bits) {
  if (bits.width == 0) return e.store_scalar(place, value);
  if (value->getType()->isIntegerTy(1)) value = e.ir.CreateZExt(value, e.integer(1));
  unsigned unit = value->getType()->getIntegerBitWidth();
  llvm::APInt mask = llvm::APInt::getBitsSet(unit, bits.offset, bits.offset + bits.width);
  auto number = [&](const llvm::APInt& each) { return llvm::ConstantInt::get(value->getType(), each); };
  llvm::Value* others = e.ir.CreateAnd(e.load(place, unit / 8), number(~mask));
  llvm::Value* shifted = e.ir.CreateAnd(e.ir.CreateShl(value, bits.offset), number(mask));
  e.store(place, e.ir.CreateOr(others, shifted));
}

namespace {

bool is_packed(const Type& type) { return type.kind == TypeKind::kTuple || type.kind == TypeKind::kRecord; }

// The same bytes, zeros behind or the end cut off.
void resize(Lowering& l, const Typed& from, const Typed& to) {
  std::uint32_t common = std::min(from.type.size, to.type.size);
  l.copy(to.place, from.place, common);
  if (to.type.size > common) l.zero(l.e().at(to.place, common), to.type.size - common);
}

void resize_buffer(Lowering& l, const Typed& from, const Typed& to) {
  resize(l, from, to);
  if (to.type.size >= from.type.size) return;
  Emitter& e = l.e();
  llvm::Value* length = e.load(from.place, 4);
  llvm::Value* most = e.number(to.type.size - 4, 4);
  e.store(to.place, e.ir.CreateSelect(e.ir.CreateICmpULT(length, most), length, most));
}

void convert_members(Lowering& l, const Typed& from, const Typed& to) {
  l.zero(to.place, to.type.size);
  for (const Field& field : to.type.def->fields) {
    FoundField origin = find_field(*from.type.def, field.name);
    HAWK_CHECK(origin.field != nullptr, "a tuple or record converts to one with the same members");
    convert_place(l, {l.e().at(from.place, origin.offset), origin.field->type},
                  {l.e().at(to.place, field.offset), field.type});
  }
}

void convert_elements(Lowering& l, const Typed& from, const Typed& to) {
  for (std::uint32_t i = 0; i < to.type.count; ++i) {
    convert_place(l, {l.e().at(from.place, std::uint64_t{i} * from.type.element->size), *from.type.element},
                  {l.e().at(to.place, std::uint64_t{i} * to.type.element->size), *to.type.element});
  }
}

// The `bytes` characters of an array become a string of at least as many: what lies behind the NUL may be anything and
// must be zero.
void clean_string(Lowering& l, Place source, const Typed& to, std::uint32_t bytes) {
  Emitter& e = l.e();
  Place destination = to.place;
  l.zero(destination, to.type.size);
  if (bytes == 0) return;
  llvm::Value* address = e.ir.CreatePtrToInt(source.pointer, e.integer(8));
  static_cast<void>(l.machine.read_string(e, destination, e.number(bytes), {address, AddressSpace::kKernel}));
  // A full array has no NUL: read_string put one over its last character. Behind a NUL, zero stays.
  llvm::BasicBlock* full = e.block("full");
  llvm::BasicBlock* done = e.block("cleaned");
  llvm::Value* before_last = bytes > 1 ? e.load(e.at(destination, bytes - 2), 1) : e.number(1, 1);
  e.branch(e.ir.CreateICmpNE(before_last, e.number(0, 1)), full, done);
  e.enter(full);
  e.store(e.at(destination, bytes - 1), e.load(e.at(source, bytes - 1), 1));
  e.flow_into(done);
}

}  // namespace

void convert_place(Lowering& l, const Typed& from, const Typed& to) {
  Emitter& e = l.e();
  if (is_scalar(from.type) && is_scalar(to.type)) {
    llvm::Value* value = convert_value(l, e.load_scalar(from.place, from.type), from.type, to.type);
    return e.store_scalar(to.place, value);
  }
  if (is_text(to.type)) return e.store_scalar(to.place, text_from(l, from));
  if (is_text(from.type)) return text_to(l, e.load_scalar(from.place, from.type), to);
  if (from.type.kind == TypeKind::kBuffer && to.type.kind == TypeKind::kBuffer) return resize_buffer(l, from, to);
  if (is_packed(from.type) && is_packed(to.type) && !same_type(from.type, to.type)) return convert_members(l, from, to);
  bool from_array = from.type.kind == TypeKind::kArray;
  if (from_array && to.type.kind == TypeKind::kString && from.type.size <= to.type.size)
    return clean_string(l, from.place, to, from.type.size);
  bool arrays = from_array && to.type.kind == TypeKind::kArray && from.type.count == to.type.count;
  if (arrays && from.type.size != to.type.size) return convert_elements(l, from, to);
  resize(l, from, to);
}

llvm::Value* convert_value(Lowering& l, llvm::Value* value, const Type& from, const Type& to) {
  bool number = is_text(from) && !is_text(to) && to.kind != TypeKind::kBool;
  if (!number) return convert_scalar(l.e(), value, from, to);
  if (is_float(to)) return to_bits(l.e(), l.machine.call_host(l.e(), HOST_CALL(text_to_float), {value}));
  llvm::Value* integer = l.machine.call_host(l.e(), HOST_CALL(text_to_int), {value});
  return convert_scalar(l.e(), integer, int_type(8, true), to);
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Convert& node) {
  const Type& from = node.operand->type;
  if (is_scalar(from)) return convert_value(l, l.scalar(*node.operand), from, expr.type);
  if (expr.type.kind == TypeKind::kNone) {
    l.effect(*node.operand);
    return nullptr;
  }
  Place source = l.borrow(*node.operand);
  if (is_text(expr.type)) return text_from(l, {source, from});
  if (expr.type.kind == TypeKind::kBool && from.kind == TypeKind::kString)
    return l.e().ir.CreateICmpNE(l.e().load(source, 1), l.e().number(0, 1));
  return l.e().load_scalar(source, expr.type);
}

void lower_into(Lowering& l, const Expr& expr, const typed::Convert& node, Place destination) {
  const Type& from = node.operand->type;
  if (is_text(from)) return text_to(l, l.scalar(*node.operand), {destination, expr.type});
  if (is_scalar(from)) {
    HAWK_CHECK(from.size == expr.type.size, "a scalar converts to bytes of its own size");
    return l.e().store_scalar(destination, l.scalar(*node.operand));
  }
  convert_place(l, {l.borrow(*node.operand), from}, {destination, expr.type});
}

}  // namespace hawk
