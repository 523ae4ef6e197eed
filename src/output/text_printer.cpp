// Events and maps as text: what a script prints, and nothing else, on the output stream; the rest on
// the error stream.
#include <fmt/format.h>
#include <unistd.h>

#include "output/clock_text.h"
#include "output/commands.h"
#include "output/event_text.h"
#include "output/map_table.h"
#include "output/output_buffer.h"
#include "output/printers.h"
#include "output/table.h"
#include "output/text_value.h"
#include "support/check.h"

namespace hawk {

namespace {

class TextPrinter : public Printer {
 public:
  TextPrinter(const PrinterOptions& options, const FormatContext& context)
      : options_(options), context_(context), error_context_(context), out_(options) {
    auto escapes = [&](int fd) { return context.escape_controls || (!options.raw && ::isatty(fd) == 1); };
    context_.escape_controls = escapes(options.output_fd);
    error_context_.escape_controls = escapes(options.error_fd);
  }

  void attached(const ProbeList& probes) override {
    out_.write_error(fmt::format("Attached {} probe{}\n", probes.size(), probes.size() == 1 ? "" : "s"));
    for (const ProbeSpec* probe : probes) {
      if (!probe->pin.empty()) out_.text() += fmt::format("Program pinned to {}\n", probe->pin);
    }
    out_.commit();
  }

  void event(const Event& event) override {
    print(event);
    out_.commit();
  }

  void map(const Event& event, const MapSnapshot& snapshot) override {
    append_map(out_.text(), snapshot, event.schema->view, context_);
    out_.commit();
  }

  void table(const Event& event, const std::vector<MapSnapshot>& snapshots) override {
    append_table(out_.text(), event.schema->table, snapshots, context_);
    out_.commit();
  }

  void maps_at_exit(const std::vector<MapSnapshot>& snapshots) override {
    out_.text() += "\n\n";
    for (const MapSnapshot* snapshot : maps_printed_at_exit(snapshots))
      append_map(out_.text(), *snapshot, {}, context_);
    out_.flush();
  }

  void lost(std::uint64_t events, std::uint64_t /*total*/) override {
    out_.write_error(fmt::format("Lost {} events\n", events));
  }

  void flush() override { out_.flush(); }
  [[nodiscard]] bool failed() const override { return out_.failed(); }

 private:
  void print(const Event& event) {
    switch (event.schema->kind) {
      case EventKind::kPrintf: return format_plan(out_.text(), event, context_);
      case EventKind::kPrintValue:
      case EventKind::kPrintMapValue: return print_value(event);
      case EventKind::kErrorf: return print_message(event, Severity::kError);
      case EventKind::kWarnf: return print_message(event, Severity::kWarning);
      case EventKind::kTime: return append_time(out_.text(), event.schema->text, wall_clock_now(), false);
      case EventKind::kCat: return print_file(event);
      case EventKind::kSystem: return print_command(event);
      case EventKind::kJoin: return print_joined(event);
      case EventKind::kRuntimeError: return print_warning(event, event.schema->text);
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

  void print_value(const Event& event) {
    FormatContext context = context_;
    context.escape_controls = context.escape_controls && !event.schema->fields[0].is_literal;
    append_value({out_.text(), context}, first_type(event), first_field(event));
    out_.text() += '\n';
  }

  void print_joined(const Event& event) {
    append_joined(out_.text(), event, context_);
    out_.text() += '\n';
  }

  void print_message(const Event& event, Severity severity) {
    if (severity == Severity::kWarning && !options_.warnings) return;
    std::string text;
    format_plan(text, event, error_context_);
    out_.write_error(located_line(event.schema->location, severity, text, options_.colour));
  }

  // As it is: a path or a command, not shown.
  [[nodiscard]] std::string plan_text(const Event& event) const {
    FormatContext context = context_;
    context.escape_controls = false;
    std::string text;
    format_plan(text, event, context);
    return text;
  }

  void print_file(const Event& event) {
    std::string path = plan_text(event);
    Result<std::string> text = read_file_head(path, context_.config->max_cat_bytes);
    if (text) {
      append_lines(text.value());
    } else {
      out_.write_error(plain_error(text.error().message, options_.colour));
    }
  }

  // Of a file, whose lines stay lines.
  void append_lines(std::string_view text) {
    for (std::size_t end = 0; !text.empty(); text.remove_prefix(end)) {
      end = text.find_first_of("\n\t");
      append_foreign({out_.text(), context_}, text.substr(0, end));
      if (end == std::string_view::npos) return;
      out_.text() += text[end++];
    }
  }

  // What a failed command printed is part of the error.
  void print_command(const Event& event) {
    std::string command = plan_text(event);
    out_.flush();  // the command may write to the terminal itself
    Result<CommandResult> result = run_command(command);
    if (!result) return out_.write_error(plain_error(result.error().message, options_.colour));
    if (result.value().status != 0) {
      std::string message = fmt::format("command exited with code {}", result.value().status);
      return out_.write_error(plain_error(message, options_.colour) + result.value().output);
    }
    out_.text() += result.value().output;
    out_.text() += '\n';
  }

  void print_warning(const Event& event, const std::string& message) {
    if (options_.warnings) out_.write_error(located_excerpt(event.schema->location, message, options_.colour));
  }

  void print_helper_error(const Event& event) {
    const std::string& helper = event.schema->text;
    std::int64_t code = helper_return_code(event);
    print_warning(event, fmt::format("{}\nAdditional Info - helper: {}, retcode: {}", helper_error_text(helper, code),
                                     helper, code));
  }

  PrinterOptions options_;
  FormatContext context_;
  FormatContext error_context_;  // for what goes to the error stream
  OutputBuffer out_;
};

}  // namespace

std::unique_ptr<Printer> make_text_printer(const PrinterOptions& options, const FormatContext& context) {
  return std::make_unique<TextPrinter>(options, context);
}

}  // namespace hawk
