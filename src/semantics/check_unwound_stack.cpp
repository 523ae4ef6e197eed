// dw_ustack: the stack of a user program by the tables of its files, for programs without frame pointers.
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;

namespace {

// The offset of a member of one of the kernel's structs; nullopt where its types are not known.
std::optional<std::uint32_t> member_offset(Checker& checker, const char* type, const char* member) {
  std::optional<Type> found = checker.target().find_type(type);
  if (!found || !found->def) return std::nullopt;
  FoundField field = find_field(*found->def, member);
  return field.field == nullptr ? std::nullopt : std::optional(field.offset);
}

std::optional<typed::MappingMembers> mapping_members(Checker& checker) {
  struct Row {
    const char* type;
    const char* member;
    std::uint32_t typed::MappingMembers::* place;
  };
  constexpr Row kRows[] = {{"struct vm_area_struct", "vm_start", &typed::MappingMembers::start},
                           {"struct vm_area_struct", "vm_pgoff", &typed::MappingMembers::page},
                           {"struct vm_area_struct", "vm_file", &typed::MappingMembers::file},
                           {"struct file", "f_inode", &typed::MappingMembers::inode},
                           {"struct inode", "i_ino", &typed::MappingMembers::number},
                           {"struct inode", "i_size", &typed::MappingMembers::size}};
  typed::MappingMembers members;
  for (const Row& row : kRows) {
    auto offset = member_offset(checker, row.type, row.member);
    if (!offset) return std::nullopt;
    members.*row.place = *offset;
  }
  return members;
}

}  // namespace

ExprPtr check_DwUstack(Checker& checker, const CallSite& site) {
  // With interrupts off, as in these, bpf_find_vma() answers once: it has to leave giving back the lock to later.
  if (checker.probe_kind().program == ProgramType::kPerfEvent) {
    return checker.refuse(Diag::BuiltinInWrongProbe, site.span, site.name(), checker.probe_kind().name,
                          "uprobe, uretprobe, kprobe, kretprobe, fentry, fexit, tracepoint or rawtracepoint");
  }
  const CheckOptions& options = checker.options();
  if (!options.has_child && !options.has_pid && !options.has_unwound_process)
    return checker.refuse(Diag::UnwoundWithoutProcess, site.span, site.name());
  if (!checker.allow_unstable(UnstableFeature::kUnwoundStack, site.span)) return typed::poison(site.span);
  ExprPtr stack = check_Ustack(checker, site);
  auto* trace = typed::node_as<typed::StackTrace>(*stack);
  if (trace == nullptr) return stack;
  bool walks = checker.target().has_kernel_helper("bpf_loop") && checker.target().has_kernel_helper("bpf_find_vma");
  if (walks) trace->unwound = mapping_members(checker);
  if (!trace->unwound) {
    checker.report(Diag::UnwoundNeedsKernel, site.span, site.name()).help = "ustack follows frame pointers";
    return typed::poison(site.span);
  }
  return stack;
}

}  // namespace hawk
