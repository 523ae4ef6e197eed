// Check: the whole meaning of a script. An Ast becomes a typed::CheckedProgram: names are resolved,
// probes expanded, types inferred, everything that can be wrong reported.
//
// How types are inferred: variables and maps get their type from all their uses, anywhere in the script.
// The checker walks the program again and again, each time with what the last walk learned, until a walk
// learns nothing new; that walk's tree and diagnostics are the result. Types only ever widen, so it ends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "ast/config.h"
#include "ast/target_info.h"
#include "semantics/placement.h"
#include "semantics/type_table.h"
#include "semantics/typed.h"
#include "support/diagnostics.h"

namespace hawk {

constexpr std::uint32_t kDefaultFrames = 127;  // of a stack

struct CheckOptions {
  Config config;                              // defaults and environment; the script's block is applied on top
  std::vector<std::string> environment_keys;  // keys set by the environment: they win over the script
  std::vector<std::string> arguments;         // $1 ...
  std::map<std::string, std::string> named;   // --name=value after `--`; "" without `=`
  bool unsafe = false;
  bool has_child = false;            // -c
  bool has_pid = false;              // -p
  bool has_unwound_process = false;  // --dwarf-pid
  bool run_tests = false;            // --test: test: clauses instead of the others
  bool run_benchmarks = false;       // --bench
  PlacementWish place = PlacementWish::kAuto;
  bool plain = false;          // without what makes programs faster and nothing else
  bool event_origins = false;  // events say when and where they happened (EventOrigin), in a program for each probe
  std::string probe_filter;    // regular expression over expanded names, "" for none
  std::uint32_t default_frames = kDefaultFrames;  // of kstack and ustack without a limit
  HeaderAccess headers;                           // opened
};

// Nullopt when there are errors; warnings may be there either way.
[[nodiscard]] std::optional<typed::CheckedProgram> check(const ast::Program& program, const Sources& sources,
                                                         TargetInfo& target, const CheckOptions& options,
                                                         DiagSink& diagnostics);

}  // namespace hawk
