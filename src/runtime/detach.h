// Detaching without keeping the user waiting.
#pragma once

#include <vector>

#include "runtime/attachment.h"

namespace hawk {

// When it returns no program fires any more. Links are closed in parallel, since the kernel may wait for
// a grace period at each. Perf events without a program are left in `attachments` for close_events().
void stop_programs(std::vector<Attachment>& attachments);

// Gives the perf events back.
void close_events(std::vector<Attachment>& attachments);

}  // namespace hawk
