#include "driver/machine_report.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <array>

#include "runtime/session.h"
#include "runtime/target.h"

namespace hawk {

namespace {

constexpr std::array kHelpers = {"probe_read_kernel", "probe_read_user",
                                 "ringbuf_reserve",   "loop",
                                 "for_each_map_elem", "map_lookup_percpu_elem",
                                 "get_func_ip",       "get_attach_cookie",
                                 "ktime_get_tai_ns",  "send_signal"};

std::string row(std::string_view name, std::string_view value) { return fmt::format("  {:<32} {}\n", name, value); }
const char* yes(bool value) { return value ? "yes" : "no"; }

}  // namespace

std::string machine_report(const char* version) {
  auto target = make_target();
  utsname system{};
  uname(&system);
  std::string text = "System\n";
  text += row("OS", fmt::format("{} {} {}", system.sysname, system.release, system.version));
  text += row("Arch", system.machine);
  text += row("CPUs", std::to_string(target->cpu_count()));
  text += "\nBuild\n" + row("version", version);
  text += "\nKernel helpers\n";
  for (const char* helper : kHelpers) text += row(helper, yes(target->has_kernel_helper(std::string("bpf_") + helper)));
  text += "\nKernel features\n" + row("btf", yes(target->has_btf()));
  auto privileges = check_privileges();
  text += row("privileges", privileges ? "yes" : "no: " + privileges.error().message);
  auto kprobes = target->kprobes_available();
  auto tracepoints = target->match_tracepoints("sched", "sched_switch");
  text += "\nProbe types\n";
  text += row("kprobe", kprobes ? "yes" : "no: " + kprobes.error().message);
  auto fentry = target->fentry_available();
  text += row("fentry", fentry ? "yes" : "no: " + fentry.error().message);
  text += row("tracepoint", tracepoints ? yes(!tracepoints.value().empty()) : "no: " + tracepoints.error().message);
  text += row("rawtracepoint", yes(target->has_btf()));
  text += row("uprobe", "yes");
  text += row("profile, interval, software", "yes");
  return text;
}

}  // namespace hawk
