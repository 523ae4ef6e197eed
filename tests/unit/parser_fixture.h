// Parsing for tests: a script to its tree on one line, or to its error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parser/parser.h"

namespace hawk {

struct Parsed {
  std::string dump;    // as `-d ast` prints it
  std::string errors;  // rendered
};

inline Parsed parse_text(std::string_view text) {
  Sources sources;
  FileId id = sources.add("stdin", std::string(text));
  DiagSink diagnostics;
  ast::Program program = parse(sources, id, {}, diagnostics);
  return {ast::dump(program), render_diagnostics(diagnostics, sources, {})};
}

// The dump with brackets for indentation: "(Binary + (Integer 1) (Integer 2))".
inline std::string fold(std::string_view dump) {
  std::string out;
  std::size_t depth = 0;
  while (!dump.empty()) {
    std::string_view line = dump.substr(0, dump.find('\n'));
    dump.remove_prefix(line.size() + 1);
    std::size_t level = line.find_first_not_of(' ') / 2 + 1;
    for (; depth >= level; --depth) out += ')';
    if (!out.empty()) out += ' ';
    out += '(';
    out += line.substr((level - 1) * 2);
    depth = level;
  }
  return out + std::string(depth, ')');
}

// What lies between `before` and the end, less `closing` brackets.
inline std::string fold_after(std::string_view text, std::string_view before, std::size_t closing) {
  Parsed parsed = parse_text(text);
  if (!parsed.errors.empty()) return parsed.errors;
  std::string folded = fold(parsed.dump);
  std::size_t begin = folded.find(before);
  if (begin == std::string::npos) return folded;
  begin += before.size();
  return folded.substr(begin, folded.size() - closing - begin);
}

// An expression's tree.
inline std::string expr_tree(const std::string& expr) {
  return fold_after("begin { " + expr + " }", "(AttachPoint begin) (body (value ", 4);
}

// The statements of a clause's body.
inline std::string body_tree(const std::string& statements) {
  return fold_after("begin { " + statements + " }", "(AttachPoint begin) (body ", 3);
}

// Everything below Program.
inline std::string program_tree(const std::string& text) { return fold_after(text, "(Program ", 1); }

// The first line of the error, or "" if there is none.
inline std::string first_error(const std::string& text) {
  std::string errors = parse_text(text).errors;
  return errors.substr(0, errors.find('\n'));
}

}  // namespace hawk
