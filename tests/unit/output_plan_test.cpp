// printf: a format over fields of an event, as C prints it; what bpftrace 0.27.1 does otherwise is said where it is
// kept.
#include <gtest/gtest.h>

#include <cmath>

#include "output_values.h"

namespace hawk::test {
namespace {

struct PlanRow {
  const char* format;
  Type type;
  Data bytes;
  const char* text;
};
void PrintTo(const PlanRow& row, std::ostream* out) { *out << row.format; }

class FormatPlanRows : public testing::TestWithParam<PlanRow> {};

TEST_P(FormatPlanRows, OneArgument) {
  World world;
  std::string out;
  format_plan(out, MadeEvent(EventKind::kPrintf, GetParam().format).field(GetParam().type, GetParam().bytes).event(),
              world.context());
  EXPECT_EQ(out, GetParam().text);
}

PlanRow number(const char* format, std::int64_t value, const char* text) {
  return {format, int_type(8, true), i64(value), text};
}

INSTANTIATE_TEST_SUITE_P(
    Integers, FormatPlanRows,
    testing::Values(number("%d", 0x1ffffffff, "-1"), number("%u", 0x1ffffffff, "4294967295"),
                    number("%ld", 0x1ffffffff, "8589934591"), number("%lu", -1, "18446744073709551615"),
                    number("%hd", 70000, "4464"), number("%hhd", 300, "44"), number("%i", 7, "7"),
                    number("%hhx", -1, "ff"), number("%hx", -1, "ffff"), number("%x", -1, "ffffffff"),
                    number("%zx", -1, "ffffffffffffffff"), number("%hhhd", 0x1ffffffff, "-1"),
                    number("[%5d]", 42, "[   42]"), number("[%-5d]", 42, "[42   ]"), number("[%05d]", 42, "[00042]"),
                    number("[%-05d]", 42, "[42   ]"), number("[%+d]", 0, "[+0]"), number("[%+05d]", 42, "[+0042]"),
                    number("[%05d]", -42, "[-0042]"), number("[%06.3d]", -42, "[  -042]"), number("[%.0d]", 0, "[]"),
                    number("[%-6.3d]", 7, "[007   ]"), number("[%.3x]", 10, "[00a]"),
                    number("[%ld]", INT64_MIN, "[-9223372036854775808]"), number("[% d]", 42, "[ 42]"),
                    number("[%5.2d]", 3, "[   03]"), number("%#x", 255, "0xff"), number("%#x", 0, "0"),
                    number("%#X", 255, "0XFF"), number("%X", 255, "FF"), number("%o", 8, "10"), number("%#o", 8, "010"),
                    number("[%#08x]", 10, "[0x00000a]"), number("[%-#8x]", 10, "[0xa     ]"), number("%+u", 5, "5"),
                    number("%+x", 5, "5")));

INSTANTIATE_TEST_SUITE_P(
    OtherConversions, FormatPlanRows,
    testing::Values(number("[%c]", 321, "[A]"), number("[%3c]", 65, "[  A]"), number("[%-3c]", 65, "[A  ]"),
                    number("[%05c]", 66, "[    B]"), number("%p", 0, "0"), number("%p", 255, "0xff"),
                    number("[%08p]", 255, "[0x0000ff]"), number("[%10p]", 0, "[         0]"),
                    number("%gr", 0xc0, "__GFP_IO|__GFP_FS"), number("[%20gr]", 0x100, "[          __GFP_ZERO]"),
                    PlanRow{"%d", bool_type(), i8(1), "1"}, PlanRow{"%x", bool_type(), i8(1), "1"},
                    PlanRow{"%d %%", enum_type({{"A", 3}}), i32(3), "3 %"},
                    PlanRow{"%x", pointer_type(none_type(), AddressSpace::kNone), u64(10), "a"},
                    PlanRow{"%d", int_type(1, true), i8(-1), "-1"}, PlanRow{"%lu", int_type(1, false), i8(-1), "255"},
                    PlanRow{"%r", buffer_type(4), buffer("ab\x01\xff", 4), "ab\\x01\\xff"},
                    PlanRow{"%rx", buffer_type(4), buffer("ab", 4), "\\x61\\x62"},
                    PlanRow{"%rh", buffer_type(4), buffer("ab\x01", 4), "61 62 01"},
                    PlanRow{"[%10r]", buffer_type(4), buffer("abc", 4), "[       abc]"},
                    PlanRow{"[%-10rh]", buffer_type(4), buffer("ab", 4), "[61 62     ]"}));

const Type kPair = tuple_type({int_type(1, true), int_type(1, true)});
const Type kFields = record_type({{"x", int_type(1, true)}, {"y", int_type(1, true)}});

INSTANTIATE_TEST_SUITE_P(
    Any, FormatPlanRows,
    testing::Values(PlanRow{"[%10s]", string_type(8), text("abc", 8), "[       abc]"},
                    PlanRow{"[%-10s]", string_type(8), text("abc", 8), "[abc       ]"},
                    PlanRow{"[%.1s]", string_type(8), text("abc", 8), "[abc]"},
                    PlanRow{"[%4.2s]", string_type(8), text("abc", 8), "[  ab]"},
                    PlanRow{"[%4.2s]", string_type(8), text("a\xc3\xa4", 8), "[   a]"},
                    PlanRow{"[%05s]", string_type(8), text("abc", 8), "[  abc]"},
                    PlanRow{"[%7s]", string_type(4), text("abcd", 4), "[  abc..]"}, number("[%8s]", 5, "[       5]"),
                    number("[%08s]", 5, "[00000005]"), number("[%+s]", 5, "[+5]"), number("[%#s]", 5, "[5]"),
                    number("%hhs", 70000, "70000"), PlanRow{"[%+s]", int_type(1, false), i8(5), "[5]"},
                    PlanRow{"[%8s]", kPair, {1, 2}, "[       (1, 2)]"}, PlanRow{"[%-8s]", kPair, {1, 2}, "[(1, 2)  ]"},
                    PlanRow{"[%+s]", kPair, {1, 0xfe}, "[(+1, -2)]"},
                    PlanRow{"[%8s]", kFields, {1, 2}, "[{ .x = 1, .y = 2 }]"},
                    PlanRow{"[%20s]", kFields, {1, 2}, "[  { .x = 1, .y = 2 }]"},
                    PlanRow{"[%-20s]", kFields, {1, 2}, "[{ .x = 1, .y = 2 }  ]"},
                    PlanRow{"[%8s]", array_type(int_type(1, true), 2), {1, 2}, "[   [1,2]]"},
                    PlanRow{"[%8s]", bool_type(), {1}, "[    true]"},
                    PlanRow{"[%05s]", pointer_type(none_type(), AddressSpace::kNone), u64(5), "[0x005]"},
                    PlanRow{"[%6s]", buffer_type(2), buffer("a\xff", 2), "[ a\\xff]"},
                    PlanRow{"[%6s]", simple_type(TypeKind::kUsername), u64(0), "[  root]"}));

PlanRow real(const char* format, double value, const char* text) { return {format, float_type(), f64(value), text}; }

// What C's printf prints.
INSTANTIATE_TEST_SUITE_P(
    Floats, FormatPlanRows,
    testing::Values(real("%f", 1.5, "1.500000"), real("%.2f", 2.675, "2.67"), real("[%8.2f]", -1.5, "[   -1.50]"),
                    real("[%-8.1f]", 0.25, "[0.2     ]"), real("[%08.2f]", -1.5, "[-0001.50]"),
                    real("%+.0f", 2.5, "+2"), real("%#.0f", 1, "1."), real("%e", 12345.678, "1.234568e+04"),
                    real("%.1E", 0.00012, "1.2E-04"), real("%g", 0.0001, "0.0001"), real("%g", 1e20, "1e+20"),
                    real("%G", 1e-7, "1E-07"), real("%F", INFINITY, "INF"), real("%f", -INFINITY, "-inf"),
                    real("%5.1f%%", 99.95, "100.0%"), real("%f", -NAN, "nan"), real("[% .1f]", 1, "[ 1.0]"),
                    real("%.3a", 1, "0x1.000p+0"), real("%s", 3, "3.0"), real("[%6s]", 0.5, "[   0.5]")));

INSTANTIATE_TEST_SUITE_P(Texts, FormatPlanRows,
                         testing::Values(PlanRow{"[%s]", text_type(), u64(2), "[a c]"},
                                         PlanRow{"[%s]", text_type(), u64(0), "[]"},
                                         PlanRow{"[%5s]", text_type(), u64(2), "[  a c]"},
                                         PlanRow{"[%-5s]", text_type(), u64(2), "[a c  ]"},
                                         PlanRow{"[%.4s]", text_type(), u64(3), "[xxxx]"},
                                         PlanRow{"[%6.2s]", text_type(), u64(3), "[    xx]"},
                                         PlanRow{"[%.9s]", text_type(), u64(1), "[b]"}));

TEST(FormatPlanText, WidthAndPrecisionFromArguments) {
  World world;
  MadeEvent event(EventKind::kPrintf, "[%*d][%-*.*f]");
  Type wide = int_type(8, true);
  event.field(wide, i64(-4)).field(wide, i64(7)).field(wide, i64(6)).field(wide, i64(2)).field(float_type(), f64(1.5));
  std::string out;
  format_plan(out, event.event(), world.context());
  EXPECT_EQ(out, "[7   ][1.50  ]");
}

TEST(FormatPlanText, SeveralArgumentsAndNone) {
  World world;
  MadeEvent event(EventKind::kPrintf, "%d %s\n");
  event.field(int_type(1, true), i8(1)).field(string_type(2), text("a", 2));
  std::string out = "before ";
  format_plan(out, event.event(), world.context());
  EXPECT_EQ(out, "before 1 a\n");
  out.clear();
  format_plan(out, MadeEvent(EventKind::kPrintf, "%z 100%%\n").event(), world.context());
  EXPECT_EQ(out, "%z 100%\n");
}

}  // namespace
}  // namespace hawk::test
