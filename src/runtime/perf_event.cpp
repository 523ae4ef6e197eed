#include "runtime/perf_event.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <charconv>
#include <memory>

#include "runtime/read_file.h"

namespace hawk {

namespace {

// Consumes a number at the start of `text`; nullopt if there is none.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

UniqueFd open_perf_event(perf_event_attr attr, PerfScope scope) {
  attr.size = sizeof(attr);
  constexpr int kNoGroup = -1;
  long fd = ::syscall(SYS_perf_event_open, &attr, scope.pid, scope.cpu, kNoGroup, PERF_FLAG_FD_CLOEXEC);
  return UniqueFd(static_cast<int>(fd));
}

int attach_perf_event(Attachment& attachment, UniqueFd event, int program_fd, std::uint64_t cookie) {
  bpf_link_create_opts options{};
  options.sz = sizeof(options);
  options.perf_event.bpf_cookie = cookie;
  attachment.link = UniqueFd(bpf_link_create(program_fd, event.get(), BPF_PERF_EVENT, &options));
  if (!attachment.link.valid()) {
    int error = errno;
    // Kernels before 5.15 answer EINVAL to the unknown kind of link.
    if (error != EINVAL) return error;
    if (::ioctl(event.get(), PERF_EVENT_IOC_SET_BPF, program_fd) != 0) return errno;
    attachment.event_holds_program = true;
  }
  attachment.event = std::move(event);
  return 0;
}

int attach_perf_event(AttachOutcome& outcome, const perf_event_attr& attr, PerfScope scope, int program_fd) {
  UniqueFd event = open_perf_event(attr, scope);
  if (!event.valid()) return errno;
  Attachment attachment;
  if (int error = attach_perf_event(attachment, std::move(event), program_fd, outcome.cookie); error != 0) return error;
  outcome.add(std::move(attachment));
  return 0;
}

int attach_tracepoint_event(AttachOutcome& outcome, int id, int program_fd) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_TRACEPOINT;
  attr.config = static_cast<std::uint64_t>(id);
  // The program sees the event on every CPU from the moment it is attached. The perf event itself stays
  // disabled: nobody reads its samples.
  attr.disabled = 1;
  return attach_perf_event(outcome, attr, {.pid = -1, .cpu = 0}, program_fd);
}

std::optional<std::uint32_t> pmu_type(const std::string& pmu) {
  std::optional<std::string> text = read_file(fmt::format("/sys/bus/event_source/devices/{}/type", pmu));
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  return take_number(rest);
}

std::optional<int> pmu_field(const std::string& pmu, const std::string& field) {
  std::optional<std::string> text = read_file(fmt::format("/sys/bus/event_source/devices/{}/format/{}", pmu, field));
  if (!text) return std::nullopt;
  std::string_view rest = *text;  // "config:32-63"
  rest.remove_prefix(std::min(rest.find(':') + 1, rest.size()));
  return take_number(rest);
}

std::uint64_t pmu_return_bit(const std::string& pmu) {
  // It has been bit 0 since the file exists (Linux 4.17).
  return std::uint64_t{1} << pmu_field(pmu, "retprobe").value_or(0);
}

std::vector<int> parse_cpu_list(std::string_view text) {
  std::vector<int> cpus;
  while (std::optional<int> first = take_number(text)) {
    int last = *first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      last = take_number(text).value_or(last);
    }
    for (int cpu = *first; cpu <= last; ++cpu) cpus.push_back(cpu);
    if (!text.starts_with(',')) break;
    text.remove_prefix(1);
  }
  return cpus;
}

std::vector<int> online_cpus() {
  std::vector<int> cpus = parse_cpu_list(read_file("/sys/devices/system/cpu/online").value_or("0"));
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> threads;
  std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(fmt::format("/proc/{}/task", pid).c_str()), ::closedir);
  while (directory) {
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    std::string_view name = entry->d_name;
    if (std::optional<int> thread = take_number(name)) threads.push_back(*thread);
  }
  return threads;
}

}  // namespace hawk
