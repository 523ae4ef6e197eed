// The language's functions on strings. codegen_string_function_test.cpp holds the kernel to the same answers.
#include "support/string_functions.h"

#include <gtest/gtest.h>

#include <limits>

namespace hawk {

namespace {

constexpr std::int64_t kRest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();

}  // namespace

TEST(StringFunctions, SliceIsCutToWhatThereIs) {
  struct Row {
    std::int64_t start;
    std::int64_t length;
    const char* expected;
  };
  constexpr Row kRows[] = {{0, kRest, "abcdef"}, {2, 2, "cd"},     {-2, kRest, "ef"}, {-9, 2, "ab"},
                           {6, 1, ""},           {99, 1, ""},      {1, -2, "bcd"},    {4, -9, ""},
                           {kLowest, 1, "a"},    {1, kLowest, ""}, {0, 0, ""},        {kRest, kRest, ""}};
  for (const Row& row : kRows)
    EXPECT_EQ(slice("abcdef", row.start, row.length), row.expected) << row.start << " " << row.length;
  EXPECT_EQ(slice("", 0, kRest), "");
}

TEST(StringFunctions, LastOccurrence) {
  EXPECT_EQ(find_last("abcabc", "bc"), 4);
  EXPECT_EQ(find_last("abc", "x"), -1);
  EXPECT_EQ(find_last("abc", ""), 3);
  EXPECT_EQ(find_last("", "a"), -1);
}

TEST(StringFunctions, CaseOfAsciiOnly) {
  EXPECT_EQ(upper_case("@`az{ é"), "@`AZ{ é");
  EXPECT_EQ(lower_case("@AZ[ É"), "@az[ É");
}

TEST(StringFunctions, ReplaceFromLeftToRight) {
  EXPECT_EQ(replace_all("aaaaa", "aa", "b"), "bba");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
  EXPECT_EQ(replace_all("a.b.", ".", ".."), "a..b..");
  EXPECT_EQ(replace_all("", "a", "b"), "");
}

TEST(StringFunctions, Paths) {
  struct Row {
    const char* path;
    const char* last;
    const char* parent;
  };
  constexpr Row kRows[] = {{"/usr/lib", "lib", "/usr"},
                           {"/usr/", "usr", "/"},
                           {"usr", "usr", "."},
                           {"/", "/", "/"},
                           {"///", "/", "/"},
                           {"", "", "."},
                           {"a//b//", "b", "a"},
                           {"//a", "a", "/"},
                           {".", ".", "."},
                           {"a/", "a", "."},
                           {"/a/b/c", "c", "/a/b"}};
  for (const Row& row : kRows) {
    EXPECT_EQ(last_component(row.path), row.last) << row.path;
    EXPECT_EQ(parent_path(row.path), row.parent) << row.path;
  }
}

TEST(StringFunctions, LeadingIntegerIsThatOfStrtol) {
  const char* const texts[] = {"",
                               "0",
                               "x",
                               "-",
                               "+7",
                               " \t\n\v\f\r-12x",
                               "0x1f",
                               "0x",
                               "0xg",
                               "-0X1F",
                               "0755",
                               "089",
                               "zz",
                               "12 3",
                               "--1",
                               "9223372036854775807",
                               "9223372036854775808",
                               "-9223372036854775808",
                               "-9223372036854775809",
                               "ffffffffffffffffffff",
                               "0b1",
                               "00x1"};
  for (const char* text : texts) {
    for (int base : {0, 2, 8, 10, 16, 36})
      EXPECT_EQ(leading_integer(text, base), std::strtoll(text, nullptr, base)) << text << " " << base;
    for (int base : {1, 37, -10}) EXPECT_EQ(leading_integer(text, base), 0);
  }
}

}  // namespace hawk
