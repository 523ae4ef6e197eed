// What fentry and fexit know about the function they trace: its arguments by name, and its result, with their types.
#include "semantics/check_traced_function.h"

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

constexpr std::uint32_t kWord = 8;

KernelFunctionName traced_function(const Checker& checker) {
  const ProbeSpec& probe = checker.clause().probes.front();
  return {probe.target, probe.function};
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

}  // namespace

bool traces_typed_function(const Checker& checker) { return checker.probe_kind().context == ContextKind::kFunction; }

const Type* traced_arguments(Checker& checker, Span span) {
  auto& cached = checker.clause().arguments;
  if (cached) return &*cached;
  auto signature = checker.target().typed_function(traced_function(checker));
  if (!signature) {
    checker.report(Diag::NoArgumentTypes, span, checker.clause().probes.front().name);
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
    if (field.name == name) return read_argument(checker, field.type, field.offset, span);
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
