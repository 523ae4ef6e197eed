// Matching a string against a compiled pattern (pattern/automaton.h): two loads and an addition for each byte of the
// string's capacity, and every eight bytes a look at whether the answer is known. The tables leave the verifier no
// bounds to check and hardly any branches, so that it walks through long strings without trouble.
#include "codegen/lower.h"

namespace hawk {

namespace {

constexpr std::uint32_t kStride = 8;  // bytes between two looks at the state

struct Tables {
  const pattern::Automaton& automaton;
  Place columns;
  Place next;
};

// The state, 8 bytes, behind one with `column` of its row.
llvm::Value* follow(Emitter& e, const Tables& tables, llvm::Value* state, llvm::Value* column) {
  bool wide = tables.automaton.wide;
  if (wide) state = e.ir.CreateAnd(e.opaque(state), tables.automaton.state_mask);
  llvm::Value* entry = e.ir.CreateAdd(e.ir.CreateShl(state, tables.automaton.row_bits), column);
  if (wide) entry = e.ir.CreateShl(entry, 1);
  Place place = e.at_index(tables.next, entry, wide ? 2 : 1);
  return e.ir.CreateZExt(e.load(place, wide ? 2 : 1), e.integer(8));
}

llvm::Value* follow_byte(Emitter& e, const Tables& tables, llvm::Value* state, Place byte) {
  llvm::Value* value = e.ir.CreateZExt(e.load(byte, 1), e.integer(8));
  llvm::Value* column = e.ir.CreateZExt(e.load(e.at_index(tables.columns, value, 1), 1), e.integer(8));
  return follow(e, tables, state, column);
}

struct Bytes {
  Place first;
  std::uint32_t count = 0;
};

llvm::Value* follow_bytes(Emitter& e, const Tables& tables, llvm::Value* state, const Bytes& bytes) {
  for (std::uint32_t i = 0; i < bytes.count; ++i)
    state = follow_byte(e, tables, state, {e.at(bytes.first, i).pointer, 1});
  return state;
}

// The state behind the first `count` bytes, or a final one as soon as it is known.
llvm::Value* follow_string(Emitter& e, const Tables& tables, Place string, std::uint32_t count) {
  llvm::Value* start = e.number(tables.automaton.start);
  std::uint32_t whole = count / kStride * kStride;
  if (whole == 0) return follow_bytes(e, tables, start, {string, count});
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* head = e.block("match");
  llvm::BasicBlock* undecided = e.block("match_on");
  llvm::BasicBlock* rest = e.block("match_rest");
  llvm::BasicBlock* done = e.block("matched");
  e.flow_into(head);
  llvm::PHINode* offset = e.ir.CreatePHI(e.integer(8), 2);
  llvm::PHINode* state = e.ir.CreatePHI(e.integer(8), 2);
  offset->addIncoming(e.number(0), before);
  state->addIncoming(start, before);
  Place bytes{e.ir.CreateGEP(e.ir.getInt8Ty(), string.pointer, offset), 1};
  llvm::Value* now = follow_bytes(e, tables, state, {bytes, kStride});
  e.branch(e.ir.CreateICmpULE(now, e.number(pattern::kAccepted)), done, undecided);
  e.enter(undecided);
  llvm::Value* step = e.ir.CreateAdd(offset, e.number(kStride));
  offset->addIncoming(step, undecided);
  state->addIncoming(now, undecided);
  e.branch(e.ir.CreateICmpULT(step, e.number(whole)), head, rest);
  e.enter(rest);
  llvm::Value* last = follow_bytes(e, tables, now, {e.at(string, whole), count - whole});
  e.flow_into(done);
  llvm::PHINode* result = e.ir.CreatePHI(e.integer(8), 2);
  result->addIncoming(now, head);
  result->addIncoming(last, rest);
  return result;
}

llvm::Value* match_text(Lowering& l, const Tables& tables, llvm::Value* text) {
  const pattern::Automaton& automaton = tables.automaton;
  constexpr std::uint64_t kWide = 1U << 24;  // see text_match
  std::uint64_t shape = automaton.start | automaton.row_bits << 16 | (automaton.wide ? kWide : 0);
  return l.machine.call_host(l.e(), HOST_CALL(text_match),
                             {text, tables.columns.pointer, tables.next.pointer, l.e().number(shape)});
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const typed::Expr&, const typed::MatchPattern& node) {
  Emitter& e = l.e();
  const pattern::Automaton& automaton = *node.automaton;
  Tables tables{automaton, l.machine.data(e, automaton.columns), l.machine.data(e, automaton.next)};
  llvm::Value* state = nullptr;
  if (node.subject->type.kind == TypeKind::kText) {
    state = match_text(l, tables, l.scalar(*node.subject));
  } else {
    // The last byte of a string is its NUL, or says that it has been cut off.
    std::uint32_t size = node.subject->type.size;
    state = e.number(automaton.start);
    if (size > 1) state = follow_string(e, tables, l.borrow(*node.subject), size - 1);
    state = follow(e, tables, state, e.number(0));
  }
  llvm::Value* answer = e.number(pattern::kAccepted);
  return node.negate ? e.ir.CreateICmpNE(state, answer) : e.ir.CreateICmpEQ(state, answer);
}

}  // namespace hawk
