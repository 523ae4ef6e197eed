// Names of processes, and what is done to them.
#include <array>

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "codegen/lower_call.h"
#include "codegen/string_walk.h"
#include "semantics/typed_build.h"
#include "support/check.h"

namespace hawk {

namespace {

std::uint64_t constant_at(const typed::Call& call, std::size_t index) {
  const auto* constant = std::get_if<typed::Constant>(&call.arguments[index]->node);
  HAWK_CHECK(constant != nullptr, "the argument is a constant");
  return constant->value;
}

void send_signal(const CallSite& site, bool thread_only) {
  Lowering& l = site.l;
  l.machine.send_signal(l.e(), l.e().number(constant_at(site.call, 0)), thread_only);
}

}  // namespace

llvm::Value* lower_Comm(const CallSite& site) {
  constexpr std::uint32_t kCommandSize = 16;
  Lowering& l = site.l;
  if (site.expr.type.size == kCommandSize) {
    l.machine.command_name(l.e(), site.destination);
    return nullptr;
  }
  Place name = l.temporary(kCommandSize);
  l.machine.command_name(l.e(), name);
  convert_place(l, {name, string_type(kCommandSize)}, {site.destination, site.expr.type});
  return nullptr;
}

llvm::Value* lower_CommOf(const CallSite& site) {
  Lowering& l = site.l;
  Emitter& e = l.e();
  const std::uint32_t size = site.expr.type.size;
  ProcessQuery query{.number = l.scalar(*site.call.arguments[0]),
                     .name_offset = static_cast<std::uint32_t>(constant_at(site.call, 1))};
  l.zero(site.destination, size);
  llvm::Value* found = l.machine.command_name_of(e, query, {site.destination, size});
  llvm::BasicBlock* unknown = e.block("no_process");
  llvm::BasicBlock* done = e.block("named");
  e.branch(e.ir.CreateICmpNE(found, e.number(0)), done, unknown);
  e.enter(unknown);
  constexpr std::array<char, 4> kUnknown{'N', '/', 'A', '\0'};
  for (std::uint32_t i = 0; i < kUnknown.size(); ++i)
    e.store(e.at(site.destination, i), e.number(static_cast<unsigned char>(kUnknown[i]), 1));
  l.emit(static_cast<typed::EventId>(constant_at(site.call, 2)), {query.number});
  e.flow_into(done);
  return nullptr;
}

llvm::Value* lower_Signal(const CallSite& site) {
  send_signal(site, false);
  return nullptr;
}

llvm::Value* lower_SignalThread(const CallSite& site) {
  send_signal(site, true);
  return nullptr;
}

llvm::Value* lower_Override(const CallSite& site) {
  Lowering& l = site.l;
  llvm::Value* value = l.scalar(*site.call.arguments[0]);
  l.machine.override_return(l.e(), l.context(), value);
  return nullptr;
}

llvm::Value* lower_WriteUser(const CallSite& site) {
  constexpr std::uint32_t kLengthBytes = 4;
  Lowering& l = site.l;
  Emitter& e = l.e();
  const typed::Expr& bytes = *site.call.arguments[1];
  llvm::Value* address = l.scalar(*site.call.arguments[0]);
  TemporaryScope scope(l);
  Place buffer = l.borrow(bytes);
  llvm::Value* length = e.ir.CreateZExt(e.load(buffer, kLengthBytes), e.integer(8));
  llvm::AllocaInst* written = e.local(e.integer(8));
  e.ir.CreateStore(e.number(1), written);
  llvm::BasicBlock* some = e.block("write_user");
  llvm::BasicBlock* done = e.block("write_user_done");
  e.branch(e.ir.CreateICmpNE(e.opaque(length), e.number(0)), some, done);
  e.enter(some);
  // The kernel refuses a length that may be 0 or more than there is.
  llvm::Value* count =
      e.ir.CreateAdd(bounded(e, e.ir.CreateSub(length, e.number(1)), bytes.type.size - kLengthBytes - 1), e.number(1));
  llvm::Value* failed = l.machine.write_user(e, address, e.at(buffer, kLengthBytes), count);
  e.ir.CreateStore(e.ir.CreateZExt(e.ir.CreateICmpEQ(failed, e.number(0)), e.integer(8)), written);
  e.flow_into(done);
  return e.ir.CreateLoad(e.integer(8), written);
}

namespace {

// The current task, which kernel functions take as an object, not as a number.
bool is_current_task(const typed::Expr& expr) {
  if (const auto* convert = std::get_if<typed::Convert>(&expr.node)) return is_current_task(*convert->operand);
  const auto* call = std::get_if<typed::Call>(&expr.node);
  return call != nullptr && call->builtin == Builtin::kCurtask;
}

llvm::Value* kernel_argument(Lowering& l, const typed::Expr& argument) {
  Emitter& e = l.e();
  bool pointer = argument.type.kind == TypeKind::kPointer;
  if (pointer && is_current_task(argument)) return l.machine.task_object(e);
  llvm::Value* value = l.scalar(argument);
  return pointer ? e.ir.CreateIntToPtr(value, e.ir.getPtrTy())
                 : e.ir.CreateZExtOrTrunc(value, e.integer(argument.type.size));
}

}  // namespace

llvm::Value* lower_KernelCall(const CallSite& site) {
  Lowering& l = site.l;
  KernelFunction function{.name = *typed::constant_string(*site.call.arguments[0]),
                          .signature = {.parameters = {}, .result = site.expr.type}};
  std::vector<llvm::Value*> values;
  for (std::size_t i = 1; i < site.call.arguments.size(); ++i) {
    const typed::Expr& argument = *site.call.arguments[i];
    function.signature.parameters.push_back({.name = {}, .type = argument.type});
    values.push_back(kernel_argument(l, argument));
  }
  llvm::Value* result = l.machine.call_kernel_function(l.e(), function, values);
  if (site.expr.type.kind == TypeKind::kNone) return nullptr;
  return result->getType()->isPointerTy() ? l.e().ir.CreatePtrToInt(result, l.e().integer(8)) : result;
}

}  // namespace hawk
