// Patterns that are refused: which diagnostic, and at which part of the pattern.
#include <gtest/gtest.h>

#include "pattern/pattern.h"

namespace hawk::pattern {
namespace {

struct Row {
  const char* pattern;
  Diag diag;
  const char* part;  // what the span covers
};

void expect_refused(const Row& row, Syntax syntax) {
  std::string text = row.pattern;
  DiagSink diagnostics;
  Span span{100, 102 + static_cast<std::uint32_t>(text.size()), 0};  // with its quotes
  EXPECT_FALSE(compile({.text = text, .span = span, .verbatim = true}, syntax, diagnostics)) << text;
  ASSERT_EQ(diagnostics.all().size(), 1U) << text;
  const Diagnostic& found = diagnostics.all().front();
  EXPECT_EQ(found.id, row.diag) << text << ": " << found.message;
  if (found.id == Diag::PatternTooLarge) return;
  EXPECT_EQ(text.substr(found.span.begin - 101, found.span.end - found.span.begin), row.part) << text;
}

TEST(PatternErrors, RegularExpressions) {
  for (const Row& row : {
           Row{"a(b", Diag::PatternUnclosed, "(b"},
           Row{"(a(b)", Diag::PatternUnclosed, "(a(b)"},
           Row{"a)b", Diag::PatternUnopened, ")"},
           Row{"[a-z", Diag::PatternUnclosed, "[a-z"},
           Row{"x[]", Diag::PatternUnclosed, "[]"},
           Row{"[[:alpha", Diag::PatternUnclosed, "[[:alpha"},
           Row{"*a", Diag::PatternNothingToRepeat, "*"},
           Row{"a|+", Diag::PatternNothingToRepeat, "+"},
           Row{"(?:a)", Diag::PatternNothingToRepeat, "?"},
           Row{"a(?i)b", Diag::PatternNothingToRepeat, "?"},
           Row{"^*a", Diag::PatternNothingToRepeat, "*"},
           Row{"\\b+", Diag::PatternNothingToRepeat, "+"},
           Row{"{2}", Diag::PatternNothingToRepeat, "{"},
           Row{"a{", Diag::PatternBadCount, "{"},
           Row{"a{x}", Diag::PatternBadCount, "{"},
           Row{"a{}", Diag::PatternBadCount, "{}"},
           Row{"a{,}", Diag::PatternBadCount, "{,}"},
           Row{"a{3,2}", Diag::PatternBadCount, "{3,2}"},
           Row{"a{256}", Diag::PatternBadCount, "{256}"},
           Row{"a{99999999999}", Diag::PatternBadCount, "{99999999999}"},
           Row{"a{1,256}", Diag::PatternBadCount, "{1,256}"},
           Row{"[z-a]", Diag::PatternBadRange, "z-a"},
           Row{"[語-日]", Diag::PatternBadRange, "語-日"},
           Row{"[a-c-e]", Diag::PatternBadRange, "-"},
           Row{"[[:digit:]-z]", Diag::PatternBadRange, "[:digit:]-z"},
           Row{"[[.hyphen.]]", Diag::PatternBadRange, "[.h"},
           Row{"[[:letter:]]", Diag::PatternUnknownClass, "[:letter:]"},
           Row{"[[:word:]]", Diag::PatternUnknownClass, "[:word:]"},
           Row{"(a)\\1", Diag::PatternBadEscape, "\\1"},
           Row{"a\\q", Diag::PatternBadEscape, "\\q"},
           Row{"a\\", Diag::PatternBadEscape, "\\"},
           Row{"\\日", Diag::PatternBadEscape, "\\日"},
           Row{"(a|b)*a(a|b){20}", Diag::PatternTooLarge, ""},
           Row{"(((a{250}){250}){250}){250}", Diag::PatternTooLarge, ""},
           Row{"(((){250}){250}){250}", Diag::PatternTooLarge, ""},
       }) {
    expect_refused(row, Syntax::kRegex);
  }
}

TEST(PatternErrors, Globs) {
  for (const Row& row : {
           Row{"a\\", Diag::PatternBadEscape, "\\"},
           Row{"[z-a]", Diag::PatternBadRange, "z-a"},
           Row{"[[:letter:]]", Diag::PatternUnknownClass, "[:letter:]"},
       }) {
    expect_refused(row, Syntax::kGlob);
  }
}

TEST(PatternErrors, GroupsNestOnlySoDeeply) {
  std::string deep(5000, '(');
  DiagSink diagnostics;
  EXPECT_FALSE(compile({.text = deep, .span = {}, .verbatim = false}, Syntax::kRegex, diagnostics));
  EXPECT_EQ(diagnostics.all().front().id, Diag::NestingTooDeep);
}

}  // namespace
}  // namespace hawk::pattern
