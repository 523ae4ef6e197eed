#include "driver/driver.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "codegen/codegen.h"
#include "codegen/host_code.h"
#include "driver/cache_directory.h"
#include "driver/clause_runs.h"
#include "driver/imports.h"
#include "driver/listing.h"
#include "driver/loss_report.h"
#include "driver/machine_report.h"
#include "driver/named_options.h"
#include "driver/options.h"
#include "driver/probe_safety.h"
#include "driver/requests.h"
#include "driver/script.h"
#include "driver/short_keys.h"
#include "lexer/lexer.h"
#include "output/jsonl_schema.h"
#include "output/printer.h"
#include "output/terminal.h"
#include "parser/parser.h"
#include "prelude/prelude.h"
#include "runtime/clang_headers.h"
#include "runtime/session.h"
#include "runtime/target.h"
#include "semantics/check.h"
#include "semantics/configure.h"
#include "semantics/expand.h"
#include "semantics/kernel_abilities.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

constexpr const char* kHawkVersion = "0.1.0";

bool use_colour(int fd = STDERR_FILENO) {
  const char* wish = std::getenv("BPFTRACE_COLOR");
  if (wish != nullptr && std::string_view(wish) == "always") return true;
  if (wish != nullptr && std::string_view(wish) == "never") return false;
  return isatty(fd) != 0;
}

void say(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

int fail(const Error& error) {
  say(fmt::format("ERROR: {}\n", error.message));
  if (!error.help.empty()) say(fmt::format("HINT: {}\n", error.help));
  return error.exit_code;
}

// One run, from options to exit status. Members are the finished values of its stages.
class Run {
 public:
  explicit Run(Options options)
      : options_(std::move(options)),
        target_(make_target({.pid = options_.pid, .traceable_functions = options_.traceable_functions})) {}

  int run();
  int list();

 private:
  [[nodiscard]] bool wants(const char* stage) const {
    return options_.debug.contains(stage) || options_.debug.contains("all");
  }
  // Each step: nullopt to go on, else the exit status.
  std::optional<int> configure();
  std::optional<int> read_and_parse();
  std::optional<int> read_headers();  // of a script that includes some
  std::optional<int> check_program();
  std::optional<int> check_named_options();
  std::optional<int> need_privileges();
  std::optional<int> compile();
  void forget_compilation();
  std::optional<int> open_output();
  std::optional<int> print_diagnostics();
  [[nodiscard]] int fail_at(const Error& error) const;
  int trace();
  int finish(RunningProgram& program);
  int run_clauses(RunningProgram& program);
  [[nodiscard]] PrinterOptions printer_options() const;
  [[nodiscard]] FormatContext format_context(RunningProgram& program) const;
  RunningProgram::Handlers handlers();
  void begin_output();  // the script has been loaded and attached: -o FILE is emptied

  Options options_;
  std::unique_ptr<Target> target_;
  std::unique_ptr<CHeaders> headers_;
  CheckOptions check_options_;
  Sources sources_;
  DiagSink diagnostics_;
  ast::Program ast_;
  std::optional<typed::CheckedProgram> program_;
  ProgramImage image_;
  std::shared_ptr<HostCode> host_code_;
  UniqueFd output_file_;
  std::optional<Error> output_error_;
  std::unique_ptr<Printer> printer_;
  LossReport loss_report_;
  Printer* printing_ = nullptr;  // printer_, or what keeps the output of tests
  std::size_t errors_said_ = 0;  // by errorf()
};

int Run::fail_at(const Error& error) const {
  if (!error.span) return fail(error);
  say(render_at(sources_, *error.span, Severity::kError, error.message, error.help, use_colour()));
  return error.exit_code;
}

std::optional<int> Run::configure() {
  auto keys = config_from_environment(check_options_.config, environ);
  if (!keys) return fail(keys.error());
  check_options_.environment_keys = std::move(keys.value());
  check_options_.arguments = options_.arguments;
  check_options_.named = options_.named;
  check_options_.unsafe = options_.unsafe;
  check_options_.has_child = !options_.command.empty();
  check_options_.has_pid = options_.pid != 0;
  check_options_.run_tests = options_.clauses == ClauseKind::kTests;
  check_options_.run_benchmarks = options_.clauses == ClauseKind::kBenchmarks;
  check_options_.has_unwound_process = !options_.dwarf_pids.empty();
  check_options_.probe_filter = options_.probe_filter;
  check_options_.event_origins = wants_origins(options_.format);
  check_options_.plain = options_.plain;
  // A BPF object is wanted: it has every clause, unless the user says otherwise.
  check_options_.place =
      options_.place.value_or(options_.emit_elf.empty() ? PlacementWish::kAuto : PlacementWish::kKernel);
  if (options_.warn_of_failures)
    say("WARNING: -k is not supported yet: failed map look-ups and memory reads are not reported\n");
  return std::nullopt;
}

std::optional<int> Run::print_diagnostics() {
  say(render_diagnostics(diagnostics_, sources_, {.colour = use_colour(), .warnings = options_.warnings}));
  if (!diagnostics_.has_errors()) return std::nullopt;
  const auto& all = diagnostics_.all();
  bool header = std::any_of(all.begin(), all.end(),
                            [](const Diagnostic& diagnostic) { return diagnostic.id == Diag::HeaderFailed; });
  return header ? kExitPreprocess : kExitUser;
}

std::optional<int> Run::read_and_parse() {
  auto script = read_script(options_);
  if (!script) return fail(script.error());
  FileId file = sources_.add(script.value().name, script.value().text);
  if (wants("tokens")) {
    DiagSink ignored;
    say(dump_tokens(lex(sources_.get(file), file, ignored), sources_.get(file)));
  }
  bool have_btf = kernel_types_readable();
  headers_ = make_headers(
      {.directories = options_.include_directories, .files = options_.include_files, .have_btf = have_btf});
  ParseOptions parse_options{.have_btf = have_btf, .headers = headers_.get()};
  ast_ = parse(sources_, file, parse_options, diagnostics_);
  if (diagnostics_.has_errors()) return print_diagnostics();
  if (wants("ast")) say(ast::dump(ast_));
  DiagSink reported_later;
  Config config = hawk::configure(ast_, check_options_, reported_later);
  bool has_path = !options_.expression && options_.file != "-";
  ast_ = load_imports(std::move(ast_), {has_path ? options_.file : "", config.unstable_import_statement, parse_options},
                      sources_, diagnostics_);
  if (diagnostics_.has_errors()) return print_diagnostics();
  ast_ = expand(std::move(ast_), prelude_for(ast_, sources_), sources_, diagnostics_);
  if (diagnostics_.has_errors()) return print_diagnostics();
  if (wants("expanded")) say(ast::dump(ast_));
  return read_headers();
}

std::optional<int> Run::read_headers() {
  if (!ast_.c_section.includes && options_.include_files.empty()) return std::nullopt;
  auto opened = headers_->open(ast_.c_section);
  if (!opened) return fail_at(opened.error());
  check_options_.headers = {.headers = headers_.get(), .parse_constant = parse_constant};
  return std::nullopt;
}

std::optional<int> Run::check_named_options() {
  std::string list = list_named_options(program_->options);
  bool unknown = false;
  for (const auto& [name, value] : options_.named) {
    bool known = false;
    for (const typed::NamedOption& option : program_->options) known = known || option.name == name;
    if (known) continue;
    if (name != "help" || list.empty()) say(fmt::format("ERROR: the script has no option `--{}`\n", name));
    unknown = true;
  }
  if (!unknown) return std::nullopt;
  if (!list.empty()) say("HINT: its options are:" + list + "\n");
  return kExitUser;
}

std::optional<int> Run::check_program() {
  DiagSink parsed = diagnostics_;
  program_ = check(ast_, sources_, *target_, check_options_, diagnostics_);
  if (program_ && has_refused_key(*program_)) {
    if (auto shorter = shorten_keys(ast_, sources_, *target_, check_options_, parsed)) {
      program_ = std::move(shorter->program);
      diagnostics_ = std::move(shorter->diagnostics);
      if (options_.warnings) say(shorter->warning);
    }
  }
  if (auto status = print_diagnostics()) return status;
  HAWK_CHECK(program_.has_value(), "a program without errors");
  if (auto status = check_named_options()) return status;
  if (!options_.unsafe) {
    if (auto safe = check_probe_safety(*program_); !safe) return fail_at(safe.error());
  }
  if (wants("types")) say(typed::dump(*program_));
  if (wants("placement")) say(dump_placement(*program_, sources_));
  if (wants("maps")) say(dump_maps(program_->maps));
  if (auto fits = check_requests(options_, *program_); !fits) return fail(fits.error());
  if (!program_->clauses.empty()) return std::nullopt;
  say("No probes to attach\n");
  if (std::any_of(ast_.clauses.begin(), ast_.clauses.end(), runs_on_request))
    say("HINT: tests run with --test, benchmarks with --bench\n");
  return kExitUser;
}

std::optional<int> write_file(const std::string& path, const void* data, std::size_t size) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (fd.valid() && ::write(fd.get(), data, size) == static_cast<ssize_t>(size)) return std::nullopt;
  return fail({fmt::format("cannot write `{}`: {}", path, strerror(errno))});
}

std::optional<int> Run::compile() {
  CodegenOptions codegen;
  codegen.keep_ir = wants("ir") || wants("codegen-opt") || !options_.emit_llvm.empty();
  codegen.keep_unoptimised_ir = wants("codegen");
  codegen.keep_assembly = wants("asm") || wants("dis");
  codegen.verify_ir = options_.verify_ir;
  codegen.counts_hits = options_.verbose;
  if (options_.cache) codegen.cache = cache_directory();
  auto generated = generate(*program_, sources_, codegen);
  if (!generated) return fail_at(generated.error());
  Generated& result = generated.value();
  if (codegen.keep_unoptimised_ir) say(result.unoptimised_ir);
  if (wants("ir") || wants("codegen-opt")) say(result.ir);
  if (codegen.keep_assembly) say(result.assembly);
  image_ = std::move(result.image);
  if (!image_.host_object.empty()) {
    auto code = load_host_code(image_);
    if (!code) return fail(code.error());
    host_code_ = std::move(code.value());
  }
  if (wants("image")) say(dump_image(image_));
  if (!options_.emit_llvm.empty()) {
    if (auto status = write_file(options_.emit_llvm, result.ir.data(), result.ir.size())) return status;
  }
  if (!options_.emit_elf.empty() && image_.object.empty())
    return fail({"--emit-elf: no clause of the script runs in the kernel, so there is no BPF object",
                 "leave --place host out"});
  if (!options_.emit_elf.empty()) {
    if (auto status = write_file(options_.emit_elf, image_.object.data(), image_.object.size())) return status;
  }
  return std::nullopt;
}

std::optional<int> Run::open_output() {
  if (options_.output.empty()) return std::nullopt;
  // Emptied only once the script has been loaded and attached: a script that fails leaves the file as it was.
  output_file_.reset(::open(options_.output.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (output_file_.valid()) return std::nullopt;
  return fail({fmt::format("cannot write `{}`: {}", options_.output, strerror(errno))});
}

RunningProgram::Handlers Run::handlers() {
  RunningProgram::Handlers handlers;
  handlers.attached = [this](const ProbeList& probes) {
    begin_output();
    bool traces = options_.clauses == ClauseKind::kProbes;
    if (traces && !options_.quiet) printing_->attached(probes);
  };
  handlers.event = [this](const Event& event) {
    if (event.schema->kind == EventKind::kErrorf) ++errors_said_;
    printing_->event(event);
  };
  handlers.print_map = [this](const Event& event, const MapSnapshot& snapshot) { printing_->map(event, snapshot); };
  handlers.print_table = [this](const Event& event, const std::vector<MapSnapshot>& snapshots) {
    printing_->table(event, snapshots);
  };
  // Benchmarks may print faster than anybody reads; nobody misses it.
  if (options_.clauses != ClauseKind::kBenchmarks)
    handlers.lost = [this](std::uint64_t lost, std::uint64_t total) { printing_->lost(lost, total); };
  if (options_.clauses == ClauseKind::kProbes) {
    handlers.account = [this](const auto& accounts) {
      loss_report_.add(accounts, image_, options_.warnings, *printing_);
      if (options_.verbose) say(account_table(accounts, image_));
    };
    handlers.refusals = [this](const auto& refusals) {
      loss_report_.add(refusals, image_, options_.warnings, *printing_);
    };
  }
  if (options_.verbose) handlers.detail = [](const std::string& text) { say(fmt::format("HOOK: {}\n", text)); };
  handlers.idle = [this] { printing_->flush(); };
  handlers.warning = [this](const std::string& text) {
    if (options_.warnings) say(fmt::format("WARNING: {}\n", text));
  };
  return handlers;
}

int Run::finish(RunningProgram& program) {
  program.finish();
  std::vector<MapSnapshot> snapshots;
  // A flame graph is asked for, whatever else the script shows.
  bool shows_maps = image_.config.print_maps_on_exit || options_.format == OutputFormat::kFlameGraph;
  if (shows_maps) snapshots = program.snapshots();
  printer_->maps_at_exit(snapshots);
  bool incomplete = options_.strict && !loss_report_.empty();
  int status = incomplete && program.exit_code() == 0 ? kExitUser : program.exit_code();
  printer_->ended(status);
  printer_->flush();
  if (printer_->failed()) return kExitUser;
  return incomplete ? fail(Error{.message = "what is shown is not complete (--strict)", .exit_code = status}) : status;
}

void Run::begin_output() {
  bool regular = output_file_.valid() && ::lseek(output_file_.get(), 0, SEEK_CUR) == 0;
  if (!regular || ::ftruncate(output_file_.get(), 0) == 0 || errno == EINVAL) return;
  output_error_ = Error{fmt::format("cannot write `{}`: {}", options_.output, strerror(errno))};
}

int Run::trace() {
  if (auto status = open_output()) return *status;
  SessionOptions session{.command = options_.command,
                         .pid = options_.pid,
                         .unwound_pids = options_.dwarf_pids,
                         .verbose = options_.verbose,
                         .dry_run = options_.dry_run};
  session.allowed_hooks.kprobe_multi = !options_.disabled_features.contains("kprobe_multi");
  session.allowed_hooks.kprobe_session = !options_.disabled_features.contains("kprobe_session");
  session.allowed_hooks.uprobe_multi = !options_.disabled_features.contains("uprobe_multi");
  auto loaded = load_program(image_, host_code_, session, handlers());
  if (!loaded) return fail_at(loaded.error());
  RunningProgram& program = *loaded.value();
  printer_ = make_printer(printer_options(), format_context(program));
  printing_ = printer_.get();
  if (auto started = program.start(); !started) {
    printer_->flush();
    return fail(started.error());
  }
  if (options_.dry_run) return 0;
  if (output_error_) return fail(*output_error_);
  StopReason reason = program.run();
  bool tries = options_.clauses != ClauseKind::kProbes && reason == StopReason::kNothingToDo;
  return tries ? run_clauses(program) : finish(program);
}

PrinterOptions Run::printer_options() const {
  PrinterOptions printing{.format = options_.format,
                          .buffering = options_.buffering,
                          .warnings = options_.warnings,
                          .colour = use_colour(),
                          .raw = options_.raw,
                          .title = script_title(options_)};
  if (output_file_.valid()) printing.output_fd = output_file_.get();
  return printing;
}

FormatContext Run::format_context(RunningProgram& program) const {
  return {.resolver = &program.resolver(),
          .config = &image_.config,
          .strings = &image_.strings,
          .programs = &image_.programs,
          .maps = &image_.maps,
          .shading = terminal_shading(output_file_.valid() ? output_file_.get() : 1)};
}

// What end clauses print is shown, as what begin clauses have printed was; maps are not.
int Run::run_clauses(RunningProgram& program) {
  printer_->flush();
  PrinterOptions report = printer_options();
  report.colour = use_colour(report.output_fd);
  FormatContext context = format_context(program);
  context.escape_controls = !report.raw && report.format == OutputFormat::kText && isatty(report.output_fd) != 0;
  auto captured = CapturedOutput::open(report, context);
  if (!captured) return fail(captured.error());
  printing_ = &captured.value().printer();
  Result<int> status = ClauseRunner({program, image_, captured.value(), errors_said_, report}).run(options_.clauses);
  printing_ = printer_.get();
  if (!status) return fail(status.error());
  program.finish();
  printer_->ended(status.value());
  printer_->flush();
  return printer_->failed() ? kExitUser : status.value();
}

std::optional<int> Run::need_privileges() {
  auto privileges = check_privileges();
  if (privileges) return std::nullopt;
  Error error = privileges.error();
  bool traces = traces_the_machine(ast_);
  if (program_ && !traces) {
    for (const typed::Clause& clause : program_->clauses) {
      if (clause.placement != Placement::kKernel || !clause.bound) continue;
      error.span = clause.bound->span;
      error.message = fmt::format("{} needs the kernel, and there is {}", clause.bound->text, error.message);
      break;
    }
  }
  return fail_at(error);
}

// Tracing may go on for weeks.
void Run::forget_compilation() {
  program_.reset();
  ast_ = {};
  headers_.reset();
  target_.reset();
  ::malloc_trim(0);
}

int Run::run() {
  if (auto status = configure()) return *status;
  if (auto status = read_and_parse()) return *status;
  // Before anything about the machine is read, if there is no doubt; else when it is known where clauses run.
  if (traces_the_machine(ast_)) {
    if (auto status = need_privileges()) return *status;
  }
  if (auto status = check_program()) return *status;
  bool kernel = std::any_of(program_->clauses.begin(), program_->clauses.end(),
                            [](const typed::Clause& clause) { return clause.placement == Placement::kKernel; });
  if (kernel) {
    if (auto status = need_privileges()) return *status;
  }
  if (auto status = compile()) return *status;
  forget_compilation();
  return trace();
}

int Run::list() {
  bool is_program = options_.expression || (!options_.file.empty() && options_.file.find(':') == std::string::npos &&
                                            ::access(options_.file.c_str(), R_OK) == 0);
  std::string text;
  if (is_program) {
    if (auto status = configure()) return *status;
    if (auto status = read_and_parse()) return *status;
    program_ = check(ast_, sources_, *target_, check_options_, diagnostics_);
    if (auto status = print_diagnostics()) return *status;
    for (const typed::Clause& clause : program_->clauses) {
      for (const ProbeSpec& probe : clause.probes) text += probe.name + "\n";
    }
  } else {
    auto listed = list_probes(*target_, options_.file, options_.verbose);
    if (!listed) return fail(listed.error());
    text = std::move(listed.value());
    if (text.empty()) say(fmt::format("WARNING: no probe matches `{}`\n", options_.file));
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  return 0;
}

}  // namespace

int run_hawk(int count, char** arguments) {
  auto options = parse_options(count, arguments);
  if (!options) {
    int status = fail(options.error());
    if (count < 2) say(usage_text());
    return status;
  }
  switch (options.value().action) {
    case Action::kHelp: std::fputs(help_text().c_str(), stdout); return 0;
    case Action::kVersion: std::printf("hawk v%s\n", kHawkVersion); return 0;
    case Action::kPrintSchema: std::fwrite(kJsonlSchema.data(), 1, kJsonlSchema.size(), stdout); return 0;
    case Action::kDoctor: {
      Diagnosis diagnosis = diagnose_machine();
      std::fputs(diagnosis.text.c_str(), stdout);
      return diagnosis.can_trace ? 0 : kExitUser;
    }
    case Action::kInfo: std::fputs(machine_report(kHawkVersion).c_str(), stdout); return 0;
    case Action::kList: return Run(std::move(options.value())).list();
    case Action::kRun: return Run(std::move(options.value())).run();
  }
  return kExitBug;
}

}  // namespace hawk
