// Builtins to which the kernel gives only objects that its verifier knows: path, socket_cookie, skboutput.
#include "codegen/lower_call.h"
#include "support/check.h"

namespace hawk {

namespace {

constexpr std::uint32_t kPointer = 8;

// The address of an object, by loads of the program's own, which the verifier follows. Semantics has made sure of the
// shape (check_builtin_object.cpp).
llvm::Value* object(Lowering& l, const typed::Expr& address) {
  Emitter& e = l.e();
  if (const auto* context = std::get_if<typed::ContextLoad>(&address.node))
    return l.machine.load_context(e, l.context(), context->offset, kPointer);
  if (const auto* convert = std::get_if<typed::Convert>(&address.node)) return object(l, *convert->operand);
  if (const auto* load = std::get_if<typed::Load>(&address.node)) {
    llvm::Value* pointer = e.ir.CreateIntToPtr(object(l, *load->address), e.ir.getPtrTy());
    // Volatile: of the width of the member, and where it stands.
    return e.ir.CreateAlignedLoad(e.integer(kPointer), pointer, llvm::Align(kPointer), /*isVolatile=*/true);
  }
  const auto* sum = std::get_if<typed::Binary>(&address.node);
  HAWK_CHECK(sum != nullptr, "an object that the verifier does not know");
  return e.ir.CreateAdd(object(l, *sum->left), l.scalar(*sum->right));
}

}  // namespace

llvm::Value* lower_Path(const CallSite& site) {
  Lowering& l = site.l;
  std::uint32_t size = site.expr.type.size;
  TemporaryScope scope(l);
  // What does not fit is cut in front (Linux 5.14); what stands behind the NUL is left over from the kernel's work.
  Place whole = l.temporary(size);
  l.zero(whole, size);
  l.machine.path_name(l.e(), object(l, *site.call.arguments[0]), whole, size);
  l.zero(site.destination, size);
  llvm::Value* address = l.e().ir.CreatePtrToInt(whole.pointer, l.e().integer(kPointer));
  static_cast<void>(
      l.machine.read_string(l.e(), site.destination, l.e().number(size), {address, AddressSpace::kKernel}));
  return nullptr;
}

llvm::Value* lower_SocketCookie(const CallSite& site) {
  return site.l.machine.socket_cookie(site.l.e(), object(site.l, *site.call.arguments[0]));
}

llvm::Value* lower_Skboutput(const CallSite& site) {
  Lowering& l = site.l;
  Emitter& e = l.e();
  const auto* event = std::get_if<typed::Constant>(&site.call.arguments[0]->node);
  HAWK_CHECK(event != nullptr, "the event is a constant");
  llvm::Value* length = l.scalar(*site.call.arguments[2]);
  llvm::Value* skipped = l.scalar(*site.call.arguments[3]);
  const EventSchema& schema = l.program.events[event->value];
  SlotScope scope(e);
  Place record = e.slot(schema.size);
  e.store(record, e.number(event->value));
  llvm::Value* fields[] = {l.machine.clock(e, Clock::kBoot), length, skipped};
  for (std::size_t i = 0; i < std::size(fields); ++i) e.store(e.at(record, schema.fields[i].offset), fields[i]);
  return l.machine.output_packet(e, object(l, *site.call.arguments[1]), length, {record, schema.size});
}

}  // namespace hawk
