// `hawk -l PATTERN`: the probes of this machine that a pattern matches, and kernel types (census 8.4).
#pragma once

#include <string>
#include <string_view>

#include "runtime/target.h"
#include "support/result.h"

namespace hawk {

// One probe a line, sorted within each part of a comma separated list; with `verbose` followed by its
// arguments, indented by four blanks. A pattern is
//   PROVIDER:REST             "t:sched:*", "software:cs*", "*:*switch*", "uprobe:libc:mall*"
//   a name without colon      looked for among all kernel probes
//   struct|union|enum NAME    type names, with `verbose` their definitions
//   empty                     all kernel probes
// Nothing found is an empty text. Error: an unknown provider, or the kernel keeps from us what was asked for.
[[nodiscard]] Result<std::string> list_probes(Target& target, std::string_view pattern, bool verbose);

}  // namespace hawk
