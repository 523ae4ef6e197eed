// -f jsonl: hawk's own records, one JSON object a line, described by schema/hawk-jsonl.schema.json. Everything goes to
// the output stream; every record says what it is and when it happened, those of events also where.
#include <algorithm>

#include "image/map_order.h"
#include "image/members.h"
#include "image/time_series.h"
#include "output/clock_text.h"
#include "output/commands.h"
#include "output/event_text.h"
#include "output/jsonl_record.h"
#include "output/jsonl_value.h"
#include "output/map_table.h"
#include "output/output_buffer.h"
#include "output/printers.h"
#include "output/table.h"
#include "output/text_value.h"
#include "support/check.h"

namespace hawk {

namespace {

class JsonLinesPrinter : public Printer {
 public:
  JsonLinesPrinter(const PrinterOptions& options, const FormatContext& context)
      : options_(options), context_(context), out_(options), json_(out_.text()) {}

  void attached(const ProbeList& probes) override {
    begin("attached");
    json_.begin_object();
    json_.key("count").number(std::uint64_t{probes.size()});
    json_.key("probes").begin_array();
    for (const ProbeSpec* probe : probes) json_.text(probe->name);
    json_.end_array();
    json_.end_object();
    end();
  }

  void event(const Event& event) override { print(event); }

  void map(const Event& event, const MapSnapshot& snapshot) override {
    begin("map", event);
    write_map(snapshot, event.schema->view);
    end();
  }

  void table(const Event& event, const std::vector<MapSnapshot>& snapshots) override {
    begin("table", event);
    write_table(target(), event.schema->table, snapshots);
    end();
  }

  void maps_at_exit(const std::vector<MapSnapshot>& snapshots) override {
    for (const MapSnapshot* snapshot : maps_printed_at_exit(snapshots)) {
      begin("map");
      write_map(*snapshot, {});
      end();
    }
  }

  void lost(std::uint64_t events, std::uint64_t total) override {
    begin("lost_events");
    json_.begin_object();
    json_.key("events").number(events);
    json_.key("total").number(total);
    json_.end_object();
    end();
  }

  void losses(const Losses& losses) override {
    begin("losses");
    json_.begin_object();
    json_.key("of").text(losses.of);
    json_.key("events").number(losses.events);
    json_.key("delivered").number(losses.delivered);
    json_.key("lost").number(losses.lost);
    json_.key("missed").number(losses.missed);
    json_.key("refused").number(losses.refused);
    json_.end_object();
    end();
  }

  void ended(int exit_code) override {
    begin("exit");
    json_.begin_object();
    json_.key("code").number(std::int64_t{exit_code});
    json_.end_object();
    end();
  }

  void flush() override { out_.flush(); }
  [[nodiscard]] bool failed() const override { return out_.failed(); }

 private:
  void print(const Event& event) {
    switch (event.schema->kind) {
      case EventKind::kPrintf: return print_text("printf", event);
      case EventKind::kPrintValue:
      case EventKind::kPrintMapValue: return print_value(event);
      case EventKind::kErrorf: return print_text("errorf", event);
      case EventKind::kWarnf: return options_.warnings ? print_text("warnf", event) : void();
      case EventKind::kTime: return print_time(event);
      case EventKind::kCat: return print_file(event);
      case EventKind::kSystem: return print_command(event);
      case EventKind::kJoin: return print_joined(event);
      case EventKind::kRuntimeError: return print_runtime_error(event);
      case EventKind::kHelperError: return print_helper_error(event);
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

  // --- a record: what all have in front of `data`, and its end ---
  void begin(std::string_view type) {
    begin_record(json_, type, moment_now());
    json_.key("data");
  }

  void begin(std::string_view type, const Event& event) {
    std::optional<EventOrigin> origin = event_origin(event);
    HAWK_CHECK(origin.has_value(), "an event of a program for -f jsonl says where it comes from");
    begin_record(
        json_, type,
        {.boot_ns = origin->boot_ns, .wall_ns = context_.resolver->wall_clock_ns(origin->boot_ns, Clock::kBoot)});
    json_.key("probe").text(probe_of((*context_.programs)[origin->program]));
    json_.key("cpu").number(std::uint64_t{origin->cpu});
    json_.key("data");
  }

  void end() {
    json_.end_object();
    json_.end_line();
    out_.commit();
  }

  // --- data ---
  [[nodiscard]] JsonTarget target(std::uint64_t div = 1) { return {json_, context_, div}; }

  void write_args(const Event& event) {
    json_.key("args").begin_array();
    for (const EventField& field : event.schema->fields)
      write_value(target(), field.type, slice(event.bytes, field.offset, field.type.size));
    json_.end_array();
  }

  void write_location(const Location& where) {
    json_.key("location").begin_object();
    json_.key("file").text(where.file);
    json_.key("line").number(std::uint64_t{where.line});
    json_.key("column").number(std::uint64_t{where.column_begin});
    json_.end_object();
  }

  [[nodiscard]] std::string plan_text(const Event& event) {
    std::string text;
    format_plan(text, event, context_);
    return text;
  }

  void print_text(std::string_view type, const Event& event) {
    begin(type, event);
    json_.begin_object();
    json_.key("text").text(plan_text(event));
    write_args(event);
    if (event.schema->kind != EventKind::kPrintf) write_location(event.schema->location);
    json_.end_object();
    end();
  }

  void print_value(const Event& event) {
    begin("value", event);
    json_.begin_object();
    json_.key("type").text(type_name(first_type(event)));
    json_.key("value");
    write_value(target(), first_type(event), first_field(event));
    json_.end_object();
    end();
  }

  void print_only(std::string_view type, const Event& event, std::string_view text) {
    begin(type, event);
    json_.begin_object();
    json_.key("text").text(text);
    json_.end_object();
    end();
  }

  void print_time(const Event& event) {
    std::string text;
    append_time(text, event.schema->text, wall_clock_now(), false);
    print_only("time", event, text);
  }

  void print_file(const Event& event) {
    std::string path = plan_text(event);
    Result<std::string> text = read_file_head(path, context_.config->max_cat_bytes);
    if (!text) return print_only("error", event, text.error().message);
    begin("cat", event);
    json_.begin_object();
    json_.key("path").text(path);
    json_.key("text").text(text.value());
    json_.end_object();
    end();
  }

  void print_command(const Event& event) {
    std::string command = plan_text(event);
    out_.flush();  // the command may write to the terminal itself
    Result<CommandResult> result = run_command(command);
    if (!result) return print_only("error", event, result.error().message);
    begin("system", event);
    json_.begin_object();
    json_.key("command").text(command);
    json_.key("status").number(std::int64_t{result.value().status});
    json_.key("text").text(result.value().output);
    json_.end_object();
    end();
  }

  void print_joined(const Event& event) {
    std::string text;
    append_joined(text, event, context_);
    begin("join", event);
    json_.begin_object();
    json_.key("text").text(text);
    json_.key("items").begin_array();
    for_each_joined(event, [&](const Type& type, Bytes item) { write_value(target(), type, item); });
    json_.end_array();
    json_.end_object();
    end();
  }

  void print_runtime_error(const Event& event) {
    begin("runtime_error", event);
    json_.begin_object();
    json_.key("text").text(event.schema->text);
    write_location(event.schema->location);
    json_.end_object();
    end();
  }

  void print_helper_error(const Event& event) {
    std::int64_t code = helper_return_code(event);
    begin("helper_error", event);
    json_.begin_object();
    json_.key("text").text(helper_error_text(event.schema->text, code));
    json_.key("helper").text(event.schema->text);
    json_.key("code").number(code);
    write_location(event.schema->location);
    json_.end_object();
    end();
  }

  void write_type(std::string_view name, const Type& type) {
    json_.key(name).begin_object();
    json_.key("type").text(type_name(type));
    json_.end_object();
  }

  void write_map(const MapSnapshot& snapshot, const MapView& view) {
    const MapSchema& schema = *snapshot.schema;
    json_.begin_object();
    json_.key("name").text("@" + schema.name);
    if (schema.keyed) write_type("key", schema.key);
    write_type("value", schema.value);
    json_.key("div").number(view.div);
    json_.key("entries").begin_array();
    std::optional<std::uint64_t> newest = newest_interval(snapshot);
    for (const MapEntry* entry : shown_entries(snapshot, view, context_)) {
      json_.begin_object();
      if (schema.keyed) {
        json_.key("key");
        write_value(target(), schema.key, entry->key);
      }
      json_.key("value");
      if (schema.value.kind == TypeKind::kTimeSeries) write_series(target(), schema.value, entry->value, newest);
      else if (schema.value.kind == TypeKind::kHeatMap) write_heat_map(target(), schema.value, entry->value, newest);
      else write_value(target(view.div), schema.value, entry->value);
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  PrinterOptions options_;
  FormatContext context_;
  OutputBuffer out_;
  JsonWriter json_;
};

}  // namespace

std::unique_ptr<Printer> make_jsonl_printer(const PrinterOptions& options, const FormatContext& context) {
  return std::make_unique<JsonLinesPrinter>(options, context);
}

}  // namespace hawk
