// What type variables and maps get from their uses (census 2.2).
#include "semantics_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* script;
  const char* variable;
  const char* type;
};

class VariableTypes : public testing::TestWithParam<Row> {};

TEST_P(VariableTypes, Widen) {
  Checked checked(GetParam().script);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type(GetParam().variable), GetParam().type) << GetParam().script;
}

INSTANTIATE_TEST_SUITE_P(Rows, VariableTypes, testing::Values(
    Row{"begin { $a = 1; }", "a", "int8"},
    Row{"begin { $a = 200; }", "a", "int16"},
    Row{"begin { $a = 1; $a = 70000; }", "a", "int32"},
    Row{"begin { $a = 1; $b = -1000; $a = $b; }", "a", "int16"},
    Row{"begin { $a = (uint64)1; $a = 5; }", "a", "uint64"},
    Row{"begin { $a = (uint64)1; $a = (int64)-1; }", "a", "int64"},
    Row{"begin { $a = (uint8)1; $a = (int8)1; }", "a", "int16"},
    Row{"begin { $a = (uint8)255; $a++; }", "a", "uint64"},
    Row{"begin { $a = 1; $a--; }", "a", "int64"},
    Row{"begin { $a = \"ab\"; $a = \"abcdef\"; }", "a", "string[7]"},
    Row{"begin { $a = (1, \"ab\"); $a = (70000, \"abcdef\"); }", "a", "(int32,string[7])"},
    Row{"begin { $a = 1 < 2; }", "a", "bool"},
    Row{"begin { let $a : uint16 = 3; }", "a", "uint16"},
    Row{"begin { $b = (uint32)5 + (uint8)3; $a = $b; }", "a", "uint64"},
    Row{"begin { $b = (uint32)5; $a = $b - 3; }", "a", "int64"},
    Row{"begin { @c = count(); $a = @c; }", "a", "uint64"}));

TEST(MapTypes, ComeFromAllUses) {
  Checked checked("begin { @n = 1; @k[1, \"a\"] = 2; @c[pid] = count(); @h = hist(3, 2); @i++; } end { @k[70000, \"abc\"] = 5; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("n"), "int8");
  EXPECT_EQ(checked.map_type("k"), "[(int32,string[4])]int8");
  EXPECT_EQ(checked.map_type("c"), "[uint32]count_t");
  EXPECT_EQ(checked.map_type("h"), "hist_t");
  EXPECT_EQ(checked.map_type("i"), "int64");
}

TEST(MapTypes, AggregationsAreSignedWhenAnyArgumentIs) {
  Checked checked("begin { @s = sum((uint8)1); @s = sum(-1); @u = max((uint32)1); }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("s"), "sum_t");
  EXPECT_EQ(checked.map_type("u"), "umax_t");
}

TEST(MapTypes, ReadOnlyMapsAreIntsThatReadAsZero) {
  Checked checked("begin { if (@x[1]) { print(@y); } }");
  EXPECT_EQ(checked.messages(), "nothing is ever assigned to `@x`: it reads as 0|undefined map `@y`: nothing is ever assigned to it");
  Checked compound("begin { @z |= 1; print(@z); }");
  ASSERT_TRUE(compound.ok()) << compound.messages();
  EXPECT_EQ(compound.messages(), "");
  EXPECT_EQ(compound.map_type("z"), "int64");
}

TEST(Operators, ComplementKeepsTheWidth) {
  Checked checked("begin { $n = (int32)5; $a = ~$n; $w = (int64)5; $b = ~$w; $c = -$n; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("a"), "uint32");
  EXPECT_EQ(checked.variable_type("b"), "int64");
  EXPECT_EQ(checked.variable_type("c"), "int64");
}

TEST(Constants, Fold) {
  Checked checked("begin { $a = 1 | 6 & 3 ^ 8; $b = ~10; $c = -7 / 2; $d = \"ab\" + \"cd\"; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("a"), "int8");
  EXPECT_EQ(checked.variable_type("b"), "uint64");
  EXPECT_EQ(checked.variable_type("c"), "int8");
  EXPECT_EQ(checked.variable_type("d"), "string[5]");
}

}  // namespace
}  // namespace hawk
