// Patterns against the C library's regcomp(3) and fnmatch(3), and what is hawk's own decision.
#include <fnmatch.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <regex.h>

#include "pattern/pattern.h"

namespace hawk::pattern {
namespace {

std::optional<Automaton> compiled(const std::string& text, Syntax syntax) {
  DiagSink diagnostics;
  auto automaton = compile({.text = text, .span = {}, .verbatim = false}, syntax, diagnostics);
  EXPECT_TRUE(automaton.has_value()) << text << ": " << diagnostics.all().front().message;
  return automaton;
}

bool found(const std::string& regex, const std::string& text) {
  auto automaton = compiled(regex, Syntax::kRegex);
  return automaton && matches(*automaton, text);
}

bool globbed(const std::string& glob, const std::string& text) {
  auto automaton = compiled(glob, Syntax::kGlob);
  return automaton && matches(*automaton, text);
}

// In a locale whose characters are UTF-8.
class PatternCompile : public testing::Test {
 protected:
  void SetUp() override {
    locale_ = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
    if (locale_ == nullptr) GTEST_SKIP() << "there is no locale C.UTF-8";
    uselocale(locale_);
  }
  void TearDown() override {
    if (locale_ == nullptr) return;
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(locale_);
  }

 private:
  locale_t locale_ = nullptr;
};

bool regexec_finds(const std::string& regex, const std::string& text) {
  regex_t wanted;
  EXPECT_EQ(regcomp(&wanted, regex.c_str(), REG_EXTENDED | REG_NOSUB), 0) << regex;
  bool matched = regexec(&wanted, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&wanted);
  return matched;
}

const std::vector<std::string>& subjects() {
  static const std::vector<std::string> kSubjects = {
      "",
      "a",
      "b",
      "ab",
      "abc",
      "aab",
      "abab",
      "aaaa",
      "xabcx",
      "a b",
      "a.b",
      "foo",
      "foobar",
      "barfoo",
      "foo bar",
      "x_y",
      "42",
      "a1b22",
      "-",
      "]",
      "[x]",
      "a\nb",
      "\tq",
      "ABC",
      "aBc",
      "(a)",
      "a{2}",
      "a+b",
      "^a$",
      "日本語",
      "日",
      "é",
      "e\xCC\x81",
      "naïve café",
      "/usr/lib/libc.so.6",
      "conf.d/x.conf",
      "…",
      "\xF0\x9F\x98\x80",
      "a/b",
      ".hid",
      "a\\b",
      "10.0.0.1",
      "x-ray",
      "!",
      "a!b",
      "zz",
      "ß",
      "ｆｕｌｌ",
  };
  return kSubjects;
}

// The library's classes know more letters than ASCII's.
bool asks_for_class(const std::string& pattern) {
  for (const char* one : {"[:", "\\b", "\\B", "\\<", "\\>", "\\w", "\\W", "\\s", "\\S"}) {
    if (pattern.find(one) != std::string::npos) return true;
  }
  return false;
}
bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

TEST_F(PatternCompile, RegularExpressionsFindWhatRegexecFinds) {
  for (const char* regex : {"",
                            "a",
                            "abc",
                            "a|b",
                            "ab|cd|",
                            "()",
                            "a*",
                            "a+",
                            "a?b",
                            "ab*c",
                            "(ab)*",
                            "(ab)+$",
                            "^(ab|a)*$",
                            "^a{2,3}b?$",
                            "a{2}",
                            "^a{0}$",
                            "^a{,2}$",
                            "a{3,}",
                            "(a|ab)(c|bcd)",
                            "^$",
                            "^",
                            "$",
                            "x^",
                            "a$b",
                            "^.$",
                            "^..$",
                            "^...$",
                            "^.{5,8}$",
                            "[abc]",
                            "[^abc]",
                            "^[^abc]*$",
                            "[a-c]+",
                            "[]x]",
                            "[^]x]",
                            "[a-]",
                            "[-a]",
                            "[x\\]",
                            "[.]",
                            "[[:digit:]]+",
                            "^[[:alpha:]]+$",
                            "[[:space:]]",
                            "[[:upper:][:digit:]]",
                            "[^[:alnum:]_]",
                            "[[:punct:]]",
                            "[[.a.]]",
                            "[[=a=]]",
                            "\\.",
                            "\\(a\\)",
                            "a\\{2\\}",
                            "a\\+b",
                            "\\^a\\$",
                            "\\[x\\]",
                            "a\\\\b",
                            "日",
                            "日.語",
                            "^[日本語]+$",
                            "[^日]",

                            "é",
                            "^.$",

                            "caf.$",
                            "\\bfoo\\b",
                            "\\Boo",
                            "\\<bar",
                            "foo\\>",
                            "\\w+_\\w",
                            "^\\w+$",
                            "\\W",
                            "\\s",
                            "^\\S+$",
                            "lib.*\\.so(\\.[0-9]+)*$",
                            "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
                            "^(foo|bar){2}$",
                            "((a|b)*c)?x",
                            "(^a|b$)",
                            "(a*)*b",
                            "(a*)+",
                            "(|a)+b",
                            "a**",
                            "o{2}b"}) {
    for (const std::string& subject : subjects()) {
      if (asks_for_class(regex) && !is_ascii(subject)) continue;
      EXPECT_EQ(found(regex, subject), regexec_finds(regex, subject)) << "`" << regex << "` in `" << subject << "`";
    }
  }
}

TEST_F(PatternCompile, GlobsMatchWhatFnmatchMatches) {
  for (const char* glob : {"",
                           "*",
                           "?",
                           "??",
                           "???",
                           "a*",
                           "*a",
                           "*b*",
                           "a?c",
                           "[abc]",
                           "[!abc]",
                           "[^abc]*",
                           "[a-c]*",
                           "[]x]*",
                           "[a-]",
                           "[!]x]",
                           "*.so.?",
                           "*/lib*",
                           "[[:digit:]]*",
                           "[![:alpha:]]*",
                           "\\[x\\]",
                           "a\\*",
                           "a\\\\b",
                           "[\\]]",
                           "[\\!]",
                           "*\\.*",
                           "日*",
                           "?本?",
                           "[日月]*",
                           "[!日]*",
                           "*é",
                           "[",
                           "[x",
                           "a[b",
                           ".*",
                           "*[/]*",
                           "**b**",
                           "*[0-9].[0-9]*",
                           "[[]x]"}) {
    for (const std::string& subject : subjects()) {
      if (asks_for_class(glob) && !is_ascii(subject)) continue;
      // Of what is not ASCII the library, as glibc has it, looks at the bytes too if the characters do not match.
      if (!is_ascii(subject) && !globbed(glob, subject)) continue;
      EXPECT_EQ(globbed(glob, subject), fnmatch(glob, subject.c_str(), 0) == 0)
          << "`" << glob << "` and `" << subject << "`";
    }
  }
}

TEST(PatternDecisions, IgnoresTheCaseOfAsciiLetters) {
  EXPECT_TRUE(found("(?i)BAR", "foobar"));
  EXPECT_TRUE(found("(?i)[^x]bar", "FOOBAR"));
  EXPECT_FALSE(found("(?i)^[^a]$", "A"));
  EXPECT_FALSE(found("(?i)É", "é"));
  EXPECT_TRUE(found("(?i)", "anything"));
}

TEST(PatternDecisions, RangesAreOfCodePoints) {
  EXPECT_TRUE(found("^[ぁ-ん一-龠]+$", "ひらがな漢字"));
  EXPECT_FALSE(found("[ぁ-ん一-龠]", "カタカナ kana"));
  EXPECT_TRUE(found("^[!-😀]$", "日"));
}

TEST(PatternDecisions, ClassesAreAscii) {
  EXPECT_TRUE(found("^\\d+$", "0123456789"));
  EXPECT_FALSE(found("\\d", "٣"));
  EXPECT_TRUE(found("^\\D$", "٣"));
  EXPECT_FALSE(found("[[:alpha:]]", "é"));
  EXPECT_TRUE(found("^[^[:alpha:]]$", "é"));
}

TEST(PatternDecisions, AByteOutsideOfUtf8IsACharacter) {
  EXPECT_TRUE(found("^caf.$", "caf\xE9"));  // Latin-1
  EXPECT_TRUE(found("^a..b$",
                    "a\xE6\x97"
                    "b"));  // cut off in the middle
  EXPECT_FALSE(found("^a.b$",
                     "a\xE6\x97"
                     "b"));
  EXPECT_TRUE(found("^...$", "\xED\xA0\x80"));       // a surrogate
  EXPECT_TRUE(found("^..$", "\xC0\x80"));            // overlong
  EXPECT_TRUE(found("^....$", "\xF5\x80\x80\x80"));  // behind the last code point
  EXPECT_TRUE(found("^[^a]日$", "\xE6日"));
  EXPECT_TRUE(found("^\xE9$", "\xE9"));
  EXPECT_FALSE(found("\xE9", "é\xC3"));
  EXPECT_TRUE(globbed("caf?", "caf\xE9"));
}

TEST(PatternDecisions, ACharacterIsNeverHalved) {
  EXPECT_FALSE(found("^..$", "é"));
  EXPECT_FALSE(found("[^日]本", "日本"));
  EXPECT_FALSE(found("\x97", "日"));  // its second byte
  EXPECT_FALSE(globbed("??", "é"));
}

TEST(PatternDecisions, AGlobsQuestionMarkIsACharacter) {
  EXPECT_TRUE(globbed("???", "日本語"));
  EXPECT_FALSE(globbed("??", "日"));
  EXPECT_TRUE(globbed("[日月]*[!日]", "月曜日x"));
  EXPECT_FALSE(globbed("[!日]*", "日"));
}

TEST(PatternDecisions, TheStringEndsAtANul) {
  EXPECT_TRUE(found("b$", std::string("ab\0c", 4)));
  EXPECT_FALSE(found("c", std::string("ab\0c", 4)));
}

// The smallest tables: a match and none are two states, a match anywhere needs no more than what has been seen of it.
TEST(PatternTables, AreMinimal) {
  EXPECT_EQ(compiled("a", Syntax::kRegex)->states, 3U);
  EXPECT_EQ(compiled("a|[a]|(a)", Syntax::kRegex)->states, 3U);
  EXPECT_EQ(compiled("abab", Syntax::kRegex)->states, 6U);
  EXPECT_EQ(compiled(".*a.*", Syntax::kRegex)->states, 3U);
  EXPECT_EQ(compiled("日", Syntax::kRegex)->states, 5U);
  EXPECT_EQ(compiled("*.log", Syntax::kGlob)->states, 7U);
  auto everything = compiled("", Syntax::kRegex);
  EXPECT_EQ(everything->start, kAccepted);
}

TEST(PatternTables, ManyStatesHaveWideEntries) {
  auto automaton = compiled("^(abcdefghij){30}$", Syntax::kRegex);
  EXPECT_TRUE(automaton->wide);
  std::string text;
  for (int i = 0; i < 30; ++i) text += "abcdefghij";
  EXPECT_TRUE(matches(*automaton, text));
  EXPECT_FALSE(matches(*automaton, text + "a"));
  EXPECT_FALSE(matches(*automaton, text.substr(1)));
}

// No entry and no byte leads outside of the tables, whatever number stands for the state.
TEST(PatternTables, AreLargeEnoughForAnyState) {
  for (const char* regex : {"a", "^(abcdefghij){30}$", "[a-z]+@[a-z]+"}) {
    auto automaton = compiled(regex, Syntax::kRegex);
    std::size_t most = automaton->wide ? automaton->state_mask : 255;
    std::size_t last = (most << automaton->row_bits) + 255;
    EXPECT_LT(last * (automaton->wide ? 2 : 1), automaton->next.size());
    EXPECT_EQ(automaton->columns.size(), 256U);
  }
}

}  // namespace
}  // namespace hawk::pattern
