// Expressions: precedence, casts, literals, every primary.
#include <gtest/gtest.h>

#include "parser_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* text;
  const char* tree;
};

class Expressions : public testing::TestWithParam<Row> {};

TEST_P(Expressions, Tree) { EXPECT_EQ(expr_tree(GetParam().text), GetParam().tree) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Primary, Expressions,
    testing::Values(Row{"1", "(Integer 1)"}, Row{"1.5", "(Float 1.5)"}, Row{"'a'", "(Integer 97)"},
                    Row{"true", "(Bool true)"}, Row{"false", "(Bool false)"}, Row{R"("a\n")", R"((String "a\n"))"},
                    Row{"pid", "(Identifier pid)"}, Row{"pid()", "(Call pid)"}, Row{"$1", "(PositionalParameter 1)"},
                    Row{"$#", "(ParameterCount)"}, Row{"$x", "(Variable $x)"}, Row{"@", "(Map @)"},
                    Row{"@x", "(Map @x)"}, Row{"@x[1]", "(Map @x (Integer 1))"},
                    Row{"@[1, 2]", "(Map @ (Tuple (Integer 1) (Integer 2)))"},
                    Row{"@x[1][2]", "(Index (Map @x (Integer 1)) (Integer 2))"}, Row{"()", "(Tuple)"},
                    Row{"(1,)", "(Tuple (Integer 1))"}, Row{"(1, 2)", "(Tuple (Integer 1) (Integer 2))"},
                    Row{"(1, 2,)", "(Tuple (Integer 1) (Integer 2))"},
                    Row{"(1, (2, 3))", "(Tuple (Integer 1) (Tuple (Integer 2) (Integer 3)))"},
                    Row{"(x=1, y=2)", "(Record (field x (Integer 1)) (field y (Integer 2)))"},
                    Row{"((1))", "(Integer 1)"}, Row{"str($1, 2)", "(Call str (PositionalParameter 1) (Integer 2))"},
                    Row{"comptime 1 + 2", "(Binary + (Comptime (Integer 1)) (Integer 2))"},
                    Row{"({ $x = 1; $x })", "(Block (Assign = (Variable $x) (Integer 1)) (value (Variable $x)))"},
                    Row{"(if $a { 1 } else { 2 })",
                        "(If (Variable $a) (then (value (Integer 1))) (else (value (Integer 2))))"}));

INSTANTIATE_TEST_SUITE_P(
    Postfix, Expressions,
    testing::Values(Row{"args.x", "(Field x (Identifier args))"}, Row{"args->x", "(Field x (Identifier args))"},
                    Row{"$p->a.b[1].c", "(Field c (Index (Field b (Field a (Variable $p))) (Integer 1)))"},
                    Row{"$t.0", "(Field 0 (Variable $t))"}, Row{"$t.0.1", "(Field 1 (Field 0 (Variable $t)))"},
                    Row{"$t.1.1.0", "(Field 0 (Field 1 (Field 1 (Variable $t))))"},
                    Row{"$p->import", "(Field import (Variable $p))"},
                    Row{"\"abc\"[1]", "(Index (String \"abc\") (Integer 1))"},
                    Row{"(1, 2).0", "(Field 0 (Tuple (Integer 1) (Integer 2)))"},
                    Row{"$x++", "(Postfix ++ (Variable $x))"}, Row{"@x[1]--", "(Postfix -- (Map @x (Integer 1)))"},
                    Row{"++$x", "(Unary ++ (Variable $x))"}, Row{"--@x", "(Unary -- (Map @x))"}));

INSTANTIATE_TEST_SUITE_P(
    Operators, Expressions,
    testing::Values(
        Row{"1 + 2 * 3", "(Binary + (Integer 1) (Binary * (Integer 2) (Integer 3)))"},
        Row{"1 - 2 - 3", "(Binary - (Binary - (Integer 1) (Integer 2)) (Integer 3))"},
        Row{"1 << 2 + 1", "(Binary << (Integer 1) (Binary + (Integer 2) (Integer 1)))"},
        Row{"1 | 6 & 3 ^ 8", "(Binary | (Integer 1) (Binary ^ (Binary & (Integer 6) (Integer 3)) (Integer 8)))"},
        Row{"1 < 2 == true", "(Binary == (Binary < (Integer 1) (Integer 2)) (Bool true))"},
        Row{"1 & 2 == 2", "(Binary & (Integer 1) (Binary == (Integer 2) (Integer 2)))"},
        Row{"1 || 2 && 3", "(Binary || (Integer 1) (Binary && (Integer 2) (Integer 3)))"},
        Row{"7 % 2 / 3", "(Binary / (Binary % (Integer 7) (Integer 2)) (Integer 3))"},
        Row{"1 >= 2 != 3 <= 4", "(Binary != (Binary >= (Integer 1) (Integer 2)) (Binary <= (Integer 3) (Integer 4)))"},
        Row{"1 >> 2 > 3", "(Binary > (Binary >> (Integer 1) (Integer 2)) (Integer 3))"},
        Row{"1 ? 2 : 3 ? 4 : 5",
            "(Conditional (Integer 1) (Integer 2) (Conditional (Integer 3) (Integer 4) (Integer 5)))"},
        Row{"1 ? 2 ? 3 : 4 : 5",
            "(Conditional (Integer 1) (Conditional (Integer 2) (Integer 3) (Integer 4)) (Integer 5))"},
        Row{"0 ?: 7", "(Elvis (Integer 0) (Integer 7))"}, Row{"0 ? : 7", "(Elvis (Integer 0) (Integer 7))"},
        Row{"1 || 0 ? 2 : 3", "(Conditional (Binary || (Integer 1) (Integer 0)) (Integer 2) (Integer 3))"},
        Row{"-5", "(Unary - (Integer 5))"}, Row{"+5", "(Unary + (Integer 5))"},
        Row{"1 - -5", "(Binary - (Integer 1) (Unary - (Integer 5)))"},
        Row{"!~-*&$x", "(Unary ! (Unary ~ (Unary - (Unary * (Unary & (Variable $x))))))"},
        Row{"*$p.x", "(Unary * (Field x (Variable $p)))"},
        Row{"1 /* c */ + // d\n 2", "(Binary + (Integer 1) (Integer 2))"}));

INSTANTIATE_TEST_SUITE_P(
    Casts, Expressions,
    testing::Values(
        Row{"(int8)5", "(Cast (type int8) (Integer 5))"},
        Row{"(int64)(int8)200", "(Cast (type int64) (Cast (type int8) (Integer 200)))"},
        Row{"(int64)-7", "(Cast (type int64) (Unary - (Integer 7)))"},
        Row{"(int64)$x + 1", "(Binary + (Cast (type int64) (Variable $x)) (Integer 1))"},
        Row{"(mytype)$x", "(Cast (type mytype) (Variable $x))"}, Row{"(mytype)@x", "(Cast (type mytype) (Map @x))"},
        Row{"(mytype)(1 + 2)", "(Cast (type mytype) (Binary + (Integer 1) (Integer 2)))"},
        Row{"(mytype)f(1)", "(Cast (type mytype) (Call f (Integer 1)))"},
        Row{"(struct task_struct *)$p", "(Cast (type struct task_struct*) (Variable $p))"},
        Row{"((struct task_struct *)$p)->pid", "(Field pid (Cast (type struct task_struct*) (Variable $p)))"},
        Row{"(struct a *)$p->x", "(Cast (type struct a*) (Field x (Variable $p)))"},
        Row{"(const char *)$p", "(Cast (type char*) (Variable $p))"},
        Row{"(unsigned int)5", "(Cast (type unsigned int) (Integer 5))"},
        Row{"(uint8[8])5", "(Cast (type uint8[8]) (Integer 5))"},
        Row{"(int8[])\"a\"", "(Cast (type int8[]) (String \"a\"))"},
        Row{"(uint32*[10])5", "(Cast (type uint32*[10]) (Integer 5))"},
        Row{"(uint8[sizeof(int)])5", "(Cast (type uint8[...] (count (SizeOf (type int)))) (Integer 5))"},
        Row{"(typeof($x)*)5", "(Cast (type typeof* (Variable $x)) (Integer 5))"},
        Row{"(enum e)5", "(Cast (type enum e) (Integer 5))"}, Row{"(bool)5", "(Cast (type bool) (Integer 5))"},
        Row{"(pid) * tid", "(Binary * (Identifier pid) (Identifier tid))"},
        Row{"(pid) - 1", "(Binary - (Identifier pid) (Integer 1))"},
        Row{"(arg0) - 1", "(Binary - (Identifier arg0) (Integer 1))"},
        Row{"(nosuch) + 1", "(Binary + (Identifier nosuch) (Integer 1))"},
        Row{"(nosuch) == 1", "(Binary == (Identifier nosuch) (Integer 1))"}, Row{"(nosuch)", "(Identifier nosuch)"},
        Row{"(x * y)", "(Binary * (Identifier x) (Identifier y))"},
        Row{"nsecs(boot) - @start", "(Binary - (Call nsecs (Identifier boot)) (Map @start))"},
        Row{"f(x) * 2", "(Binary * (Call f (Identifier x)) (Integer 2))"}));

INSTANTIATE_TEST_SUITE_P(
    TypeOperands, Expressions,
    testing::Values(Row{"sizeof(struct Foo)", "(SizeOf (type struct Foo))"},
                    Row{"sizeof(uint64_t)", "(SizeOf (type uint64_t))"},
                    Row{"sizeof(uint32*[10])", "(SizeOf (type uint32*[10]))"},
                    Row{"sizeof(unsigned long long)", "(SizeOf (type unsigned long long))"},
                    Row{"sizeof(struct a * const)", "(SizeOf (type struct a*))"},
                    Row{"sizeof(uint64_t) * 2", "(Binary * (SizeOf (type uint64_t)) (Integer 2))"},
                    Row{"sizeof(x[1])", "(SizeOf (type x[1]))"},
                    Row{"sizeof((x)[1])", "(SizeOf (Index (Identifier x) (Integer 1)))"},
                    Row{"sizeof(x())", "(SizeOf (Call x))"}, Row{"sizeof($x)", "(SizeOf (Variable $x))"},
                    Row{"sizeof(@f)", "(SizeOf (Map @f))"},
                    Row{"sizeof(curtask.pid)", "(SizeOf (Field pid (Identifier curtask)))"},
                    Row{"sizeof(*curtask)", "(SizeOf (Unary * (Identifier curtask)))"},
                    Row{"sizeof((uint32)5 + 1)", "(SizeOf (Binary + (Cast (type uint32) (Integer 5)) (Integer 1)))"},
                    Row{"sizeof({ 1 })", "(SizeOf (Block (value (Integer 1))))"},
                    Row{"sizeof(typeof($x))", "(SizeOf (type typeof (Variable $x)))"},
                    Row{"offsetof(struct Foo, d.y)", "(OffsetOf d.y (type struct Foo))"},
                    Row{"offsetof(Foo, d)", "(OffsetOf d (type Foo))"},
                    Row{"offsetof(*curtask, comm)", "(OffsetOf comm (Unary * (Identifier curtask)))"},
                    Row{"f(typeof(uint8), 1)", "(Call f (TypeOf (type uint8)) (Integer 1))"},
                    Row{"typeof($x)", "(TypeOf (Variable $x))"},
                    Row{"typeinfo((uint32)1)", "(TypeInfo (Cast (type uint32) (Integer 1)))"},
                    Row{"typeinfo(int)", "(TypeInfo (type int))"}));

TEST(Expressions, NamesOfConstantsAreNoTypes) {
  EXPECT_EQ(fold_after("#define X 5\nbegin { (X) - 1 }", "(body ", 3), "(value (Binary - (Identifier X) (Integer 1)))");
  EXPECT_EQ(fold_after("enum e { A, B = 2 };\nbegin { (B) - 1 }", "(body ", 3),
            "(value (Binary - (Identifier B) (Integer 1)))");
}

TEST(Expressions, ConditionInParenthesesIsNoCast) {
  EXPECT_EQ(body_tree("if (x) { 1 }"), "(value (If (Identifier x) (then (value (Integer 1)))))");
  EXPECT_EQ(body_tree("while (x) { }"), "(While (Identifier x) (body))");
}

}  // namespace
}  // namespace hawk
