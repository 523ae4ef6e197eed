// Parts of values, values at addresses, the program's context, and values built from parts.
#include <algorithm>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/raw_syscall.h"
#include "codegen/walk.h"

namespace hawk {

using typed::Expr;

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Member& node) {
  Place unit = l.e().at(l.borrow(*node.base), node.offset);
  return extract_bits(l.e(), l.e().load_scalar(unit, expr.type), expr.type, {node.bit_offset, node.bit_width});
}

void lower_into(Lowering& l, const Expr& expr, const typed::Member& node, Place destination) {
  l.copy(destination, l.e().at(l.borrow(*node.base), node.offset), expr.type.size);
}

namespace {

// Calls `found` with the element's place where the index is inside; elsewhere emits the event.
template <class Found>
void with_element(Lowering& l, const Expr& expr, const typed::Element& node, Found found) {
  Emitter& e = l.e();
  llvm::Value* index = l.scalar(*node.index);
  Place base = l.borrow(*node.base);
  index = convert_scalar(e, index, node.index->type, int_type(8, false));
  llvm::BasicBlock* inside = e.block("inside");
  llvm::BasicBlock* outside = e.block("outside");
  llvm::BasicBlock* done = e.block("element");
  e.branch(e.ir.CreateICmpULT(index, e.number(node.count)), inside, outside);
  e.enter(outside);
  if (node.bounds_event) l.emit(*node.bounds_event, {});
  e.ir.CreateBr(done);
  e.enter(inside);
  llvm::Value* offset = e.ir.CreateMul(e.opaque(index), e.number(expr.type.size));
  std::uint32_t align = std::min(base.align, expr.type.size & (~expr.type.size + 1));
  found(e.at_index(base, offset, std::max(align, 1U)));
  e.flow_into(done);
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Element& node) {
  SlotScope scope(l.e());
  llvm::AllocaInst* result = l.e().local(l.e().integer(expr.type.size));
  l.e().store({result, 8}, l.e().number(0, expr.type.size));
  with_element(l, expr, node, [&](Place element) { l.e().store({result, 8}, l.e().load(element, expr.type.size)); });
  return l.e().load_scalar({result, 8}, expr.type);
}

void lower_into(Lowering& l, const Expr& expr, const typed::Element& node, Place destination) {
  l.zero(destination, expr.type.size);
  with_element(l, expr, node, [&](Place element) { l.copy(destination, element, expr.type.size); });
}

namespace {

Place direct(Lowering& l, const Expr& address, std::uint32_t align) {
  return {l.e().ir.CreateIntToPtr(l.scalar(address), l.e().ir.getPtrTy()), align};
}

// Whether what a Load without an address space reads is, for certain, part of a variable. A pointer that was kept and
// calculated with may point anywhere, and the verifier wants to know where: it is read as the kernel's memory is.
bool is_direct(Lowering& l, const Expr& address, std::uint32_t bytes) {
  if (!l.limits().verified) return true;  // placement has made sure
  if (const auto* convert = std::get_if<typed::Convert>(&address.node)) return is_direct(l, *convert->operand, bytes);
  const auto* variable = std::get_if<typed::VariableAddress>(&address.node);
  return variable != nullptr && bytes <= l.variable_type(variable->variable).size;
}

AddressSpace space_to_read(const typed::Load& node) {
  return node.space == AddressSpace::kNone ? AddressSpace::kKernel : node.space;
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Load& node) {
  Emitter& e = l.e();
  Place place;
  SlotScope scope(e);
  if (node.space == AddressSpace::kNone && is_direct(l, *node.address, expr.type.size)) {
    place = direct(l, *node.address, expr.type.align);
  } else {
    llvm::Value* address = l.scalar(*node.address);
    place = e.slot(expr.type.size);
    l.machine.read_memory(e, place, e.number(expr.type.size), {address, space_to_read(node)});
  }
  return extract_bits(e, e.load_scalar(place, expr.type), expr.type, {node.bit_offset, node.bit_width});
}

void lower_into(Lowering& l, const Expr& expr, const typed::Load& node, Place destination) {
  Emitter& e = l.e();
  if (node.space == AddressSpace::kNone && is_direct(l, *node.address, expr.type.size))
    return l.copy(destination, direct(l, *node.address, expr.type.align), expr.type.size);
  if (expr.type.size == 0) return;
  l.machine.read_memory(e, destination, e.number(expr.type.size), {l.scalar(*node.address), space_to_read(node)});
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::ContextLoad& node) {
  llvm::Value* value = nullptr;
  if (l.clause().raw_syscalls) {
    value = load_raw_syscall(l, node.offset);
    if (expr.type.size < 8) value = l.e().ir.CreateTrunc(value, l.e().integer(expr.type.size));
  } else {
    value = l.machine.load_context(l.e(), l.context(), node.offset, expr.type.size);
  }
  if (expr.type.kind == TypeKind::kPointer && l.context_is_typed()) return l.machine.plain_number(l.e(), value);
  return expr.type.kind == TypeKind::kBool ? l.e().ir.CreateICmpNE(value, l.e().number(0, expr.type.size)) : value;
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::ContextAddress& node) {
  return l.e().ir.CreatePtrToInt(l.e().at({l.context(), 8}, node.offset).pointer, l.e().integer(8));
}

void lower_into(Lowering& l, const Expr& expr, const typed::Pack& node, Place destination) {
  constexpr std::uint32_t kSmall = 64;
  Emitter& e = l.e();
  bool has_bits =
      std::any_of(node.parts.begin(), node.parts.end(), [](const auto& part) { return part.bit_width != 0; });
  if (expr.type.size <= kSmall || has_bits) {
    l.zero(destination, expr.type.size);
  } else {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> parts;  // offset, size
    for (const typed::PackPart& part : node.parts) parts.emplace_back(part.offset, part.value->type.size);
    parts.emplace_back(expr.type.size, 0);
    std::sort(parts.begin(), parts.end());
    std::uint32_t covered = 0;
    for (const auto& [offset, size] : parts) {
      if (offset > covered) l.zero(e.at(destination, covered), offset - covered);
      covered = std::max(covered, offset + size);
    }
  }
  for (const typed::PackPart& part : node.parts) {
    Place place = e.at(destination, part.offset);
    if (part.bit_width == 0) {
      l.into(*part.value, place);
    } else {
      store_bits(e, place, l.scalar(*part.value), {part.bit_offset, part.bit_width});
    }
  }
}

void lower_statement(Lowering& l, const typed::SetVariable& node) {
  Place place = l.variable(node.variable);
  const Type& type = l.variable_type(node.variable);
  if (is_scalar(type) || is_aggregation(type) || !mentions_variable(*node.value, node.variable)) {
    if (!is_scalar(type)) return l.into(*node.value, place);
    llvm::Value* value = l.scalar(*node.value);
    return l.e().store_scalar(l.variable(node.variable), value);
  }
  l.copy(place, l.borrow(*node.value), type.size);
}

namespace {

// The part's place; jumps to `outside` where an index is out of bounds.
Place part_place(Lowering& l, const typed::SetPart& node, llvm::BasicBlock* outside) {
  Emitter& e = l.e();
  llvm::Value* offset = nullptr;
  for (const typed::PartIndex& each : node.indices) {
    llvm::Value* index = convert_scalar(e, l.scalar(*each.index), each.index->type, int_type(8, false));
    llvm::BasicBlock* inside = e.block("inside");
    llvm::BasicBlock* refused = e.block("refused");
    e.branch(e.ir.CreateICmpULT(index, e.number(each.count)), inside, refused);
    e.enter(refused);
    if (each.bounds_event) l.emit(*each.bounds_event, {});
    e.ir.CreateBr(outside);
    e.enter(inside);
    llvm::Value* bytes = e.ir.CreateMul(e.opaque(index), e.number(each.stride));
    offset = offset == nullptr ? bytes : e.ir.CreateAdd(offset, bytes);
  }
  Place place = e.at(l.variable(node.variable), node.offset);
  if (offset == nullptr) return place;
  std::uint32_t align = place.align;
  for (const typed::PartIndex& each : node.indices) align = std::min(align, each.stride & (~each.stride + 1));
  return e.at_index(place, offset, std::max(align, 1U));
}

}  // namespace

void lower_statement(Lowering& l, const typed::SetPart& node) {
  Emitter& e = l.e();
  const Type& type = node.value->type;
  llvm::Value* number = is_scalar(type) ? l.scalar(*node.value) : nullptr;
  Place bytes;
  if (number == nullptr) {
    bytes = l.temporary(type.size);
    l.into(*node.value, bytes);
  }
  llvm::BasicBlock* done = e.block("part_set");
  Place place = part_place(l, node, done);
  if (number != nullptr) {
    store_bits(e, place, number, {node.bit_offset, node.bit_width});
  } else {
    l.copy(place, bytes, type.size);
  }
  e.flow_into(done);
}

}  // namespace hawk
