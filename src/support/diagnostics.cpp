#include "support/diagnostics.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>
#include <utility>

#include "support/check.h"
#include "support/display_width.h"

namespace hawk {

namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kYellow = "\033[33m";
constexpr const char* kReset = "\033[0m";
constexpr std::uint32_t kTabWidth = 4;

constexpr DiagRow kRows[] = {
#define DIAG(id, severity, text) {#id, Severity::k##severity, text},
#include "support/diagnostics.def"
#undef DIAG
};

const char* severity_colour(Severity severity) {
  switch (severity) {
    case Severity::kError: return kRed;
    case Severity::kWarning: return kYellow;
  }
  HAWK_UNREACHABLE("severity");
}

const char* severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError: return "ERROR";
    case Severity::kWarning: return "WARNING";
  }
  HAWK_UNREACHABLE("severity");
}

std::string expand_tabs(std::string_view line) {
  std::string out;
  for (char c : line) {
    if (c == '\t') {
      out.append(kTabWidth, ' ');
    } else if (c != '\r') {
      out += c;
    }
  }
  return out;
}

// The source line and below it `~` under the span.
std::string underlined_excerpt(const SourceFile& file, LineColumn first, LineColumn last) {
  std::string_view line = file.line(first.line);
  std::size_t begin = std::min<std::size_t>(first.column - 1, line.size());
  std::size_t end = std::clamp<std::size_t>(last.column - 1, begin, line.size());
  auto width = [&](std::size_t from, std::size_t to) {
    return display_width(expand_tabs(line.substr(from, to - from)));
  };
  return fmt::format("{}\n{}{}\n", expand_tabs(line), std::string(width(0, begin), ' '),
                     std::string(std::max<std::size_t>(width(begin, end), begin < end ? 1 : 0), '~'));
}

// A message with its label ("ERROR") and the colour of its first line, or null.
struct Headline {
  std::string_view label;
  std::string_view message;
  const char* colour = nullptr;
};

std::string render_block(const SourceFile& file, Span span, const Headline& head) {
  auto size = static_cast<std::uint32_t>(file.text().size());
  LineColumn first = file.position(std::min(span.begin, size));
  LineColumn last = file.position(std::min(std::max(span.begin, span.end), size));
  bool one_line = first.line == last.line;
  std::string where = one_line ? fmt::format("{}:{}-{}", first.line, first.column, last.column)
                               : fmt::format("{}-{}", first.line, last.line);
  const char* begin = head.colour != nullptr ? head.colour : "";
  const char* end = head.colour != nullptr ? kReset : "";
  std::string out = fmt::format("{}{}:{}: {}: {}{}\n", begin, file.name(), where, head.label, head.message, end);
  if (one_line) return out + underlined_excerpt(file, first, last);
  for (std::uint32_t line = first.line; line <= last.line; ++line) {
    out += file.line(line);
    out += '\n';
  }
  return out;
}

bool same_letter(char left, char right) {
  return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(right.size() + 1);
  for (std::size_t j = 0; j < last.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::vector<std::size_t> row(right.size() + 1, i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      std::size_t replaced = last[j - 1] + (same_letter(left[i - 1], right[j - 1]) ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      bool swapped = i > 1 && j > 1 && same_letter(left[i - 1], right[j - 2]) && same_letter(left[i - 2], right[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

// Where the macros and functions around a place were called, the innermost first.
std::string render_expansions(const Sources& sources, Span span, const char* colour) {
  std::string out;
  const Expansion* expansion = sources.expansion(span.expansion);
  while (expansion != nullptr) {
    std::string message = fmt::format("expanded from `{}`", expansion->name);
    out += render_block(sources.get(expansion->call.file), expansion->call, {"NOTE", message, colour});
    expansion = sources.expansion(expansion->call.expansion);
  }
  return out;
}

// What makes two diagnostics one.
using Cause = std::tuple<Diag, FileId, std::uint32_t, std::uint32_t>;
Cause cause_of(const Diagnostic& d) { return {d.id, d.span.file, d.span.begin, d.span.end}; }

}  // namespace

const DiagRow& diag_row(Diag id) {
  auto index = static_cast<std::size_t>(id);
  HAWK_CHECK(index < std::size(kRows), "unknown diagnostic");
  return kRows[index];
}

Diagnostic& DiagSink::add(Diag id, Span span, std::string message) {
  if (diag_row(id).severity == Severity::kError) ++errors_;
  return diagnostics_.emplace_back(Diagnostic{.id = id, .span = span, .message = std::move(message)});
}

void DiagSink::clear() {
  diagnostics_.clear();
  errors_ = 0;
}

// NOLINTNEXTLINE(readability-function-size): the parts of one message
std::string render_at(const Sources& sources, Span span, Severity severity, std::string_view message,
                      std::string_view help, bool colour) {
  const char* head_colour = colour ? severity_colour(severity) : nullptr;
  std::string out = render_block(sources.get(span.file), span, {severity_name(severity), message, head_colour});
  if (!help.empty()) out += fmt::format("HINT: {}\n", help);
  return out;
}

std::string render_diagnostics(const DiagSink& sink, const Sources& sources, const RenderOptions& options) {
  std::string out;
  std::set<Cause> shown;
  for (Severity severity : {Severity::kError, Severity::kWarning}) {
    if (severity == Severity::kWarning && !options.warnings) continue;
    const char* colour = options.colour ? severity_colour(severity) : nullptr;
    for (const Diagnostic& diagnostic : sink.all()) {
      if (diag_row(diagnostic.id).severity != severity || !shown.insert(cause_of(diagnostic)).second) continue;
      out += render_at(sources, diagnostic.span, severity, diagnostic.message, diagnostic.help, options.colour);
      out += render_expansions(sources, diagnostic.span, colour);
      for (const DiagNote& note : diagnostic.notes) {
        out += render_block(sources.get(note.span.file), note.span, {"NOTE", note.message, colour});
      }
    }
  }
  return out;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::size_t limit = std::max<std::size_t>(1, name.size() / 3);
  std::string best;
  std::size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    std::size_t gap = candidate.size() > name.size() ? candidate.size() - name.size() : name.size() - candidate.size();
    if (gap > limit) continue;
    std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace hawk
