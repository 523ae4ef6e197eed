// Builtins on whole strings: length, joining, a part by position, case.
#include <algorithm>
#include <bit>

#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"

namespace hawk {

llvm::Value* lower_Strlen(const CallSite& site) {
  const typed::Expr& text = *site.call.arguments[0];
  if (is_text(text.type)) return call_with_arguments(site, HOST_CALL(text_length));
  return string_length(site.l, borrow_string(site.l, text));
}

llvm::Value* lower_StrConcat(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_concat));
  Lowering& l = site.l;
  Emitter& e = l.e();
  const typed::Expr& first = *site.call.arguments[0];
  const typed::Expr& second = *site.call.arguments[1];
  std::uint32_t size = site.expr.type.size;
  // The second string may begin anywhere in the first `size` bytes; for the verifier it may then be
  // `size` bytes long, so there is room for both.
  Place both = l.untracked(2 * size);
  Place left = l.borrow(first);
  l.zero(both, size);
  llvm::Value* most = e.number(std::min(size, first.type.size));
  llvm::Value* read = l.machine.read_string(e, both, most, own_memory(e, left));
  llvm::Value* length = e.ir.CreateSub(read, e.number(1));
  Place right = l.borrow(second);
  Place behind = e.at_index(both, bounded(e, length, size - 1), 1);
  most = e.number(std::min(size, second.type.size));
  static_cast<void>(l.machine.read_string(e, behind, most, own_memory(e, right)));
  e.store(e.at(both, size - 1), e.number(0, 1));
  l.copy(site.destination, both, size);
  return nullptr;
}

namespace {

// `position` counted from the end where it is negative, cut to what there is.
llvm::Value* position_in(Emitter& e, llvm::Value* position, llvm::Value* length) {
  llvm::Value* zero = e.number(0);
  llvm::Value* from_end = e.ir.CreateAdd(length, position);
  llvm::Value* wanted = e.ir.CreateSelect(e.ir.CreateICmpSLT(position, zero), from_end, position);
  wanted = e.ir.CreateSelect(e.ir.CreateICmpSLT(wanted, zero), zero, wanted);
  return e.ir.CreateSelect(e.ir.CreateICmpSLT(wanted, length), wanted, length);
}

}  // namespace

llvm::Value* lower_Substr(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_substr));
  Lowering& l = site.l;
  Emitter& e = l.e();
  const auto& arguments = site.call.arguments;
  Characters text = addressable(l, borrow_string(l, *arguments[0], {arguments[1].get(), arguments[2].get()}));
  llvm::Value* start = l.scalar(*arguments[1]);
  llvm::Value* wanted = l.scalar(*arguments[2]);
  llvm::Value* length = string_length(l, text);
  llvm::Value* begin = position_in(e, start, length);
  llvm::Value* count = position_in(e, wanted, e.ir.CreateSub(length, begin));
  copy_slice(l, text, {begin, count}, {site.destination, site.expr.type.size});
  return nullptr;
}

namespace {

std::uint64_t in_every_byte(std::uint64_t byte) { return 0x0101010101010101U * byte; }

// All bytes of `word` (1 to 8 of them) at once: those from `first` to `last`, ASCII letters, change their case.
llvm::Value* change_case(Emitter& e, llvm::Value* word, unsigned first, unsigned last) {
  std::uint32_t bytes = word->getType()->getIntegerBitWidth() / 8;
  auto each = [&](std::uint64_t byte) { return e.number(in_every_byte(byte), bytes); };
  llvm::Value* low = e.ir.CreateAnd(word, each(0x7f));
  llvm::Value* from_first = e.ir.CreateAdd(low, each(0x80 - first));
  llvm::Value* behind_last = e.ir.CreateAdd(low, each(0x7f - last));
  llvm::Value* letters = e.ir.CreateAnd(e.ir.CreateXor(from_first, behind_last), each(0x80));
  letters = e.ir.CreateAnd(letters, e.ir.CreateNot(word));  // bytes of longer characters stay
  return e.ir.CreateXor(word, e.ir.CreateLShr(letters, 2));
}

llvm::Value* lower_case_change(const CallSite& site, unsigned first, unsigned last) {
  Lowering& l = site.l;
  std::uint32_t size = site.expr.type.size;
  Place text = l.borrow(*site.call.arguments[0]);
  std::uint32_t unit = std::min({text.align, site.destination.align, 8U});
  walk(l, {.turns = size / unit, .work = 1, .places = {text, site.destination}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         llvm::Value* offset = e.ir.CreateMul(position, e.number(unit));
         llvm::Value* word = e.load(e.at_index(places[0], offset, unit), unit);
         e.store(e.at_index(places[1], offset, unit), change_case(e, word, first, last));
         e.ir.CreateBr(targets.next);
       });
  Emitter& e = l.e();
  for (std::uint32_t offset = size / unit * unit; offset < size; ++offset)
    e.store(e.at(site.destination, offset), change_case(e, e.load(e.at(text, offset), 1), first, last));
  return nullptr;
}

}  // namespace

llvm::Value* lower_Toupper(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_upper));
  return lower_case_change(site, 'a', 'z');
}

llvm::Value* lower_Tolower(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_lower));
  return lower_case_change(site, 'A', 'Z');
}

}  // namespace hawk
