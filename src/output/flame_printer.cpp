// Flame graphs: see printers.h.
#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "output/clock_text.h"
#include "output/flame_svg.h"
#include "output/map_table.h"
#include "output/output_buffer.h"
#include "output/printers.h"

namespace hawk {

namespace {

PrinterOptions as_messages(PrinterOptions options) {
  options.format = OutputFormat::kText;
  options.output_fd = options.error_fd;
  return options;
}

class FlamePrinter : public Printer {
 public:
  FlamePrinter(const PrinterOptions& options, const FormatContext& context)
      : context_(context),
        title_(options.title),
        out_(options),
        text_(make_text_printer(as_messages(options), context)) {}

  void attached(const ProbeList& probes) override { text_->attached(probes); }
  void event(const Event& event) override { text_->event(event); }
  void map(const Event& event, const MapSnapshot& snapshot) override { text_->map(event, snapshot); }
  void table(const Event& event, const std::vector<MapSnapshot>& snapshots) override { text_->table(event, snapshots); }
  void lost(std::uint64_t events, std::uint64_t total) override { text_->lost(events, total); }
  void flush() override { text_->flush(); }
  [[nodiscard]] bool failed() const override { return out_.failed() || text_->failed(); }

  void maps_at_exit(const std::vector<MapSnapshot>& snapshots) override {
    FlamePage page{.title = title_};
    std::vector<MapSnapshot> others;
    for (const MapSnapshot* snapshot : maps_printed_at_exit(snapshots)) {
      if (has_flames(*snapshot->schema)) {
        page.graphs.push_back(make_flame_graph(*snapshot, context_));
      } else {
        others.push_back(*snapshot);
      }
    }
    if (!others.empty()) text_->maps_at_exit(others);
    text_->flush();
    std::chrono::duration<double> traced = std::chrono::steady_clock::now() - begin_;
    page.subtitle = fmt::format("traced for {:.1f} s until ", traced.count());
    append_time(page.subtitle, "%Y-%m-%d %H:%M:%S", wall_clock_now(), false);
    out_.text() += flame_svg(page);
    out_.flush();
  }

 private:
  FormatContext context_;
  std::string title_;
  OutputBuffer out_;
  std::unique_ptr<Printer> text_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

std::unique_ptr<Printer> make_flame_printer(const PrinterOptions& options, const FormatContext& context) {
  return std::make_unique<FlamePrinter>(options, context);
}

}  // namespace hawk
