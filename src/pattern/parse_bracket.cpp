// Bracket expressions: `[a-z_]`, `[^[:space:]]`, `[]x-]`; in globs `[!x]` and `[\]]` too.
#include "pattern/cursor.h"

namespace hawk::pattern {

namespace {

// One element: a character that may begin or end a range, or a class that may not.
struct Element {
  std::optional<Symbol> symbol;  // none: a class, which has been added
};

class BracketParser {
 public:
  BracketParser(Cursor& cursor, BracketStyle style) : cursor_(cursor), style_(style), begin_(cursor.position() - 1) {}

  std::optional<CharacterSet> parse() {
    bool negated = cursor_.accept("^") || (style_.glob && cursor_.accept("!"));
    bool first = true;
    while (first || !cursor_.sees("]")) {
      if (cursor_.at_end()) return unclosed();
      if (!parse_range(first)) return std::nullopt;
      first = false;
    }
    static_cast<void>(cursor_.accept("]"));
    negated_ = negated;
    return set_;
  }

  [[nodiscard]] bool is_unclosed() const { return is_unclosed_; }
  [[nodiscard]] bool is_negated() const { return negated_; }

 private:
  std::nullopt_t unclosed() {
    is_unclosed_ = true;
    if (!style_.glob)
      cursor_.report(Diag::PatternUnclosed, begin_, "[", "]").help = "write \\[ for the character itself";
    return std::nullopt;
  }

  // `a`, `a-z` or a class.
  bool parse_range(bool first) {
    std::size_t begin = cursor_.position();
    bool stray_hyphen = !first && cursor_.sees("-") && !cursor_.sees("-]");
    std::optional<Element> low = parse_element();
    if (!low) return false;
    bool is_range = cursor_.sees("-") && !cursor_.sees("-]") && cursor_.rest().size() > 1;
    if (!is_range) {
      if (stray_hyphen && !style_.glob) return bad_range(begin, "a `-` that is meant itself stands first or last");
      if (low->symbol) set_.add(*low->symbol, *low->symbol);
      return true;
    }
    static_cast<void>(cursor_.accept("-"));
    std::optional<Element> high = parse_element();
    if (!high) return false;
    if (!low->symbol || !high->symbol) return bad_range(begin, "a class is not the end of a range");
    if (*low->symbol > *high->symbol) return bad_range(begin, "it ends before it begins");
    set_.add(*low->symbol, *high->symbol);
    return true;
  }

  bool bad_range(std::size_t begin, const char* why) {
    cursor_.report(Diag::PatternBadRange, begin, cursor_.from(begin), why);
    return false;
  }

  std::optional<Element> parse_element() {
    std::size_t begin = cursor_.position();
    if (cursor_.accept("[:")) return parse_class(begin);
    if (cursor_.accept("[=")) return parse_collating(begin, "=]");
    if (cursor_.accept("[.")) return parse_collating(begin, ".]");
    if (style_.glob) static_cast<void>(cursor_.accept("\\"));
    if (cursor_.at_end()) {
      static_cast<void>(unclosed());
      return std::nullopt;
    }
    return Element{cursor_.take()};
  }

  std::optional<Element> parse_class(std::size_t begin) {
    std::size_t end = cursor_.rest().find(":]");
    std::string_view name = cursor_.rest().substr(0, end);
    if (end == std::string_view::npos) {
      cursor_.move_to(cursor_.position() + name.size());
      static_cast<void>(unclosed());
      return std::nullopt;
    }
    cursor_.move_to(cursor_.position() + end + 2);
    if (name != "word" && add_class(set_, name)) return Element{};
    cursor_.report(Diag::PatternUnknownClass, begin, name).help =
        "there are alnum alpha blank cntrl digit graph lower print punct space upper xdigit";
    return std::nullopt;
  }

  // [=a=] and [.a.] are the character; names of several characters do not exist.
  std::optional<Element> parse_collating(std::size_t begin, std::string_view closing) {
    if (!cursor_.at_end()) {
      Symbol symbol = cursor_.take();
      if (cursor_.accept(closing)) return Element{symbol};
    }
    cursor_.report(Diag::PatternBadRange, begin, cursor_.from(begin), "there are no names of characters");
    return std::nullopt;
  }

  Cursor& cursor_;
  BracketStyle style_;
  std::size_t begin_;
  CharacterSet set_;
  bool is_unclosed_ = false;
  bool negated_ = false;
};

}  // namespace

Bracket parse_bracket(Cursor& cursor, BracketStyle style, bool ignore_case) {
  std::size_t begin = cursor.position();
  BracketParser parser(cursor, style);
  std::optional<CharacterSet> set = parser.parse();
  if (!set) {
    if (!style.glob || !parser.is_unclosed()) return {};
    cursor.move_to(begin);
    return {.set = {}, .is_character = true};
  }
  if (ignore_case) set->fold_ascii_case();
  if (parser.is_negated()) set->complement();
  return {.set = std::move(set)};
}

}  // namespace hawk::pattern
