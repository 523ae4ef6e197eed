// Regular expressions: POSIX extended, \d \w \s and their opposites, \b \B \< \>, and (?i) in front. What POSIX leaves
// undefined is an error: a repetition of nothing, `{` that begins no repetition, `)` without `(`.
#include "pattern/cursor.h"
#include "pattern/syntax.h"

namespace hawk::pattern {

namespace {

constexpr std::size_t kMostNested = 250;      // groups
constexpr std::uint32_t kMostRepeated = 255;  // RE_DUP_MAX of POSIX

constexpr std::string_view kSpecial = ".[]()*+?{}|^$\\/-\"'#&=,:;<>!%@~` ";  // may stand behind a backslash

class RegexParser {
 public:
  RegexParser(const Source& source, DiagSink& diagnostics) : cursor_(source, diagnostics) {}

  NodePtr parse() {
    ignore_case_ = cursor_.accept("(?i)");
    NodePtr node = parse_choice(0);
    if (!node || cursor_.at_end()) return node;
    std::size_t begin = cursor_.position();
    static_cast<void>(cursor_.accept(")"));  // nothing else ends a choice
    cursor_.report(Diag::PatternUnopened, begin).help = "write \\) for the character itself";
    return nullptr;
  }

 private:
  NodePtr parse_choice(std::size_t depth) {
    Choice choice;
    do {
      choice.branches.push_back(parse_sequence(depth));
      if (!choice.branches.back()) return nullptr;
    } while (cursor_.accept("|"));
    if (choice.branches.size() == 1) return std::move(choice.branches.front());
    return make_node(std::move(choice));
  }

  NodePtr parse_sequence(std::size_t depth) {
    Sequence sequence;
    while (!cursor_.at_end() && !cursor_.sees("|") && !cursor_.sees(")")) {
      NodePtr part = parse_part(depth);
      if (part) part = parse_repetitions(std::move(part));
      if (!part) return nullptr;
      sequence.parts.push_back(std::move(part));
    }
    return make_node(std::move(sequence));
  }

  NodePtr parse_part(std::size_t depth) {
    std::size_t begin = cursor_.position();
    if (cursor_.accept("(")) return parse_group(begin, depth + 1);
    if (cursor_.accept("[")) {
      Bracket bracket = parse_bracket(cursor_, {}, ignore_case_);
      return bracket.set ? make_node(std::move(*bracket.set)) : nullptr;
    }
    if (cursor_.accept(".")) return make_node(CharacterSet::all());
    if (cursor_.accept("^")) return make_node(Assertion::kBegin);
    if (cursor_.accept("$")) return make_node(Assertion::kEnd);
    if (cursor_.accept("\\")) return parse_escape(begin);
    if (is_repetition()) return nothing_to_repeat();
    return character(cursor_.take());
  }

  [[nodiscard]] bool is_repetition() const {
    return !cursor_.at_end() && std::string_view("*+?{").find(cursor_.peek()) != std::string_view::npos;
  }

  NodePtr nothing_to_repeat() {
    std::size_t begin = cursor_.position();
    char repetition = static_cast<char>(cursor_.take());
    auto& diagnostic = cursor_.report(Diag::PatternNothingToRepeat, begin, repetition);
    diagnostic.help = fmt::format("write \\{} for the character itself", repetition);
    if (repetition == '?' && begin > 0 && behind_parenthesis_ == begin)
      diagnostic.help = "of the groups that begin with (? only (?i) is known, at the start of the pattern";
    return nullptr;
  }

  NodePtr parse_group(std::size_t begin, std::size_t depth) {
    behind_parenthesis_ = cursor_.position();
    if (depth > kMostNested) {
      cursor_.report(Diag::NestingTooDeep, begin, kMostNested);
      return nullptr;
    }
    NodePtr inside = parse_choice(depth);
    if (!inside || cursor_.accept(")")) return inside;
    cursor_.report(Diag::PatternUnclosed, begin, "(", ")").help = "write \\( for the character itself";
    return nullptr;
  }

  NodePtr character(Symbol symbol) const {
    CharacterSet set = CharacterSet::of(symbol);
    if (ignore_case_) set.fold_ascii_case();
    return make_node(std::move(set));
  }

  NodePtr parse_escape(std::size_t begin) {
    struct ClassRow {
      char letter;
      std::string_view name;
      bool opposite;
    };
    constexpr ClassRow kClasses[] = {{'d', "digit", false}, {'D', "digit", true}, {'s', "space", false},
                                     {'S', "space", true},  {'w', "word", false}, {'W', "word", true}};
    struct AssertionRow {
      char letter;
      Assertion assertion;
    };
    constexpr AssertionRow kAssertions[] = {{'b', Assertion::kWordEdge},
                                            {'B', Assertion::kNoWordEdge},
                                            {'<', Assertion::kWordBegin},
                                            {'>', Assertion::kWordEnd}};
    char letter = cursor_.peek();
    if (!cursor_.at_end()) static_cast<void>(cursor_.take());
    for (const ClassRow& row : kClasses) {
      if (row.letter != letter) continue;
      CharacterSet set;
      static_cast<void>(add_class(set, row.name));
      if (row.opposite) set.complement();
      return make_node(std::move(set));
    }
    for (const AssertionRow& row : kAssertions) {
      if (row.letter == letter) return make_node(row.assertion);
    }
    if (letter != '\0' && kSpecial.find(letter) != std::string_view::npos)
      return make_node(CharacterSet::of(static_cast<unsigned char>(letter)));
    return bad_escape(begin, letter);
  }

  NodePtr bad_escape(std::size_t begin, char letter) {
    auto& diagnostic = cursor_.report(Diag::PatternBadEscape, begin, cursor_.from(begin));
    if (letter >= '1' && letter <= '9') diagnostic.help = "groups are not remembered: write what is repeated once more";
    if (letter == '\0') diagnostic.help = "write \\\\ for the character itself";
    return nullptr;
  }

  NodePtr parse_repetitions(NodePtr part) {
    if (std::holds_alternative<Assertion>(part->value) && is_repetition()) return nothing_to_repeat();
    for (;;) {
      std::size_t begin = cursor_.position();
      if (cursor_.accept("*")) {
        part = make_node(Repeat{std::move(part), 0, {}});
      } else if (cursor_.accept("+")) {
        part = make_node(Repeat{std::move(part), 1, {}});
      } else if (cursor_.accept("?")) {
        part = make_node(Repeat{std::move(part), 0, 1});
      } else if (cursor_.accept("{")) {
        auto counts = parse_counts(begin);
        if (!counts) return nullptr;
        part = make_node(Repeat{std::move(part), counts->least, counts->most});
      } else {
        return part;
      }
    }
  }

  struct Counts {
    std::uint32_t least = 0;
    std::optional<std::uint32_t> most;
  };

  // `m}`, `m,}`, `,n}` or `m,n}`.
  std::optional<Counts> parse_counts(std::size_t begin) {
    Counts counts;
    std::optional<std::uint32_t> least = parse_number();
    counts.least = least.value_or(0);
    counts.most = least;
    bool comma = cursor_.accept(",");
    if (comma) counts.most = parse_number();
    bool closed = cursor_.accept("}");
    bool in_order = counts.least <= counts.most.value_or(kMostRepeated) && counts.least <= kMostRepeated;
    if (closed && (least || counts.most) && in_order && counts.most.value_or(0) <= kMostRepeated) return counts;
    auto& diagnostic = cursor_.report(Diag::PatternBadCount, begin, cursor_.from(begin), kMostRepeated);
    if (!closed) diagnostic.help = "write \\{ for the character itself";
    return std::nullopt;
  }

  std::optional<std::uint32_t> parse_number() {
    std::optional<std::uint32_t> number;
    while (cursor_.peek() >= '0' && cursor_.peek() <= '9') {
      number = std::min(number.value_or(0) * 10 + static_cast<std::uint32_t>(cursor_.peek() - '0'), kMostRepeated + 1);
      cursor_.move_to(cursor_.position() + 1);
    }
    return number;
  }

  Cursor cursor_;
  bool ignore_case_ = false;
  std::size_t behind_parenthesis_ = 0;
};

}  // namespace

NodePtr parse_regex(const Source& source, DiagSink& diagnostics) { return RegexParser(source, diagnostics).parse(); }

}  // namespace hawk::pattern
