// Typed JSON: characters, what plain JSON cannot hold, and values by their types.
#include <gtest/gtest.h>

#include <limits>

#include "output/jsonl_value.h"
#include "output/utf8.h"
#include "output_values.h"

namespace hawk::test {
namespace {

struct TextRow {
  const char* name;
  std::string text;
  const char* escaped;  // for a terminal
  const char* json;
};
void PrintTo(const TextRow& row, std::ostream* out) { *out << row.name; }

class Texts : public testing::TestWithParam<TextRow> {};

TEST_P(Texts, ForATerminal) {
  World world;
  std::string text = "\033[1m";  // what stands before is left alone
  FormatContext context = world.context();
  context.escape_controls = true;
  format_value(text, string_type(64), hawk::test::text(GetParam().text, 64), context);
  EXPECT_EQ(text, std::string("\033[1m") + GetParam().escaped);
}

TEST_P(Texts, AsJson) {
  std::string out;
  JsonWriter(out).text(GetParam().text);
  EXPECT_EQ(out, GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Texts,
    testing::Values(TextRow{"plain", "a b~", "a b~", R"("a b~")"}, TextRow{"utf8", "世界é", "世界é", R"("世界é")"},
                    TextRow{"c0", "a\033[2J\n\t", R"(a\x1b[2J\x0a\x09)", R"("a\u001b[2J\n\t")"},
                    TextRow{"del", "\x7f", R"(\x7f)", R"("\u007f")"},
                    TextRow{"c1", "\u009b31m", R"(\xc2\x9b31m)", R"("\u009b31m")"},
                    TextRow{"bidi", "a\u202eb\u2066", R"(a\xe2\x80\xaeb\xe2\x81\xa6)", R"("a\u202eb\u2066")"},
                    TextRow{"marks", "\u200f\u061c", R"(\xe2\x80\x8f\xd8\x9c)", R"("\u200f\u061c")"},
                    TextRow{"stray", "a\xff", R"(a\xff)", "{\"$hex\":\"61ff\",\"lossy\":\"a\uFFFD\"}"},
                    TextRow{"cut_short", "\xe4\xb8", R"(\xe4\xb8)", "{\"$hex\":\"e4b8\",\"lossy\":\"\uFFFD\"}"},
                    TextRow{"surrogate", "\xed\xa0\x80", R"(\xed\xa0\x80)",
                            "{\"$hex\":\"eda080\",\"lossy\":\"\uFFFD\uFFFD\uFFFD\"}"},
                    TextRow{"overlong", "\xc0\xaf", R"(\xc0\xaf)", "{\"$hex\":\"c0af\",\"lossy\":\"\uFFFD\uFFFD\"}"},
                    TextRow{"beyond", "\xf4\x90\x80\x80", R"(\xf4\x90\x80\x80)",
                            "{\"$hex\":\"f4908080\",\"lossy\":\"\uFFFD\uFFFD\uFFFD\uFFFD\"}"},
                    TextRow{"quotes", "\"\\", R"("\)", R"("\"\\")"}),
    [](const auto& row) { return row.param.name; });

struct ValueRow {
  const char* name;
  Type type;
  Data bytes;
  const char* json;
};
void PrintTo(const ValueRow& row, std::ostream* out) { *out << row.name; }

class TypedValues : public testing::TestWithParam<ValueRow> {};

TEST_P(TypedValues, AsJson) {
  World world;
  FormatContext context = world.context();
  std::string out;
  JsonWriter writer(out);
  write_value({writer, context}, GetParam().type, GetParam().bytes);
  EXPECT_EQ(out, GetParam().json);
}

const Type kInt = int_type(8, true);

INSTANTIATE_TEST_SUITE_P(
    Rows, TypedValues,
    testing::Values(
        ValueRow{"exact", kInt, i64(-9007199254740991), "-9007199254740991"},
        ValueRow{"large", kInt, i64(-9007199254740992), R"({"$int":"-9007199254740992"})"},
        ValueRow{"largest", int_type(8, false), u64(UINT64_MAX), R"({"$int":"18446744073709551615"})"},
        ValueRow{"real", float_type(), f64(0.5), "0.5"},
        ValueRow{"infinite", float_type(), f64(-std::numeric_limits<double>::infinity()), R"({"$float":"-inf"})"},
        ValueRow{"nan", float_type(), f64(std::numeric_limits<double>::quiet_NaN()), R"({"$float":"nan"})"},
        ValueRow{"cut", string_type(3), text("abc", 3), R"({"$cut":"ab"})"},
        ValueRow{"buffer", buffer_type(4), buffer("a\xff", 4), R"({"$hex":"61ff"})"},
        ValueRow{"enumerator", enum_type({{"ONE", 1}}), i32(1), R"({"enum":"ONE","value":1})"},
        ValueRow{"no_enumerator", enum_type({{"ONE", 1}}), i32(9), R"({"enum":null,"value":9})"},
        ValueRow{"pointer", pointer_type(kInt, AddressSpace::kKernel), u64(0xffff0), R"("0xffff0")"},
        ValueRow{"tuple", tuple_type({kInt, string_type(8)}), i64(1) + text("x", 8), R"([1,"x"])"},
        ValueRow{"record", record_type({{"a", kInt}}), i64(7), R"({"a":7})"},
        ValueRow{"symbol", simple_type(TypeKind::kKernelSymbol), u64(0x1010),
                 R"({"address":"0x1010","symbol":"work","offset":16})"},
        ValueRow{"no_symbol", simple_type(TypeKind::kKernelSymbol), u64(5), R"({"address":"0x5"})"},
        ValueRow{"stack", stack_type(false, StackMode::kBpftrace, 2),
                 word(std::uint32_t{2}) + word(std::uint32_t{7}) + u64(0x2001) + u64(0x9),
                 R"([{"address":"0x2001","symbol":"main","offset":1,"module":"/bin/prog"},{"address":"0x9"}])"},
        ValueRow{"user", simple_type(TypeKind::kUsername), u64(0), R"({"uid":0,"name":"root"})"},
        ValueRow{"average", aggregation_type(TypeKind::kAvg, true), i64(-7) + u64(2),
                 R"({"count":2,"average":-3,"total":-7})"},
        ValueRow{
            "linear", linear_hist_type(0, 10, 5), u64(1) + u64(0) + u64(0) + u64(3),
            R"({"kind":"linear","min":0,"max":10,"step":5,"buckets":[{"max":-1,"count":1},{"min":0,"max":4,"count":0},{"min":5,"max":9,"count":0},{"min":10,"count":3}]})"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace hawk::test
