#include "runtime/kernel_config.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "runtime/read_file.h"

namespace hawk {

namespace {

constexpr const char* kKprobeSource = "/sys/bus/event_source/devices/kprobe/type";

struct GzipCloser {
  void operator()(gzFile file) const { gzclose(file); }
};

std::optional<std::string> read_gzip(const char* path) {
  std::unique_ptr<gzFile_s, GzipCloser> file(gzopen(path, "rbe"));
  if (!file) return std::nullopt;
  std::string text;
  char block[1 << 14];
  for (int got = 0; (got = gzread(file.get(), block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(got));
  if (text.empty()) return std::nullopt;
  return text;
}

std::string release_text() {
  utsname names{};
  return uname(&names) == 0 ? names.release : "";
}

struct HelperRow {
  std::string_view name;
  KernelRelease since;
};

constexpr HelperRow kHelpers[] = {
    {"bpf_send_signal", {5, 3}},
    {"bpf_jiffies64", {5, 5}},
    {"bpf_probe_read_kernel", {5, 5}},
    {"bpf_probe_read_user", {5, 5}},
    {"bpf_get_ns_current_pid_tgid", {5, 7}},
    {"bpf_ringbuf_reserve", {5, 8}},
    {"bpf_get_current_task_btf", {5, 11}},
    {"bpf_get_attach_cookie", {5, 15}},
    {"bpf_sock_from_file", {5, 11}},
    {"bpf_for_each_map_elem", {5, 13}},
    {"bpf_get_attach_cookie", {5, 15}},
    {"bpf_get_func_ip", {5, 15}},
    {"bpf_task_pt_regs", {5, 15}},
    {"bpf_find_vma", {5, 17}},
    {"bpf_get_func_arg", {5, 17}},
    {"bpf_loop", {5, 17}},
    {"bpf_copy_from_user_task", {5, 18}},
    {"bpf_map_lookup_percpu_elem", {5, 19}},
    {"bpf_ktime_get_tai_ns", {6, 1}},
};

}  // namespace

std::optional<std::string> read_kernel_config() {
  std::optional<std::string> text = read_gzip("/proc/config.gz");
  return text ? text : read_file(fmt::format("/boot/config-{}", release_text()));
}

std::string_view config_value(std::string_view config, std::string_view option) {
  std::string start = fmt::format("{}=", option);
  for (std::string_view line : lines_of(config)) {
    if (line.starts_with(start)) return line.substr(start.size());
  }
  return {};
}

std::string lockdown_mode() {
  // "none [integrity] confidentiality"
  std::string text = read_file("/sys/kernel/security/lockdown").value_or("");
  std::size_t open = text.find('[');
  if (open == std::string::npos) return {};
  std::string mode = text.substr(open + 1, text.find(']', open) - open - 1);
  return mode == "none" ? "" : mode;
}

Error no_kprobes_error(const std::optional<std::string>& config) {
  constexpr const char* kHelp = "use a tracepoint or rawtracepoint instead: hawk -l 'tracepoint:*'";
  for (const char* option : {"CONFIG_KPROBES", "CONFIG_KPROBE_EVENTS"}) {
    if (config && config_value(*config, option) != "y") {
      return {.message = fmt::format("this kernel was built without {}", option), .help = kHelp};
    }
  }
  return {.message = "this kernel offers no kprobes (was it built with CONFIG_KPROBES?)", .help = kHelp};
}

Result<> check_kprobes() {
  if (access(kKprobeSource, F_OK) == 0) return Ok{};
  return no_kprobes_error(read_kernel_config());
}

KernelRelease running_kernel() {
  KernelRelease release;
  if (std::sscanf(release_text().c_str(), "%u.%u", &release.major, &release.minor) != 2) return {};
  return release;
}

std::uint32_t thread_status_offset() { return running_kernel() >= KernelRelease{5, 11} ? 16 : 8; }

std::optional<KernelRelease> release_of_helper(std::string_view helper) {
  const auto* row =
      std::find_if(std::begin(kHelpers), std::end(kHelpers), [&](const auto& r) { return r.name == helper; });
  if (row == std::end(kHelpers)) return std::nullopt;
  return row->since;
}

}  // namespace hawk
