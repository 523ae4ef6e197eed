// Hits of a probe that ran no program: the kernel counts them, and nobody else can.
#pragma once

#include <cstdint>

namespace hawk {

// The kernel runs no program of a probe inside another (of the same kind, on the same CPU), and counts what it leaves
// out: bpf_prog_info.recursion_misses, Linux 5.12; of kprobes, tracepoints and lists of functions since 6.7. 0 where
// it does not tell.
[[nodiscard]] std::uint64_t recursion_misses(int program_fd);

// Hits of a kprobe or kretprobe that were dropped before any program was considered, because the CPU was inside another
// kprobe or all places for return addresses were taken: bpf_link_info, Linux 6.7. 0 for other links.
[[nodiscard]] std::uint64_t link_misses(int link_fd);

}  // namespace hawk
