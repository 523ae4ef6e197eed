// The command line (census 8.1). Rows of options.def; parsed with getopt_long.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "output/printer.h"
#include "semantics/placement.h"
#include "support/result.h"

namespace hawk {

// Which clauses run: those of probes, or the tests, or the benchmarks.
enum class ClauseKind { kProbes, kTests, kBenchmarks };

enum class Action { kRun, kList, kHelp, kVersion, kInfo, kDoctor, kPrintSchema };

struct Options {
  Action action = Action::kRun;
  std::optional<std::string> expression;     // -e
  std::string file;                          // script file, or the pattern of -l
  std::vector<std::string> arguments;        // $1 ...
  std::map<std::string, std::string> named;  // behind `--`: --name=value
  std::string command;
  std::uint32_t pid = 0;
  std::vector<std::uint32_t> dwarf_pids;
  std::string output;
  ClauseKind clauses = ClauseKind::kProbes;
  OutputFormat format = OutputFormat::kText;
  Buffering buffering = Buffering::kLine;
  std::set<std::string> debug;  // stages of -d
  bool quiet = false;
  bool raw = false;
  bool strict = false;
  bool plain = false;
  bool verbose = false;
  bool warnings = true;
  bool warn_of_failures = false;                 // -k
  std::vector<std::string> include_directories;  // -I
  std::vector<std::string> include_files;        // --include
  std::set<std::string> disabled_features;       // --no-feature
  bool unsafe = false;
  bool dry_run = false;
  bool verify_ir = false;
  bool cache = true;
  std::optional<PlacementWish> place;  // --place
  std::string probe_filter;
  std::optional<std::string> traceable_functions;  // what the file holds
  std::string emit_elf;
  std::string emit_llvm;
};

// An error's message is for `hawk: ...`; its help says where to look.
[[nodiscard]] Result<Options> parse_options(int count, char** arguments);
[[nodiscard]] std::string help_text();
[[nodiscard]] std::string usage_text();

}  // namespace hawk
