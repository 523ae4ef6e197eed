// bpf(2) on maps of the script. While such a call is under way the kernel runs no program of kprobes, tracepoints and
// perf events on that CPU (bpf_disable_instrumentation), so it must not lose the CPU to a task that hits probes: since
// Linux 7 it could, and these calls run at a real-time priority there.
#pragma once

#include <cstdint>

namespace hawk {

// As bpf_map_lookup_elem() and so on of libbpf: 0 or -errno, errno set.
int map_lookup(int fd, const void* key, void* value);
int map_update(int fd, const void* key, const void* value, std::uint64_t flags);
int map_delete(int fd, const void* key);
int map_lookup_batch(int fd, void* before, void* after, void* keys, void* values, std::uint32_t* count);

}  // namespace hawk
