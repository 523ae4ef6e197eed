// Wrong scripts: one error each, worded and placed exactly so.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "parser_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* text;
  const char* error;
};

class SyntaxErrors : public testing::TestWithParam<Row> {};

TEST_P(SyntaxErrors, OneLine) {
  std::string errors = parse_text(GetParam().text).errors;
  EXPECT_EQ(errors.substr(0, errors.find('\n')), std::string("stdin:") + GetParam().error) << GetParam().text;
  std::size_t count = 0;
  for (std::size_t at = errors.find("ERROR:"); at != std::string::npos; at = errors.find("ERROR:", at + 1)) ++count;
  EXPECT_EQ(count, 1U) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Statements, SyntaxErrors,
    testing::Values(Row{"begin { $x = 5 $y = 6; }", "1:16-18: ERROR: found `$y`, expected ';'"},
                    Row{"begin { print(1) print(2) }", "1:18-23: ERROR: found `print`, expected ';'"},
                    Row{"begin { if (1) print(2); }", "1:16-21: ERROR: found `print`, expected '{'"},
                    Row{"begin { let x = 1; }", "1:13-14: ERROR: found `x`, expected a variable"},
                    Row{"begin { let $x : = 1; }", "1:18-19: ERROR: found `=`, expected a type"},
                    Row{"begin { $x : int8 = 1; }", "1:12-13: ERROR: found `:`, expected ';'"},
                    Row{"begin { for (i : 0..5) { } }", "1:14-15: ERROR: found `i`, expected a variable"},
                    Row{"begin { else { } }", "1:9-13: ERROR: found `else`, expected a statement or '}'"},
                    Row{"begin { 5 = $x; }", "1:9-10: ERROR: cannot assign to a value: expected a variable or a map"},
                    Row{"begin { pid = 5; }", "1:9-12: ERROR: cannot assign to a name: expected a variable or a map"},
                    Row{"begin { f() = 5; }", "1:9-12: ERROR: cannot assign to a call: expected a variable or a map"},
                    Row{"begin { f(1).y++; }", "1:9-17: ERROR: `++` needs a variable or a map"},
                    Row{"begin { --5; }", "1:9-12: ERROR: `--` needs a variable or a map"},
                    Row{"begin { struct foo x; }", "1:9-15: ERROR: found `struct`, expected a statement or '}'"}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, SyntaxErrors,
    testing::Values(Row{"begin { print(1 2); }", "1:17-18: ERROR: found `2`, expected ')' or ','"},
                    Row{"begin { print(1,); }", "1:17-18: ERROR: found `)`, expected an expression"},
                    Row{"begin { $x = ; }", "1:14-15: ERROR: found `;`, expected an expression"},
                    Row{"begin { @a[] = 1; }", "1:12-13: ERROR: found `]`, expected an expression"},
                    Row{"begin { $x = $y. ; }", "1:18-19: ERROR: found `;`, expected a name or a number"},
                    Row{"begin { $x = 1 ? 2; }", "1:19-20: ERROR: found `;`, expected ':'"},
                    Row{"begin { if ($a = 1) { } }", "1:16-17: ERROR: found `=`, expected ')' or ','"},
                    Row{"begin { sizeof(struct) }", "1:22-23: ERROR: found `)`, expected a name"},
                    Row{"begin { $x = (struct foo * ; }", "1:28-29: ERROR: found `;`, expected ')'"},
                    Row{"begin { print(@@) }", "1:16-17: ERROR: found `@`, expected ')' or ','"}));

INSTANTIATE_TEST_SUITE_P(TopLevel, SyntaxErrors,
                         testing::Values(Row{"begin", "1:6-6: ERROR: found end of file, expected '{', '/' or ','"},
                                         Row{"begin end { }", "1:7-10: ERROR: found `end`, expected '{', '/' or ','"},
                                         Row{"begin { print(1) } }", "1:20-21: ERROR: found `}`, expected a probe"},
                                         Row{"{ print(1) }", "1:1-2: ERROR: found `{`, expected a probe"},
                                         Row{"begin { print(1);", "1:18-18: ERROR: found end of file, expected '}'"},
                                         Row{"begin { print(1; }", "1:16-17: ERROR: found `;`, expected ')' or ','"},
                                         Row{"begin /pid == 1 { print(1); }",
                                             "1:17-18: ERROR: found `{`, expected '/' to close the predicate"},
                                         Row{"begin / / { }", "1:9-10: ERROR: found `/`, expected an expression"},
                                         Row{"macro one { 1 } begin { }", "1:11-12: ERROR: found `{`, expected '('"},
                                         Row{"macro f(1) { }",
                                             "1:9-10: ERROR: found `1`, expected a name, a variable, a map or ')'"},
                                         Row{"let $x = 1;", "1:5-7: ERROR: found `$x`, expected a map"},
                                         Row{"let @x = hash;", "1:14-15: ERROR: found `;`, expected '('"},
                                         Row{"import \"a\" begin { }", "1:12-17: ERROR: found `begin`, expected ';'"},
                                         Row{"config = { max_strlen }", "1:23-24: ERROR: found `}`, expected '='"},
                                         Row{"config = { a = 1 b = 2 }", "1:18-19: ERROR: found `b`, expected ';'"}));

INSTANTIATE_TEST_SUITE_P(
    CDefinitions, SyntaxErrors,
    testing::Values(
        Row{"struct A { int a int b; };", "1:18-21: ERROR: found `int`, expected ';'"},
        Row{"struct A { int; };", "1:12-15: ERROR: a field needs a name"},
        Row{"struct A { int f(int); };", "1:16-17: ERROR: field `f` is a function, expected a pointer to one"},
        Row{"struct A { int a; } __attribute__((mode(DI)));", "1:36-44: ERROR: attribute `mode` is not supported"},
        Row{"#ifdef A\nbegin { }", "1:2-7: ERROR: `#ifdef` without `#endif`"},
        Row{"#endif\n", "1:2-7: ERROR: `#endif` without `#if`"}, Row{"#else\n", "1:2-6: ERROR: `#else` without `#if`"},
        Row{"#if 1 +\n#endif\n",
            "1:2-4: ERROR: malformed `#if`: expected integers, names defined above, defined(NAME) and operators"},
        Row{"#ifdef\n#endif\n", "1:2-7: ERROR: malformed `#ifdef`: expected a name"},
        Row{"#include foo\n", "1:2-9: ERROR: malformed `#include`: expected <file> or \"file\""},
        Row{"#pragma pack(1)\n", "1:2-8: ERROR: unknown preprocessor line `#pragma`"},
        Row{"#error no BTF\n", "1:8-14: ERROR: #error no BTF"},
        Row{"begin {\n#define X 1\n}",
            "2:2-8: ERROR: `#define` inside a probe or declaration: preprocessor lines belong outside of them"}));

INSTANTIATE_TEST_SUITE_P(
    Tokens, SyntaxErrors,
    testing::Values(
        Row{"begin { print(\"abc); }", "1:15-23: ERROR: unterminated string: expected '\"' in the same line"},
        Row{"begin { print(\"\\q\"); }",
            "1:16-18: ERROR: invalid escape `\\q`: strings know \\n \\t \\r \\\" \\\\ \\0 to \\377 and \\x00 to \\xff"},
        Row{"begin { print(`a`); }", "1:15-16: ERROR: unexpected character ```"},
        Row{"begin { $x = \x01; }", "1:14-15: ERROR: unexpected character `\\x01`"},
        Row{"begin { print($0); }", "1:15-17: ERROR: `$0` is not a parameter: they are counted from `$1`"},
        Row{"begin { $70000 }", "1:9-15: ERROR: parameter out of range: the last one is `$65535`"},
        Row{"begin { \xc3\xa9 }", "1:9-11: ERROR: unexpected character `\xc3\xa9`"},
        Row{"begin { \xff }", "1:9-10: ERROR: unexpected character `\\xff`"},
        Row{"uprobe:\"/bin { }", "1:8-17: ERROR: unterminated string: expected '\"' in the same line"},
        // The syntax error that comes first is the cause of what the scanner trips over behind it.
        Row{"begin { print(1 }\nkprobe:a@b`c { }", "1:17-18: ERROR: found `}`, expected ')' or ','"}));

TEST(SyntaxErrors, NoteNamesTheOpenBracket) {
  EXPECT_EQ(parse_text("begin {\n  print((1);\n}").errors,
            "stdin:2:12-13: ERROR: found `;`, expected ')' or ','\n"
            "  print((1);\n"
            "           ~\n");
  EXPECT_EQ(parse_text("begin {\n  print(1").errors,
            "stdin:2:10-10: ERROR: found end of file, expected ')' or ','\n"
            "  print(1\n"
            "         \n"
            "stdin:2:8-9: NOTE: this '(' is not closed\n"
            "  print(1\n"
            "       ~\n");
}

TEST(SyntaxErrors, AssignmentInConditionIsExplained) {
  EXPECT_NE(parse_text("begin { if ($a = 1) { } }")
                .errors.find("HINT: an assignment is a statement; to compare, write `==`\n"),
            std::string::npos);
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

// Every way to nest is refused before the recursion of any stage runs out of stack.
TEST(DeepNesting, IsAnErrorAndNoCrash) {
  for (const char* piece :
       {"(",       "-", "[", "{",   "!",         "@[",      "1+",  "1?", "(int8)",          "if 1 {",       "(1,",
        "sizeof(", "*", "&", "1?:", "comptime ", "typeof(", "$x=", "f(", "for $i : 0..1 {", "if 1 {} else "}) {
    for (std::size_t count : {300U, 3000U}) {
      EXPECT_FALSE(parse_text("begin { $x = " + repeated(piece, count)).errors.empty()) << piece;
    }
  }
  EXPECT_NE(first_error("begin { print(" + repeated("(", 10000) + "1" + repeated(")", 10000) + ") }")
                .find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("begin { print(" + repeated("- ", 10000) + "1) }").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("begin { print(1" + repeated("+1", 10000) + ") }").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("begin { print($x" + repeated(".a", 10000) + ") }").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("begin { print((int8" + repeated("*", 10000) + ")1) }").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("begin { if 1 {} " + repeated("else if 1 {}", 10000) + " }").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error("struct A { int " + repeated("*", 10000) + "a; };").find("nested too deeply"),
            std::string::npos);
  EXPECT_NE(first_error(repeated("struct A { ", 10000)).find("nested too deeply"), std::string::npos);
  EXPECT_NE(first_error("#if " + repeated("!", 10000) + "1\n#endif").find("malformed"), std::string::npos);
  EXPECT_EQ(first_error("begin { print(1" + repeated("+1", 200) + ") }"), "");
  EXPECT_EQ(first_error("begin { if 1 {} " + repeated("else if 1 {}", 200) + " }"), "");
}

constexpr std::string_view kSample =
    "#!/usr/bin/env hawk\n#define X (1 << 3)\n#ifdef X\n#include <a.h>\n#endif\n"
    "struct Foo { int a; struct { int x; } d; char b[X]; unsigned f:3; int (*cb)(int, void *); } "
    "__attribute__((packed));\n"
    "config = { max_strlen = 33; license = \"GPL\" }\nmacro add(a, $b, @c) { a + 1 }\nlet @m = lruhash(1_00);\n"
    "n=kprobe:f*+8, uprobe:/bin/x/y:\"a b\":c, /pid == 1 / 2 / { if (X) - 1 > 2 { print(1) } else if $a { 2 } else { "
    "3; }\n"
    " @m[1, \"a\\n\"] = (uint8[8])5; $t.0.1; for $i : (-2)..1 { continue } (x=1,y=2); _ = $x ?: 5; let $s : string[16] "
    "= 'a';\n"
    " $q = { 1.5; 2 } }\n";

TEST(AnyBytes, PrefixesAreReadWithoutACrash) {
  EXPECT_EQ(first_error(std::string(kSample)), "");
  for (std::size_t length = 0; length < kSample.size(); ++length)
    static_cast<void>(parse_text(kSample.substr(0, length)));
}

TEST(AnyBytes, MutationsAreReadWithoutACrash) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::string text(kSample);
    for (std::uint32_t edits = 1 + random() % 4; edits > 0; --edits) {
      std::size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 8);
      } else if (random() % 2 == 0) {
        text[at] = static_cast<char>(random());
      } else {
        text.insert(at, kSample.substr(random() % kSample.size(), 1 + random() % 12));
      }
    }
    static_cast<void>(parse_text(text));
  }
}

TEST(AnyBytes, NulBytesAndNothing) {
  EXPECT_EQ(first_error(""), "");
  EXPECT_EQ(first_error(std::string("begin { \0 }", 11)), "stdin:1:9-10: ERROR: unexpected character `\\x00`");
  EXPECT_EQ(first_error(std::string("begin { \"\0\" }", 13)), "");
}

}  // namespace
}  // namespace hawk
