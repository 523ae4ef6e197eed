// Builtins on addresses: stacks, symbols, address spaces; network addresses.
#include <arpa/inet.h>

#include <cstring>

#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

constexpr std::uint64_t kMaxFrames = 1024;
constexpr std::uint32_t kMacBytes = 6;

std::optional<StackMode> stack_mode(const std::string& word) {
  if (word == "bpftrace") return StackMode::kBpftrace;
  if (word == "perf") return StackMode::kPerf;
  if (word == "raw") return StackMode::kRaw;
  if (word == "build_id") return StackMode::kBuildId;
  if (word == "folded") return StackMode::kFolded;
  return std::nullopt;
}

ExprPtr check_stack(Checker& checker, const CallSite& site, bool kernel) {
  StackMode mode = stack_mode(checker.config().stack_mode).value_or(StackMode::kBpftrace);
  std::uint64_t limit = checker.options().default_frames;
  for (std::size_t i = 0; i < site.count(); ++i) {
    const ast::Expr& argument = site.argument(i);
    const auto* word = std::get_if<ast::Identifier>(&argument.node);
    auto named = word != nullptr ? stack_mode(word->name) : std::nullopt;
    if (named && i == 0) {
      mode = *named;
      continue;
    }
    ExprPtr value = checker.check_plain(argument);
    if (is_poison(*value)) return value;
    std::optional<std::uint64_t> number;
    if (const auto* constant = typed::node_as<typed::Constant>(*value)) number = constant->value;
    if (!number || *number == 0 || *number > kMaxFrames)
      return checker.refuse(Diag::StackLimit, argument.span, kMaxFrames);
    limit = *number;
  }
  if (mode == StackMode::kBuildId && site.builtin != Builtin::kUstack)
    return checker.refuse(Diag::BuildIdOfUstackOnly, site.span, site.name());
  if (checker.clause().for_loops > 0) return checker.refuse(Diag::ContextInLoop, site.span, site.name());
  return make_expr(stack_type(kernel, mode, static_cast<std::uint32_t>(limit)), site.span, typed::StackTrace{});
}

// An address as a word, with what is wrong reported.
ExprPtr address_argument(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  if (!is_integer(value->type) && value->type.kind != TypeKind::kPointer) {
    return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(value->type));
  }
  return typed::to_int64(std::move(value), false);
}

std::optional<std::string> literal_argument(Checker& checker, const CallSite& site) {
  auto text = checker.check_constant_text(site.argument(0));
  if (!text) checker.report(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  return text;
}

ExprPtr retag(Checker& checker, const CallSite& site, AddressSpace space) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  Type type = value->type;
  if (type.kind != TypeKind::kPointer) {
    if (!is_integer(type))
      return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(type));
    type = pointer_type(int_type(8, false), space);
  }
  type.space = space;
  return typed::convert(std::move(value), type);
}

ExprPtr inet(std::uint64_t family, ExprPtr address, Span span) {
  typed::Pack pack;
  pack.parts.push_back({0, typed::constant(int_type(8, false), family, span)});
  pack.parts.push_back({8, std::move(address)});
  return make_expr(simple_type(TypeKind::kInet), span, std::move(pack));
}

}  // namespace

ExprPtr check_Kstack(Checker& checker, const CallSite& site) { return check_stack(checker, site, true); }
ExprPtr check_Ustack(Checker& checker, const CallSite& site) { return check_stack(checker, site, false); }
ExprPtr check_Kptr(Checker& checker, const CallSite& site) { return retag(checker, site, AddressSpace::kKernel); }
ExprPtr check_Uptr(Checker& checker, const CallSite& site) { return retag(checker, site, AddressSpace::kUser); }

ExprPtr check_Ksym(Checker& checker, const CallSite& site) {
  ExprPtr address = address_argument(checker, site);
  if (is_poison(*address)) return address;
  typed::Pack pack;
  pack.parts.push_back({0, std::move(address)});
  return make_expr(simple_type(TypeKind::kKernelSymbol), site.span, std::move(pack));
}

ExprPtr check_Usym(Checker& checker, const CallSite& site) {
  ExprPtr address = address_argument(checker, site);
  if (is_poison(*address)) return address;
  // Looked up in /proc, which counts processes of the namespace hawk runs in.
  typed::Call process{Builtin::kPid, {}};
  process.arguments.push_back(typed::constant(int_type(8, false), 0, site.span));
  typed::Pack pack;
  pack.parts.push_back({0, std::move(address)});
  pack.parts.push_back({8, make_expr(int_type(4, false), site.span, std::move(process))});
  return make_expr(simple_type(TypeKind::kUserSymbol), site.span, std::move(pack));
}

ExprPtr check_Kaddr(Checker& checker, const CallSite& site) {
  auto name = literal_argument(checker, site);
  if (!name) return typed::poison(site.span);
  auto address = checker.target().kernel_symbol(*name);
  if (!address) {
    checker.report(Diag::UnknownKernelSymbol, site.argument(0).span, *name).help =
        "a kernel lists its variables if it was built with CONFIG_KALLSYMS_ALL";
    return typed::poison(site.span);
  }
  return typed::constant(pointer_type(int_type(8, false), AddressSpace::kKernel), *address, site.span);
}

ExprPtr check_Uaddr(Checker& checker, const CallSite& site) {
  ProbeKind kind = checker.clause().kind;
  if (kind != ProbeKind::kUprobe && kind != ProbeKind::kUretprobe && kind != ProbeKind::kUsdt) {
    return checker.refuse(Diag::BuiltinInWrongProbe, site.span, site.name(), checker.probe_kind().name,
                          "uprobe, uretprobe or usdt");
  }
  auto name = literal_argument(checker, site);
  if (!name) return typed::poison(site.span);
  const ProbeSpec& probe = checker.clause().probes.front();
  auto symbol = checker.target().user_symbol(probe.target, *name);
  if (!symbol) return checker.refuse(Diag::UnknownUserSymbol, site.argument(0).span, *name, probe.target);
  std::uint64_t size = symbol.value().size;
  std::uint32_t width = size == 1 || size == 2 || size == 4 ? static_cast<std::uint32_t>(size) : 8;
  // Where the program was loaded: the probed address now less the one in the file.
  Type word = int_type(8, false);
  ExprPtr here = make_expr(word, site.span, typed::Call{Builtin::kFuncIp, {}});
  ExprPtr distance = typed::constant(word, symbol.value().address - probe.address, site.span);
  ExprPtr address =
      make_expr(word, site.span, typed::Binary{typed::BinaryOp::kAdd, std::move(here), std::move(distance), {}});
  return typed::convert(std::move(address), pointer_type(int_type(width, false), AddressSpace::kUser));
}

ExprPtr check_Ntop(Checker& checker, const CallSite& site) {
  const ast::Expr& argument = site.argument(site.count() - 1);
  if (site.count() > 1 && is_poison(*checker.check_int(site.argument(0), site.name()))) return typed::poison(site.span);
  ExprPtr address = checker.check_plain(argument);
  if (is_poison(*address)) return address;
  if (is_integer(address->type))
    return inet(AF_INET, typed::convert(std::move(address), int_type(4, false)), site.span);
  bool array = address->type.kind == TypeKind::kArray || address->type.kind == TypeKind::kStruct ||
               address->type.kind == TypeKind::kString;
  std::uint32_t size = address->type.size;
  // Text read from a char array of 4 or 16 bytes has one byte more.
  if (auto* text = typed::node_as<typed::ReadString>(*address); text != nullptr && (size == 5 || size == 17)) {
    Type bytes = array_type(int_type(1, false), size - 1);
    AddressSpace space = text->space;
    address = make_expr(bytes, site.span, typed::Load{std::move(text->address), space, 0, 0});
    size = size - 1;
  }
  if (!array || (size != 4 && size != 16))
    return checker.refuse(Diag::NtopArgument, argument.span, type_name(address->type));
  return inet(size == 4 ? AF_INET : AF_INET6, std::move(address), site.span);
}

ExprPtr check_Pton(Checker& checker, const CallSite& site) {
  auto text = literal_argument(checker, site);
  if (!text) return typed::poison(site.span);
  char bytes[16];
  std::uint32_t size = inet_pton(AF_INET, text->c_str(), bytes) == 1    ? 4
                       : inet_pton(AF_INET6, text->c_str(), bytes) == 1 ? 16
                                                                        : 0;
  if (size == 0) return checker.refuse(Diag::BadNetworkAddress, site.argument(0).span, *text);
  return make_expr(array_type(int_type(1, false), size), site.span, typed::DataConstant{std::string(bytes, size)});
}

ExprPtr check_Macaddr(Checker& checker, const CallSite& site) {
  ExprPtr value = checker.check_plain(site.argument(0));
  if (is_poison(*value)) return value;
  Type bytes = array_type(int_type(1, false), kMacBytes);
  AddressSpace space = checker.space_of(*value);
  ExprPtr address;
  if (value->type.kind == TypeKind::kPointer) {
    address = std::move(value);
  } else if (auto* memory = typed::node_as<typed::Load>(*value);
             memory != nullptr && value->type.kind == TypeKind::kArray) {
    space = memory->space;
    address = std::move(memory->address);
  } else if (auto* text = typed::node_as<typed::ReadString>(*value)) {
    space = text->space;
    address = std::move(text->address);
  } else {
    return checker.refuse(Diag::PointerExpected, site.argument(0).span, site.name(), type_name(value->type));
  }
  ExprPtr array = make_expr(bytes, site.span, typed::Load{std::move(address), space, 0, 0});
  return make_expr(simple_type(TypeKind::kMacAddress), site.span, typed::Convert{std::move(array)});
}

ExprPtr check_CgroupId(Checker& checker, const CallSite& site) {
  auto path = literal_argument(checker, site);
  if (!path) return typed::poison(site.span);
  Result<std::uint64_t> id = checker.target().cgroup_id(*path);
  if (!id.ok()) {
    checker.report(Diag::NoSuchCgroup, site.argument(0).span, id.error().message).help = id.error().help;
    return typed::poison(site.span);
  }
  return typed::constant(int_type(8, false), id.value(), site.span);
}

ExprPtr check_CgroupPath(Checker& checker, const CallSite& site) {
  ExprPtr id = checker.check_int(site.argument(0), site.name());
  std::string filter;
  if (site.count() > 1) {
    auto text = checker.check_constant_text(site.argument(1));
    if (!text) return checker.refuse(Diag::LiteralTextExpected, site.argument(1).span, site.name());
    filter = *text;
  }
  if (is_poison(*id)) return id;
  typed::Pack pack;
  pack.parts.push_back({0, typed::constant(int_type(8, false), checker.add_string(filter), site.span)});
  pack.parts.push_back({8, typed::to_int64(std::move(id), false)});
  return make_expr(simple_type(TypeKind::kCgroupPath), site.span, std::move(pack));
}

}  // namespace hawk
