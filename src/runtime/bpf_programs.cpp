#include "runtime/bpf_programs.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include <memory>

#include "support/glob.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};

// The whole name of the program's function: bpf_prog_info.name holds 15 bytes of it. "" without type information.
std::string function_name(int program) {
  bpf_prog_info info{};
  bpf_func_info function{};
  info.nr_func_info = 1;
  info.func_info_rec_size = sizeof(function);
  info.func_info = reinterpret_cast<std::uint64_t>(&function);
  std::uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program, &info, &size) != 0 || info.btf_id == 0 || info.nr_func_info == 0) return {};
  std::unique_ptr<btf, FreeBtf> types(btf__load_from_kernel_by_id(info.btf_id));
  if (!types) return {};
  const btf_type* type = btf__type_by_id(types.get(), function.type_id);
  const char* name = type == nullptr ? nullptr : btf__name_by_offset(types.get(), type->name_off);
  return name == nullptr ? "" : name;
}

}  // namespace

std::vector<BpfProgramName> find_bpf_programs(std::string_view pattern) {
  std::vector<BpfProgramName> found;
  for (std::uint32_t id = 0; bpf_prog_get_next_id(id, &id) == 0;) {
    UniqueFd program(bpf_prog_get_fd_by_id(id));
    if (!program.valid()) continue;  // it has gone meanwhile
    std::string name = function_name(program.get());
    if (!name.empty() && glob_match(pattern, name)) found.push_back({id, std::move(name)});
  }
  return found;
}

}  // namespace hawk
