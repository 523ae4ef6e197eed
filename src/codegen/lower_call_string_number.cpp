// strtol: the number that a string begins with, as C's strtol reads it.
#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"

namespace hawk {

namespace {

constexpr std::uint64_t kNoDigit = 255;

// The value of a digit or letter, kNoDigit for other bytes.
llvm::Value* digit_value(Emitter& e, llvm::Value* byte) {
  llvm::Value* decimal = e.ir.CreateSub(byte, e.number('0'));
  llvm::Value* letter = e.ir.CreateSub(e.ir.CreateOr(byte, e.number(0x20)), e.number('a'));
  llvm::Value* otherwise = e.ir.CreateSelect(e.ir.CreateICmpULT(letter, e.number(26)),
                                             e.ir.CreateAdd(letter, e.number(10)), e.number(kNoDigit));
  return e.ir.CreateSelect(e.ir.CreateICmpULT(decimal, e.number(10)), decimal, otherwise);
}

// What is kept from byte to byte.
namespace number {
constexpr std::uint32_t kAt = 0;     // where the digits begin
constexpr std::uint32_t kValue = 1;  // of the digits so far
constexpr std::uint32_t kBase = 2;
constexpr std::uint32_t kLargest = 3;  // value there may be
constexpr std::uint32_t kSlots = 4;
}  // namespace number

// What isspace() of the C locale takes.
llvm::Value* is_space(Emitter& e, llvm::Value* byte) {
  llvm::Value* control = e.ir.CreateICmpULT(e.ir.CreateSub(byte, e.number('\t', 1)), e.number(5, 1));
  return e.ir.CreateOr(control, e.ir.CreateICmpEQ(byte, e.number(' ', 1)));
}

void skip_space(Lowering& l, const Characters& text, const Tally& tally) {
  walk(l, {.turns = text.size - 1, .work = 1, .places = {text.place, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         llvm::BasicBlock* other = e.block("other");
         llvm::Value* byte = e.load(e.at_index(places[0], position, 1), 1);
         e.branch(is_space(e, byte), targets.next, other);
         e.enter(other);
         Tally(l, places[1]).set(number::kAt, position);
         e.ir.CreateBr(targets.stop);
       });
}

void read_digits(Lowering& l, const Characters& text, const Tally& tally) {
  walk(l, {.turns = text.size - 1, .work = 1, .places = {text.place, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         Tally found(l, places[1]);
         llvm::BasicBlock* digit_there = e.block("digit");
         llvm::BasicBlock* fits = e.block("fits");
         llvm::BasicBlock* too_large = e.block("too_large");
         llvm::Value* at = e.ir.CreateAdd(found.get(number::kAt), position);
         llvm::Value* digit = digit_value(e, byte_at(l, {places[0], text.size}, at));
         llvm::Value* base = found.get(number::kBase);
         e.branch(e.ir.CreateICmpULT(digit, base), digit_there, targets.stop);
         e.enter(digit_there);
         llvm::Value* value = found.get(number::kValue);
         llvm::Value* largest = found.get(number::kLargest);
         llvm::Value* most = e.ir.CreateUDiv(e.ir.CreateSub(largest, digit), base);
         e.branch(e.ir.CreateICmpULE(value, most), fits, too_large);
         e.enter(fits);
         found.set(number::kValue, e.ir.CreateAdd(e.ir.CreateMul(value, base), digit));
         e.ir.CreateBr(targets.next);
         e.enter(too_large);
         found.set(number::kValue, largest);
         e.ir.CreateBr(targets.stop);
       });
}

// Steps over 0x and finds the base, if that is left to the string.
void read_prefix(Lowering& l, const Characters& text, const Tally& tally, llvm::Value* base) {
  Emitter& e = l.e();
  llvm::Value* at = tally.get(number::kAt);
  llvm::Value* zero = e.ir.CreateICmpEQ(byte_at(l, text, at), e.number('0'));
  llvm::Value* second = e.ir.CreateOr(byte_at(l, text, e.ir.CreateAdd(at, e.number(1))), e.number(0x20));
  llvm::Value* third = digit_value(e, byte_at(l, text, e.ir.CreateAdd(at, e.number(2))));
  llvm::Value* open = e.ir.CreateICmpEQ(base, e.number(0));
  llvm::Value* hexadecimal = e.ir.CreateAnd(zero, e.ir.CreateICmpEQ(second, e.number('x')));
  hexadecimal = e.ir.CreateAnd(hexadecimal, e.ir.CreateICmpULT(third, e.number(16)));
  hexadecimal = e.ir.CreateAnd(hexadecimal, e.ir.CreateOr(open, e.ir.CreateICmpEQ(base, e.number(16))));
  tally.set(number::kAt, e.ir.CreateAdd(at, e.ir.CreateSelect(hexadecimal, e.number(2), e.number(0))));
  llvm::Value* otherwise = e.ir.CreateSelect(open, e.ir.CreateSelect(zero, e.number(8), e.number(10)), base);
  tally.set(number::kBase, e.ir.CreateSelect(hexadecimal, e.number(16), otherwise));
}

}  // namespace

llvm::Value* lower_Strtol(const CallSite& site) {
  const auto& arguments = site.call.arguments;
  if (arguments[0]->type.kind == TypeKind::kText) return call_with_arguments(site, HOST_CALL(text_strtol));
  Lowering& l = site.l;
  Emitter& e = l.e();
  Characters text = addressable(l, borrow_string(l, *arguments[0], {arguments[1].get()}));
  llvm::Value* base = l.scalar(*arguments[1]);
  Tally tally(l, number::kSlots);
  skip_space(l, text, tally);
  llvm::Value* at = tally.get(number::kAt);
  llvm::Value* sign = byte_at(l, text, at);
  llvm::Value* negative = e.ir.CreateICmpEQ(sign, e.number('-'));
  llvm::Value* has_sign = e.ir.CreateOr(negative, e.ir.CreateICmpEQ(sign, e.number('+')));
  tally.set(number::kAt, e.ir.CreateAdd(at, e.ir.CreateZExt(has_sign, e.integer(8))));
  constexpr std::uint64_t kMost = ~std::uint64_t{0} >> 1;
  tally.set(number::kLargest, e.ir.CreateAdd(e.number(kMost), e.ir.CreateZExt(negative, e.integer(8))));
  read_prefix(l, text, tally, base);
  read_digits(l, text, tally);
  llvm::Value* value = tally.get(number::kValue);
  value = e.ir.CreateSelect(negative, e.ir.CreateNeg(value), value);
  llvm::Value* odd = e.ir.CreateICmpUGT(e.ir.CreateSub(base, e.number(2)), e.number(34));  // 0 or no base
  return e.ir.CreateSelect(e.ir.CreateAnd(odd, e.ir.CreateICmpNE(base, e.number(0))), e.number(0), value);
}

}  // namespace hawk
