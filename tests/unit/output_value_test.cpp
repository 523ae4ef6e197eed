// One row a kind of value: its bytes, its text and its JSON. Expected texts are bpftrace 0.27.1's.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <ctime>

#include "output/clock_text.h"
#include "output/gfp_flags.h"
#include "output_values.h"

namespace hawk::test {
namespace {

struct ValueRow {
  const char* name;
  Type type;
  Data bytes;
  const char* text;
  const char* json;
};

void PrintTo(const ValueRow& row, std::ostream* out) { *out << row.name; }

class FormatValue : public testing::TestWithParam<ValueRow> {};

TEST_P(FormatValue, TextAndJson) {
  World world;
  const ValueRow& row = GetParam();
  ASSERT_EQ(row.bytes.size(), row.type.size);
  std::string out;
  format_value(out, row.type, row.bytes, world.context());
  EXPECT_EQ(out, row.text);
  out.clear();
  format_value_json(out, row.type, row.bytes, world.context());
  EXPECT_EQ(out, row.json);
}

const Type kColours = enum_type({{"RED", 3}, {"BLUE", static_cast<std::uint64_t>(-1)}});

INSTANTIATE_TEST_SUITE_P(
    Scalars, FormatValue,
    testing::Values(
        ValueRow{"int64", int_type(8, true), i64(-5), "-5", "-5"},
        ValueRow{"int8", int_type(1, true), i8(-1), "-1", "-1"},
        ValueRow{"uint8", int_type(1, false), i8(-1), "255", "255"},
        ValueRow{"uint64", int_type(8, false), u64(~0ULL), "18446744073709551615", "\"18446744073709551615\""},
        ValueRow{"exact", int_type(8, false), u64(1ULL << 63), "9223372036854775808", "9223372036854775808"},
        ValueRow{"odd", int_type(8, true), i64(-9007199254740993), "-9007199254740993", "\"-9007199254740993\""},
        ValueRow{"least", int_type(8, true), i64(INT64_MIN), "-9223372036854775808", "-9223372036854775808"},
        ValueRow{"true", bool_type(), i8(1), "true", "true"}, ValueRow{"false", bool_type(), i8(0), "false", "false"},
        ValueRow{"enumerator", kColours, i32(3), "RED", "3"}, ValueRow{"negative", kColours, i32(-1), "BLUE", "-1"},
        ValueRow{"unnamed", kColours, i32(9), "9", "9"},
        ValueRow{"null", pointer_type(none_type(), AddressSpace::kNone), u64(0), "0x0", "0"},
        ValueRow{"pointer", pointer_type(none_type(), AddressSpace::kNone), u64(0x1234), "0x1234", "4660"}));

INSTANTIATE_TEST_SUITE_P(Floats, FormatValue,
                         testing::Values(ValueRow{"whole", float_type(), f64(3), "3.0", "3.0"},
                                         ValueRow{"fraction", float_type(), f64(0.1), "0.1", "0.1"},
                                         ValueRow{"minus zero", float_type(), f64(-0.0), "-0.0", "-0.0"},
                                         ValueRow{"all digits", float_type(), f64(1.0 / 3), "0.3333333333333333",
                                                  "0.3333333333333333"},
                                         ValueRow{"large", float_type(), f64(1e20), "1e+20", "1e+20"},
                                         ValueRow{"small", float_type(), f64(-1.5e-9), "-1.5e-09", "-1.5e-09"},
                                         ValueRow{"infinite", float_type(), f64(INFINITY), "inf", "null"},
                                         ValueRow{"minus infinite", float_type(), f64(-INFINITY), "-inf", "null"},
                                         ValueRow{"nan", float_type(), f64(-NAN), "nan", "null"}));

INSTANTIATE_TEST_SUITE_P(Texts, FormatValue,
                         testing::Values(ValueRow{"text", text_type(), u64(2), "a c", "\"a c\""},
                                         ValueRow{"empty text", text_type(), u64(0), "", "\"\""},
                                         ValueRow{"texts in a tuple", tuple_type({text_type(), float_type()}),
                                                  u64(1) + f64(2), "(b, 2.0)", "[\"b\",2.0]"}));

INSTANTIATE_TEST_SUITE_P(
    Bytes, FormatValue,
    testing::Values(ValueRow{"string", string_type(8), text("abc", 8), "abc", "\"abc\""},
                    ValueRow{"empty", string_type(4), text("", 4), "", "\"\""},
                    ValueRow{"cut", string_type(4), text("abcd", 4), "abc..", "\"abc..\""},
                    ValueRow{"cut inside ä", string_type(4), text("ab\xc3\xa4", 4), "ab..", "\"ab..\""},
                    ValueRow{"cut behind ä", string_type(4), text("a\xc3\xa4z", 4), "aä..", "\"aä..\""},
                    ValueRow{"cut inside €", string_type(4), text("a\xe2\x82\xac", 4), "a..", "\"a..\""},
                    ValueRow{"escapes", string_type(16), text("q\"\\\n\r\t\x01\b\x7f", 16), "q\"\\\n\r\t\x01\b\x7f",
                             "\"q\\\"\\\\\\n\\r\\t\\u0001\\u0008\x7f\""},
                    ValueRow{"utf8", string_type(8), text("é!", 8), "é!", "\"é!\""},
                    ValueRow{"not utf8", string_type(4),
                             text("a\xff"
                                  "b",
                                  4),
                             "a\xff"
                             "b",
                             "\"a\xef\xbf\xbd"
                             "b\""},
                    ValueRow{"buffer", buffer_type(4), buffer("a\xff\n", 4), "a\\xff\\x0a", "[97,-1,10]"},
                    ValueRow{"empty buffer", buffer_type(4), buffer("", 4), "", "[]"},
                    ValueRow{"mac",
                             simple_type(TypeKind::kMacAddress),
                             {0, 1, 0xab, 3, 4, 0xff},
                             "00:01:AB:03:04:FF",
                             "\"00:01:AB:03:04:FF\""},
                    ValueRow{"ipv4", simple_type(TypeKind::kInet),
                             u64(2) + text("\x7f\0\0\x01", 0) + Data{127, 0, 0, 1} + text("", 12), "127.0.0.1",
                             "\"127.0.0.1\""},
                    ValueRow{"ipv6", simple_type(TypeKind::kInet), u64(10) + text("", 15) + Data{1}, "::1", "\"::1\""},
                    ValueRow{"no address", simple_type(TypeKind::kInet), text("", 24), "", "\"\""}));

const Type kInner = struct_type(4, {{.name = "q", .type = int_type(4, true)}});
const Type kStructure =
    struct_type(24, {{.name = "a", .type = int_type(4, true)},
                     {.name = "b", .type = array_type(int_type(1, true), 4), .offset = 4},
                     {.name = "c", .type = array_type(int_type(2, true), 2), .offset = 8},
                     {.name = "x", .type = int_type(1, true), .offset = 12, .bit_offset = 0, .bit_width = 3},
                     {.name = "y", .type = int_type(1, false), .offset = 12, .bit_offset = 3, .bit_width = 5},
                     {.name = "in", .type = kInner, .offset = 16},
                     {.name = "", .type = kInner, .offset = 20}});
const Data kStructureBytes = i32(1) + text("hi", 4) + Data{1, 0, 2, 0} + Data{0xff, 0, 0, 0} + i32(5) + i32(6);

INSTANTIATE_TEST_SUITE_P(
    Compound, FormatValue,
    testing::Values(
        ValueRow{"array", array_type(int_type(4, true), 2), i32(1) + i32(-2), "[1,-2]", "[1,-2]"},
        ValueRow{"chars", array_type(int_type(1, true), 4), text("str", 4), "[115,116,114,0]", "[115,116,114,0]"},
        ValueRow{"bools", array_type(bool_type(), 2), {1, 0}, "[true,false]", "[true,false]"},
        ValueRow{"tuple", tuple_type({int_type(8, true), string_type(2)}), i64(1) + text("a", 8), "(1, a)",
                 "[1,\"a\"]"},
        ValueRow{"one", tuple_type({int_type(1, true)}), i8(5), "(5)", "[5]"},
        ValueRow{"nested",
                 tuple_type({int_type(1, true), tuple_type({int_type(1, true), int_type(1, true)})}),
                 {1, 2, 3},
                 "(1, (2, 3))",
                 "[1,[2,3]]"},
        ValueRow{"record", record_type({{"a", int_type(8, true)}, {"b", string_type(8)}}), i64(1) + text("x", 8),
                 "{ .a = 1, .b = x }", "{\"a\": 1, \"b\": \"x\"}"},
        ValueRow{"no fields", record_type({}), {}, "{}", "{}"},
        ValueRow{"struct", kStructure, kStructureBytes,
                 "{ .a = 1, .b = hi, .c = [1,2], .x = -1, .y = 31, .in = { .q = 5 }, .q = 6 }",
                 "{\"a\": 1, \"b\": \"hi\", \"c\": [1,2], \"x\": -1, \"y\": 31, \"in\": {\"q\": 5}, \"q\": 6}"},
        ValueRow{"structs", array_type(kInner, 2), i32(1) + i32(2), "[{ .q = 1 },{ .q = 2 }]",
                 "[{\"q\": 1},{\"q\": 2}]"}));

Data stack(std::uint32_t count, std::uint32_t tgid, std::vector<std::uint64_t> frames) {
  Data data = word(count) + word(tgid);
  for (std::uint64_t frame : frames) data = data + u64(frame);
  return data;
}

INSTANTIATE_TEST_SUITE_P(
    Symbols, FormatValue,
    testing::Values(
        ValueRow{"kstack", stack_type(true, StackMode::kBpftrace, 3), stack(2, 0, {0x1010, 0x5, 0}),
                 "\n        work+16\n        0x5\n", "\"\\n        work+16\\n        0x5\\n\""},
        ValueRow{"no frames", stack_type(true, StackMode::kBpftrace, 1), stack(0, 0, {0}), "\n", "\"\\n\""},
        ValueRow{"ustack", stack_type(false, StackMode::kBpftrace, 1), stack(1, 7, {0x2004}), "\n        main+4\n",
                 "\"\\n        main+4\\n\""},
        ValueRow{"kstack perf", stack_type(true, StackMode::kPerf, 1), stack(1, 0, {0x1002}), "\n\t1002 work+2\n",
                 "\"\\n\\t1002 work+2\\n\""},
        ValueRow{"ustack perf", stack_type(false, StackMode::kPerf, 2), stack(2, 7, {0x2004, 0x9}),
                 "\n\t2004 main+4 (/bin/prog)\n\t9 0x9 ([unknown])\n",
                 "\"\\n\\t2004 main+4 (/bin/prog)\\n\\t9 0x9 ([unknown])\\n\""},
        ValueRow{"raw", stack_type(true, StackMode::kRaw, 2), stack(2, 0, {0x1002, 0xabc}), "\n1002\nabc\n",
                 "\"\\n1002\\nabc\\n\""},
        ValueRow{"kstack folded", stack_type(true, StackMode::kFolded, 3), stack(2, 0, {0x1010, 0x5, 0}),
                 "[unknown];work", "\"[unknown];work\""},
        ValueRow{"ustack folded", stack_type(false, StackMode::kFolded, 2), stack(2, 7, {0x2004, 0x2000}), "main;main",
                 "\"main;main\""},
        ValueRow{"no frames folded", stack_type(false, StackMode::kFolded, 2), stack(0, 7, {0, 0}), "", "\"\""},
        ValueRow{"ksym", simple_type(TypeKind::kKernelSymbol), u64(0x1000), "work", "\"work\""},
        ValueRow{"ksym unknown", simple_type(TypeKind::kKernelSymbol), u64(1), "0x1", "\"0x1\""},
        ValueRow{"ksym zero", simple_type(TypeKind::kKernelSymbol), u64(0), "0", "\"0\""},
        ValueRow{"usym", simple_type(TypeKind::kUserSymbol), u64(0x2008) + u64(7), "main", "\"main\""},
        ValueRow{"usym unknown", simple_type(TypeKind::kUserSymbol), u64(0x2008) + u64(8), "0x2008", "\"0x2008\""}));

INSTANTIATE_TEST_SUITE_P(
    System, FormatValue,
    testing::Values(ValueRow{"username", simple_type(TypeKind::kUsername), u64(0), "root", "\"root\""},
                    ValueRow{"no user", simple_type(TypeKind::kUsername), u64(9), "", "\"\""},
                    ValueRow{"cgroup", simple_type(TypeKind::kCgroupPath), u64(2) + u64(5), "unified:/a?cpu*",
                             "\"unified:/a?cpu*\""},
                    ValueRow{"timestamp", simple_type(TypeKind::kTimestamp), u64(1ULL << 32) + u64(1234567891234),
                             "1234.567891 567891234 567 %f", "\"1234.567891 567891234 567 %f\""},
                    ValueRow{"no format", simple_type(TypeKind::kTimestamp), u64(9ULL << 32) + u64(0), "(?)",
                             "\"(?)\""}));

INSTANTIATE_TEST_SUITE_P(
    Aggregations, FormatValue,
    testing::Values(ValueRow{"count", aggregation_type(TypeKind::kCount, false), u64(3), "3", "3"},
                    ValueRow{"sum", aggregation_type(TypeKind::kSum, true), i64(-3), "-3", "-3"},
                    ValueRow{"min", aggregation_type(TypeKind::kMin, true), i64(-9) + u64(1), "-9", "-9"},
                    ValueRow{"max", aggregation_type(TypeKind::kMax, false), u64(9) + u64(1), "9", "9"},
                    ValueRow{"avg", aggregation_type(TypeKind::kAvg, true), i64(-3) + u64(2), "-1", "-1"},
                    ValueRow{"no samples", aggregation_type(TypeKind::kAvg, true), i64(0) + u64(0), "0", "0"},
                    ValueRow{"stats", aggregation_type(TypeKind::kStats, false), u64(31) + u64(2),
                             "{ .count = 2, .average = 15, .total = 31 }",
                             "{\"count\": 2, \"average\": 15, \"total\": 31}"}));

TEST(DynamicString, ReadsWhatTheFieldPointsTo) {
  World world;
  Type type = struct_type(4, {{.name = "n", .type = string_type(4), .data_loc = true}});
  std::string out;
  format_value(out, type, word(std::uint32_t{(3U << 16) | 4U}) + text("ab", 3), world.context());
  EXPECT_EQ(out, "{ .n = ab }");
}

TEST(AppendTime, IsNotLimited) {
  std::string out = ">";
  append_time(out, std::string(200, 'x') + "%%", 0, false);
  EXPECT_EQ(out, ">" + std::string(200, 'x') + "%");
  out.clear();
  append_time(out, "%f", -1, true);
  EXPECT_EQ(out, "999999");
  append_time(out, "", 0, true);
  EXPECT_EQ(out, "999999");
}

TEST(GfpFlags, Names) {
  struct Row {
    std::uint64_t flags;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "0"}, Row{0xc0, "__GFP_IO|__GFP_FS"}, Row{0xcc0, "GFP_KERNEL"}, Row{0x400cc0, "GFP_KERNEL_ACCOUNT"},
        Row{0x820, "GFP_ATOMIC"}, Row{0x2800, "GFP_NOWAIT"}, Row{0x800, "__GFP_KSWAPD_RECLAIM"}, Row{0xc00, "GFP_NOIO"},
        Row{0xc40, "GFP_NOFS"}, Row{0x100cc0, "GFP_USER"}, Row{0x100cc2, "GFP_HIGHUSER"},
        Row{0x100cca, "GFP_HIGHUSER_MOVABLE"}, Row{0x3100cca, "GFP_HIGHUSER_MOVABLE|__GFP_SKIP_ZERO"},
        Row{0xce0, "GFP_KERNEL|__GFP_HIGH"}, Row{0x500cc0, "GFP_USER|__GFP_ACCOUNT"},
        Row{0x7, "GFP_DMA|__GFP_HIGHMEM|GFP_DMA32"}, Row{1ULL << 32, "0x100000000"}, Row{0x1c24ca, "GFP_TRANSHUGE"},
        Row{0xffffffff,
            "GFP_TRANSHUGE|GFP_ATOMIC|GFP_DMA|GFP_DMA32|__GFP_RECLAIMABLE|__GFP_ZERO|__GFP_WRITE|__GFP_RETRY_MAYFAIL|"
            "__GFP_NOFAIL|__GFP_NORETRY|__GFP_MEMALLOC|__GFP_THISNODE|__GFP_ACCOUNT|__GFP_ZEROTAGS|__GFP_SKIP_ZERO|"
            "__GFP_NO_OBJ_EXT|0xf8000200"}}) {
    std::string out;
    append_gfp_flags(out, row.flags);
    EXPECT_EQ(out, row.text) << std::hex << row.flags;
  }
}

}  // namespace
}  // namespace hawk::test
