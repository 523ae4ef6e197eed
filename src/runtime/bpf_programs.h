// BPF programs that are loaded now, whoever loaded them: fentry and fexit can be put on those with type information.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ast/target_info.h"

namespace hawk {

// Those whose function's name matches the glob, by id. None without the privilege to look (CAP_SYS_ADMIN).
[[nodiscard]] std::vector<BpfProgramName> find_bpf_programs(std::string_view pattern);

}  // namespace hawk
