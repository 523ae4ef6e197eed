// Statements and blocks.
#include <gtest/gtest.h>

#include "parser_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* text;
  const char* tree;
};

class Statements : public testing::TestWithParam<Row> {};

TEST_P(Statements, Tree) { EXPECT_EQ(body_tree(GetParam().text), GetParam().tree) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Assignments, Statements,
    testing::Values(
        Row{"$x = 1;", "(Assign = (Variable $x) (Integer 1))"}, Row{"$x = 1", "(Assign = (Variable $x) (Integer 1))"},
        Row{"@ = 1", "(Assign = (Map @) (Integer 1))"},
        Row{"@x[1] += 2;", "(Assign += (Map @x (Integer 1)) (Integer 2))"},
        Row{"$a -= 1; $a *= 1;", "(Assign -= (Variable $a) (Integer 1)) (Assign *= (Variable $a) (Integer 1))"},
        Row{"$a /= 1; $a %= 1;", "(Assign /= (Variable $a) (Integer 1)) (Assign %= (Variable $a) (Integer 1))"},
        Row{"$a &= 1; $a |= 1;", "(Assign &= (Variable $a) (Integer 1)) (Assign |= (Variable $a) (Integer 1))"},
        Row{"$a ^= 1; $a <<= 1;", "(Assign ^= (Variable $a) (Integer 1)) (Assign <<= (Variable $a) (Integer 1))"},
        Row{"$a >>= 1;", "(Assign >>= (Variable $a) (Integer 1))"},
        Row{"$r.x = 2", "(Assign = (Field x (Variable $r)) (Integer 2))"}, Row{"_ = f();", "(Discard (Call f))"},
        Row{"let $x", "(Let $x)"}, Row{"let $x = 1;", "(Let $x (Integer 1))"},
        Row{"let $x : uint8;", "(Let $x (type uint8))"},
        Row{"let $x : string[16] = \"a\";", "(Let $x (type string[16]) (String \"a\"))"},
        Row{"let $x: typeof($y) = 1;", "(Let $x (type typeof (Variable $y)) (Integer 1))"},
        Row{"let $x : struct a * = 0;", "(Let $x (type struct a*) (Integer 0))"}));

INSTANTIATE_TEST_SUITE_P(
    Control, Statements,
    testing::Values(
        Row{"if $a { 1; }", "(value (If (Variable $a) (then (ExprStatement (Integer 1)))))"},
        Row{"if $a { } else if $b { } else { }",
            "(value (If (Variable $a) (then) (else (value (If (Variable $b) (then) (else))))))"},
        Row{"if (1 == 2) { } $x = 1;",
            "(ExprStatement (If (Binary == (Integer 1) (Integer 2)) (then))) (Assign = (Variable $x) (Integer 1))"},
        Row{"if ($a) && ($b) { };", "(ExprStatement (If (Binary && (Variable $a) (Variable $b)) (then)))"},
        Row{"if comptime (1 == 1) { }", "(value (If comptime (Binary == (Integer 1) (Integer 1)) (then)))"},
        Row{"$z = if $a { 1 } else { 2 };",
            "(Assign = (Variable $z) (If (Variable $a) (then (value (Integer 1))) (else (value (Integer 2)))))"},
        Row{"while ($i < 3) { $i++; }",
            "(While (Binary < (Variable $i) (Integer 3)) (body (ExprStatement (Postfix ++ (Variable $i)))))"},
        Row{"unroll(3) { break; continue }", "(Unroll (Integer 3) (body (Break) (Continue)))"},
        Row{"unroll $1 { }", "(Unroll (PositionalParameter 1) (body))"}, Row{"return", "(Return)"},
        Row{"return 1 + 1;", "(Return (Binary + (Integer 1) (Integer 1)))"},
        Row{"return (int8)1;", "(Return (Cast (type int8) (Integer 1)))"},
        Row{"import \"stdlib/x\";", "(Import \"stdlib/x\")"}, Row{"for $kv : @m { }", "(ForMap $kv (Map @m) (body))"},
        Row{"for ($kv : @m) { }", "(ForMap $kv (Map @m) (body))"},
        Row{"for $i : 0..5 { }", "(ForRange $i (Integer 0) (Integer 5) (body))"},
        Row{"for ($i : 0 .. $n + 1) { }", "(ForRange $i (Integer 0) (Binary + (Variable $n) (Integer 1)) (body))"},
        Row{"for $i : (-2)..1 { }", "(ForRange $i (Unary - (Integer 2)) (Integer 1) (body))"},
        Row{"for $i : -2..1 { }", "(ForRange $i (Unary - (Integer 2)) (Integer 1) (body))"}));

INSTANTIATE_TEST_SUITE_P(
    Blocks, Statements,
    testing::Values(
        Row{"1", "(value (Integer 1))"}, Row{"1;", "(ExprStatement (Integer 1))"},
        Row{"1; 2", "(ExprStatement (Integer 1)) (value (Integer 2))"},
        Row{"{ 1 }", "(value (Block (value (Integer 1))))"},
        Row{"{ $x = 1; } { $y = 1 };",
            "(ExprStatement (Block (Assign = (Variable $x) (Integer 1)))) (ExprStatement (Block (Assign = (Variable "
            "$y) (Integer 1))))"},
        Row{"$x = { let $y = 5; $y + 1 };",
            "(Assign = (Variable $x) (Block (Let $y (Integer 5)) (value (Binary + (Variable $y) (Integer 1)))))"},
        Row{"while 1 { } if 1 { }", "(While (Integer 1) (body)) (value (If (Integer 1) (then)))"},
        Row{"for $i : 0..1 { }; 1", "(ForRange $i (Integer 0) (Integer 1) (body)) (value (Integer 1))"},
        Row{"f(); // last\n", "(ExprStatement (Call f))"}));

TEST(Statements, EmptyBody) { EXPECT_EQ(program_tree("begin { }"), "(Clause (AttachPoint begin) (body))"); }

}  // namespace
}  // namespace hawk
