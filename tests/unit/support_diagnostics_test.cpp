// How diagnostics are printed, byte for byte.
#include "support/diagnostics.h"

#include <gtest/gtest.h>

namespace hawk {
namespace {

class Rendering : public testing::Test {
 protected:
  Span span(std::string_view text, std::uint32_t begin, std::uint32_t end) {
    return {begin, end, sources_.add("a.bt", std::string(text))};
  }

  Sources sources_;
  DiagSink sink_;
};

TEST_F(Rendering, OneLine) {
  EXPECT_EQ(render_at(sources_, span("begin { $x }", 8, 10), Severity::kError, "bad", "", false),
            "a.bt:1:9-11: ERROR: bad\n"
            "begin { $x }\n"
            "        ~~\n");
}

TEST_F(Rendering, HintAndColour) {
  EXPECT_EQ(render_at(sources_, span("x", 0, 1), Severity::kWarning, "odd", "try y", true),
            "\033[33ma.bt:1:1-2: WARNING: odd\033[0m\nx\n~\nHINT: try y\n");
  EXPECT_EQ(render_at(sources_, span("x", 0, 1), Severity::kError, "odd", "", true).substr(0, 5), "\033[31m");
}

TEST_F(Rendering, TabsTakeFourColumns) {
  EXPECT_EQ(render_at(sources_, span("begin {\tprint($x\t); }", 14, 16), Severity::kError, "bad", "", false),
            "a.bt:1:15-17: ERROR: bad\n"
            "begin {    print($x    ); }\n"
            "                 ~~\n");
}

TEST_F(Rendering, ColumnsCountBytesAndTheUnderlineCharacters) {
  EXPECT_EQ(render_at(sources_, span("\"\xc3\xa9\" x", 5, 6), Severity::kError, "bad", "", false),
            "a.bt:1:6-7: ERROR: bad\n\"\xc3\xa9\" x\n    ~\n");
}

TEST_F(Rendering, SeveralLinesAreNotUnderlined) {
  EXPECT_EQ(render_at(sources_, span("a\n\tb\nc\n", 0, 4), Severity::kError, "bad", "", false),
            "a.bt:1-2: ERROR: bad\na\n\tb\n");
}

TEST_F(Rendering, EndOfFile) {
  EXPECT_EQ(render_at(sources_, span("begin {", 7, 7), Severity::kError, "bad", "", false),
            "a.bt:1:8-8: ERROR: bad\nbegin {\n       \n");
  EXPECT_EQ(render_at(sources_, span("", 0, 0), Severity::kError, "bad", "", false), "a.bt:1:1-1: ERROR: bad\n\n\n");
  EXPECT_EQ(render_at(sources_, span("ab", 90, 99), Severity::kError, "bad", "", false),
            "a.bt:1:3-3: ERROR: bad\nab\n  \n");
}

TEST_F(Rendering, NotesFollowAndRepetitionsAreDropped) {
  Span where = span("abc", 0, 1);
  sink_.report(Diag::ErrorDirective, where, "first").notes.push_back({{1, 2, where.file}, "declared here"});
  sink_.report(Diag::ErrorDirective, where, "again");
  sink_.report(Diag::ErrorDirective, {2, 3, where.file}, "second").help = "do that";
  EXPECT_TRUE(sink_.has_errors());
  EXPECT_EQ(render_diagnostics(sink_, sources_, {}),
            "a.bt:1:1-2: ERROR: #error first\nabc\n~\n"
            "a.bt:1:2-3: NOTE: declared here\nabc\n ~\n"
            "a.bt:1:3-4: ERROR: #error second\nabc\n  ~\nHINT: do that\n");
  sink_.clear();
  EXPECT_FALSE(sink_.has_errors());
}

TEST_F(Rendering, ErrorsComeBeforeWarnings) {
  Span where = span("abc", 0, 1);
  int rows = 0;
  for (int i = 0; i < 1000 && rows < 1; ++i) {
    auto id = static_cast<Diag>(i);
    if (diag_row(id).severity != Severity::kWarning) continue;
    ++rows;
    std::string_view text = diag_row(id).text;
    if (text.find('{') != std::string_view::npos) {
      --rows;
      continue;
    }
    sink_.report(id, where);
    EXPECT_FALSE(sink_.has_errors());
    sink_.report(Diag::ErrorDirective, {1, 2, where.file}, "bad");
    std::string out = render_diagnostics(sink_, sources_, {});
    EXPECT_LT(out.find("ERROR"), out.find("WARNING"));
    EXPECT_EQ(render_diagnostics(sink_, sources_, {.warnings = false}).find("WARNING"), std::string::npos);
  }
  EXPECT_EQ(rows, 1);
}

TEST(NearestName, WithinAThirdOfTheLength) {
  std::vector<std::string> names = {"printf", "print", "strlen", "strncmp", "kstack"};
  EXPECT_EQ(nearest_name("prinft", names), "printf");  // two letters swapped
  EXPECT_EQ(nearest_name("prntf", names), "printf");
  EXPECT_EQ(nearest_name("KSTACK", names), "kstack");
  EXPECT_EQ(nearest_name("ustack", names), "kstack");
  EXPECT_EQ(nearest_name("zebra", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

}  // namespace
}  // namespace hawk
