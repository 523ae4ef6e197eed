// The USDT probes of a program or library: its notes in .note.stapsdt.
#pragma once

#include <string>
#include <vector>

#include "ast/target_info.h"
#include "support/result.h"

namespace hawk {

// Every site of every probe: sorted by namespace, name and address, each once. Addresses are corrected by
// .stapsdt.base where the file was moved after it was linked (prelink). Empty if the file offers no probes; the error
// says why it cannot be read. The notes are described in "UserSpaceProbeImplementation" of the SystemTap wiki.
[[nodiscard]] Result<std::vector<UsdtSite>> read_usdt_sites(const std::string& path);

}  // namespace hawk
