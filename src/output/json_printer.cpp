// Events and maps as JSON, one record a line, everything on the output stream but failures of hawk's
// own (a file that cat() cannot open).
#include <fmt/format.h>

#include <iterator>

#include "output/clock_text.h"
#include "output/commands.h"
#include "output/event_text.h"
#include "output/json_value.h"
#include "output/map_table.h"
#include "output/output_buffer.h"
#include "output/printers.h"
#include "output/table.h"
#include "support/check.h"

namespace hawk {

namespace {

class JsonPrinter : public Printer {
 public:
  JsonPrinter(const PrinterOptions& options, const FormatContext& context)
      : options_(options), context_(context), out_(options) {}

  void attached(const ProbeList& probes) override { counted("attached_probes", "probes", probes.size()); }

  void event(const Event& event) override {
    scratch_.clear();
    print(event);
    out_.commit();
  }

  void map(const Event& event, const MapSnapshot& snapshot) override {
    append_map_json(out_.text(), snapshot, event.schema->view, context_);
    out_.commit();
  }

  void table(const Event& event, const std::vector<MapSnapshot>& snapshots) override {
    append_table_json(out_.text(), event.schema->table, snapshots, context_);
    out_.commit();
  }

  void maps_at_exit(const std::vector<MapSnapshot>& snapshots) override {
    for (const MapSnapshot* map : maps_printed_at_exit(snapshots)) append_map_json(out_.text(), *map, {}, context_);
    out_.flush();
  }

  void lost(std::uint64_t events, std::uint64_t /*total*/) override { counted("lost_events", "events", events); }

  void flush() override { out_.flush(); }
  [[nodiscard]] bool failed() const override { return out_.failed(); }

 private:
  void print(const Event& event) {
    switch (event.schema->kind) {
      case EventKind::kPrintf: return print_text(event);
      case EventKind::kPrintValue:
      case EventKind::kPrintMapValue: return print_value(event);
      case EventKind::kErrorf: return print_message(event, "errorf");
      case EventKind::kWarnf: return options_.warnings ? print_message(event, "warnf") : void();
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

  void counted(std::string_view type, std::string_view name, std::uint64_t count) {
    fmt::format_to(std::back_inserter(out_.text()),
                   R"({{"type": "{}", "count": {}, "data": {{"{}": {}}}}})"
                   "\n",
                   type, count, name, count);
    out_.commit();
  }

  void record(std::string_view type, std::string_view data) {
    open(type, "data");
    append_json_string(out_.text(), data);
    out_.text() += "}\n";
  }

  // `{"type": "TYPE", "NAME": `
  void open(std::string_view type, std::string_view name) {
    std::string& out = out_.text();
    out += R"({"type": ")";
    out += type;
    out += R"(", ")";
    out += name;
    out += R"(": )";
  }

  // `, "filename": "F", "line": L, "col": C}`
  void close_at(const Location& where) {
    std::string& out = out_.text();
    out += R"(, "filename": )";
    append_json_string(out, where.file);
    fmt::format_to(std::back_inserter(out),
                   R"(, "line": {}, "col": {}}})"
                   "\n",
                   where.line, where.column_begin);
  }

  void print_text(const Event& event) {
    format_plan(scratch_, event, context_);
    record("printf", scratch_);
  }

  void print_value(const Event& event) {
    open("value", "data");
    append_json_value({out_.text(), context_}, first_type(event), first_field(event));
    out_.text() += "}\n";
  }

  void print_message(const Event& event, std::string_view type) {
    format_plan(scratch_, event, context_);
    open(type, "msg");
    append_json_string(out_.text(), scratch_);
    close_at(event.schema->location);
  }

  void print_runtime_error(const Event& event) {
    open("runtime_error", "msg");
    append_json_string(out_.text(), event.schema->text);
    close_at(event.schema->location);
  }

  void print_helper_error(const Event& event) {
    std::int64_t code = helper_return_code(event);
    open("helper_error", "msg");
    append_json_string(out_.text(), errno_text(code));
    out_.text() += R"(, "helper": )";
    append_json_string(out_.text(), event.schema->text);
    fmt::format_to(std::back_inserter(out_.text()), R"(, "retcode": {})", code);
    close_at(event.schema->location);
  }

  void print_time(const Event& event) {
    append_time(scratch_, event.schema->text, wall_clock_now(), false);
    record("time", scratch_);
  }

  void print_joined(const Event& event) {
    append_joined(scratch_, event, context_);
    record("join", scratch_);
  }

  void print_file(const Event& event) {
    format_plan(scratch_, event, context_);
    Result<std::string> text = read_file_head(scratch_, context_.config->max_cat_bytes);
    if (text) {
      record("cat", text.value());
    } else {
      out_.write_error(plain_error(text.error().message, options_.colour));
    }
  }

  void print_command(const Event& event) {
    format_plan(scratch_, event, context_);
    out_.flush();  // the command may write to the terminal itself
    Result<CommandResult> result = run_command(scratch_);
    if (!result) return out_.write_error(plain_error(result.error().message, options_.colour));
    if (result.value().status != 0) {
      std::string message = fmt::format("command exited with code {}", result.value().status);
      return out_.write_error(plain_error(message, options_.colour) + result.value().output);
    }
    record("syscall", result.value().output);
  }

  PrinterOptions options_;
  FormatContext context_;
  OutputBuffer out_;
  std::string scratch_;  // text of the record being printed
};

}  // namespace

std::unique_ptr<Printer> make_json_printer(const PrinterOptions& options, const FormatContext& context) {
  return std::make_unique<JsonPrinter>(options, context);
}

}  // namespace hawk
