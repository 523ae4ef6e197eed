// Diagnostics about a script: what is wrong, where, and what to do. Every text is a row of
// diagnostics.def; a stage reports rows into a DiagSink and goes on. `render_diagnostics` prints them
// in the layout that editors and people know from bpftrace (census 9.4).
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "support/source_file.h"

namespace hawk {

enum class Severity { kError, kWarning };

enum class Diag {
#define DIAG(id, severity, text) id,
#include "support/diagnostics.def"
#undef DIAG
};

struct DiagRow {
  const char* name;
  Severity severity;
  const char* text;  // fmt format
};

[[nodiscard]] const DiagRow& diag_row(Diag id);

// A second place that explains the first ("declared here").
struct DiagNote {
  Span span;
  std::string message;
};

struct Diagnostic {
  Diag id;
  Span span;
  std::string message;
  std::string help = {};
  std::vector<DiagNote> notes = {};
};

class DiagSink {
 public:
  // Adds a diagnostic; the returned reference takes `help` and `notes` and is valid until the next report.
  template <class... Args>
  Diagnostic& report(Diag id, Span span, const Args&... args) {
    return add(id, span, fmt::format(fmt::runtime(diag_row(id).text), args...));
  }

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return diagnostics_; }
  void clear();
  void append(const DiagSink& other) {
    diagnostics_.insert(diagnostics_.end(), other.diagnostics_.begin(), other.diagnostics_.end());
    errors_ += other.errors_;
  }

 private:
  Diagnostic& add(Diag id, Span span, std::string message);

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

struct RenderOptions {
  bool colour = false;
  bool warnings = true;
};

// Errors first, then warnings; one cause (same row and span) is printed once.
[[nodiscard]] std::string render_diagnostics(const DiagSink& sink, const Sources& sources,
                                             const RenderOptions& options);

// One `FILE:L:C1-C2: ERROR: text` block with its source line and underline.
[[nodiscard]] std::string render_at(const Sources& sources, Span span, Severity severity, std::string_view message,
                                    std::string_view help, bool colour);

// The candidate nearest to `name` by edit distance, or empty when none is near. For "did you mean".
[[nodiscard]] std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace hawk
