// Detaching without keeping the user waiting: programs stop at once, what is slow is left behind.
#pragma once

#include <vector>

#include "runtime/attachment.h"

namespace hawk {

// When it returns no program fires any more. Links are closed in parallel, since the kernel waits for a
// grace period at each (35 ms on Linux 6.18). Perf events, now without a program, are left for abandon_events().
void stop_programs(std::vector<Attachment>& attachments);
// Returns when no program of an attachment that has been stopped is at work any more, on any CPU.
void wait_for_programs();

// Gives the perf events back without waiting. The kernel takes a tracepoint's away under one lock, with a
// grace period each (360 of them: 13 s on Linux 6.18), so a process of its own, which holds nothing else,
// ends with them in the background.
void abandon_events(std::vector<Attachment>& attachments);

}  // namespace hawk
