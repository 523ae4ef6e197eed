// Builtins that look for a string in another one: strstr, rindex, replace.
#include <algorithm>

#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"

namespace hawk {

namespace {

constexpr std::uint32_t kPosition = 0;  // the word of a walk's tally that holds where it is

struct Match {
  llvm::BasicBlock* found = nullptr;
  llvm::BasicBlock* different = nullptr;
};

// Compares the part with the text from the position in the first word of `tally` on, and leaves for one of the blocks.
// The position comes from memory each time: Linux 6.12 draws conclusions from the bounds of position + index on the
// register it came from, and then forgets that a pointer plus that register is one.
void match_at(Emitter& e, const Characters& text, const Characters& part, const Tally& tally, const Match& match) {
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* head = e.block("character");
  llvm::BasicBlock* in_part = e.block("in_part");
  llvm::BasicBlock* more = e.block("more");
  llvm::BasicBlock* in_text = e.block("in_text");
  llvm::BasicBlock* same = e.block("same");
  e.flow_into(head);
  llvm::PHINode* index = e.ir.CreatePHI(e.integer(8), 2);
  index->addIncoming(e.number(0), before);
  e.branch(e.ir.CreateICmpULT(index, e.number(part.size - 1)), in_part, match.found);
  e.enter(in_part);
  llvm::Value* wanted = e.load(e.at_index(part.place, index, 1), 1);
  e.branch(e.ir.CreateICmpEQ(wanted, e.number(0, 1)), match.found, more);
  e.enter(more);
  llvm::Value* at = e.opaque(e.ir.CreateAdd(tally.get(kPosition), index));
  e.branch(e.ir.CreateICmpULT(at, e.number(text.size - 1)), in_text, match.different);
  e.enter(in_text);
  llvm::Value* actual = e.load(e.at_index(text.place, at, 1), 1);
  e.branch(e.ir.CreateICmpEQ(actual, wanted), same, match.different);
  e.enter(same);
  index->addIncoming(e.ir.CreateAdd(index, e.number(1)), same);
  e.ir.CreateBr(head);
}

llvm::Value* search(const CallSite& site, bool last) {
  Lowering& l = site.l;
  const typed::Expr& second = *site.call.arguments[1];
  Characters text = borrow_string(l, *site.call.arguments[0], {&second});
  Characters part = borrow_string(l, second);
  constexpr std::uint32_t kFound = 1;
  Tally tally(l, 2);
  tally.set(kFound, ~std::uint64_t{0});
  walk(l, {.turns = text.size, .work = part.size, .places = {text.place, part.place, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         Match match{e.block("found"), e.block("different")};
         Tally here(l, places[2]);
         here.set(kPosition, position);
         match_at(e, {places[0], text.size}, {places[1], part.size}, here, match);
         e.enter(match.found);
         here.set(kFound, position);
         e.ir.CreateBr(last ? match.different : targets.stop);
         e.enter(match.different);
         llvm::Value* byte = e.load(e.at_index(places[0], position, 1), 1);
         e.branch(e.ir.CreateICmpEQ(byte, e.number(0, 1)), targets.stop, targets.next);
       });
  return tally.get(kFound);
}

// What replace() keeps from byte to byte.
namespace replacing {
constexpr std::uint32_t kSkip = kPosition + 1;  // bytes of the text that are still to be left out
constexpr std::uint32_t kLength = kSkip + 1;    // bytes of the result
constexpr std::uint32_t kFrom = kLength + 1;    // bytes of the part that is replaced
constexpr std::uint32_t kCount = kFrom + 1;
}  // namespace replacing

// Where a turn of replace() works.
struct Replacing {
  Characters text;
  Characters from;
  Characters to;
  Characters result;  // with room for `to` behind its last byte
  Tally tally;
  LoopTargets targets;
};

void put_replacement(Lowering& l, const Replacing& r) {
  Emitter& e = l.e();
  r.tally.set(replacing::kSkip, e.ir.CreateSub(r.tally.get(replacing::kFrom), e.number(1)));
  llvm::Value* length = bounded(e, r.tally.get(replacing::kLength), r.result.size - 1);
  Place end = e.at_index(r.result.place, length, 1);
  llvm::Value* read = l.machine.read_string(e, end, e.number(r.to.size), own_memory(e, r.to.place));
  r.tally.set(replacing::kLength, e.ir.CreateAdd(length, e.ir.CreateSub(read, e.number(1))));
  e.ir.CreateBr(r.targets.next);
}

void put_byte(Lowering& l, const Replacing& r, llvm::Value* byte) {
  Emitter& e = l.e();
  llvm::Value* length = bounded(e, r.tally.get(replacing::kLength), r.result.size - 1);
  e.store(e.at_index(r.result.place, length, 1), byte);
  r.tally.set(replacing::kLength, e.ir.CreateAdd(length, e.number(1)));
  e.ir.CreateBr(r.targets.next);
}

// One byte of the text: skipped, copied, or the first one of a part that is replaced.
void replace_at(Lowering& l, const Replacing& r, llvm::Value* position) {
  Emitter& e = l.e();
  llvm::BasicBlock* inside = e.block("inside");
  llvm::BasicBlock* skip = e.block("skip");
  llvm::BasicBlock* take = e.block("take");
  llvm::BasicBlock* look = e.block("look");
  Match match{e.block("found"), e.block("different")};
  llvm::Value* byte = e.load(e.at_index(r.text.place, position, 1), 1);
  e.branch(e.ir.CreateICmpEQ(byte, e.number(0, 1)), r.targets.stop, inside);
  e.enter(inside);
  llvm::Value* skipped = r.tally.get(replacing::kSkip);
  e.branch(e.ir.CreateICmpNE(skipped, e.number(0)), skip, take);
  e.enter(skip);
  r.tally.set(replacing::kSkip, e.ir.CreateSub(skipped, e.number(1)));
  e.ir.CreateBr(r.targets.next);
  e.enter(take);
  e.branch(e.ir.CreateICmpEQ(r.tally.get(replacing::kFrom), e.number(0)), match.different, look);
  e.enter(look);
  r.tally.set(kPosition, position);
  match_at(e, r.text, r.from, r.tally, match);
  e.enter(match.found);
  put_replacement(l, r);
  e.enter(match.different);
  put_byte(l, r, byte);
}

}  // namespace

llvm::Value* lower_Strstr(const CallSite& site) {
  if (is_text(site.call.arguments[0]->type)) return call_with_arguments(site, HOST_CALL(text_search));
  return search(site, false);
}

llvm::Value* lower_Rindex(const CallSite& site) {
  if (is_text(site.call.arguments[0]->type)) return call_with_arguments(site, HOST_CALL(text_search_last));
  return search(site, true);
}

llvm::Value* lower_Replace(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_replace));
  Lowering& l = site.l;
  const auto& arguments = site.call.arguments;
  Characters text = borrow_string(l, *arguments[0], {arguments[1].get(), arguments[2].get()});
  Characters from = borrow_string(l, *arguments[1], {arguments[2].get()});
  Characters to = borrow_string(l, *arguments[2]);
  std::uint32_t size = site.expr.type.size;
  Place result = l.untracked(size + to.size);
  Tally tally(l, replacing::kCount);
  tally.set(replacing::kFrom, string_length(l, from));
  walk(l,
       {.turns = text.size - 1, .work = from.size, .places = {text.place, from.place, to.place, result, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         replace_at(l,
                    {.text = {places[0], text.size},
                     .from = {places[1], from.size},
                     .to = {places[2], to.size},
                     .result = {places[3], size},
                     .tally = Tally(l, places[4]),
                     .targets = targets},
                    position);
       });
  Emitter& e = l.e();
  llvm::Value* length = bounded(e, tally.get(replacing::kLength), size - 1);
  e.store(e.at_index(result, length, 1), e.number(0, 1));
  copy_terminated(l, result, {site.destination, size});
  return nullptr;
}

}  // namespace hawk
