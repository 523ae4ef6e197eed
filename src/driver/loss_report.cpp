#include "driver/loss_report.h"

#include <fmt/format.h>

#include <cstdio>

#include "runtime/hooks.h"

namespace hawk {

namespace {

void warn(const std::string& text) { fmt::print(stderr, "WARNING: {}\n", text); }

std::string times(std::uint64_t count, const char* one, const char* many) {
  return count == 1 ? fmt::format("1 {} was", one) : fmt::format("{} {} were", count, many);
}

}  // namespace

void LossReport::add(const std::vector<ClauseAccount>& accounts, const ProgramImage& image, bool warns,
                     Printer& printer) {
  printer.flush();
  for (const ClauseAccount& each : accounts) {
    std::uint64_t unknown = each.events - each.delivered - each.lost;
    if (each.lost == 0 && each.missed == 0 && unknown == 0) continue;
    empty_ = false;
    const ProgramSpec& program = image.programs[each.program];
    std::string probes = probes_of_program(program);
    if (warns && each.lost > 0)
      warn(fmt::format("{}: {} of {} events were lost: the event buffer was full", probes, each.lost, each.events));
    if (warns && unknown > 0) warn(fmt::format("{}: {} of {} events did not arrive", probes, unknown, each.events));
    // The kernel's number for returns has both.
    bool returns = program.probes.front().kind == ProbeKind::kKretprobe;
    const char* more = returns ? ", or more calls were under way than the kernel keeps track of" : "";
    if (warns && each.missed > 0)
      warn(fmt::format("{}: {} missed: the CPU was in another probe{}", probes, times(each.missed, "hit", "hits"),
                       more));
    printer.losses({.of = probes,
                    .events = each.events,
                    .delivered = each.delivered,
                    .lost = each.events - each.delivered,
                    .missed = each.missed});
  }
}

std::string account_table(const std::vector<ClauseAccount>& accounts, const ProgramImage& image) {
  constexpr const char* kRow = "ACCOUNT: {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}  {}\n";
  if (accounts.empty()) return "";
  std::string text = fmt::format(kRow, "hits", "filtered", "events", "delivered", "lost", "missed", "probes");
  for (const ClauseAccount& each : accounts)
    text += fmt::format(kRow, each.hits, each.filtered, each.events, each.delivered, each.lost, each.missed,
                        probes_of_program(image.programs[each.program]));
  return text;
}

void LossReport::add(const std::vector<MapRefusals>& refusals, const ProgramImage& image, bool warns,
                     Printer& printer) {
  printer.flush();
  for (const MapRefusals& each : refusals) {
    empty_ = false;
    const MapSchema& map = image.maps[each.map];
    if (warns)
      warn(fmt::format("@{}: {} refused: the map had no room for more than {}", map.name,
                       times(each.count, "update", "updates"),
                       map.max_entries == 1 ? "1 key" : fmt::format("{} keys", map.max_entries)));
    printer.losses({.of = "@" + map.name, .refused = each.count});
  }
}

}  // namespace hawk
