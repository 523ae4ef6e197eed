#include "pattern/cursor.h"
#include "pattern/syntax.h"

namespace hawk::pattern {

NodePtr parse_glob(const Source& source, DiagSink& diagnostics) {
  Cursor cursor(source, diagnostics);
  Sequence sequence;
  while (!cursor.at_end()) {
    std::size_t begin = cursor.position();
    if (cursor.accept("*")) {
      sequence.parts.push_back(make_node(Repeat{make_node(CharacterSet::all()), 0, std::nullopt}));
    } else if (cursor.accept("?")) {
      sequence.parts.push_back(make_node(CharacterSet::all()));
    } else if (cursor.accept("[")) {
      Bracket bracket = parse_bracket(cursor, {.glob = true}, false);
      if (!bracket.set && !bracket.is_character) return nullptr;
      sequence.parts.push_back(make_node(bracket.set.value_or(CharacterSet::of('['))));
    } else if (cursor.accept("\\") && cursor.at_end()) {
      cursor.report(Diag::PatternBadEscape, begin, "\\").help = "write \\\\ for the character itself";
      return nullptr;
    } else {
      sequence.parts.push_back(make_node(CharacterSet::of(cursor.take())));
    }
  }
  return make_node(std::move(sequence));
}

}  // namespace hawk::pattern
