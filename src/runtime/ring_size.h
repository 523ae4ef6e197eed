// How large the event ring buffer is.
#pragma once

#include <cstdint>

namespace hawk {

// Bytes: a power of two of 4 KiB pages. `pages` from the configuration, or 0 to choose by the machine's
// memory (1/1024 of it), between 64 and 4096 pages (census 8.3).
[[nodiscard]] std::uint32_t ring_buffer_bytes(std::uint64_t pages, std::uint64_t memory_bytes);

// Physical memory of this machine.
[[nodiscard]] std::uint64_t machine_memory_bytes();

}  // namespace hawk
