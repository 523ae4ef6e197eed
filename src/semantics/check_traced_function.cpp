// What is known about a traced function of the kernel: its arguments by name, and for fexit its result, with their
// types.
#include "semantics/check_traced_function.h"

#include "semantics/builtin_checks.h"
#include "semantics/registers.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

constexpr std::uint32_t kWord = 8;

// A kprobe without a module is on a function of the kernel itself, or of the module that has one of that name.
KernelFunctionName traced_function(Checker& checker) {
  const ProbeSpec& probe = checker.clause().probes.front();
  if (!probe.target.empty()) return {probe.target, probe.function};
  KernelFunctionName own{"vmlinux", probe.function};
  if (checker.target().typed_function(own)) return own;
  auto matches = checker.target().match_typed_functions("", probe.function);
  return matches.empty() ? own : matches.front();
}

std::uint32_t words_of(const Type& type) { return type.size > kWord ? 2 : 1; }

// Whether every verifier lets a program load it from its context. Of pointers, Linux 5.10 allows those to structs;
// to everything else only some kernels do.
bool is_loaded(const Type& type) {
  if (type.kind == TypeKind::kPointer) return type.element->kind == TypeKind::kStruct && type.element->size != 0;
  return is_scalar(type);
}

ExprPtr read_argument(Checker& checker, const Type& type, std::uint32_t offset, Span span) {
  if (!is_loaded(type)) {
    ExprPtr address = make_expr(pointer_type(type, AddressSpace::kKernel), span, typed::ContextAddress{offset});
    return checker.load(std::move(address), type, AddressSpace::kKernel, span);
  }
  if (type.kind == TypeKind::kPointer) return make_expr(type, span, typed::ContextLoad{offset});
  // A register holds more than an argument's own bytes, and only those mean something.
  ExprPtr word = make_expr(int_type(kWord, false), span, typed::ContextLoad{offset});
  return checker.cast(typed::convert(std::move(word), int_type(type.size, type.is_signed)), type, span);
}

// Where a kprobe's program finds it: in the registers with which the function was called.
ExprPtr read_register(Checker& checker, const Field& field, Span span) {
  const ProbeSpec& probe = checker.clause().probes.front();
  if (probe.offset != 0) return checker.refuse(Diag::ArgumentsBehindEntry, span);
  std::uint32_t index = field.offset / kWord;
  auto offset = argument_register_offset(index);
  if (!offset) return checker.refuse(Diag::ArgumentOnStack, span, index);
  if (!is_scalar(field.type)) return checker.refuse(Diag::StructInRegisters, span, field.name, index);
  ExprPtr word = make_expr(int_type(kWord, false), span, typed::ContextLoad{*offset});
  if (field.type.kind == TypeKind::kPointer) return typed::convert(std::move(word), field.type);
  return checker.cast(typed::convert(std::move(word), int_type(field.type.size, field.type.is_signed)), field.type,
                      span);
}

ExprPtr read_field(Checker& checker, const Field& field, Span span) {
  if (checker.probe_kind().context == ContextKind::kRegisters) return read_register(checker, field, span);
  return read_argument(checker, field.type, field.offset, span);
}

}  // namespace

bool traces_typed_function(const Checker& checker) { return checker.probe_kind().context == ContextKind::kFunction; }

bool names_arguments(const Checker& checker) {
  return traces_typed_function(checker) || checker.clause().kind == ProbeKind::kKprobe;
}

const Type* traced_arguments(Checker& checker, Span span) {
  auto& cached = checker.clause().arguments;
  if (cached) return &*cached;
  auto signature = checker.target().typed_function(traced_function(checker));
  if (!signature) {
    const ProbeSpec& probe = checker.clause().probes.front();
    bool bpf = probe.target == kBpfPrograms;
    checker.report(Diag::NoArgumentTypes, span, probe.name, bpf ? "it is a BPF program" : "the kernel has no BTF");
    return nullptr;
  }
  auto def = std::make_shared<StructDef>();
  Type type;
  type.kind = TypeKind::kStruct;
  type.align = kWord;
  for (const FunctionParameter& parameter : signature->parameters) {
    if (!parameter.name.empty())
      def->fields.push_back({.name = parameter.name, .type = parameter.type, .offset = type.size});
    type.size += kWord * words_of(parameter.type);
  }
  type.def = std::move(def);
  cached = std::move(type);
  return &*cached;
}

ExprPtr check_traced_argument(Checker& checker, const std::string& name, Span span) {
  const Type* arguments = traced_arguments(checker, span);
  if (arguments == nullptr) return typed::poison(span);
  std::vector<std::string> names;
  for (const Field& field : arguments->def->fields) {
    if (field.name == name) return read_field(checker, field, span);
    names.push_back(field.name);
  }
  const std::string& probe = checker.clause().probes.front().name;
  std::string near = nearest_name(name, names);
  checker.report(Diag::NoSuchArgument, span, probe, name).help =
      near.empty() ? fmt::format("see its arguments: hawk -lv '{}'", probe) : fmt::format("did you mean `{}`?", near);
  return typed::poison(span);
}

ExprPtr check_traced_result(Checker& checker, Span span) {
  const Type* arguments = traced_arguments(checker, span);
  if (arguments == nullptr) return typed::poison(span);
  auto signature = checker.target().typed_function(traced_function(checker));
  if (signature->result.kind == TypeKind::kNone)
    return checker.refuse(Diag::FunctionReturnsNothing, span, traced_function(checker).function);
  return read_argument(checker, signature->result, arguments->size, span);
}

}  // namespace hawk
