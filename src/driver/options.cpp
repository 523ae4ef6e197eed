#include "driver/options.h"

#include <fmt/format.h>
#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <regex>
#include <sstream>

#include "runtime/read_file.h"

namespace hawk {

namespace {

enum class Option : int {
#define OPTION(id, ...) k##id,
#include "driver/options.def"
#undef OPTION
};

struct OptionRow {
  char letter;
  const char* name;
  const char* argument;
  const char* help;
};

constexpr std::array kRows = {
#define OPTION(id, letter, name, argument, help) OptionRow{letter, name, argument, help},
#include "driver/options.def"
#undef OPTION
};

constexpr int kFirstLong = 256;              // getopt values of long options: row index + this
constexpr std::uint32_t kMaxPid = 0x400000;  // PID_MAX_LIMIT, include/linux/threads.h
constexpr std::array kStages = {"tokens", "ast", "expanded", "types", "placement", "ir", "asm", "maps", "image", "all",
                                // names that bpftrace's users know
                                "codegen", "codegen-opt", "libbpf", "verifier", "parse", "dis"};

bool takes_argument(const OptionRow& row) { return row.argument[0] != '\0'; }

std::string short_options() {
  std::string text = "+:";
  for (const OptionRow& row : kRows) {
    if (row.letter == 0) continue;
    text += row.letter;
    if (takes_argument(row)) text += ':';
  }
  return text;
}

std::vector<option> long_options() {
  std::vector<option> rows;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name[0] == '\0') continue;
    rows.push_back({kRows[i].name, takes_argument(kRows[i]) ? required_argument : no_argument, nullptr,
                    kFirstLong + static_cast<int>(i)});
  }
  rows.push_back({});
  return rows;
}

std::optional<Option> row_of(int value) {
  if (value >= kFirstLong) return static_cast<Option>(value - kFirstLong);
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].letter != 0 && kRows[i].letter == value) return static_cast<Option>(i);
  }
  return std::nullopt;
}

Error usage_error(std::string message) { return {std::move(message), "see hawk --help"}; }

Result<std::uint32_t> parse_pid(const char* option, const std::string& text) {
  std::uint64_t pid = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error != std::errc() || end != text.data() + text.size() || pid == 0) {
    return usage_error(fmt::format("{} needs a process id, found `{}`", option, text));
  }
  if (pid > kMaxPid) return usage_error(fmt::format("process id {} is out of range: the largest is {}", text, kMaxPid));
  return static_cast<std::uint32_t>(pid);
}

Result<> set_pid(Options& options, const std::string& text) {
  Result<std::uint32_t> pid = parse_pid("-p", text);
  if (!pid) return pid.error();
  options.pid = pid.value();
  return Ok{};
}

Result<> add_dwarf_pid(Options& options, const std::string& text) {
  Result<std::uint32_t> pid = parse_pid("--dwarf-pid", text);
  if (!pid) return pid.error();
  options.dwarf_pids.push_back(pid.value());
  return Ok{};
}

Result<> set_format(Options& options, const std::string& text) {
  auto format = find_format(text);
  if (!format) return usage_error(fmt::format("unknown format `{}`, expected {}", text, format_names()));
  options.format = *format;
  return Ok{};
}

Result<> set_buffering(Options& options, const std::string& text) {
  if (text != "line" && text != "full" && text != "none") {
    return usage_error(fmt::format("unknown buffering `{}`, expected line, full or none", text));
  }
  options.buffering = text == "line" ? Buffering::kLine : text == "full" ? Buffering::kFull : Buffering::kNone;
  return Ok{};
}

Result<> set_place(Options& options, const std::string& text) {
  constexpr std::pair<const char*, PlacementWish> kPlaces[] = {
      {"auto", PlacementWish::kAuto}, {"kernel", PlacementWish::kKernel}, {"host", PlacementWish::kHost}};
  for (const auto& [name, wish] : kPlaces) {
    if (text == name) options.place = wish;
    if (text == name) return Ok{};
  }
  return usage_error(fmt::format("unknown place `{}`, expected auto, kernel or host", text));
}

Result<> set_lowering(Options& options, const std::string& text) {
  if (text != "full" && text != "plain")
    return usage_error(fmt::format("unknown lowering `{}`, expected full or plain", text));
  options.plain = text == "plain";
  return Ok{};
}

Result<> set_debug(Options& options, const std::string& stage) {
  if (std::find(kStages.begin(), kStages.end(), stage) == kStages.end()) {
    return usage_error(fmt::format(
        "unknown stage `{}`, expected tokens, ast, expanded, types, placement, ir, asm, maps, image or all", stage));
  }
  if (stage == "parse") options.debug.insert("ast");
  if (stage == "libbpf" || stage == "verifier") options.verbose = true;
  options.debug.insert(stage);
  return Ok{};
}

Result<> disable_features(Options& options, const std::string& list) {
  std::stringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) {
    options.disabled_features.insert(name);
    if (name != "kprobe_multi" && name != "kprobe_session" && name != "uprobe_multi") {
      return usage_error(
          fmt::format("unknown feature `{}`, expected kprobe_multi, kprobe_session or uprobe_multi", name));
    }
  }
  return Ok{};
}

Result<> read_traceable(Options& options, const std::string& path) {
  options.traceable_functions = read_file(path);
  if (options.traceable_functions) return Ok{};
  return Error{fmt::format("cannot read `{}`: {}", path, std::strerror(errno)), ""};
}

Result<> set_filter(Options& options, const std::string& text) {
  try {
    std::regex probe(text);
  } catch (const std::regex_error&) {
    return Error{fmt::format("`{}` is not a regular expression", text), "see hawk --help", std::nullopt, kExitKernel};
  }
  options.probe_filter = text;
  return Ok{};
}

Result<> not_yet(Option id) {
  return usage_error(fmt::format("--{} is not supported yet", kRows[static_cast<std::size_t>(id)].name));
}

Result<> apply(Options& options, Option id, const std::string& text) {
  switch (id) {
    case Option::kExpression: options.expression = text; return Ok{};
    case Option::kList: options.action = Action::kList; return Ok{};
    case Option::kPid: return set_pid(options, text);
    case Option::kDwarfPid: return add_dwarf_pid(options, text);
    case Option::kCommand: options.command = text; return Ok{};
    case Option::kOutput: options.output = text; return Ok{};
    case Option::kFormat: return set_format(options, text);
    case Option::kBuffering: return set_buffering(options, text);
    case Option::kPlace: return set_place(options, text);
    case Option::kLower: return set_lowering(options, text);
    case Option::kQuiet: options.quiet = true; return Ok{};
    case Option::kRaw: options.raw = true; return Ok{};
    case Option::kStrict: options.strict = true; return Ok{};
    case Option::kVerbose: options.verbose = true; return Ok{};
    case Option::kDebug: return set_debug(options, text);
    case Option::kWarnings: options.warn_of_failures = true; return Ok{};
    case Option::kNoWarnings: options.warnings = false; return Ok{};
    case Option::kUnsafe: options.unsafe = true; return Ok{};
    case Option::kDryRun: options.dry_run = true; return Ok{};
    case Option::kProbeFilter: return set_filter(options, text);
    case Option::kEmitElf: options.emit_elf = text; return Ok{};
    case Option::kEmitLlvm: options.emit_llvm = text; return Ok{};
    case Option::kVerifyIr: options.verify_ir = true; return Ok{};
    case Option::kNoCache: options.cache = false; return Ok{};
    case Option::kNoFeature: return disable_features(options, text);
    case Option::kInclude: options.include_directories.push_back(text); return Ok{};
    case Option::kIncludeFile: options.include_files.push_back(text); return Ok{};
    case Option::kBtf:
    case Option::kUsdtActivation: return Ok{};
    case Option::kTraceable: return read_traceable(options, text);
    case Option::kTest: options.clauses = ClauseKind::kTests; return Ok{};
    case Option::kBench: options.clauses = ClauseKind::kBenchmarks; return Ok{};
    case Option::kMode:
    case Option::kFmt:
    case Option::kAot: return not_yet(id);
    case Option::kPrintSchema: options.action = Action::kPrintSchema; return Ok{};
    case Option::kInfo: options.action = Action::kInfo; return Ok{};
    case Option::kHelp: options.action = Action::kHelp; return Ok{};
    case Option::kVersion: options.action = Action::kVersion; return Ok{};
  }
  return Ok{};
}

// What follows the options: the script (unless -e), then its arguments; behind `--` also --name=value.
void take_operands(Options& options, const std::vector<std::string>& operands, const std::vector<std::string>& behind) {
  std::size_t next = 0;
  bool file_first = !options.expression;
  if (file_first && next < operands.size()) options.file = operands[next++];
  options.arguments.assign(operands.begin() + static_cast<std::ptrdiff_t>(next), operands.end());
  for (const std::string& word : behind) {
    if (!word.starts_with("--")) {
      options.arguments.push_back(word);
      continue;
    }
    std::size_t equals = word.find('=');
    options.named[word.substr(2, equals == std::string::npos ? equals : equals - 2)] =
        equals == std::string::npos ? "" : word.substr(equals + 1);
  }
}

Result<> check_combination(const Options& options, const std::map<int, int>& seen) {
  auto times = [&](Option id) {
    auto found = seen.find(static_cast<int>(id));
    return found == seen.end() ? 0 : found->second;
  };
  if (times(Option::kWarnings) > 1) return usage_error("-k may be given once");
  if (times(Option::kWarnings) > 0 && !options.warnings) return usage_error("-k and --no-warnings exclude each other");
  if (times(Option::kTest) > 0 && times(Option::kBench) > 0)
    return usage_error("--test and --bench exclude each other");
  if (!options.command.empty() && options.pid != 0) return usage_error("-c and -p exclude each other");
  if (options.action == Action::kList && !options.expression && !options.arguments.empty()) {
    return usage_error(fmt::format("-l takes one pattern, found `{}` behind it: quote it, or join patterns with commas",
                                   options.arguments[0]));
  }
  bool needs_script = options.action == Action::kRun;
  if (needs_script && options.file.empty() && (!options.expression || options.expression->empty())) {
    return usage_error("no script: give a file, or -e 'SCRIPT'");
  }
  return Ok{};
}

// An argument of the script, where getopt() would see an option.
bool is_negative_number(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

}  // namespace

Result<Options> parse_options(int count, char** arguments) {
  // Everything behind the first `--` belongs to the script.
  int end = count;
  for (int i = 1; i < count; ++i) {
    bool is_value = i > 1 && std::string_view(arguments[i - 1]).size() == 2 && arguments[i - 1][0] == '-' &&
                    row_of(arguments[i - 1][1]) &&
                    takes_argument(kRows[static_cast<std::size_t>(*row_of(arguments[i - 1][1]))]);
    if (!is_value && std::string_view(arguments[i]) == "--") {
      end = i;
      break;
    }
  }
  std::vector<std::string> behind(arguments + std::min(end + 1, count), arguments + count);

  Options options;
  std::map<int, int> seen;
  std::vector<std::string> operands;
  std::string letters = short_options();
  std::vector<option> longs = long_options();
  opterr = 0;
  optind = 1;
  while (optind < end) {
    int position = optind;
    if (is_negative_number(arguments[position])) {
      operands.emplace_back(arguments[optind++]);
      continue;
    }
    int value = getopt_long(end, arguments, letters.c_str(), longs.data(), nullptr);
    if (value == -1) {
      operands.emplace_back(arguments[optind++]);
      continue;
    }
    if (value == ':') return usage_error(fmt::format("`{}` needs an argument", arguments[position]));
    auto row = row_of(value);
    if (!row) {
      Error error = usage_error(fmt::format("unknown option `{}`", arguments[position]));
      bool script = options.expression || !operands.empty();
      if (script)
        error.help = fmt::format("arguments and options of the script stand behind `--`: -- {}", arguments[position]);
      return error;
    }
    ++seen[static_cast<int>(*row)];
    auto applied = apply(options, *row, optarg != nullptr ? optarg : "");
    if (!applied) return applied.error();
  }
  take_operands(options, operands, behind);
  // A word, not an option, as people will look for it; a script of that name is still a script.
  bool asks = options.action == Action::kRun && options.file == "doctor" && ::access("doctor", F_OK) != 0;
  if (asks) options.action = Action::kDoctor;
  auto fits = check_combination(options, seen);
  if (!fits) return fits.error();
  return options;
}

std::string usage_text() {
  return "USAGE:\n    hawk [options] FILE [arguments]\n    hawk [options] - [arguments]\n    hawk [options] -e "
         "'SCRIPT' [arguments]\n"
         "    hawk -l [PATTERN]\n    hawk doctor\n";
}

std::string help_text() {
  std::string text = usage_text() + "\nOPTIONS:\n";
  for (const OptionRow& row : kRows) {
    std::string left = row.letter != 0 ? fmt::format("-{}", row.letter) : "";
    if (row.name[0] != '\0') left += fmt::format("{}--{}", left.empty() ? "" : ", ", row.name);
    if (takes_argument(row)) left += fmt::format(" {}", row.argument);
    text += fmt::format("    {:<30} {}\n", left, row.help);
  }
  text +=
      "\nEXAMPLES:\n"
      "    hawk -l 'tracepoint:syscalls:sys_enter_open*'\n"
      "    hawk -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'\n"
      "    hawk -e 'begin { printf(\"hello\\n\"); }'\n";
  return text;
}

}  // namespace hawk
