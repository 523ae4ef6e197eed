// Builtins that read the probe's context or name the probe.
#include <algorithm>

#include "semantics/builtin_checks.h"
#include "semantics/check_traced_function.h"
#include "semantics/check_usdt_argument.h"
#include "semantics/check_user_function.h"
#include "semantics/registers.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

ExprPtr context_word(std::uint32_t offset, Span span) {
  return make_expr(int_type(8, false), span, typed::ContextLoad{offset});
}

bool is_kind(const Checker& checker, std::initializer_list<ProbeKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), checker.clause().kind) != kinds.end();
}

ExprPtr wrong_probe(Checker& checker, const char* builtin, const char* where, Span span) {
  return checker.refuse(Diag::BuiltinInWrongProbe, span, builtin, checker.probe_kind().name, where);
}

bool in_loop(Checker& checker, const char* builtin, Span span) {
  if (checker.clause().for_loops == 0) return false;
  checker.report(Diag::ContextInLoop, span, builtin);
  return true;
}

// The fields of a tracepoint's record as a struct, without those common to all events.
Type tracepoint_struct(Checker& checker, const ProbeSpec& probe) {
  auto format = checker.target().tracepoint_format(probe.target, probe.function);
  auto def = std::make_shared<StructDef>();
  Type type;
  type.kind = TypeKind::kStruct;
  type.align = 8;
  if (!format) {
    type.kind = TypeKind::kError;
    return type;
  }
  for (const Field& field : format.value().fields) {
    type.size = std::max(type.size, field.offset + field.type.size);
    if (!field.name.starts_with("common_")) def->fields.push_back(field);
  }
  type.def = std::move(def);
  return type;
}

const Type& arguments_type(Checker& checker) {
  auto& cached = checker.clause().arguments;
  if (!cached) cached = tracepoint_struct(checker, checker.clause().probes.front());
  return *cached;
}

// Tracepoints have their arguments by name.
ExprPtr argument_in_wrong_probe(Checker& checker, const std::string& name, Span span) {
  auto& diagnostic = checker.report(Diag::BuiltinInWrongProbe, span, name, checker.probe_kind().name,
                                    "kprobe, uprobe, usdt or rawtracepoint");
  if (checker.clause().kind != ProbeKind::kTracepoint) return typed::poison(span);
  std::string fields;
  const Type& type = arguments_type(checker);
  if (type.def != nullptr) {
    for (const Field& field : type.def->fields)
      if (!field.name.starts_with("__syscall"))
        fields += (fields.empty() ? "" : ", ") + fmt::format("args.{}", field.name);
  }
  if (!fields.empty()) diagnostic.help = "here arguments have names: " + fields;
  return typed::poison(span);
}

// A field whose place the record itself gives: u32 at `offset`, low half the distance, high half the length.
ExprPtr dynamic_field(Checker& checker, const Field& field, Span span) {
  ExprPtr word = make_expr(int_type(4, false), span, typed::ContextLoad{field.offset});
  Type wide = int_type(8, false);
  ExprPtr distance = make_expr(
      wide, span,
      typed::Binary{
          typed::BinaryOp::kBitAnd, typed::convert(std::move(word), wide), typed::constant(wide, 0xffff, span), {}});
  Type pointer = pointer_type(field.type.kind == TypeKind::kArray ? *field.type.element : int_type(1, true),
                              AddressSpace::kKernel);
  ExprPtr start = make_expr(wide, span, typed::Convert{make_expr(pointer, span, typed::ContextAddress{0})});
  ExprPtr address =
      make_expr(wide, span, typed::Binary{typed::BinaryOp::kAdd, std::move(start), std::move(distance), {}});
  bool text = field.type.kind != TypeKind::kArray || (field.type.element->size == 1 && field.type.element->is_signed);
  if (text)
    return checker.read_string(typed::convert(std::move(address), pointer), AddressSpace::kKernel, nullptr, span);
  return typed::convert(std::move(address), pointer);
}

ExprPtr tracepoint_field(Checker& checker, const std::string& name, Span span) {
  const Type& record = arguments_type(checker);
  if (record.kind == TypeKind::kError) return typed::poison(span);
  FoundField found = find_field(*record.def, name);
  const std::string& probe = checker.clause().probes.front().name;
  if (found.field == nullptr) {
    auto& diagnostic = checker.report(Diag::NoSuchArgument, span, probe, name);
    std::vector<std::string> names;
    for (const Field& field : record.def->fields) names.push_back(field.name);
    std::string near = nearest_name(name, names);
    diagnostic.help =
        near.empty() ? fmt::format("see its arguments: hawk -lv '{}'", probe) : fmt::format("did you mean `{}`?", near);
    return typed::poison(span);
  }
  const Field& field = *found.field;
  if (field.data_loc) return dynamic_field(checker, field, span);
  bool aligned = field.type.size != 0 && found.offset % field.type.size == 0;
  if (is_scalar(field.type) && aligned && field.bit_width == 0) {
    return make_expr(field.type, span, typed::ContextLoad{found.offset});
  }
  ExprPtr address =
      make_expr(pointer_type(field.type, AddressSpace::kKernel), span, typed::ContextAddress{found.offset});
  return checker.load(std::move(address), field.type, AddressSpace::kKernel, span);
}

ExprPtr raw_tracepoint_field(Checker& checker, const std::string& name, Span span) {
  const ProbeSpec& probe = checker.clause().probes.front();
  auto signature = checker.target().raw_tracepoint_signature(probe.function);
  if (!signature) {
    checker.report(Diag::NoArgumentTypes, span, probe.name, "the kernel has no BTF").help =
        "use arg0, arg1, ... as numbers";
    return typed::poison(span);
  }
  for (std::uint32_t i = 0; i < signature->parameters.size(); ++i) {
    const FunctionParameter& parameter = signature->parameters[i];
    if (parameter.name == name) return checker.cast(context_word(8 * i, span), parameter.type, span);
  }
  checker.report(Diag::NoSuchArgument, span, probe.name, name).help =
      fmt::format("see its arguments: hawk -lv '{}'", probe.name);
  return typed::poison(span);
}

bool ends_system_call(const ProbeSpec& probe) {
  return probe.target == "syscalls" && probe.function.starts_with("sys_exit_");
}

constexpr const char* kArgsProbes = "tracepoint, rawtracepoint, kprobe, fentry, fexit or uprobe";

}  // namespace

ExprPtr check_argument_field(Checker& checker, const std::string& field, Span span) {
  if (is_kind(checker, {ProbeKind::kTracepoint})) return tracepoint_field(checker, field, span);
  if (is_kind(checker, {ProbeKind::kRawTracepoint})) return raw_tracepoint_field(checker, field, span);
  if (names_arguments(checker)) return check_traced_argument(checker, field, span);
  if (is_kind(checker, {ProbeKind::kUprobe})) return check_user_argument(checker, field, span);
  return wrong_probe(checker, "args", kArgsProbes, span);
}

ExprPtr check_argument(Checker& checker, std::uint32_t index, Span span) {
  std::string name = fmt::format("arg{}", index);
  if (in_loop(checker, name.c_str(), span)) return typed::poison(span);
  if (is_kind(checker, {ProbeKind::kRawTracepoint})) return context_word(8 * index, span);
  if (is_kind(checker, {ProbeKind::kUsdt})) return check_usdt_argument(checker, index, span);
  if (!is_kind(checker, {ProbeKind::kKprobe, ProbeKind::kUprobe})) {
    return argument_in_wrong_probe(checker, name, span);
  }
  auto offset = argument_register_offset(index);
  if (!offset) return checker.refuse(Diag::ArgumentOnStack, span, index);
  return context_word(*offset, span);
}

namespace {

// Every argument by itself, where some lie outside of the record's fixed part.
ExprPtr all_arguments(Checker& checker, const StructDef& def, Span span) {
  std::vector<std::pair<std::string, Type>> members;
  std::vector<ExprPtr> values;
  for (const Field& field : def.fields) {
    values.push_back(check_argument_field(checker, field.name, span));
    if (values.back()->type.kind == TypeKind::kError) return std::move(values.back());
    members.emplace_back(field.name, values.back()->type);
  }
  return typed::pack_record(std::move(members), std::move(values), span);
}

// Of the probe that fired.
ExprPtr probe_text(Checker& checker, typed::ProbeText which, Span span) {
  const std::vector<ProbeSpec>& probes = checker.clause().probes;
  if (probes.size() == 1) return typed::string_literal(typed::probe_text(probes.front(), which), span);
  std::size_t longest = 0;
  for (const ProbeSpec& probe : probes) longest = std::max(longest, typed::probe_text(probe, which).size());
  typed::Call call{Builtin::kProbeText, {}};
  call.arguments.push_back(typed::constant(int_type(8, false), static_cast<std::uint64_t>(which), span));
  return make_expr(string_type(static_cast<std::uint32_t>(longest + 1)), span, std::move(call));
}

}  // namespace

ExprPtr check_Args(Checker& checker, const CallSite& site) {
  if (in_loop(checker, "args", site.span)) return typed::poison(site.span);
  if (names_arguments(checker)) {
    const Type* arguments = traced_arguments(checker, site.span);
    return arguments == nullptr ? typed::poison(site.span) : all_arguments(checker, *arguments->def, site.span);
  }
  if (is_kind(checker, {ProbeKind::kUprobe})) return check_user_arguments(checker, site.span);
  if (!is_kind(checker, {ProbeKind::kTracepoint})) {
    return wrong_probe(checker, "args", kArgsProbes, site.span);
  }
  Type record = arguments_type(checker);
  if (record.kind == TypeKind::kError) return typed::poison(site.span);
  const auto& fields = record.def->fields;
  if (std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.data_loc; })) {
    return all_arguments(checker, *record.def, site.span);
  }
  ExprPtr address = make_expr(pointer_type(record, AddressSpace::kKernel), site.span, typed::ContextAddress{0});
  return make_expr(record, site.span, typed::Load{std::move(address), AddressSpace::kKernel, 0, 0});
}

ExprPtr check_Retval(Checker& checker, const CallSite& site) {
  if (in_loop(checker, "retval", site.span)) return typed::poison(site.span);
  if (is_kind(checker, {ProbeKind::kFexit})) return check_traced_result(checker, site.span);
  if (is_kind(checker, {ProbeKind::kTracepoint}) && ends_system_call(checker.clause().probes.front()))
    return tracepoint_field(checker, "ret", site.span);
  if (!is_kind(checker, {ProbeKind::kKretprobe, ProbeKind::kUretprobe}))
    return wrong_probe(checker, "retval",
                       "kretprobe, fexit, uretprobe, syscall:NAME:return or tracepoint:syscalls:sys_exit_NAME",
                       site.span);
  return context_word(result_register_offset(), site.span);
}

ExprPtr check_Ctx(Checker& checker, const CallSite& site) {
  ContextKind context = checker.probe_kind().context;
  std::string name = context == ContextKind::kRegisters   ? "struct pt_regs"
                     : context == ContextKind::kPerfEvent ? "struct bpf_perf_event_data"
                     : context == ContextKind::kIterator
                         ? "struct bpf_iter__" + checker.clause().probes.front().function
                         : "";
  if (name.empty()) {
    return wrong_probe(checker, "ctx", "kprobe, uprobe, profile, interval, software or iter; a tracepoint has `args`",
                       site.span);
  }
  Type pointee;
  pointee.kind = TypeKind::kStruct;
  pointee.name = name;
  return make_expr(pointer_type(pointee, AddressSpace::kKernel), site.span, typed::ContextAddress{0});
}

ExprPtr check_Func(Checker& checker, const CallSite& site) {
  bool kernel = is_kind(checker, {ProbeKind::kKprobe, ProbeKind::kKretprobe, ProbeKind::kFentry, ProbeKind::kFexit});
  if (!kernel && !is_kind(checker, {ProbeKind::kUprobe, ProbeKind::kUretprobe, ProbeKind::kUsdt})) {
    return wrong_probe(checker, "func", "kprobe, kretprobe, fentry, fexit, uprobe, uretprobe or usdt", site.span);
  }
  // Known by name also where a symbol table at run time would not find it. Either all probes of a program have one or
  // none.
  if (!checker.clause().probes.front().function.empty())
    return probe_text(checker, typed::ProbeText::kFunction, site.span);
  typed::Pack pack;
  pack.parts.push_back({0, make_expr(int_type(8, false), site.span, typed::Call{Builtin::kFuncIp, {}})});
  return make_expr(simple_type(kernel ? TypeKind::kKernelSymbol : TypeKind::kUserSymbol), site.span, std::move(pack));
}

ExprPtr check_FuncIp(Checker&, const CallSite& site) {
  return make_expr(int_type(8, false), site.span, typed::Call{Builtin::kFuncIp, {}});
}

ExprPtr check_Probe(Checker& checker, const CallSite& site) {
  return probe_text(checker, typed::ProbeText::kName, site.span);
}

ExprPtr check_ProbeText(Checker&, const CallSite&) { HAWK_UNREACHABLE("no script can call it"); }

ExprPtr check_Probetype(Checker& checker, const CallSite& site) {
  if (is_kind(checker, {ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf}))
    return typed::string_literal("special", site.span);
  if (is_kind(checker, {ProbeKind::kBench})) return typed::string_literal("benchmark", site.span);
  return typed::string_literal(checker.probe_kind().name, site.span);
}

ExprPtr check_Usermode(Checker& checker, const CallSite& site) {
  Type type = int_type(1, false);
  ContextKind context = checker.probe_kind().context;
  if (context != ContextKind::kRegisters && context != ContextKind::kPerfEvent) {
    return typed::constant(type, is_kind(checker, {ProbeKind::kBegin, ProbeKind::kEnd}) ? 1 : 0, site.span);
  }
  if (in_loop(checker, "usermode", site.span)) return typed::poison(site.span);
  Type wide = int_type(8, false);
  ExprPtr level = make_expr(wide, site.span,
                            typed::Binary{typed::BinaryOp::kBitAnd,
                                          context_word(code_segment_offset(), site.span),
                                          typed::constant(wide, 3, site.span),
                                          {}});
  ExprPtr user =
      make_expr(bool_type(), site.span,
                typed::Binary{typed::BinaryOp::kEqual, std::move(level), typed::constant(wide, 3, site.span), {}});
  return typed::convert(std::move(user), type);
}

ExprPtr check_Reg(Checker& checker, const CallSite& site) {
  ContextKind context = checker.probe_kind().context;
  if (context != ContextKind::kRegisters && context != ContextKind::kPerfEvent) {
    return wrong_probe(checker, "reg", "kprobe, uprobe, profile, interval, software or hardware", site.span);
  }
  if (in_loop(checker, "reg", site.span)) return typed::poison(site.span);
  auto name = checker.check_constant_text(site.argument(0));
  if (!name) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, "reg");
  auto offset = register_offset(*name);
  if (!offset) {
    std::string known;
    for (const std::string& row : register_names()) known += " " + row;
    checker.report(Diag::UnknownRegister, site.argument(0).span, *name).help = "this machine has:" + known;
    return typed::poison(site.span);
  }
  return context_word(*offset, site.span);
}

}  // namespace hawk
