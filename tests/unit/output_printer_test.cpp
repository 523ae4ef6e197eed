// The printers: which stream a record goes to, when it is written, and its exact bytes.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <cerrno>
#include <csignal>

#include "output_values.h"

namespace hawk::test {
namespace {

// A printer with both streams readable.
class Bench {
 public:
  explicit Bench(OutputFormat format, Buffering buffering = Buffering::kLine, bool warnings = true) {
    PrinterOptions options{.format = format,
                           .buffering = buffering,
                           .output_fd = output_.fd(),
                           .error_fd = error_.fd(),
                           .warnings = warnings};
    printer_ = make_printer(options, world_.context());
  }
  Printer& printer() { return *printer_; }
  World& world() { return world_; }
  [[nodiscard]] std::string unflushed() const { return output_.read(); }
  std::string output() {
    printer_->flush();
    return output_.read();
  }
  [[nodiscard]] std::string errors() const { return error_.read(); }

 private:
  World world_;
  Sink output_;
  Sink error_;
  std::unique_ptr<Printer> printer_;
};

struct EventRow {
  const char* name;
  MadeEvent event;
  const char* text;
  const char* errors;
  const char* json;
};
void PrintTo(const EventRow& row, std::ostream* out) { *out << row.name; }

class PrintEvent : public testing::TestWithParam<EventRow> {};

TEST_P(PrintEvent, Text) {
  Bench bench(OutputFormat::kText);
  bench.printer().event(GetParam().event.event());
  EXPECT_EQ(bench.output(), GetParam().text);
  EXPECT_EQ(bench.errors(), GetParam().errors);
}

TEST_P(PrintEvent, Json) {
  Bench bench(OutputFormat::kJson);
  bench.printer().event(GetParam().event.event());
  EXPECT_EQ(bench.output(), GetParam().json);
}

const Location kHere = {.file = "stdin", .line = 2, .column_begin = 7, .column_end = 10, .text = "\ta = b / c;"};
const Location kLines = {.file = "a.bt", .line = 8, .column_begin = 2, .text = " errorf(\"x\",\n  5);"};

MadeEvent at(MadeEvent event, const Location& where) {
  event.schema().location = where;
  return event;
}
MadeEvent with_text(MadeEvent event, const std::string& text) {
  event.schema().text = text;
  return event;
}
MadeEvent helper_error(const std::string& helper, std::int64_t code) {
  return at(with_text(MadeEvent(EventKind::kHelperError), helper).field(int_type(8, true), i64(code)), kHere);
}

INSTANTIATE_TEST_SUITE_P(
    Output, PrintEvent,
    testing::Values(EventRow{"printf", MadeEvent(EventKind::kPrintf, "a\tb%d\n").field(int_type(1, true), i8(1)),
                             "a\tb1\n", "", "{\"type\": \"printf\", \"data\": \"a\\tb1\\n\"}\n"},
                    EventRow{"print", MadeEvent(EventKind::kPrintValue).field(string_type(2), text("s", 2)), "s\n", "",
                             "{\"type\": \"value\", \"data\": \"s\"}\n"},
                    EventRow{"print element", MadeEvent(EventKind::kPrintMapValue).field(int_type(8, true), i64(5)),
                             "5\n", "", "{\"type\": \"value\", \"data\": 5}\n"},
                    EventRow{"time", with_text(MadeEvent(EventKind::kTime), "x%%\n"), "x%\n", "",
                             "{\"type\": \"time\", \"data\": \"x%\\n\"}\n"},
                    EventRow{"join",
                             with_text(MadeEvent(EventKind::kJoin), "-")
                                 .field(int_type(8, false), u64(2))
                                 .field(array_type(string_type(4), 3), text("ab", 4) + text("c", 4) + text("z", 4)),
                             "ab-c\n", "", "{\"type\": \"join\", \"data\": \"ab-c\"}\n"}));

INSTANTIATE_TEST_SUITE_P(
    Messages, PrintEvent,
    testing::Values(
        EventRow{"errorf", at(MadeEvent(EventKind::kErrorf, "bad"), kHere), "", "stdin:2:7-10: ERROR: bad\n",
                 "{\"type\": \"errorf\", \"msg\": \"bad\", \"filename\": \"stdin\", \"line\": 2, \"col\": 7}\n"},
        EventRow{"warnf", at(MadeEvent(EventKind::kWarnf, "w\n"), kHere), "", "stdin:2:7-10: WARNING: w\n",
                 "{\"type\": \"warnf\", \"msg\": \"w\\n\", \"filename\": \"stdin\", \"line\": 2, \"col\": 7}\n"},
        EventRow{"errorf on two lines", at(MadeEvent(EventKind::kErrorf, "x"), kLines), "", "a.bt:8-9: ERROR: x\n",
                 "{\"type\": \"errorf\", \"msg\": \"x\", \"filename\": \"a.bt\", \"line\": 8, \"col\": 2}\n"},
        EventRow{
            "runtime error", at(with_text(MadeEvent(EventKind::kRuntimeError), "oops"), kHere), "",
            "stdin:2:7-10: WARNING: oops\n    a = b / c;\n         ~~~\n",
            "{\"type\": \"runtime_error\", \"msg\": \"oops\", \"filename\": \"stdin\", \"line\": 2, \"col\": 7}\n"},
        EventRow{"runtime error on two lines", at(with_text(MadeEvent(EventKind::kRuntimeError), "oops"), kLines), "",
                 "a.bt:8-9: WARNING: oops\n errorf(\"x\",\n  5);\n",
                 "{\"type\": \"runtime_error\", \"msg\": \"oops\", \"filename\": \"a.bt\", \"line\": 8, \"col\": 2}\n"},
        EventRow{
            "map full", helper_error("map_update_elem", -7), "",
            "stdin:2:7-10: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually "
            "setting the max entries in a map declaration e.g. `let @a = hash(5000)`\n"
            "Additional Info - helper: map_update_elem, retcode: -7\n    a = b / c;\n         ~~~\n",
            "{\"type\": \"helper_error\", \"msg\": \"Argument list too long\", \"helper\": \"map_update_elem\", "
            "\"retcode\": -7, \"filename\": \"stdin\", \"line\": 2, \"col\": 7}\n"},
        EventRow{"bad read", helper_error("probe_read_kernel", -EFAULT), "",
                 "stdin:2:7-10: WARNING: Bad address\nAdditional Info - helper: probe_read_kernel, retcode: -14\n"
                 "    a = b / c;\n         ~~~\n",
                 "{\"type\": \"helper_error\", \"msg\": \"Bad address\", \"helper\": \"probe_read_kernel\", "
                 "\"retcode\": -14, \"filename\": \"stdin\", \"line\": 2, \"col\": 7}\n"}));

INSTANTIATE_TEST_SUITE_P(
    Commands, PrintEvent,
    testing::Values(EventRow{"system",
                             MadeEvent(EventKind::kSystem, "echo hi %d; echo e >&2").field(int_type(1, true), i8(5)),
                             "hi 5\ne\n\n", "", "{\"type\": \"syscall\", \"data\": \"hi 5\\ne\\n\"}\n"},
                    EventRow{"quiet command", MadeEvent(EventKind::kSystem, "true"), "\n", "",
                             "{\"type\": \"syscall\", \"data\": \"\"}\n"},
                    EventRow{"failed command", MadeEvent(EventKind::kSystem, "echo why; exit 3"), "",
                             "ERROR: command exited with code 3\nwhy\n", ""},
                    EventRow{"cat of nothing", MadeEvent(EventKind::kCat, "/nope%d").field(int_type(1, true), i8(3)),
                             "", "ERROR: failed to open file '/nope3' (No such file or directory)\n", ""},
                    EventRow{"cat of a directory", MadeEvent(EventKind::kCat, "/"), "",
                             "ERROR: failed to read file '/' (Is a directory)\n", ""},
                    EventRow{"cat",
                             MadeEvent(EventKind::kCat, "/proc/sys/%s/ostype").field(string_type(7), text("kernel", 7)),
                             "Linux\n", "", "{\"type\": \"cat\", \"data\": \"Linux\\n\"}\n"}));

TEST(Cat, IsCutAtTheLimit) {
  Bench bench(OutputFormat::kText);
  bench.world().config.max_cat_bytes = 3;
  bench.printer().event(MadeEvent(EventKind::kCat, "/proc/sys/kernel/ostype").event());
  EXPECT_EQ(bench.output(), "Lin");
}

TEST(System, RunsWithoutBlockedSignals) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  Bench bench(OutputFormat::kText);
  bench.printer().event(MadeEvent(EventKind::kSystem, "grep SigBlk /proc/self/status").event());
  sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(bench.output(), "SigBlk:\t0000000000000000\n\n");
}

TEST(Warnings, CanBeSilenced) {
  Bench text(OutputFormat::kText, Buffering::kLine, false);
  MadeEvent warning = at(MadeEvent(EventKind::kWarnf, "w"), kHere);
  MadeEvent runtime = at(with_text(MadeEvent(EventKind::kRuntimeError), "oops"), kHere);
  text.printer().event(warning.event());
  text.printer().event(runtime.event());
  text.printer().event(at(MadeEvent(EventKind::kErrorf, "e"), kHere).event());
  EXPECT_EQ(text.errors(), "stdin:2:7-10: ERROR: e\n");
  Bench json(OutputFormat::kJson, Buffering::kLine, false);
  json.printer().event(warning.event());
  EXPECT_EQ(json.output(), "");
  json.printer().event(runtime.event());
  EXPECT_NE(json.output(), "");
}

TEST(Colours, OfTheWholeLine) {
  World world;
  Sink output;
  Sink error;
  auto printer = make_printer({.output_fd = output.fd(), .error_fd = error.fd(), .colour = true}, world.context());
  printer->event(at(MadeEvent(EventKind::kErrorf, "e"), kHere).event());
  printer->event(at(MadeEvent(EventKind::kWarnf, "w"), kHere).event());
  EXPECT_EQ(error.read(), "\033[31mstdin:2:7-10: ERROR: e\033[0m\n\033[33mstdin:2:7-10: WARNING: w\033[0m\n");
}

TEST(Attached, SaysHowMany) {
  Bench text(OutputFormat::kText);
  ProbeSpec probe{.kind = ProbeKind::kBegin, .name = "begin"};
  text.printer().attached({&probe});
  text.printer().attached(ProbeList(361, &probe));
  text.printer().lost(5, 9);
  EXPECT_EQ(text.output(), "");
  EXPECT_EQ(text.errors(), "Attached 1 probe\nAttached 361 probes\nLost 5 events\n");
  Bench json(OutputFormat::kJson);
  json.printer().attached({&probe});
  json.printer().lost(5, 9);
  EXPECT_EQ(json.output(),
            "{\"type\": \"attached_probes\", \"count\": 1, \"data\": {\"probes\": 1}}\n"
            "{\"type\": \"lost_events\", \"count\": 5, \"data\": {\"events\": 5}}\n");
  EXPECT_EQ(json.errors(), "");
}

TEST(MapsAtExitPrinter, FramesTextOnly) {
  MapSchema schema{.name = "x", .key = none_type(), .value = int_type(8, true)};
  std::vector<MapSnapshot> snapshots = {{.schema = &schema, .entries = {{{}, i64(7)}}}};
  Bench text(OutputFormat::kText);
  text.printer().maps_at_exit({});
  EXPECT_EQ(text.unflushed(), "\n\n");
  text.printer().maps_at_exit(snapshots);
  EXPECT_EQ(text.unflushed(), "\n\n\n\n@x: 7\n");
  MadeEvent print(EventKind::kPrintMap);
  print.schema().view.div = 2;
  text.printer().map(print.event(), snapshots[0]);
  EXPECT_EQ(text.output(), "\n\n\n\n@x: 7\n@x: 3\n");
  Bench json(OutputFormat::kJson);
  json.printer().maps_at_exit({});
  EXPECT_EQ(json.output(), "");
  json.printer().maps_at_exit(snapshots);
  EXPECT_EQ(json.unflushed(), "{\"type\": \"map\", \"data\": {\"@x\": 7}}\n");
}

TEST(BufferingModes, WhenRecordsAreWritten) {
  MadeEvent event(EventKind::kPrintf, "line\n");
  Bench none(OutputFormat::kText, Buffering::kNone);
  none.printer().event(event.event());
  EXPECT_EQ(none.unflushed(), "line\n");
  Bench line(OutputFormat::kText, Buffering::kLine);  // not a terminal: in large writes
  line.printer().event(event.event());
  EXPECT_EQ(line.unflushed(), "");
  line.printer().flush();
  EXPECT_EQ(line.unflushed(), "line\n");
  Bench full(OutputFormat::kText, Buffering::kFull);
  for (int i = 0; i < 13107; ++i) full.printer().event(event.event());
  EXPECT_EQ(full.unflushed(), "");
  full.printer().event(event.event());
  EXPECT_EQ(full.unflushed().size(), 13108U * 5);
}

TEST(BufferingModes, OutputPrecedesErrorsAndOutlivesNothing) {
  World world;
  Sink both;
  {
    auto printer = make_printer({.output_fd = both.fd(), .error_fd = both.fd()}, world.context());
    printer->event(MadeEvent(EventKind::kPrintf, "first\n").event());
    printer->event(at(MadeEvent(EventKind::kErrorf, "second"), kHere).event());
    printer->event(MadeEvent(EventKind::kPrintf, "third\n").event());
  }
  EXPECT_EQ(both.read(), "first\nstdin:2:7-10: ERROR: second\nthird\n");
}

TEST(FailedWrites, AreReportedOnce) {
  World world;
  Sink error;
  UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  auto printer =
      make_printer({.buffering = Buffering::kNone, .output_fd = full.get(), .error_fd = error.fd()}, world.context());
  printer->event(MadeEvent(EventKind::kPrintf, "x\n").event());
  printer->event(MadeEvent(EventKind::kPrintf, "x\n").event());
  EXPECT_EQ(error.read(), "ERROR: cannot write the output: No space left on device\n");
}

}  // namespace
}  // namespace hawk::test
