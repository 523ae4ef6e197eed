// Builtins to which the kernel gives only objects that it knows itself, not addresses that somebody has read or
// calculated: what fentry and fexit pass, and what lies behind it.
#include <algorithm>

#include "semantics/builtin_checks.h"
#include "semantics/check_traced_function.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

// The functions in which Linux allows bpf_d_path() (btf_allowlist_d_path, kernel/trace/bpf_trace.c), where the locks
// that it takes are known to be free.
constexpr const char* kPathFunctions[] = {"security_file_permission",
                                          "security_inode_getattr",
                                          "security_file_open",
                                          "security_path_truncate",
                                          "vfs_truncate",
                                          "vfs_fallocate",
                                          "dentry_open",
                                          "vfs_getattr",
                                          "filp_close"};

// Whether the verifier knows what is at this address all the way from the context: it follows pointers to structs
// through members, in loads of the program's own.
bool is_known(const typed::Expr& address) {
  if (typed::node_as<typed::ContextLoad>(address) != nullptr) return address.type.kind == TypeKind::kPointer;
  if (const auto* convert = typed::node_as<typed::Convert>(address))
    return address.type.size == 8 && is_known(*convert->operand);
  if (const auto* load = typed::node_as<typed::Load>(address))
    return address.type.kind == TypeKind::kPointer && load->bit_width == 0 && is_known(*load->address);
  const auto* sum = typed::node_as<typed::Binary>(address);
  return sum != nullptr && sum->op == typed::BinaryOp::kAdd && is_known(*sum->left) &&
         typed::node_as<typed::Constant>(*sum->right) != nullptr;
}

// Whether a struct is the one of that name, or has it as its beginning.
bool begins_with(Checker& checker, const Type& type, const std::string& name) {
  if (type.kind != TypeKind::kStruct) return false;
  if (type.name == name) return true;
  auto def = checker.types().definition(type);
  return def && std::any_of(def->fields.begin(), def->fields.end(), [&](const Field& field) {
           return field.offset == 0 && begins_with(checker, field.type, name);
         });
}

// An argument that is a struct, or a pointer to one, as the address of an object that the kernel knows; null after a
// diagnostic. `example` shows how such an argument is written.
ExprPtr known_object(Checker& checker, const CallSite& site, std::size_t index, const char* wanted,
                     const char* example) {
  Span span = site.argument(index).span;
  ExprPtr value = checker.check_plain(site.argument(index));
  if (typed::is_poison(*value)) return nullptr;
  bool pointer = value->type.kind == TypeKind::kPointer;
  const Type object = pointer ? *value->type.element : value->type;
  if (!begins_with(checker, object, wanted)) {
    checker.report(Diag::ObjectExpected, span, site.name(), wanted, type_name(value->type));
    return nullptr;
  }
  ExprPtr address = std::move(value);
  if (!pointer) {
    auto* load = typed::node_as<typed::Load>(*address);
    if (load == nullptr) {
      checker.report(Diag::ObjectUnknown, span, site.name()).help = fmt::format("for instance {}", example);
      return nullptr;
    }
    address = ExprPtr(std::move(load->address));
  }
  if (is_known(*address)) return address;
  checker.report(Diag::ObjectUnknown, span, site.name()).help = fmt::format("for instance {}", example);
  return nullptr;
}

// Refuses where the kernel passes nothing that it knows.
bool has_objects(Checker& checker, const CallSite& site) {
  if (!traces_typed_function(checker)) {
    checker.report(Diag::BuiltinInWrongProbe, site.span, site.name(), checker.probe_kind().name, "fentry or fexit");
    return false;
  }
  if (checker.clause().for_loops == 0) return true;
  checker.report(Diag::ContextInLoop, site.span, site.name());
  return false;
}

bool is_path_function(const std::string& name) {
  return std::find(std::begin(kPathFunctions), std::end(kPathFunctions), name) != std::end(kPathFunctions);
}

}  // namespace

ExprPtr check_Path(Checker& checker, const CallSite& site) {
  if (!has_objects(checker, site)) return typed::poison(site.span);
  const ProbeSpec& probe = checker.clause().probes.front();
  if (!is_path_function(probe.function)) {
    checker.report(Diag::PathInWrongFunction, site.span, probe.function).help =
        fmt::format("it does in {}", fmt::join(kPathFunctions, ", "));
    return typed::poison(site.span);
  }
  std::uint64_t size = checker.config().max_strlen;
  if (site.count() > 1) {
    ExprPtr written = checker.check_plain(site.argument(1));
    const auto* constant = typed::node_as<typed::Constant>(*written);
    bool usable = constant != nullptr && is_integer(written->type) && constant->value > 0;
    if (!usable) return checker.refuse(Diag::SizeLiteralExpected, site.argument(1).span, site.name());
    size = std::min(size, constant->value);
  }
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(known_object(checker, site, 0, "struct path", "path(args.file.f_path)"));
  if (call.arguments[0] == nullptr) return typed::poison(site.span);
  return make_expr(string_type(static_cast<std::uint32_t>(size)), site.span, std::move(call));
}

ExprPtr check_SocketCookie(Checker& checker, const CallSite& site) {
  if (!has_objects(checker, site)) return typed::poison(site.span);
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(known_object(checker, site, 0, "struct sock_common", "socket_cookie(args.sk)"));
  if (call.arguments[0] == nullptr) return typed::poison(site.span);
  return make_expr(int_type(8, false), site.span, std::move(call));
}

// The record that goes in front of a packet's bytes: when, and how much of it there is and is wanted.
ExprPtr check_Skboutput(Checker& checker, const CallSite& site) {
  if (!has_objects(checker, site)) return typed::poison(site.span);
  auto file = checker.check_constant_text(site.argument(0));
  if (!file || file->empty()) return checker.refuse(Diag::LiteralTextExpected, site.argument(0).span, site.name());
  ExprPtr packet = known_object(checker, site, 1, "struct sk_buff", "skboutput(\"f.pcap\", args.skb, args.skb.len, 0)");
  if (packet == nullptr) return typed::poison(site.span);
  EventSchema schema{.kind = EventKind::kPacket, .fields = {}, .format = {}, .text = *file, .location = {}};
  for (int field = 0; field < 3; ++field) add_field(schema, int_type(8, false));
  Type wide = int_type(8, false);
  typed::Call call{site.builtin, {}};
  call.arguments.push_back(typed::constant(wide, checker.add_event(std::move(schema)), site.span));
  call.arguments.push_back(std::move(packet));
  for (std::size_t i = 2; i < 4; ++i) {
    ExprPtr number = checker.check_int(site.argument(i), site.name());
    if (typed::is_poison(*number)) return number;
    call.arguments.push_back(typed::to_int64(std::move(number), false));
  }
  return make_expr(int_type(4, false), site.span, std::move(call));
}

}  // namespace hawk
