#include "driver/machine_findings.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/hw_breakpoint.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/attach.h"
#include "runtime/child_process.h"
#include "runtime/fentry_support.h"
#include "runtime/kernel_config.h"
#include "runtime/kprobe_session.h"
#include "runtime/perf_event.h"
#include "runtime/read_file.h"
#include "runtime/session.h"

namespace hawk {

namespace {

constexpr const char* kSystem = "Access";
constexpr const char* kFeatures = "Kernel features";
constexpr const char* kHelpers = "Kernel helpers";
constexpr const char* kProbes = "Probe types";

std::string first_line(const char* path) {
  std::string text = read_file(path).value_or("");
  return text.substr(0, text.find('\n'));
}

// Below `where`, or anywhere if that is "".
bool is_mounted(std::string_view type, std::string_view where) {
  for (std::string_view line : lines_of(read_file("/proc/self/mounts").value_or(""))) {
    // DEVICE DIRECTORY TYPE OPTIONS
    std::size_t directory = line.find(' ');
    std::size_t kind = directory == std::string_view::npos ? directory : line.find(' ', directory + 1);
    if (kind == std::string_view::npos || !line.substr(directory + 1).starts_with(where)) continue;
    if (line.substr(kind + 1).starts_with(std::string(type) + " ")) return true;
  }
  return false;
}

// Whether /proc/kallsyms says where symbols are; to some it says 0 for all. The first ones of some kernels are at 0.
bool shows_addresses() {
  UniqueFd file(::open("/proc/kallsyms", O_RDONLY | O_CLOEXEC));
  std::string start(8192, '\0');
  ssize_t got = file.valid() ? ::read(file.get(), start.data(), start.size()) : 0;
  start.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  std::vector<std::string_view> lines = lines_of(start);
  return std::any_of(lines.begin(), lines.end(), [](std::string_view line) {
    return line.substr(0, line.find(' ')).find_first_not_of('0') != std::string_view::npos;
  });
}

// Examines one machine; each function adds what it finds.
class Examination {
 public:
  explicit Examination(Target& target) : target_(target), config_(read_kernel_config()) {}

  std::vector<Finding> run() {
    access();
    features();
    helpers();
    if (may_load_) {
      kernel_probes();
      user_probes();
    } else {
      add(kProbes, "all of them", false, "unknown without the privilege to try", "run hawk doctor as root");
    }
    return std::move(findings_);
  }

 private:
  void add(const char* section, std::string name, bool works, std::string what = {}, std::string remedy = {}) {
    findings_.push_back({section, std::move(name), works ? Verdict::kYes : Verdict::kNo, std::move(what),
                         works ? "" : std::move(remedy)});
  }

  void add(const char* section, std::string name, const Result<>& result) {
    if (result) return add(section, std::move(name), true);
    add(section, std::move(name), false, result.error().message, result.error().help);
  }

  // For what is there in part, or does without.
  void add_partly(const char* section, std::string name, std::string what, std::string remedy) {
    findings_.push_back({section, std::move(name), Verdict::kPartly, std::move(what), std::move(remedy)});
  }

  [[nodiscard]] bool is_built_with(const char* option) const {
    return !config_ || config_value(*config_, option) == "y";
  }

  void access() {
    // Without these nothing can be found out.
    if (::access("/proc/self/status", R_OK) != 0)
      add(kSystem, "procfs", false, "/proc is not mounted", "mount -t proc proc /proc");
    if (::access("/sys/kernel", F_OK) != 0)
      add(kSystem, "sysfs", false, "/sys is not mounted", "mount -t sysfs sysfs /sys");
    Result<> privileges = check_privileges();
    may_load_ = privileges.ok();
    add(kSystem, "privileges", privileges);
    std::string lockdown = lockdown_mode();
    bool closed = lockdown == "confidentiality";
    if (lockdown == "integrity") {
      add_partly(kSystem, "lockdown", "integrity: write_user() is refused",
                 "boot without lockdown=integrity, or with Secure Boot off");
    } else {
      add(kSystem, "lockdown", !closed, closed ? "confidentiality: nothing may read the kernel's memory" : "off",
          "boot without lockdown=confidentiality");
    }
    bool addresses = shows_addresses();
    add(kSystem, "kernel symbols", addresses, addresses ? "" : "/proc/kallsyms hides the addresses", "run as root");
    mount("tracefs", "tracefs", "/sys/kernel/tracing", "hawk mounts one of its own while it runs");
    mount("bpf", "bpffs", "/sys/fs/bpf", "iter with a pin has nowhere to be");
    mount("cgroup2", "cgroup2", "/sys/fs/cgroup", "cgroup_path() and cgroupid() find nothing");
  }

  void mount(const char* type, const char* name, const char* where, const char* without) {
    bool has_place = std::string_view(type) == "tracefs";  // others look there; bpffs and cgroup2 may be anywhere
    if (is_mounted(type, has_place ? "/sys/kernel/" : "")) return add(kSystem, name, true);
    add_partly(kSystem, name, fmt::format("not mounted: {}", without),
               fmt::format("mount -t {} {} {}", type, type, where));
  }

  void features() {
    KernelRelease release = running_kernel();
    bool recent = release >= KernelRelease{5, 10};
    add(kFeatures, "version", recent, fmt::format("Linux {}.{}", release.major, release.minor),
        "hawk needs Linux 5.10");
    add(kFeatures, "btf", target_.has_btf(), target_.has_btf() ? "" : "no /sys/kernel/btf/vmlinux",
        "a kernel built with CONFIG_DEBUG_INFO_BTF; without it: tracepoint, uprobe, profile, and kprobe with arg0, "
        "arg1");
    bool compiled = first_line("/proc/sys/net/core/bpf_jit_enable") != "0";
    if (compiled) add(kFeatures, "jit", true);
    else add_partly(kFeatures, "jit", "BPF programs are interpreted", "sysctl net.core.bpf_jit_enable=1");
    if (find_executable("clang")) add(kFeatures, "C headers", true, "clang is there");
    else add_partly(kFeatures, "C headers", "no clang: scripts with #include do not run", "install clang");
  }

  void helpers() {
    struct Row {
      const char* name;
      const char* without;
    };
    constexpr Row kRows[] = {
        {"get_current_task_btf", "keys of maps hold at most 512 bytes"},
        {"for_each_map_elem", "loops over maps run inside hawk only"},
        {"get_attach_cookie", ""},
        {"get_func_ip", "func needs a kernel with BTF"},
        {"loop", "loops need constant bounds"},
        {"map_lookup_percpu_elem", "aggregations are read inside hawk only"},
        {"ktime_get_tai_ns", "no nsecs(tai)"},
        {"probe_read_kernel", ""},
        {"probe_read_user", ""},
        {"ringbuf_reserve", ""},
        {"send_signal", ""},
    };
    for (const Row& row : kRows) {
      std::string helper = std::string("bpf_") + row.name;
      bool has = target_.has_kernel_helper(helper);
      std::optional<KernelRelease> since = release_of_helper(helper);
      std::string remedy = since ? fmt::format("Linux {}.{}", since->major, since->minor) : "a newer kernel";
      if (has) add(kHelpers, row.name, true);
      else add_partly(kHelpers, row.name, row.without, remedy);
    }
  }

  void kernel_probes() {
    auto events = target_.match_tracepoints("sched", "sched_switch");
    if (events && events.value().empty()) {
      add(kProbes, "tracepoint", false, "the kernel has no events", "a kernel built with CONFIG_TRACEPOINTS");
    } else {
      add(kProbes, "tracepoint", events ? Result<>(Ok{}) : Result<>(events.error()));
    }
    auto calls = target_.match_tracepoints("syscalls", "sys_enter_read");
    add(kProbes, "tracepoint:syscalls, syscall", calls.ok() && !calls.value().empty(), "",
        "a kernel built with CONFIG_FTRACE_SYSCALLS; without it: tracepoint:raw_syscalls:sys_enter");
    add(kProbes, "rawtracepoint", true, target_.has_btf() ? "" : "no BTF: arguments are arg0, arg1 only");
    auto kprobes = target_.kprobes_available();
    add(kProbes, "kprobe, kretprobe", kprobes ? Result<>(Ok{}) : Result<>(kprobes.error()));
    if (kprobes.ok() && may_load_) {
      several("kprobe_multi", has_kprobe_multi(), "wildcards attach function by function",
              "Linux 5.18 with CONFIG_FPROBE");
      several("kprobe_session", has_kprobe_session(), "entry and return of a function are attached one by one",
              "Linux 6.10 with CONFIG_FPROBE");
    }
    add(kProbes, "fentry, fexit", target_.fentry_available());
    add(kProbes, "iter", check_iterators());
    add(kProbes, "profile, interval, software", true);
    counters();
  }

  void several(const char* name, bool has, const char* without, const char* remedy) {
    if (has) add(kProbes, name, true);
    else add_partly(kProbes, name, without, remedy);
  }

  void counters() {
    perf_event_attr attr{};
    attr.type = PERF_TYPE_HARDWARE;
    attr.config = PERF_COUNT_HW_CPU_CYCLES;
    attr.disabled = 1;
    bool counts = open_perf_event(attr, {.pid = 0, .cpu = -1}).valid();
    add(kProbes, "hardware", counts, counts ? "" : "no hardware performance counters, or not permitted",
        "virtual machines often have none; without them: software:cpu-clock, profile:hz:99");
    perf_event_attr watch{};
    watch.type = PERF_TYPE_BREAKPOINT;
    watch.bp_type = HW_BREAKPOINT_W;
    watch.bp_addr = reinterpret_cast<std::uint64_t>(&findings_);
    watch.bp_len = HW_BREAKPOINT_LEN_8;
    watch.disabled = 1;
    watch.exclude_kernel = 1;
    add(kProbes, "watchpoint", open_perf_event(watch, {.pid = 0, .cpu = -1}).valid(), "",
        "a kernel built with CONFIG_HAVE_HW_BREAKPOINT, on a processor with debug registers");
  }

  void user_probes() {
    bool uprobes = pmu_type("uprobe").has_value();
    add(kProbes, "uprobe, uretprobe, usdt", uprobes, "", "a kernel built with CONFIG_UPROBES and CONFIG_UPROBE_EVENTS");
    if (uprobes && may_load_)
      several("uprobe_multi", has_uprobe_multi(), "wildcards attach function by function", "Linux 6.6");
  }

  Target& target_;
  std::optional<std::string> config_;
  std::vector<Finding> findings_;
  bool may_load_ = false;  // programs, to see what the kernel says
};

}  // namespace

std::vector<Finding> examine_machine(Target& target) { return Examination(target).run(); }

}  // namespace hawk
