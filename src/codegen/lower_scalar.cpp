// Arithmetic, comparison, logic and variables.
#include "codegen/convert.h"
#include "codegen/lower.h"

namespace hawk {

using typed::BinaryOp;
using typed::Expr;

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Constant& node) {
  if (expr.type.kind == TypeKind::kBool) return l.e().flag(node.value != 0);
  return l.e().number(node.value, expr.type.size);
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::ReadVariable& node) {
  return l.e().load_scalar(l.variable(node.variable), expr.type);
}

void lower_into(Lowering& l, const Expr& expr, const typed::ReadVariable& node, Place destination) {
  l.copy(destination, l.variable(node.variable), expr.type.size);
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::VariableAddress& node) {
  return l.e().ir.CreatePtrToInt(l.variable(node.variable).pointer, l.e().integer(8));
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::AddToVariable& node) {
  llvm::Value* delta = l.scalar(*node.delta);
  Place place = l.variable(node.variable);
  llvm::Value* before = l.e().load(place, 8);
  llvm::Value* after = l.e().ir.CreateAdd(before, delta);
  l.e().store(place, after);
  return node.yields_new ? after : before;
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::Unary& node) {
  llvm::Value* operand = l.scalar(*node.operand);
  bool is_float = node.operand->type.kind == TypeKind::kFloat;
  if (is_float) return to_bits(l.e(), l.e().ir.CreateFNeg(to_double(l.e(), operand)));
  switch (node.op) {
    case typed::UnaryOp::kNegate: return l.e().ir.CreateNeg(operand);
    case typed::UnaryOp::kBitNot:
    case typed::UnaryOp::kNot: return l.e().ir.CreateNot(operand);
  }
  HAWK_UNREACHABLE("unary operator");
}

namespace {

llvm::Value* magnitude(Emitter& e, llvm::Value* value) {
  return e.ir.CreateSelect(e.ir.CreateICmpSLT(value, e.number(0)), e.ir.CreateNeg(value), value);
}

// Signed division out of the unsigned one: BPF has had instructions for it since Linux 6.6 only, and LLVM's sdiv of
// INT64_MIN by -1 is undefined.
llvm::Value* quotient(Emitter& e, BinaryOp op, llvm::Value* left, llvm::Value* right) {
  if (op == BinaryOp::kDivide) return e.ir.CreateUDiv(left, right);
  if (op == BinaryOp::kModulo) return e.ir.CreateURem(left, right);
  bool divides = op == BinaryOp::kSignedDivide;
  llvm::Value* a = magnitude(e, left);
  llvm::Value* b = magnitude(e, right);
  llvm::Value* result = divides ? e.ir.CreateUDiv(a, b) : e.ir.CreateURem(a, b);
  llvm::Value* sign = divides ? e.ir.CreateXor(left, right) : left;
  return e.ir.CreateSelect(e.ir.CreateICmpSLT(sign, e.number(0)), e.ir.CreateNeg(result), result);
}

// 1 if the divisor is zero, and the event that says so.
llvm::Value* divide(Lowering& l, const typed::Binary& node, llvm::Value* left, llvm::Value* right) {
  Emitter& e = l.e();
  const auto* constant = std::get_if<typed::Constant>(&node.right->node);
  if (constant != nullptr && constant->value != 0) return quotient(e, node.op, left, right);
  llvm::BasicBlock* by_zero = e.block("by_zero");
  llvm::BasicBlock* divides = e.block("divide");
  llvm::BasicBlock* done = e.block("divided");
  e.branch(e.ir.CreateICmpEQ(right, e.number(0)), by_zero, divides);
  e.enter(by_zero);
  if (node.zero_event) l.emit(*node.zero_event, {});
  llvm::BasicBlock* zero_end = e.ir.GetInsertBlock();
  e.ir.CreateBr(done);
  e.enter(divides);
  llvm::Value* result = quotient(e, node.op, left, right);
  e.flow_into(done);
  llvm::PHINode* phi = e.ir.CreatePHI(e.integer(8), 2);
  phi->addIncoming(e.number(1), zero_end);
  phi->addIncoming(result, divides);
  return phi;
}

llvm::Value* shift(Emitter& e, BinaryOp op, llvm::Value* left, llvm::Value* right) {
  llvm::Value* count = e.ir.CreateAnd(right, 63);
  if (op == BinaryOp::kShiftLeft) return e.ir.CreateShl(left, count);
  return op == BinaryOp::kShiftRight ? e.ir.CreateLShr(left, count) : e.ir.CreateAShr(left, count);
}

llvm::CmpInst::Predicate predicate(BinaryOp op, bool is_signed) {
  switch (op) {
    case BinaryOp::kEqual: return llvm::CmpInst::ICMP_EQ;
    case BinaryOp::kNotEqual: return llvm::CmpInst::ICMP_NE;
    case BinaryOp::kLess: return is_signed ? llvm::CmpInst::ICMP_SLT : llvm::CmpInst::ICMP_ULT;
    case BinaryOp::kLessEqual: return is_signed ? llvm::CmpInst::ICMP_SLE : llvm::CmpInst::ICMP_ULE;
    case BinaryOp::kGreater: return is_signed ? llvm::CmpInst::ICMP_SGT : llvm::CmpInst::ICMP_UGT;
    case BinaryOp::kGreaterEqual: return is_signed ? llvm::CmpInst::ICMP_SGE : llvm::CmpInst::ICMP_UGE;
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
    case BinaryOp::kBitAnd:
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
    case BinaryOp::kSignedDivide:
    case BinaryOp::kSignedModulo:
    case BinaryOp::kSignedShiftRight: break;
  }
  HAWK_UNREACHABLE("comparison");
}

// IEEE 754: nothing compares with NaN, and dividing by zero is no error.
llvm::Value* float_operation(Emitter& e, BinaryOp op, llvm::Value* left, llvm::Value* right) {
  llvm::Value* a = to_double(e, left);
  llvm::Value* b = to_double(e, right);
  switch (op) {
    case BinaryOp::kAdd: return to_bits(e, e.ir.CreateFAdd(a, b));
    case BinaryOp::kSubtract: return to_bits(e, e.ir.CreateFSub(a, b));
    case BinaryOp::kMultiply: return to_bits(e, e.ir.CreateFMul(a, b));
    case BinaryOp::kDivide: return to_bits(e, e.ir.CreateFDiv(a, b));
    case BinaryOp::kEqual: return e.ir.CreateFCmpOEQ(a, b);
    case BinaryOp::kNotEqual: return e.ir.CreateFCmpUNE(a, b);
    case BinaryOp::kLess: return e.ir.CreateFCmpOLT(a, b);
    case BinaryOp::kLessEqual: return e.ir.CreateFCmpOLE(a, b);
    case BinaryOp::kGreater: return e.ir.CreateFCmpOGT(a, b);
    case BinaryOp::kGreaterEqual: return e.ir.CreateFCmpOGE(a, b);
    case BinaryOp::kModulo:
    case BinaryOp::kBitAnd:
    case BinaryOp::kBitOr:
    case BinaryOp::kBitXor:
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
    case BinaryOp::kSignedDivide:
    case BinaryOp::kSignedModulo:
    case BinaryOp::kSignedShiftRight: break;
  }
  HAWK_UNREACHABLE("operation on floats");
}

// Equal texts have equal ids.
llvm::Value* compare_texts(Lowering& l, BinaryOp op, llvm::Value* left, llvm::Value* right) {
  Emitter& e = l.e();
  if (op == BinaryOp::kEqual) return e.ir.CreateICmpEQ(left, right);
  if (op == BinaryOp::kNotEqual) return e.ir.CreateICmpNE(left, right);
  llvm::Value* order = l.machine.call_host(e, HOST_CALL(text_compare), {left, right});
  return e.ir.CreateICmp(predicate(op, true), order, e.number(0));
}

}  // namespace

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::Binary& node) {
  llvm::Value* left = l.scalar(*node.left);
  llvm::Value* right = l.scalar(*node.right);
  Emitter& e = l.e();
  if (node.left->type.kind == TypeKind::kFloat) return float_operation(e, node.op, left, right);
  if (node.left->type.kind == TypeKind::kText) return compare_texts(l, node.op, left, right);
  switch (node.op) {
    case BinaryOp::kAdd: return e.ir.CreateAdd(left, right);
    case BinaryOp::kSubtract: return e.ir.CreateSub(left, right);
    case BinaryOp::kMultiply: return e.ir.CreateMul(left, right);
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
    case BinaryOp::kSignedDivide:
    case BinaryOp::kSignedModulo: return divide(l, node, left, right);
    case BinaryOp::kBitAnd: return e.ir.CreateAnd(left, right);
    case BinaryOp::kBitOr: return e.ir.CreateOr(left, right);
    case BinaryOp::kBitXor: return e.ir.CreateXor(left, right);
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
    case BinaryOp::kSignedShiftRight: return shift(e, node.op, left, right);
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
    case BinaryOp::kLess:
    case BinaryOp::kLessEqual:
    case BinaryOp::kGreater:
    case BinaryOp::kGreaterEqual: return e.ir.CreateICmp(predicate(node.op, node.left->type.is_signed), left, right);
  }
  HAWK_UNREACHABLE("binary operator");
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::Logical& node) {
  Emitter& e = l.e();
  llvm::Value* left = l.scalar(*node.left);
  llvm::BasicBlock* left_end = e.ir.GetInsertBlock();
  llvm::BasicBlock* second = e.block("second");
  llvm::BasicBlock* done = e.block("logical");
  e.branch(left, node.is_and ? second : done, node.is_and ? done : second);
  e.enter(second);
  llvm::Value* right = l.scalar(*node.right);
  llvm::BasicBlock* right_end = e.ir.GetInsertBlock();
  e.flow_into(done);
  llvm::PHINode* phi = e.ir.CreatePHI(e.ir.getInt1Ty(), 2);
  phi->addIncoming(e.flag(!node.is_and), left_end);
  phi->addIncoming(right, right_end);
  return phi;
}

llvm::Value* lower_scalar(Lowering& l, const Expr& expr, const typed::Conditional& node) {
  Emitter& e = l.e();
  llvm::BasicBlock* then = e.block("then");
  llvm::BasicBlock* otherwise = e.block("otherwise");
  llvm::BasicBlock* done = e.block("chosen");
  e.branch(l.scalar(*node.condition), then, otherwise);
  e.enter(then);
  llvm::Value* first = l.scalar(*node.then);
  llvm::BasicBlock* then_end = e.ir.GetInsertBlock();
  e.ir.CreateBr(done);
  e.enter(otherwise);
  llvm::Value* second = l.scalar(*node.otherwise);
  llvm::BasicBlock* otherwise_end = e.ir.GetInsertBlock();
  e.flow_into(done);
  if (expr.type.kind == TypeKind::kNone) return nullptr;
  llvm::PHINode* phi = e.ir.CreatePHI(first->getType(), 2);
  phi->addIncoming(first, then_end);
  phi->addIncoming(second, otherwise_end);
  return phi;
}

void lower_into(Lowering& l, const Expr&, const typed::Conditional& node, Place destination) {
  Emitter& e = l.e();
  llvm::BasicBlock* then = e.block("then");
  llvm::BasicBlock* otherwise = e.block("otherwise");
  llvm::BasicBlock* done = e.block("chosen");
  e.branch(l.scalar(*node.condition), then, otherwise);
  e.enter(then);
  l.into(*node.then, destination);
  e.ir.CreateBr(done);
  e.enter(otherwise);
  l.into(*node.otherwise, destination);
  e.flow_into(done);
}

llvm::Value* lower_scalar(Lowering& l, const Expr&, const typed::BlockExpr& node) {
  InsideExpression inside(l);
  l.block(node.block);
  if (node.tail == nullptr) return nullptr;
  if (node.tail->type.kind == TypeKind::kNone || is_scalar(node.tail->type)) return l.scalar(*node.tail);
  l.effect(*node.tail);
  return nullptr;
}

void lower_into(Lowering& l, const Expr&, const typed::BlockExpr& node, Place destination) {
  InsideExpression inside(l);
  l.block(node.block);
  l.into(*node.tail, destination);
}

}  // namespace hawk
