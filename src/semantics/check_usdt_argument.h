// argN of USDT probes: read from wherever the program says that it keeps them.
#pragma once

#include "semantics/checker.h"

namespace hawk {

// int64 or uint64, as the note says whether it is signed. The clause's probes have the same arguments.
[[nodiscard]] typed::ExprPtr check_usdt_argument(Checker& checker, std::uint32_t index, Span span);

}  // namespace hawk
