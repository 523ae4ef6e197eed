// Builtins that give a part of a string by what is in it: field, basename, dirname.
#include <algorithm>
#include <array>

#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"
#include "support/check.h"

namespace hawk {

namespace {

// A table of 256 bytes, 1 for each separator.
Place separator_table(Lowering& l, const std::string& separators) {
  std::string table(256, '\0');
  for (char c : separators) table[static_cast<unsigned char>(c)] = 1;
  return l.machine.data(l.e(), table);
}

// What field() keeps from byte to byte.
namespace splitting {
constexpr std::uint32_t kLeft = 0;    // fields before the wanted one that have not ended yet
constexpr std::uint32_t kBegin = 1;   // of the current field
constexpr std::uint32_t kEnd = 2;     // where the walk ended
constexpr std::uint32_t kInside = 3;  // 1 in a field; between blanks 0
constexpr std::uint32_t kCount = 4;
}  // namespace splitting

struct Splitting {
  llvm::Value* position = nullptr;
  bool blanks = false;  // runs of separators count as one, and those at the beginning do not count
  Tally tally;
  LoopTargets targets;
};

// The field that the separator at this position ends was the wanted one, or there are some left before it.
void end_field(Emitter& e, const Splitting& s) {
  llvm::BasicBlock* wanted = e.block("wanted");
  llvm::BasicBlock* before = e.block("before");
  llvm::Value* left = s.tally.get(splitting::kLeft);
  e.branch(e.ir.CreateICmpEQ(left, e.number(0)), wanted, before);
  e.enter(wanted);
  s.tally.set(splitting::kEnd, s.position);
  e.ir.CreateBr(s.targets.stop);
  e.enter(before);
  s.tally.set(splitting::kLeft, e.ir.CreateSub(left, e.number(1)));
  if (s.blanks) {
    s.tally.set(splitting::kInside, std::uint64_t{0});
  } else {
    s.tally.set(splitting::kBegin, e.ir.CreateAdd(s.position, e.number(1)));
  }
  e.ir.CreateBr(s.targets.next);
}

// A separator or another byte, where runs of separators count as one.
void walk_blanks(Emitter& e, const Splitting& s, llvm::Value* separates) {
  llvm::BasicBlock* blank = e.block("blank");
  llvm::BasicBlock* other = e.block("other");
  llvm::BasicBlock* ends = e.block("ends");
  llvm::BasicBlock* begins = e.block("begins");
  llvm::Value* inside = e.ir.CreateICmpNE(s.tally.get(splitting::kInside), e.number(0));
  e.branch(separates, blank, other);
  e.enter(blank);
  e.branch(inside, ends, s.targets.next);
  e.enter(ends);
  end_field(e, s);
  e.enter(other);
  e.branch(inside, s.targets.next, begins);
  e.enter(begins);
  s.tally.set(splitting::kBegin, s.position);
  s.tally.set(splitting::kInside, std::uint64_t{1});
  e.ir.CreateBr(s.targets.next);
}

void split_at(Lowering& l, const Splitting& s, const Characters& text, Place table) {
  Emitter& e = l.e();
  llvm::BasicBlock* inside = e.block("inside");
  llvm::Value* byte = e.load(e.at_index(text.place, s.position, 1), 1);
  s.tally.set(splitting::kEnd, s.position);
  e.branch(e.ir.CreateICmpEQ(byte, e.number(0, 1)), s.targets.stop, inside);
  e.enter(inside);
  s.tally.set(splitting::kEnd, e.ir.CreateAdd(s.position, e.number(1)));
  llvm::Value* flag = e.load(e.at_index(table, e.ir.CreateZExt(byte, e.integer(8)), 1), 1);
  llvm::Value* separates = e.ir.CreateICmpNE(flag, e.number(0, 1));
  if (s.blanks) return walk_blanks(e, s, separates);
  llvm::BasicBlock* ends = e.block("ends");
  e.branch(separates, ends, s.targets.next);
  e.enter(ends);
  end_field(e, s);
}

}  // namespace

llvm::Value* lower_Field(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_field));
  Lowering& l = site.l;
  Emitter& e = l.e();
  const auto& arguments = site.call.arguments;
  const auto* separators = std::get_if<typed::DataConstant>(&arguments[2]->node);
  HAWK_CHECK(separators != nullptr, "the separators of a string's fields are known");
  std::string characters = separators->bytes.substr(0, separators->bytes.find('\0'));
  bool blanks = characters.empty();
  Characters text = addressable(l, borrow_string(l, *arguments[0], {arguments[1].get()}));
  llvm::Value* number = l.scalar(*arguments[1]);
  Place table = separator_table(l, blanks ? " \t" : characters);
  Tally tally(l, splitting::kCount);
  tally.set(splitting::kLeft, e.ir.CreateSub(number, e.number(1)));
  if (!blanks) tally.set(splitting::kInside, std::uint64_t{1});
  walk(l, {.turns = text.size - 1, .work = 1, .places = {text.place, table, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         split_at(l, {position, blanks, Tally(l, places[2]), targets}, {places[0], text.size}, places[1]);
       });
  // Number 0 is the whole text: nothing ends field 2^64.
  llvm::Value* whole = e.ir.CreateICmpEQ(number, e.number(0));
  llvm::Value* there = e.ir.CreateICmpEQ(tally.get(splitting::kLeft), e.number(0));
  there = e.ir.CreateAnd(there, e.ir.CreateICmpNE(tally.get(splitting::kInside), e.number(0)));
  llvm::Value* begin = e.ir.CreateSelect(whole, e.number(0), tally.get(splitting::kBegin));
  llvm::Value* length = e.ir.CreateSub(tally.get(splitting::kEnd), begin);
  length = e.ir.CreateSelect(e.ir.CreateOr(whole, there), length, e.number(0));
  copy_slice(l, text, {begin, length}, {site.destination, site.expr.type.size});
  return nullptr;
}

// --- paths --------------------------------------------------------------------------------------

namespace {

// What basename() and dirname() keep from byte to byte.
namespace path {
constexpr std::uint32_t kBegin = 0;      // of the last component
constexpr std::uint32_t kEnd = 1;        // behind it
constexpr std::uint32_t kParentEnd = 2;  // behind the component before it
constexpr std::uint32_t kInside = 3;     // 1 in a component
constexpr std::uint32_t kSlash = 4;      // 1 if there is any slash
constexpr std::uint32_t kCount = 5;
}  // namespace path

Tally walk_path(Lowering& l, const Characters& text) {
  Tally tally(l, path::kCount);
  walk(l, {.turns = text.size - 1, .work = 1, .places = {text.place, tally.place()}},
       [&](llvm::Value* position, const std::vector<Place>& places, const LoopTargets& targets) {
         Emitter& e = l.e();
         Tally found(l, places[1]);
         llvm::BasicBlock* inside = e.block("inside");
         llvm::BasicBlock* slash = e.block("slash");
         llvm::BasicBlock* other = e.block("other");
         llvm::BasicBlock* begins = e.block("begins");
         llvm::BasicBlock* goes_on = e.block("goes_on");
         llvm::Value* byte = e.load(e.at_index(places[0], position, 1), 1);
         e.branch(e.ir.CreateICmpEQ(byte, e.number(0, 1)), targets.stop, inside);
         e.enter(inside);
         e.branch(e.ir.CreateICmpEQ(byte, e.number('/', 1)), slash, other);
         e.enter(slash);
         found.set(path::kInside, std::uint64_t{0});
         found.set(path::kSlash, std::uint64_t{1});
         e.ir.CreateBr(targets.next);
         e.enter(other);
         e.branch(e.ir.CreateICmpEQ(found.get(path::kInside), e.number(0)), begins, goes_on);
         e.enter(begins);
         found.set(path::kParentEnd, found.get(path::kEnd));
         found.set(path::kBegin, position);
         found.set(path::kInside, std::uint64_t{1});
         e.flow_into(goes_on);
         found.set(path::kEnd, e.ir.CreateAdd(position, e.number(1)));
         e.ir.CreateBr(targets.next);
       });
  return tally;
}

// As dirname(1) has it: "/" and "." where nothing of the path is left.
void write_parent(Lowering& l, const Characters& text, const Tally& found, const Characters& to) {
  Emitter& e = l.e();
  llvm::BasicBlock* some = e.block("parent");
  llvm::BasicBlock* none = e.block("no_parent");
  llvm::BasicBlock* done = e.block("dirname");
  llvm::Value* end = found.get(path::kParentEnd);
  e.branch(e.ir.CreateICmpNE(end, e.number(0)), some, none);
  e.enter(some);
  copy_slice(l, text, {e.number(0), end}, to);
  e.ir.CreateBr(done);
  e.enter(none);
  // A slash before the only component, or nothing but slashes.
  llvm::Value* named = e.ir.CreateICmpNE(found.get(path::kEnd), e.number(0));
  llvm::Value* behind = e.ir.CreateICmpNE(found.get(path::kBegin), e.number(0));
  llvm::Value* slash = e.ir.CreateICmpNE(found.get(path::kSlash), e.number(0));
  llvm::Value* root = e.ir.CreateSelect(named, behind, slash);
  l.zero(to.place, to.size);
  e.store(to.place, e.ir.CreateSelect(root, e.number('/', 1), e.number('.', 1)));
  e.flow_into(done);
}

}  // namespace

llvm::Value* lower_Basename(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_basename));
  Lowering& l = site.l;
  Emitter& e = l.e();
  Characters text = addressable(l, borrow_string(l, *site.call.arguments[0]));
  Tally found = walk_path(l, text);
  // Without a component the first slash is all there is.
  llvm::Value* end = found.get(path::kEnd);
  end = e.ir.CreateSelect(e.ir.CreateICmpEQ(end, e.number(0)), found.get(path::kSlash), end);
  llvm::Value* begin = found.get(path::kBegin);
  copy_slice(l, text, {begin, e.ir.CreateSub(end, begin)}, {site.destination, site.expr.type.size});
  return nullptr;
}

llvm::Value* lower_Dirname(const CallSite& site) {
  if (is_text(site.expr.type)) return call_with_arguments(site, HOST_CALL(text_dirname));
  Lowering& l = site.l;
  Characters text = addressable(l, borrow_string(l, *site.call.arguments[0]));
  write_parent(l, text, walk_path(l, text), {site.destination, site.expr.type.size});
  return nullptr;
}

}  // namespace hawk
