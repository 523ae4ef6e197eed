// Builtins about the current task, the machine and time.
#include "semantics/builtin_checks.h"
#include "semantics/placement.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

ExprPtr call(Builtin builtin, Type type, Span span, ExprPtr argument = nullptr) {
  typed::Call node{builtin, {}};
  if (argument) node.arguments.push_back(std::move(argument));
  return make_expr(std::move(type), span, std::move(node));
}

// The word in `f(word)`; empty when the argument is no plain word.
std::string word_argument(const CallSite& site) {
  if (site.count() == 0) return "";
  const auto* identifier = std::get_if<ast::Identifier>(&site.argument(0).node);
  return identifier != nullptr ? identifier->name : "?";
}

// Where a task's name lies in its struct; 0 if the kernel's types are not known.
std::uint64_t name_offset(Checker& checker) {
  std::optional<Type> task = checker.target().find_type("struct task_struct");
  FoundField name = task && task->def ? find_field(*task->def, "comm") : FoundField{};
  return name.field == nullptr ? 0 : name.offset;
}

ExprPtr check_process_id(Checker& checker, const CallSite& site) {
  std::string space = word_argument(site);
  if (space != "" && space != "curr_ns" && space != "init") {
    return checker.refuse(Diag::UnknownWord, site.argument(0).span, site.name(), "curr_ns or init");
  }
  Type wide = int_type(8, false);
  return call(site.builtin, int_type(4, false), site.span, typed::constant(wide, space == "init" ? 1 : 0, site.span));
}

// The kernel looks the process up for programs; inside hawk /proc has it.
ExprPtr comm_of_process(Checker& checker, const CallSite& site) {
  constexpr const char* kFinder = "bpf_task_from_pid";
  constexpr std::uint32_t kSize = 64;
  const ProbeKindRow& probe = checker.probe_kind();
  // As in bpftrace.
  if (checker.clause().kind == ProbeKind::kBegin) {
    checker.report(Diag::CommOfProcessInWrongProbe, site.span, probe.name).help =
        "interval and end clauses can ask for it";
    return typed::poison(site.span);
  }
  bool in_kernel = !can_run_on_host(checker.clause().kind);
  if (in_kernel && !checker.target().may_call_kernel_function(kFinder, probe.program)) {
    checker.report(Diag::CommOfProcessUnavailable, site.span, kFinder, probe.name).help =
        "interval clauses, which run inside hawk, need no such function";
    return typed::poison(site.span);
  }
  ExprPtr process = checker.check_int(site.argument(0), site.name());
  if (is_poison(*process)) return process;
  EventSchema schema{
      .kind = EventKind::kWarnf, .fields = {}, .format = {}, .text = {}, .location = checker.location(site.span)};
  schema.format = parse_format("No such process (pid=%d)");
  add_field(schema, int_type(8, true));
  typed::Call node{Builtin::kCommOf, {}};
  node.arguments.push_back(typed::to_int64(std::move(process), true));
  node.arguments.push_back(typed::constant(int_type(8, false), name_offset(checker), site.span));
  node.arguments.push_back(typed::constant(int_type(8, false), checker.add_event(std::move(schema)), site.span));
  return make_expr(string_type(kSize), site.span, std::move(node));
}

}  // namespace

ExprPtr check_Pid(Checker& checker, const CallSite& site) { return check_process_id(checker, site); }
ExprPtr check_Tid(Checker& checker, const CallSite& site) { return check_process_id(checker, site); }
ExprPtr check_Uid(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Gid(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Cgroup(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Cpu(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Ncpus(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Numaid(Checker&, const CallSite& site) { return call(site.builtin, int_type(4, false), site.span); }
ExprPtr check_Jiffies(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }
ExprPtr check_Rand(Checker&, const CallSite& site) { return call(site.builtin, int_type(4, false), site.span); }
ExprPtr check_Elapsed(Checker&, const CallSite& site) { return call(site.builtin, int_type(8, false), site.span); }

ExprPtr check_Comm(Checker& checker, const CallSite& site) {
  if (site.count() > 0) return comm_of_process(checker, site);
  return call(site.builtin, string_type(16), site.span);
}

ExprPtr check_Username(Checker&, const CallSite& site) {
  typed::Pack pack;
  pack.parts.push_back({0, call(Builtin::kUid, int_type(8, false), site.span)});
  return make_expr(simple_type(TypeKind::kUsername), site.span, std::move(pack));
}

ExprPtr check_Curtask(Checker&, const CallSite& site) {
  Type task;
  task.kind = TypeKind::kStruct;
  task.name = "struct task_struct";
  return call(Builtin::kCurtask, pointer_type(std::move(task), AddressSpace::kKernel), site.span);
}

ExprPtr check_Cpid(Checker& checker, const CallSite& site) {
  if (!checker.options().has_child) checker.report(Diag::CpidWithoutChild, site.span);
  return call(site.builtin, int_type(8, false), site.span);
}

// bpftrace 0.27.1 gives the opposite; its users' scripts expect what it prints.
ExprPtr check_HasCpid(Checker& checker, const CallSite& site) {
  return typed::bool_literal(!checker.options().has_child, site.span);
}

ExprPtr check_Nsecs(Checker& checker, const CallSite& site) {
  std::string word = word_argument(site);
  Clock clock = Clock::kBoot;
  if (word == "monotonic") {
    clock = Clock::kMonotonic;
  } else if (word == "tai") {
    clock = Clock::kTai;
  } else if (word == "sw_tai") {
    clock = Clock::kSoftwareTai;
  } else if (word != "" && word != "boot") {
    return checker.refuse(Diag::UnknownWord, site.argument(0).span, site.name(), "monotonic, boot, tai or sw_tai");
  }
  Type wide = int_type(8, false);
  return call(site.builtin, wide, site.span, typed::constant(wide, static_cast<std::uint64_t>(clock), site.span));
}

ExprPtr check_Strftime(Checker& checker, const CallSite& site) {
  auto format = checker.check_constant_text(site.argument(0));
  if (!format) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  ExprPtr ns = checker.check_int(site.argument(1), site.name());
  if (ns->type.kind == TypeKind::kError) return ns;
  Clock clock = Clock::kBoot;
  if (const auto* read = typed::node_as<typed::Call>(*ns); read != nullptr && read->builtin == Builtin::kNsecs) {
    clock = static_cast<Clock>(std::get<typed::Constant>(read->arguments[0]->node).value);
  }
  if (clock == Clock::kMonotonic) return checker.refuse(Diag::MonotonicStrftime, site.argument(1).span);
  const auto* constant = typed::node_as<typed::Constant>(*ns);
  if (constant != nullptr && ns->type.is_signed && static_cast<std::int64_t>(constant->value) < 0) {
    return checker.refuse(Diag::NegativeTime, site.argument(1).span);
  }
  Type half = int_type(4, false);
  typed::Pack pack;
  pack.parts.push_back({0, typed::constant(half, static_cast<std::uint64_t>(clock), site.span)});
  pack.parts.push_back({4, typed::constant(half, checker.add_string(*format), site.span)});
  pack.parts.push_back({8, typed::to_int64(std::move(ns), false)});
  return make_expr(simple_type(TypeKind::kTimestamp), site.span, std::move(pack));
}

// All of it: a record.
ExprPtr check_ConfigValue(Checker& checker, const CallSite& site) {
  std::vector<std::pair<std::string, Type>> fields;
  typed::Pack pack;
  for (const std::string& key : config_keys()) {
    pack.parts.push_back({0, check_config_value(checker, key, site.span)});
    fields.emplace_back(key, pack.parts.back().value->type);
  }
  Type type = record_type(std::move(fields));
  for (std::size_t i = 0; i < pack.parts.size(); ++i) pack.parts[i].offset = type.def->fields[i].offset;
  return typed::make_expr(type, site.span, std::move(pack));
}

ExprPtr check_config_value(Checker& checker, const std::string& key, Span span) {
  std::string canonical = canonical_config_key(key);
  if (canonical.empty()) {
    auto& diagnostic = checker.report(Diag::UnknownConfigKey, span, key);
    std::string near = nearest_name(key, config_keys());
    if (!near.empty()) diagnostic.help = fmt::format("did you mean `{}`?", near);
    return typed::poison(span);
  }
  std::string text = config_text(checker.config(), canonical);
  if (is_config_number(canonical)) return typed::int_literal(std::stoull(text), false, span);
  if (is_config_bool(canonical)) return typed::bool_literal(text == "true", span);
  return typed::string_literal(text, span);
}

}  // namespace hawk
