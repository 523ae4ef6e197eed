// Strings, buffers and byte comparison. Strings are zero behind their NUL, always, so that equal
// strings have equal bytes: comparing needs no search for the end.
#include <algorithm>
#include <bit>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"

namespace hawk {

using typed::Expr;

namespace {

constexpr std::uint32_t kMostUnrolled = 32;  // loads or stores in a row

// Bytes [begin, begin + count) of `bytes` as a little-endian number.
std::uint64_t word_at(const std::string& bytes, std::size_t begin, std::uint32_t count) {
  std::uint64_t word = 0;
  for (std::uint32_t i = 0; i < count && begin + i < bytes.size(); ++i)
    word |= std::uint64_t{static_cast<unsigned char>(bytes[begin + i])} << (8 * i);
  return word;
}

// Largest unit of at most `unit` bytes (a power of two) that still fits into `left`.
std::uint32_t fitting_unit(std::uint32_t unit, std::uint32_t left) { return std::min(unit, std::bit_floor(left)); }

}  // namespace

void lower_into(Lowering& l, const Expr& expr, const typed::DataConstant& node, Place destination) {
  Emitter& e = l.e();
  std::uint32_t size = expr.type.size;
  std::string bytes = node.bytes.substr(0, size);
  std::uint32_t unit = std::min(destination.align, 8U);
  if (bytes.size() / unit > kMostUnrolled) {
    auto length = static_cast<std::uint32_t>(bytes.size());
    l.machine.copy_large(e, destination, l.machine.data(e, bytes), length);
    return l.zero(e.at(destination, length), size - length);
  }
  std::uint32_t offset = 0;
  while (offset < bytes.size()) {
    std::uint32_t step = fitting_unit(unit, size - offset);
    e.store(e.at(destination, offset), e.number(word_at(bytes, offset, step), step));
    offset += step;
  }
  if (offset < size) l.zero(e.at(destination, offset), size - offset);
}

namespace {

// `length` (null: no limit) cut to `most`, 8 bytes; a negative length is no limit either.
llvm::Value* limit_length(Lowering& l, const typed::ExprPtr& length, std::uint32_t most) {
  Emitter& e = l.e();
  if (length == nullptr) return e.number(most);
  llvm::Value* value = convert_scalar(e, l.scalar(*length), length->type, int_type(8, false));
  return e.ir.CreateSelect(e.ir.CreateICmpULT(value, e.number(most)), value, e.number(most));
}

// A string that fills its place to the last byte, NUL included: if its source goes on, the byte that
// stood there tells (see TypeKind::kString).
void mark_truncation(Lowering& l, llvm::Value* read, const Source& source, const Typed& string) {
  Emitter& e = l.e();
  std::uint32_t size = string.type.size;
  llvm::BasicBlock* full = e.block("full");
  llvm::BasicBlock* done = e.block("string");
  e.branch(e.ir.CreateICmpEQ(read, e.number(size)), full, done);
  e.enter(full);
  SlotScope scope(e);
  Place last = e.slot(1);
  l.machine.read_memory(e, last, e.number(1), {e.ir.CreateAdd(source.address, e.number(size - 1)), source.space});
  e.store(e.at(string.place, size - 1), e.load(last, 1));
  e.flow_into(done);
}

}  // namespace

void lower_into(Lowering& l, const Expr& expr, const typed::ReadString& node, Place destination) {
  Emitter& e = l.e();
  std::uint32_t size = expr.type.size;
  Source source{convert_scalar(e, l.scalar(*node.address), node.address->type, int_type(8, false)), node.space};
  llvm::Value* length = limit_length(l, node.length, size);
  l.zero(destination, size);
  if (size == 0) return;
  llvm::Value* read = l.machine.read_string(e, destination, length, source);
  if (node.mark_truncation) mark_truncation(l, read, source, {destination, expr.type});
}

void lower_into(Lowering& l, const Expr& expr, const typed::ReadBuffer& node, Place destination) {
  Emitter& e = l.e();
  std::uint32_t capacity = expr.type.size - 4;
  llvm::Value* address = l.scalar(*node.address);
  llvm::Value* length = limit_length(l, node.length, capacity);
  e.store(destination, e.ir.CreateTrunc(length, e.integer(4)));
  Place data = e.at(destination, 4);
  if (node.length != nullptr) l.zero(data, capacity);
  if (capacity > 0) l.machine.read_memory(e, data, length, {address, node.space});
}

// --- comparison ---------------------------------------------------------------------------------

namespace {

struct Comparison {
  Place left;
  Place right;
  std::uint32_t bytes = 0;
  bool until_zero = false;  // where one is zero, both are zero from there on
};

llvm::Value* differ_unrolled(Emitter& e, const Comparison& c, std::uint32_t begin, std::uint32_t unit) {
  llvm::Value* difference = e.number(0);
  for (std::uint32_t offset = begin; offset < c.bytes;) {
    std::uint32_t step = fitting_unit(unit, c.bytes - offset);
    llvm::Value* left = e.load(e.at(c.left, offset), step);
    llvm::Value* right = e.load(e.at(c.right, offset), step);
    difference = e.ir.CreateOr(difference, e.ir.CreateZExt(e.ir.CreateXor(left, right), e.integer(8)));
    offset += step;
  }
  return e.ir.CreateICmpNE(difference, e.number(0));
}

// Walks whole units up to the first difference (or zero unit); the rest is compared behind the loop.
llvm::Value* differ_looping(Emitter& e, const Comparison& c, std::uint32_t unit) {
  std::uint32_t whole = c.bytes / unit * unit;
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* head = e.block("compare");
  llvm::BasicBlock* same = e.block("compare_same");
  llvm::BasicBlock* next = e.block("compare_next");
  llvm::BasicBlock* rest = e.block("compare_rest");
  llvm::BasicBlock* done = e.block("compared");
  e.flow_into(head);
  llvm::PHINode* offset = e.ir.CreatePHI(e.integer(8), 2);
  offset->addIncoming(e.number(0), before);
  llvm::Value* left = e.load({e.ir.CreateGEP(e.ir.getInt8Ty(), c.left.pointer, offset), unit}, unit);
  llvm::Value* right = e.load({e.ir.CreateGEP(e.ir.getInt8Ty(), c.right.pointer, offset), unit}, unit);
  e.branch(e.ir.CreateICmpNE(left, right), done, same);
  e.enter(same);
  if (c.until_zero) {
    e.branch(e.ir.CreateICmpEQ(left, e.number(0, unit)), done, next);
  } else {
    e.ir.CreateBr(next);
  }
  e.enter(next);
  llvm::Value* step = e.ir.CreateAdd(offset, e.number(unit));
  offset->addIncoming(step, next);
  e.branch(e.ir.CreateICmpULT(step, e.number(whole)), head, rest);
  e.enter(rest);
  llvm::Value* rest_differs = differ_unrolled(e, c, whole, unit);
  e.flow_into(done);
  llvm::PHINode* result = e.ir.CreatePHI(e.ir.getInt1Ty(), 3);
  result->addIncoming(e.flag(true), head);
  if (c.until_zero) result->addIncoming(e.flag(false), same);
  result->addIncoming(rest_differs, rest);
  return result;
}

llvm::Value* differ(Emitter& e, const Comparison& c) {
  std::uint32_t unit = std::min({c.left.align, c.right.align, 8U});
  return c.bytes / unit <= kMostUnrolled ? differ_unrolled(e, c, 0, unit) : differ_looping(e, c, unit);
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::CompareStrings& node) {
  Emitter& e = l.e();
  Place left = borrow_string(l, *node.left, {node.right.get()}).place;
  Place right = l.borrow(*node.right);
  std::uint32_t shorter = std::min(node.left->type.size, node.right->type.size);
  bool left_is_longer = node.left->type.size > shorter;
  bool sizes_differ = left_is_longer || node.right->type.size > shorter;
  llvm::Value* differs = differ(e, {left, right, std::min(shorter, node.limit), true});
  if (sizes_differ && node.limit > shorter) {
    // Equal so far; the longer one must end here too.
    llvm::Value* next = e.load(e.at(left_is_longer ? left : right, shorter), 1);
    differs = e.ir.CreateOr(differs, e.ir.CreateICmpNE(next, e.number(0, 1)));
  }
  return node.negate ? differs : e.ir.CreateNot(differs);
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::CompareBytes& node) {
  Place left = borrow_string(l, *node.left, {node.right.get()}).place;
  Place right = l.borrow(*node.right);
  llvm::Value* differs = differ(l.e(), {left, right, node.left->type.size, false});
  return node.negate ? differs : l.e().ir.CreateNot(differs);
}

// Words are compared as they stand in memory, the first byte being the most significant.
llvm::Value* lower_StringOrder(const CallSite& site) {
  Lowering& l = site.l;
  const Expr& first = *site.call.arguments[0];
  const Expr& second = *site.call.arguments[1];
  HAWK_CHECK(first.type.size == second.type.size && first.type.size % 8 == 0,
             "both have the same size, in whole words");
  Place left = borrow_string(l, first, {&second}).place;
  Place right = l.borrow(second);
  std::uint32_t unit = std::min({left.align, right.align, 8U});
  Tally differing(l, 2);
  walk(l, {.turns = first.type.size / unit, .work = 1, .places = {left, right, differing.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         llvm::Value* offset = e.ir.CreateMul(position, e.number(unit));
         llvm::Value* a = e.load(e.at_index(places[0], offset, unit), unit);
         llvm::Value* b = e.load(e.at_index(places[1], offset, unit), unit);
         llvm::BasicBlock* differ = e.block("differ");
         llvm::BasicBlock* same = e.block("same");
         e.branch(e.ir.CreateICmpNE(a, b), differ, same);
         e.enter(differ);
         Tally found(l, places[2]);
         found.set(0, e.ir.CreateZExt(a, e.integer(8)));
         found.set(1, e.ir.CreateZExt(b, e.integer(8)));
         e.ir.CreateBr(targets.stop);
         e.enter(same);
         e.branch(e.ir.CreateICmpEQ(a, e.number(0, unit)), targets.stop, targets.next);
       });
  Emitter& e = l.e();
  llvm::Value* a = e.ir.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, differing.get(0));
  llvm::Value* b = e.ir.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, differing.get(1));
  llvm::Value* greater = e.ir.CreateZExt(e.ir.CreateICmpUGT(a, b), e.integer(8));
  llvm::Value* less = e.ir.CreateZExt(e.ir.CreateICmpULT(a, b), e.integer(8));
  return e.ir.CreateSub(greater, less);
}

}  // namespace hawk
