// Values of literals, and why a literal is refused.
#include "lexer/literal.h"

#include <gtest/gtest.h>

namespace hawk {
namespace {

Span span_of(std::string_view text) { return {0, static_cast<std::uint32_t>(text.size()), 0}; }

TEST(Integers, Values) {
  struct Row {
    const char* text;
    std::uint64_t value;
  };
  for (const Row& row : {
           Row{"0", 0},
           Row{"42", 42},
           Row{"0x1f", 31},
           Row{"0X1F", 31},
           Row{"017", 15},
           Row{"0o17", 15},
           Row{"0b101", 5},
           Row{"1_000_000", 1000000},
           Row{"1__0", 10},
           Row{"0x1_f", 31},
           Row{"07_7", 63},
           Row{"0_1", 1},
           Row{"5e3", 5000},
           Row{"1E6", 1000000},
           Row{"12e3", 12000},
           Row{"0e9", 0},
           Row{"1e0", 1},
           Row{"0e99999999999", 0},
           Row{"1u", 1},
           Row{"2L", 2},
           Row{"3ul", 3},
           Row{"4ll", 4},
           Row{"5ULL", 5},
           Row{"4294967295u", 4294967295},
           Row{"1ns", 1},
           Row{"1us", 1000},
           Row{"1ms", 1000000},
           Row{"1s", 1000000000},
           Row{"1m", 60000000000},
           Row{"1h", 3600000000000},
           Row{"1d", 86400000000000},
           Row{"1_000ms", 1000000000},
           Row{"1e6us", 1000000000},
           Row{"18446744073709551615", 18446744073709551615U},
           Row{"0xffffffffffffffff", 18446744073709551615U},
           Row{"18446744073709551615ull", 18446744073709551615U},
       }) {
    DiagSink diagnostics;
    EXPECT_EQ(read_integer(row.text, span_of(row.text), diagnostics), row.value) << row.text;
  }
}

struct ErrorRow {
  const char* text;
  const char* message;
};

TEST(Integers, Errors) {
  for (const ErrorRow& row : {
           ErrorRow{"18446744073709551616",
                    "integer overflow in `18446744073709551616`: the maximum value is 18446744073709551615"},
           ErrorRow{"4294967296u", "integer overflow in `4294967296u`: the maximum value is 4294967295"},
           ErrorRow{"9223372036854775808l",
                    "integer overflow in `9223372036854775808l`: the maximum value is 9223372036854775807"},
           ErrorRow{"1e20", "integer overflow in `1e20`: the maximum value is 18446744073709551615"},
           ErrorRow{"1e99999999999999999999",
                    "integer overflow in `1e99999999999999999999`: the maximum value is 18446744073709551615"},
           ErrorRow{"99999999d", "integer overflow in `99999999d`: the maximum value is 18446744073709551615"},
           ErrorRow{"1_", "`1_` ends in a separator, expected a digit behind `_`"},
           ErrorRow{"0x1_", "`0x1_` ends in a separator, expected a digit behind `_`"},
           ErrorRow{"0x", "`0x` has no digits"},
           ErrorRow{"0b", "`0b` has no digits"},
           ErrorRow{"08", "invalid digit `8` in octal number `08`"},
           ErrorRow{"0o8", "invalid digit `8` in octal number `0o8`"},
           ErrorRow{"0b12", "invalid digit `2` in binary number `0b12`"},
           ErrorRow{"1x", "invalid integer suffix `x`"},
           ErrorRow{"1e", "invalid integer suffix `e`"},
           ErrorRow{"1S", "invalid integer suffix `S`"},
       }) {
    DiagSink diagnostics;
    EXPECT_EQ(read_integer(row.text, span_of(row.text), diagnostics), std::nullopt) << row.text;
    ASSERT_EQ(diagnostics.all().size(), 1U) << row.text;
    EXPECT_EQ(diagnostics.all()[0].message, row.message);
  }
}

TEST(Integers, SuffixErrorPointsAtTheSuffix) {
  DiagSink diagnostics;
  EXPECT_EQ(read_integer("12xy", {10, 14, 0}, diagnostics), std::nullopt);
  EXPECT_EQ(diagnostics.all()[0].span.begin, 12U);
  EXPECT_EQ(diagnostics.all()[0].span.end, 14U);
}

TEST(Floats, Values) {
  DiagSink diagnostics;
  EXPECT_EQ(read_float("1.5", {}, diagnostics), 1.5);
  EXPECT_EQ(read_float("1_0.2_5e2", {}, diagnostics), 1025.0);
  EXPECT_EQ(read_float("2.5e-3", {}, diagnostics), 0.0025);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(read_float("1.5_", {0, 4, 0}, diagnostics), std::nullopt);
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Strings, Values) {
  struct Row {
    const char* quoted;
    std::string value;
  };
  for (const Row& row : {
           Row{R"("")", ""},
           Row{R"("abc")", "abc"},
           Row{R"("\n\t\r\"\\")", "\n\t\r\"\\"},
           Row{R"("\101\x42\X4a")", "ABJ"},
           Row{R"("\0")", std::string(1, '\0')},
           Row{R"("\1234")", "S4"},
           Row{R"("\377")", "\xff"},
           Row{R"("\x1g")", "\x01g"},
           Row{"\"\xc3\xa9\"", "\xc3\xa9"},
       }) {
    DiagSink diagnostics;
    EXPECT_EQ(read_string(row.quoted, {}, diagnostics), row.value) << row.quoted;
  }
}

TEST(Strings, Errors) {
  for (const ErrorRow& row : {
           ErrorRow{R"("a\q")",
                    "invalid escape `\\q`: strings know \\n \\t \\r \\\" \\\\ \\0 to \\377 and \\x00 to \\xff"},
           ErrorRow{R"("a\8")",
                    "invalid escape `\\8`: strings know \\n \\t \\r \\\" \\\\ \\0 to \\377 and \\x00 to \\xff"},
           ErrorRow{R"("a\xg")", "invalid escape `\\x`: expected a hexadecimal digit behind it"},
           ErrorRow{R"("a\400")", "octal escape `\\400` is out of range: the largest is `\\377`"},
       }) {
    DiagSink diagnostics;
    EXPECT_EQ(read_string(row.text, span_of(row.text), diagnostics), std::nullopt) << row.text;
    ASSERT_EQ(diagnostics.all().size(), 1U);
    EXPECT_EQ(diagnostics.all()[0].message, row.message);
    EXPECT_EQ(diagnostics.all()[0].span.begin, 2U);
  }
}

TEST(Characters, Values) {
  DiagSink diagnostics;
  EXPECT_EQ(read_character("'a'", {}, diagnostics), 97U);
  EXPECT_EQ(read_character("'\\n'", {}, diagnostics), 10U);
  EXPECT_EQ(read_character("'\\''", {}, diagnostics), 39U);
  EXPECT_EQ(read_character("'\\xff'", {}, diagnostics), 255U);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(read_character("'ab'", {}, diagnostics), std::nullopt);
  EXPECT_EQ(diagnostics.all()[0].message, "`'ab'` is not one character: strings are written with double quotes");
}

}  // namespace
}  // namespace hawk
