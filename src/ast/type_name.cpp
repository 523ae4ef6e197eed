#include <fmt/format.h>

#include "ast/type.h"

namespace hawk {

namespace {

const char* stack_mode_name(StackMode mode) {
  switch (mode) {
    case StackMode::kBpftrace: return "bpftrace";
    case StackMode::kPerf: return "perf";
    case StackMode::kRaw: return "raw";
    case StackMode::kBuildId: return "build_id";
    case StackMode::kFolded: return "folded";
  }
  return "?";
}

std::string member_list(const Type& type, bool named) {
  std::string text;
  for (const Field& field : type.def->fields) {
    if (!text.empty()) text += named ? ", " : ",";
    if (named) text += "." + field.name + " = ";
    text += type_name(field.type);
  }
  return text;
}

std::string signed_name(const Type& type, const char* name) {
  return fmt::format("{}{}", type.is_signed ? "" : "u", name);
}

}  // namespace

std::string type_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::kError: return "error";
    case TypeKind::kNone: return "none";
    case TypeKind::kBool: return "bool";
    case TypeKind::kInt: return fmt::format("{}int{}", type.is_signed ? "" : "u", type.size * 8);
    case TypeKind::kEnum: return type.name.empty() ? "enum" : type.name;
    case TypeKind::kPointer:
      return type.element && type.element->kind != TypeKind::kNone ? type_name(*type.element) + " *" : "void *";
    case TypeKind::kFloat: return "float";
    case TypeKind::kText: return "text";
    case TypeKind::kString: return fmt::format("string[{}]", type.size);
    case TypeKind::kBuffer: return fmt::format("buffer[{}]", type.size - 4);
    case TypeKind::kArray: return fmt::format("{}[{}]", type_name(*type.element), type.count);
    case TypeKind::kStruct: return type.name.empty() ? "struct <anonymous>" : type.name;
    case TypeKind::kTuple: return "(" + member_list(type, false) + ")";
    case TypeKind::kRecord: return "record { " + member_list(type, true) + " }";
    case TypeKind::kStackKernel: return fmt::format("kstack_{}_{}", stack_mode_name(type.stack_mode), type.count);
    case TypeKind::kStackUser: return fmt::format("ustack_{}_{}", stack_mode_name(type.stack_mode), type.count);
    case TypeKind::kKernelSymbol: return "ksym_t";
    case TypeKind::kUserSymbol: return "usym_t";
    case TypeKind::kInet: return "inet";
    case TypeKind::kMacAddress: return "macaddr_t";
    case TypeKind::kUsername: return "username_t";
    case TypeKind::kTimestamp: return "timestamp";
    case TypeKind::kCgroupPath: return "cgroup_path_t";
    case TypeKind::kContext: return "ctx";
#define AGGREGATION(kind, builtin, name, is_signed) \
  case TypeKind::k##kind: return (is_signed) ? signed_name(type, name) : name;
#include "ast/aggregations.def"
#undef AGGREGATION
  }
  return "?";
}

}  // namespace hawk
