// Probe expansion: an attach point as written becomes the probes it stands for, each checked against
// the target: wildcards matched, aliases and defaults filled in, binaries and symbols found.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ast/ast.h"
#include "ast/probe.h"
#include "ast/target_info.h"
#include "semantics/check.h"
#include "support/diagnostics.h"

namespace hawk {

class ProbeExpander {
 public:
  ProbeExpander(TargetInfo& target, const CheckOptions& options, const Config& config, DiagSink& diagnostics)
      : target_(target), options_(options), config_(config), diagnostics_(diagnostics) {}

  // Empty after a diagnostic, or where `missing_probes` says that no match is fine.
  [[nodiscard]] std::vector<ProbeSpec> expand(const ast::AttachPoint& point);

 private:
  struct Point {
    Span span;
    ProbeKind kind;
    std::vector<std::string> parts;  // without the kind
  };
  using Probes = std::vector<ProbeSpec>;

  [[nodiscard]] std::optional<Point> resolve_parts(const ast::AttachPoint& point);
  [[nodiscard]] std::optional<Point> system_call(Span span, const std::vector<std::string>& parts);
  [[nodiscard]] std::string suggest_probe(const std::vector<std::string>& parts);
  [[nodiscard]] std::optional<std::string> substitute(const std::string& part, Span span);
  [[nodiscard]] Probes expand_kind(const Point& point);
  [[nodiscard]] Probes special(const Point& point);
  [[nodiscard]] Probes named(const Point& point);
  [[nodiscard]] Probes self(const Point& point);
  [[nodiscard]] Probes watchpoint(const Point& point);
  [[nodiscard]] Probes iterator(const Point& point);
  [[nodiscard]] Probes tracepoint(const Point& point);
  [[nodiscard]] Probes raw_tracepoint(const Point& point);
  [[nodiscard]] Probes kernel_function(const Point& point);
  [[nodiscard]] Probes typed_function(const Point& point);
  [[nodiscard]] Probes bpf_program(const Point& point);
  [[nodiscard]] Probes kernel_address(const Point& point, std::uint64_t address);
  [[nodiscard]] Probes user_function(const Point& point);
  [[nodiscard]] Probes source_line(const Point& point);
  struct UserFunction {
    std::string pattern;
    bool demangled = false;  // the name of a C++ function as programmers write it
    std::uint64_t offset = 0;
  };
  [[nodiscard]] Probes user_functions_in(const Point& point, const std::string& path, const UserFunction& wanted);
  [[nodiscard]] bool name_clone(const Point& point, const std::vector<std::string>& paths, const std::string& wanted);
  [[nodiscard]] Probes user_address(const Point& point, const std::string& path, std::uint64_t address);
  [[nodiscard]] Probes usdt(const Point& point);
  // The matches in one file; nullopt after a diagnostic.
  [[nodiscard]] Probes usdt_in(const Point& point, const std::string& path, const std::vector<UsdtSite>& sites);
  [[nodiscard]] ProbeSpec usdt_site(const std::string& path, const UsdtSite& site);
  Probes missing_usdt(const Point& point, const std::vector<UsdtSite>& sites);
  [[nodiscard]] Probes timer(const Point& point);
  [[nodiscard]] Probes perf_event(const Point& point);
  [[nodiscard]] Probes malformed(const Point& point);
  // Reports `message` as the missing_probes setting wants it: an error, a warning, or nothing.
  Probes missing(const Point& point, const std::string& message, const std::string& help);
  [[nodiscard]] bool kprobes_ready(const Point& point);

  TargetInfo& target_;
  const CheckOptions& options_;
  const Config& config_;
  DiagSink& diagnostics_;
};

}  // namespace hawk
