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

INSTANTIATE_TEST_SUITE_P(
    Rows, VariableTypes,
    testing::Values(Row{"begin { $a = 1; }", "a", "int8"}, Row{"begin { $a = 200; }", "a", "int16"},
                    Row{"begin { $a = 1; $a = 70000; }", "a", "int32"},
                    Row{"begin { $a = 1; $b = -1000; $a = $b; }", "a", "int16"},
                    Row{"begin { $a = (uint64)1; $a = 5; }", "a", "uint64"},
                    Row{"begin { $a = (uint64)1; $a = (int64)-1; }", "a", "int64"},
                    Row{"begin { $a = (uint8)1; $a = (int8)1; }", "a", "int16"},
                    Row{"begin { $a = (uint8)255; $a++; }", "a", "uint64"},
                    Row{"begin { $a = 1; $a--; }", "a", "int64"},
                    Row{"begin { $a = \"ab\"; $a = \"abcdef\"; }", "a", "string[7]"},
                    Row{"begin { $a = (1, \"ab\"); $a = (70000, \"abcdef\"); }", "a", "(int32,string[7])"},
                    Row{"begin { $a = 1 < 2; }", "a", "bool"}, Row{"begin { let $a : uint16 = 3; }", "a", "uint16"},
                    Row{"begin { $b = (uint32)5 + (uint8)3; $a = $b; }", "a", "uint64"},
                    Row{"begin { $b = (uint32)5; $a = $b - 3; }", "a", "int64"},
                    Row{"begin { @c = count(); $a = @c; }", "a", "uint64"}));

TEST(MapTypes, ComeFromAllUses) {
  Checked checked(
      "begin { @n = 1; @k[1, \"a\"] = 2; @c[pid] = count(); @h = hist(3, 2); @i++; } end { @k[70000, \"abc\"] = 5; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("n"), "int8");
  EXPECT_EQ(checked.map_type("k"), "[(int32,string[4])]int8");
  EXPECT_EQ(checked.map_type("c"), "[uint32]count_t");
  EXPECT_EQ(checked.map_type("h"), "hist_t");
  EXPECT_EQ(checked.map_type("i"), "int64");
}

INSTANTIATE_TEST_SUITE_P(
    FloatsAndTexts, VariableTypes,
    testing::Values(
        Row{"begin { $a = 1.5; }", "a", "float"}, Row{"begin { $a = 1; $a = 1.5; }", "a", "float"},
        Row{"begin { $a = 1.5; $a = 1; }", "a", "float"},
        Row{"begin { $a = (uint64)3; $a = 1.5; $a = 70000; }", "a", "float"},
        Row{"begin { $a = 1; $a += 0.5; }", "a", "float"}, Row{"begin { $n = (uint8)3; $a = $n * 2.0; }", "a", "float"},
        Row{"begin { $a = 1 + 0.5; $b = -$a; }", "b", "float"}, Row{"begin { $a = float(7) / 2; }", "a", "float"},
        Row{"begin { $a = (float)7; }", "a", "float"}, Row{"begin { $f = 1.5; $a = (int64)$f; }", "a", "int64"},
        Row{"begin { $f = 1.5; $a = $f < 2; }", "a", "bool"}, Row{"begin { $a = 1 ? 2 : 2.5; }", "a", "float"},
        Row{"begin { $a = (1, 2.5); $a = (2.5, 1); }", "a", "(float,float)"},
        Row{"begin { let $a : float = 3; }", "a", "float"}, Row{"begin { let $a : text = \"x\"; }", "a", "text"},
        Row{"begin { $a = text(\"x\"); $a = \"yz\"; }", "a", "text"},
        Row{"begin { $a = \"yz\"; $a = text(\"x\"); }", "a", "text"},
        Row{"begin { $t = text(\"x\"); $a = $t + \"y\"; }", "a", "text"},
        Row{"begin { $t = text(\"x\"); $a = \"y\" + $t; }", "a", "text"},
        Row{"begin { $t = text(\"x\"); $a = str_concat(\"y\", $t); }", "a", "text"},
        Row{"begin { let $a : string[4] = text(\"x\"); }", "a", "string[4]"},
        Row{"begin { $a = field(text(\"a b\"), 1); }", "a", "text"},
        Row{"begin { $s = \"a b\"; $c = \",\"; $a = field($s, 1, $c); }", "a", "text"},
        Row{"begin { $b = getline(\"f\", $a); }", "a", "text"}, Row{"begin { $a = getline(\"f\", $b); }", "a", "bool"},
        Row{"begin { let $a : string[4]; getline(\"f\", $a); }", "a", "string[4]"},
        Row{"begin { for ($a : lines(\"f\")) { print($a); } }", "a", "text"},
        Row{"begin { @m[1] = 1.5; for ($a : top(@m, 3)) { print($a); } }", "a", "(int8,float)"},
        Row{"begin { $a = sizeof(float) + sizeof(text); }", "a", "int8"}));

// What functions make of strings is bounded by what goes in.
INSTANTIATE_TEST_SUITE_P(
    StringBounds, VariableTypes,
    testing::Values(
        Row{"begin { $s = \"abcdef\"; $a = substr($s, 2); }", "a", "string[5]"},
        Row{"begin { $s = \"abcdef\"; $a = substr($s, 2, 3); }", "a", "string[4]"},
        Row{"begin { $s = \"abcdef\"; $a = substr($s, -2); }", "a", "string[3]"},
        Row{"begin { $s = \"abcdef\"; $a = substr($s, -2, 1); }", "a", "string[2]"},
        Row{"begin { $s = \"abcdef\"; $a = substr($s, 9); }", "a", "string[1]"},
        Row{"begin { $s = \"abcdef\"; $i = 3; $a = substr($s, $i); }", "a", "string[7]"},
        Row{"begin { $a = substr(\"abcdef\", 1, 2); }", "a", "string[3]"},
        Row{"begin { $s = \"abc\"; $t = \"de\"; $a = $s + $t; }", "a", "string[6]"},
        Row{"begin { $a = \"\"; $i = 0; while ($i < 3) { $a = $a + \"x\"; $i++; } }", "a", "string[1024]"},
        Row{"begin { $a = \"\"; $i = 0; while ($i < 3) { $a = sprintf(\"%s,\", $a); $i++; } }", "a", "string[1024]"},
        Row{"begin { $s = \"aXb\"; $a = replace($s, \"X\", \"\"); }", "a", "string[4]"},
        Row{"begin { $s = \"aXbXcXd\"; $a = replace($s, \"bX\", \"1234\"); }", "a", "string[14]"},
        Row{"begin { $s = \"aXb\"; $p = \"abc\"; $a = replace($s, $p, \"12\"); }", "a", "string[7]"},
        Row{"begin { $s = \"aXb\"; $a = replace($s, \"X\", text(\"\")); }", "a", "text"},
        Row{"begin { $s = \"a b\"; $a = field($s, 1); }", "a", "string[4]"},
        Row{"begin { $s = \"a b\"; $a = split($s, \"\", 2); }", "a", "(string[4],string[4])"},
        Row{"begin { $s = \"\"; $a = dirname($s); }", "a", "string[2]"},
        Row{"begin { $s = \"1\"; $a = strtol($s); }", "a", "int64"},
        Row{"begin { $s = \"abc\"; $n = 1; $a = sprintf(\"%s:%d\", $s, $n); }", "a", "string[16]"},
        Row{"begin { $n = 1; $a = sprintf(\"%hhu|%5hhu|%ld|%#lx|%.20d\", $n, $n, $n, $n, $n); }", "a", "string[72]"},
        Row{"begin { $a = \"a\" < \"b\"; }", "a", "bool"}));

TEST(MapTypes, FloatsAndTextsFromAllUses) {
  Checked checked(
      "begin { @n = 1; @n = 2.5; @s += 0.5; @p += 1; @k[1, \"a\"] = 2; @t[\"lit\"]++; @w = \"abc\"; } "
      "end { @k[0.5, text(\"b\")] = 1; @t[field(text(\"a\"), 1)]++; @p = 0.5; @w = text(\"x\"); }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("n"), "float");
  EXPECT_EQ(checked.map_type("s"), "float");
  EXPECT_EQ(checked.map_type("p"), "float");
  EXPECT_EQ(checked.map_type("k"), "[(float,text)]int8");
  EXPECT_EQ(checked.map_type("t"), "[text]int64");
  EXPECT_EQ(checked.map_type("w"), "text");
}

TEST(MapTypes, AreLearnedFromAssignmentsThatReadThem) {
  Checked checked(
      "begin { @n = @n + 1; @f = 1.5 + @f; @s = nsecs > 0 ? \"abc\" : @s; @t = @t + text(\"x\"); @b = @b == 2; @c += "
      "text(\"x\"); "
      "@p = @p ? 3 : 4; @m = -@m; $v = @v; @v = $v + 1; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("n"), "int64");
  EXPECT_EQ(checked.map_type("f"), "float");
  EXPECT_EQ(checked.map_type("s"), "string[4]");
  EXPECT_EQ(checked.map_type("t"), "text");
  EXPECT_EQ(checked.map_type("c"), "text");
  EXPECT_EQ(checked.map_type("p"), "int8");
  EXPECT_EQ(checked.map_type("m"), "int64");
  EXPECT_EQ(checked.map_type("v"), "int64");
}

TEST(Constants, FoldFloats) {
  Checked checked(
      "begin { static_assert(1.5 + 1 == 2.5, \"sum\"); static_assert(7 / 2.0 == 3.5, \"quotient\"); "
      "static_assert(!0.0 && 0.1 && -1.5 < -1, \"truth\"); "
      "static_assert(5e-1 == 0.5 && 1.0 / 0 > 1.0e300 && 0.0 / 0 != 0.0 / 0, \"IEEE\"); }");
  EXPECT_TRUE(checked.ok()) << checked.messages();
}

TEST(MapTypes, AggregationsAreSignedWhenAnyArgumentIs) {
  Checked checked("begin { @s = sum((uint8)1); @s = sum(-1); @u = max((uint32)1); }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("s"), "sum_t");
  EXPECT_EQ(checked.map_type("u"), "umax_t");
}

TEST(MapTypes, ReadOnlyMapsAreIntsThatReadAsZero) {
  Checked checked("begin { if (@x[1]) { print(@y); } }");
  EXPECT_EQ(checked.messages(),
            "nothing is ever assigned to `@x`: it reads as 0|undefined map `@y`: nothing is ever assigned to it");
  Checked compound("begin { @z |= 1; print(@z); }");
  ASSERT_TRUE(compound.ok()) << compound.messages();
  EXPECT_EQ(compound.messages(), "");
  EXPECT_EQ(compound.map_type("z"), "int64");
}

TEST(Operators, UnaryKeepTheWidthOfUnsignedNumbers) {
  Checked checked(
      "begin { $n = (int32)5; $a = ~$n; $w = (int64)5; $b = ~$w; $c = -$n; $u = (uint8)5; $d = ~$u; $e = -$u; }");
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("a"), "int64");
  EXPECT_EQ(checked.variable_type("d"), "uint8");
  EXPECT_EQ(checked.variable_type("e"), "uint8");
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
