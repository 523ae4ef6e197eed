#include "runtime/ring_size.h"

#include <unistd.h>

#include <algorithm>
#include <bit>

namespace hawk {

namespace {
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kMinPages = 64;
constexpr std::uint64_t kMaxPages = 4096;
constexpr std::uint64_t kMemoryShare = 1024;
constexpr std::uint64_t kLargestRing = std::uint64_t{1} << 31;  // the kernel's limit for a ring buffer map
}  // namespace

std::uint32_t ring_buffer_bytes(std::uint64_t pages, std::uint64_t memory_bytes) {
  if (pages == 0) pages = std::clamp(memory_bytes / kMemoryShare / kPageBytes, kMinPages, kMaxPages);
  pages = std::min(pages, kLargestRing / kPageBytes);
  // The kernel wants whole pages of its own size, which is 64 KiB on some machines.
  std::uint64_t page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return static_cast<std::uint32_t>(std::max(std::bit_ceil(pages) * kPageBytes, page));
}

std::uint64_t machine_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace hawk
