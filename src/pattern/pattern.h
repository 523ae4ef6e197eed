// Patterns: regular expressions and globs, compiled to an automaton that looks at each byte of a string once.
//
//   pattern --parse_*.cpp--> syntax tree --fragments.cpp--> threads over bytes --determinise.cpp--> automaton
//   --minimise.cpp--> tables
//
// What a character is: a UTF-8 sequence; a byte that is part of none counts as one character of its own. Classes, \d \w
// \s and (?i) know ASCII only. `^` and `$` are the ends of the string, and `.` matches a newline.
#pragma once

#include <optional>
#include <string_view>

#include "pattern/automaton.h"
#include "support/diagnostics.h"

namespace hawk::pattern {

enum class Syntax : std::uint8_t {
  kRegex,  // POSIX extended, found anywhere in the string, as grep -E does
  kGlob,   // the whole string, as fnmatch(3) does without flags
};

struct Source {
  std::string_view text;  // without NUL
  Span span;
  bool verbatim = false;  // the span's bytes are the text between quotes, so that diagnostics can point inside
};

// nullopt after a diagnostic.
[[nodiscard]] std::optional<Automaton> compile(const Source& source, Syntax syntax, DiagSink& diagnostics);

}  // namespace hawk::pattern
