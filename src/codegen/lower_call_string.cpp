// String builtins.
#include <algorithm>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "support/check.h"

namespace hawk {

namespace {

// Own memory, read by the operation that stops at a NUL.
Source source_of(Emitter& e, Place place) {
  return {e.ir.CreatePtrToInt(place.pointer, e.integer(8)), AddressSpace::kKernel};
}

// Characters before the NUL of a string at `place`, at most `size` - 1.
llvm::Value* string_length(Lowering& l, Place place, std::uint32_t size) {
  Emitter& e = l.e();
  Place copy = l.temporary(size);
  llvm::Value* read = l.machine.read_string(e, copy, e.number(size), source_of(e, place));
  return e.ir.CreateSub(read, e.number(1));
}

// Texts: an operation of the runtime that takes what the builtin takes.
llvm::Value* call_with_arguments(const CallSite& site, HostCall operation) {
  Emitter& e = site.l.e();
  const auto& arguments = site.call.arguments;
  llvm::Value* first = site.l.scalar(*arguments[0]);
  if (arguments.size() == 1) return site.l.machine.call_host(e, operation, {first});
  llvm::Value* second = site.l.scalar(*arguments[1]);
  if (arguments.size() == 2) return site.l.machine.call_host(e, operation, {first, second});
  HAWK_CHECK(arguments.size() == 3, "operations on texts take up to three arguments");
  return site.l.machine.call_host(e, operation, {first, second, site.l.scalar(*arguments[2])});
}

}  // namespace

llvm::Value* lower_Field(const CallSite& site) { return call_with_arguments(site, HOST_CALL(text_field)); }
llvm::Value* lower_Close(const CallSite& site) { return call_with_arguments(site, HOST_CALL(close_source)); }

llvm::Value* lower_Getline(const CallSite& site) {
  Emitter& e = site.l.e();
  const auto& arguments = site.call.arguments;
  llvm::Value* source = site.l.scalar(*arguments[0]);
  llvm::Value* kind = site.l.scalar(*arguments[1]);
  llvm::Value* line = e.ir.CreateIntToPtr(site.l.scalar(*arguments[2]), e.ir.getPtrTy());
  llvm::Value* error_event = site.l.scalar(*arguments[3]);
  return site.l.machine.call_host(e, HOST_CALL(read_line), {source, kind, line, error_event});
}

llvm::Value* lower_Strlen(const CallSite& site) {
  const typed::Expr& text = *site.call.arguments[0];
  if (text.type.kind == TypeKind::kText) return call_with_arguments(site, HOST_CALL(text_length));
  if (text.type.size == 0) return site.l.e().number(0);
  return string_length(site.l, site.l.borrow(text), text.type.size);
}

llvm::Value* lower_StrConcat(const CallSite& site) {
  if (site.expr.type.kind == TypeKind::kText) return call_with_arguments(site, HOST_CALL(text_concat));
  Lowering& l = site.l;
  Emitter& e = l.e();
  const typed::Expr& first = *site.call.arguments[0];
  const typed::Expr& second = *site.call.arguments[1];
  std::uint32_t size = site.expr.type.size;
  // The second string may begin anywhere in the first `size` bytes; for the verifier it may then be
  // `size` bytes long, so there is room for both.
  Place both = l.temporary(2 * size);
  Place left = l.borrow(first);
  l.zero(both, size);
  llvm::Value* most = e.number(std::min(size, first.type.size + 1));
  llvm::Value* read = l.machine.read_string(e, both, most, source_of(e, left));
  llvm::Value* length = e.opaque(e.ir.CreateSub(read, e.number(1)));
  length = e.ir.CreateSelect(e.ir.CreateICmpULT(length, e.number(size)), length, e.number(size - 1));
  Place right = l.borrow(second);
  Place behind = e.at_index(both, length, 1);
  most = e.number(std::min(size, second.type.size + 1));
  static_cast<void>(l.machine.read_string(e, behind, most, source_of(e, right)));
  e.store(e.at(both, size - 1), e.number(0, 1));
  l.copy(site.destination, both, size);
  return nullptr;
}

namespace {

// Frame of the search: what the function for each position needs.
struct SearchFrame {
  static constexpr std::uint32_t kText = 0;
  static constexpr std::uint32_t kPart = 8;
  static constexpr std::uint32_t kFound = 16;  // position, -1 if none yet
  static constexpr std::uint32_t kSize = 24;
};

struct StringSearch {
  std::uint32_t text_size = 0;
  std::uint32_t part_size = 0;
};

Place frame_pointer(Emitter& e, llvm::Value* frame, std::uint32_t offset) {
  return {e.ir.CreateAlignedLoad(e.ir.getPtrTy(), e.at({frame, 8}, offset).pointer, llvm::Align(8)), 1};
}

// Compares the part with the text from `position` on: stops at the part's end (found) or at a difference.
void lower_position(Lowering& l, FunctionScope& scope, const StringSearch& search) {
  l.open_loop_body(scope, {"position", "frame"});
  FunctionSwitch inside(l, scope);
  Emitter& e = l.e();
  llvm::Value* frame = e.function().getArg(1);
  Place text = frame_pointer(e, frame, SearchFrame::kText);
  Place part = frame_pointer(e, frame, SearchFrame::kPart);
  llvm::Value* position = e.function().getArg(0);
  llvm::BasicBlock* found = e.block("found");
  llvm::BasicBlock* head = e.block("character");
  llvm::BasicBlock* in_part = e.block("in_part");
  llvm::BasicBlock* in_text = e.block("in_text");
  llvm::BasicBlock* same = e.block("same");
  llvm::BasicBlock* entry = e.ir.GetInsertBlock();
  e.flow_into(head);
  llvm::PHINode* index = e.ir.CreatePHI(e.integer(8), 2);
  index->addIncoming(e.number(0), entry);
  e.branch(e.ir.CreateICmpULT(index, e.number(search.part_size)), in_part, found);
  e.enter(in_part);
  llvm::Value* wanted = e.load(e.at_index(part, index, 1), 1);
  llvm::BasicBlock* more = e.block("more");
  e.branch(e.ir.CreateICmpEQ(wanted, e.number(0, 1)), found, more);
  e.enter(more);
  llvm::Value* at = e.opaque(e.ir.CreateAdd(position, index));
  e.branch(e.ir.CreateICmpULT(at, e.number(search.text_size)), in_text, scope.loops.front().next);
  e.enter(in_text);
  llvm::Value* actual = e.load(e.at_index(text, at, 1), 1);
  e.branch(e.ir.CreateICmpEQ(actual, wanted), same, scope.loops.front().next);
  e.enter(same);
  index->addIncoming(e.ir.CreateAdd(index, e.number(1)), same);
  e.ir.CreateBr(head);
  e.enter(found);
  e.store(e.at({frame, 8}, SearchFrame::kFound), position);
  e.ir.CreateBr(scope.loops.front().stop);
}

}  // namespace

llvm::Value* lower_Strstr(const CallSite& site) {
  if (site.call.arguments[0]->type.kind == TypeKind::kText) return call_with_arguments(site, HOST_CALL(text_search));
  Lowering& l = site.l;
  Emitter& e = l.e();
  const typed::Expr& text = *site.call.arguments[0];
  const typed::Expr& part = *site.call.arguments[1];
  Place text_place = l.borrow(text);
  Place part_place = l.borrow(part);
  Place frame = e.slot(SearchFrame::kSize);
  e.ir.CreateAlignedStore(text_place.pointer, e.at(frame, SearchFrame::kText).pointer, llvm::Align(8));
  e.ir.CreateAlignedStore(part_place.pointer, e.at(frame, SearchFrame::kPart).pointer, llvm::Align(8));
  e.store(e.at(frame, SearchFrame::kFound), e.number(~0ULL));
  FunctionScope scope(l.machine.create_turn_body(l.loop_name()), l.limits());
  lower_position(l, scope, {text.type.size, part.type.size});
  l.machine.for_each_turn(e, e.number(text.type.size), scope.emitter.function(), frame.pointer);
  return e.load(e.at(frame, SearchFrame::kFound), 8);
}

}  // namespace hawk
