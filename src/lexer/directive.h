// Preprocessor lines: `#define`, `#include`, `#ifdef` and its family. Conditions look at the names defined in the
// script and at BPFTRACE_HAVE_BTF; behind an `#include` CHeaders decides them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/c_headers.h"
#include "lexer/c_macros.h"
#include "support/diagnostics.h"

namespace hawk {

// One `#...` line taken apart.
struct Directive {
  std::string_view name;  // "define"
  Span name_span;
  std::string_view arguments;  // the rest of the line, blanks around it removed
  Span arguments_span;
};

[[nodiscard]] Directive split_directive(std::string_view line, std::uint32_t begin, FileId file);

// Reads the tokens of a `#define` body or an `#if` condition; nullopt after reporting an error.
using LexRange = std::optional<std::vector<Token>> (*)(std::string_view text, Span span, DiagSink& diagnostics);

// What conditions are about: the text so far.
struct CText {
  CMacros macros;
  CSection section;
  CHeaders* headers = nullptr;  // null: what headers define is not known
};

// What `#ifdef` and `#if` decide. Knows the nesting of conditionals.
class Conditionals {
 public:
  Conditionals(DiagSink& diagnostics, LexRange lex_range, const CText& text)
      : diagnostics_(diagnostics), lex_range_(lex_range), text_(text) {}

  // Whether the text at this point is read.
  [[nodiscard]] bool active() const;
  // True if the directive was one of the `#if` family (and has been followed); errors are reported.
  bool follow(const Directive& directive);
  // Reports a conditional that is still open at the end of the file.
  void finish();

 private:
  struct Level {
    Span span;
    std::string name;
    bool parent_active = true;
    bool active = true;
    bool taken = false;  // some branch was active
    bool in_else = false;
  };

  void open(const Directive& directive, bool condition);
  void next_branch(const Directive& directive);
  [[nodiscard]] std::optional<bool> defined_argument(const Directive& directive);
  [[nodiscard]] bool condition(const Directive& directive);
  [[nodiscard]] bool ask_headers(const Directive& directive, std::string_view condition);

  DiagSink& diagnostics_;
  LexRange lex_range_;
  const CText& text_;
  std::vector<Level> levels_;
};

}  // namespace hawk
