#include "driver/machine_report.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>

#include "driver/machine_findings.h"

namespace hawk {

namespace {

std::string row(std::string_view name, std::string_view value) { return fmt::format("  {:<32} {}\n", name, value); }

const char* answer(Verdict verdict) { return verdict == Verdict::kYes ? "yes" : "no"; }

std::string line(const Finding& finding) {
  return row(finding.name, finding.what.empty() ? answer(finding.verdict)
                                                : fmt::format("{}: {}", answer(finding.verdict), finding.what));
}

std::string what_it_is(const Finding& finding) {
  return finding.what.empty() ? finding.name : fmt::format("{}: {}", finding.name, finding.what);
}

// "  missing  kprobe, kretprobe: this kernel ...\n           to have it: ..."
std::string advice(const char* mark, const Finding& finding) {
  std::string text = fmt::format("  {:<9}{}\n", mark, what_it_is(finding));
  if (!finding.remedy.empty()) text += fmt::format("  {:<9}  -> {}\n", "", finding.remedy);
  return text;
}

std::size_t count(const std::vector<Finding>& findings, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [=](const Finding& each) { return each.verdict == verdict; }));
}

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
  std::string_view section;
  for (const Finding& finding : examine_machine(*target)) {
    if (section != finding.section) text += fmt::format("\n{}\n", finding.section);
    section = finding.section;
    text += line(finding);
  }
  return text;
}

Diagnosis diagnose_machine() {
  auto target = make_target();
  utsname system{};
  uname(&system);
  std::vector<Finding> findings = examine_machine(*target);
  std::string text =
      fmt::format("{} {}, {}, {} CPUs\n\n", system.sysname, system.release, system.machine, target->cpu_count());
  for (const Finding& each : findings) {
    if (each.verdict == Verdict::kYes) text += advice("ok", each);
  }
  for (const auto& [verdict, mark] : {std::pair(Verdict::kPartly, "without"), std::pair(Verdict::kNo, "missing")}) {
    if (count(findings, verdict) > 0) text += "\n";
    for (const Finding& each : findings) {
      if (each.verdict == verdict) text += advice(mark, each);
    }
  }
  // What everything else needs.
  auto blocks = [](const Finding& each) {
    return each.verdict == Verdict::kNo && (each.name == "privileges" || each.name == "version" ||
                                            each.name == "tracepoint" || each.name == "procfs" || each.name == "sysfs");
  };
  bool works = std::none_of(findings.begin(), findings.end(), blocks);
  text += works ? "\nhawk can trace here.\n" : "\nhawk cannot trace here: see what is missing.\n";
  return {.text = std::move(text), .can_trace = works};
}

}  // namespace hawk
