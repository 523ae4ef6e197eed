#include "runtime/missed_hits.h"

#include <bpf/bpf.h>

namespace hawk {

namespace {

// enum bpf_link_type and enum bpf_perf_event_type of Linux 6.7.
constexpr std::uint32_t kLinkPerfEvent = 7;
constexpr std::uint32_t kLinkKprobeMulti = 8;
constexpr std::uint32_t kPerfKprobe = 3;
constexpr std::uint32_t kPerfKretprobe = 4;

// The beginnings of struct bpf_link_info of Linux 6.7, which the headers of Debian 12 do not have: what the kernel
// does not fill in stays 0.
struct LinkInfo {
  std::uint32_t type = 0;
  std::uint32_t id = 0;
  std::uint32_t program = 0;
  std::uint32_t padding = 0;
  union {
    struct {
      std::uint64_t addresses;
      std::uint32_t count;
      std::uint32_t flags;
      std::uint64_t missed;
    } kprobe_multi;
    struct {
      std::uint32_t type;
      std::uint32_t padding;
      std::uint64_t function_name;
      std::uint32_t name_length;
      std::uint32_t offset;
      std::uint64_t address;
      std::uint64_t missed;
    } perf_kprobe;
  } of = {};
};

template <typename Info>
bool read_info(int fd, Info& info) {
  std::uint32_t size = sizeof(info);
  return bpf_obj_get_info_by_fd(fd, &info, &size) == 0;
}

}  // namespace

std::uint64_t recursion_misses(int program_fd) {
  bpf_prog_info info{};
  return read_info(program_fd, info) ? info.recursion_misses : 0;
}

std::uint64_t link_misses(int link_fd) {
  LinkInfo info;
  if (!read_info(link_fd, info)) return 0;
  if (info.type == kLinkKprobeMulti) return info.of.kprobe_multi.missed;
  if (info.type != kLinkPerfEvent) return 0;
  bool kprobe = info.of.perf_kprobe.type == kPerfKprobe || info.of.perf_kprobe.type == kPerfKretprobe;
  return kprobe ? info.of.perf_kprobe.missed : 0;
}

}  // namespace hawk
