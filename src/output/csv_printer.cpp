// -f csv: one table in RFC 4180, long form: a row for each printed text and for each part of each value, all with the
// same columns. What is no data (errors, lost events) goes to the error stream as text.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "image/time_series.h"
#include "output/clock_text.h"
#include "output/commands.h"
#include "output/csv_value.h"
#include "output/event_text.h"
#include "output/folded_keys.h"
#include "output/map_table.h"
#include "output/output_buffer.h"
#include "output/printers.h"
#include "output/text_value.h"
#include "support/check.h"

namespace hawk {

namespace {

// What all rows of a record have in front of them.
struct Where {
  std::string time = {};
  std::string probe = {};
  std::string cpu = {};
};

// `"` around a cell that needs it.
void append_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

PrinterOptions on_error_stream(PrinterOptions options) {
  options.output_fd = options.error_fd;
  options.buffering = Buffering::kNone;
  return options;
}

class CsvPrinter : public Printer {
 public:
  CsvPrinter(const PrinterOptions& options, const FormatContext& context)
      : context_(context), out_(options), messages_(make_text_printer(on_error_stream(options), context)) {
    context_.escape_controls = !options.raw && ::isatty(options.output_fd) == 1;
    for (const MapSchema& map : *context.maps) key_columns_ = std::max(key_columns_, key_columns(map.key));
  }

  void attached(const ProbeList& probes) override { messages_->attached(probes); }
  void lost(std::uint64_t events, std::uint64_t total) override { messages_->lost(events, total); }

  void event(const Event& event) override {
    print(event);
    out_.commit();
  }

  void map(const Event& event, const MapSnapshot& snapshot) override {
    add_map(where(event), snapshot, event.schema->view);
    out_.commit();
  }

  // As the maps that are its columns.
  void table(const Event& event, const std::vector<MapSnapshot>& snapshots) override {
    for (const MapSnapshot& snapshot : snapshots) add_map(where(event), snapshot, {});
    out_.commit();
  }

  void maps_at_exit(const std::vector<MapSnapshot>& snapshots) override {
    add_header();
    Where now{.time = utc(wall_clock_now())};
    for (const MapSnapshot* snapshot : maps_printed_at_exit(snapshots)) add_map(now, *snapshot, {});
    out_.flush();
  }

  void flush() override { out_.flush(); }
  [[nodiscard]] bool failed() const override { return out_.failed(); }

 private:
  void print(const Event& event) {
    switch (event.schema->kind) {
      case EventKind::kPrintf: return add_text(event, "printf", plan_text(event));
      case EventKind::kPrintValue:
      case EventKind::kPrintMapValue: return add_value(event);
      case EventKind::kTime: return add_time(event);
      case EventKind::kCat: return add_file(event);
      case EventKind::kSystem: return add_command(event);
      case EventKind::kJoin: return add_joined(event);
      case EventKind::kErrorf:
      case EventKind::kWarnf:
      case EventKind::kRuntimeError:
      case EventKind::kHelperError: out_.flush(); return messages_->event(event);
      case EventKind::kPrintMap:
      case EventKind::kPrintTable:
      case EventKind::kExit:
      case EventKind::kUnwatch:
      case EventKind::kClear:
      case EventKind::kZero:
      case EventKind::kRetire:
      case EventKind::kPacket: break;
    }
    HAWK_UNREACHABLE("an event that is an action, not something to print");
  }

  // --- rows ---
  static std::string utc(std::int64_t wall_ns) {
    std::string text;
    append_utc_time(text, "%Y-%m-%dT%H:%M:%S.%kZ", wall_ns);
    return text;
  }

  [[nodiscard]] Where where(const Event& event) const {
    std::optional<EventOrigin> origin = event_origin(event);
    HAWK_CHECK(origin.has_value(), "an event of a program for -f csv says where it comes from");
    return {.time = utc(context_.resolver->wall_clock_ns(origin->boot_ns, Clock::kBoot)),
            .probe = probe_of((*context_.programs)[origin->program]),
            .cpu = std::to_string(origin->cpu)};
  }

  void add_header() {
    if (has_header_) return;
    has_header_ = true;
    out_.text() += "time,probe,cpu,record,name,";
    for (std::size_t i = 1; i <= key_columns_; ++i) out_.text() += fmt::format("key_{},", i);
    out_.text() += "field,low,high,value\r\n";
  }

  struct Row {
    const Where& where;
    std::string_view record;
    std::string_view name = {};
    std::vector<std::string> key = {};
  };

  void add_row(const Row& row, const CsvPart& part) {
    add_header();
    std::string& out = out_.text();
    for (std::string_view cell : {std::string_view(row.where.time), std::string_view(row.where.probe),
                                  std::string_view(row.where.cpu), row.record, row.name}) {
      append_cell(out, cell);
      out += ',';
    }
    for (std::size_t i = 0; i < key_columns_; ++i) {
      if (i < row.key.size()) append_cell(out, row.key[i]);
      out += ',';
    }
    for (std::string_view cell :
         {std::string_view(part.field), std::string_view(part.low), std::string_view(part.high)}) {
      append_cell(out, cell);
      out += ',';
    }
    append_cell(out, part.value);
    out += "\r\n";
  }

  // The newline that ends a line of text is the row's end already.
  void add_text(const Event& event, std::string_view record, std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    add_row({where(event), record}, {.value = std::move(text)});
  }

  [[nodiscard]] std::string plan_text(const Event& event, bool shown = true) const {
    FormatContext context = context_;
    context.escape_controls = context.escape_controls && shown;
    std::string text;
    format_plan(text, event, context);
    return text;
  }

  void add_value(const Event& event) {
    Where from = where(event);
    for (const CsvPart& part : csv_parts(first_type(event), first_field(event), context_, {}))
      add_row({from, "value"}, part);
  }

  void add_time(const Event& event) {
    std::string text;
    append_time(text, event.schema->text, wall_clock_now(), false);
    add_text(event, "time", std::move(text));
  }

  void add_joined(const Event& event) {
    std::string text;
    append_joined(text, event, context_);
    add_text(event, "join", std::move(text));
  }

  void add_file(const Event& event) {
    Result<std::string> text = read_file_head(plan_text(event, false), context_.config->max_cat_bytes);
    text ? add_text(event, "cat", text.value()) : out_.write_error(plain_error(text.error().message, false));
  }

  void add_command(const Event& event) {
    out_.flush();  // the command may write to the terminal itself
    Result<CommandResult> result = run_command(plan_text(event, false));
    if (!result) return out_.write_error(plain_error(result.error().message, false));
    if (result.value().status == 0) return add_text(event, "system", result.value().output);
    std::string message = fmt::format("command exited with code {}", result.value().status);
    out_.write_error(plain_error(message, false) + result.value().output);
  }

  void add_map(const Where& from, const MapSnapshot& snapshot, const MapView& view) {
    const MapSchema& schema = *snapshot.schema;
    CsvOptions options{.div = view.div, .newest = newest_interval(snapshot)};
    std::string name = "@" + schema.name;
    const std::optional<MapSnapshot> merged = merge_folded_keys(snapshot, context_);
    for (const MapEntry* entry : shown_entries(merged ? *merged : snapshot, view, context_)) {
      Row row{from, "map", name};
      if (schema.keyed) row.key = key_cells(schema.key, entry->key, context_);
      for (const CsvPart& part : csv_parts(schema.value, entry->value, context_, options)) add_row(row, part);
    }
  }

  FormatContext context_;
  OutputBuffer out_;
  std::unique_ptr<Printer> messages_;
  std::size_t key_columns_ = 0;
  bool has_header_ = false;
};

}  // namespace

std::unique_ptr<Printer> make_csv_printer(const PrinterOptions& options, const FormatContext& context) {
  return std::make_unique<CsvPrinter>(options, context);
}

}  // namespace hawk
