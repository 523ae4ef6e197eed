// Preprocessor lines: `#define`, `#include`, `#ifdef` and its family. Conditions look only at the names defined in
// the script and at BPFTRACE_HAVE_BTF; included headers are not read here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lexer/token.h"
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

// What `#ifdef` and `#if` decide. Knows the defined names and the nesting of conditionals.
class Conditionals {
 public:
  Conditionals(DiagSink& diagnostics, LexRange lex_range, bool have_btf);

  // Whether the text at this point is read.
  [[nodiscard]] bool active() const;
  // True if the directive was one of the `#if` family (and has been followed); errors are reported.
  bool follow(const Directive& directive);
  void define(std::string name, const std::vector<Token>& body);
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

  DiagSink& diagnostics_;
  LexRange lex_range_;
  std::map<std::string, std::optional<std::uint64_t>, std::less<>> defined_;  // with its value if that is one integer
  std::vector<Level> levels_;
};

}  // namespace hawk
