// Everything at top level: clauses, config, macros, C definitions.
#include <gtest/gtest.h>

#include "parser_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* text;
  const char* tree;
};

class Programs : public testing::TestWithParam<Row> {};

TEST_P(Programs, Tree) { EXPECT_EQ(program_tree(GetParam().text), GetParam().tree) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(
    Clauses, Programs,
    testing::Values(
        Row{"#!/usr/bin/env hawk\nbegin { }", "(Clause (AttachPoint begin) (body))"},
        Row{"BEGIN,END, { }", "(Clause (AttachPoint BEGIN) (AttachPoint END) (body))"},
        Row{"begin // a\n, /* b */ end\n{ }", "(Clause (AttachPoint begin) (AttachPoint end) (body))"},
        Row{"foo=kprobe:x { }", "(Clause foo (AttachPoint kprobe:x) (body))"},
        Row{"BEGIN / 1 == 2 / { }",
            "(Clause (AttachPoint BEGIN) (predicate (Binary == (Integer 1) (Integer 2))) (body))"},
        Row{"BEGIN /8 / 4 == 2/ { }",
            "(Clause (AttachPoint BEGIN) (predicate (Binary == (Binary / (Integer 8) (Integer 4)) (Integer 2))) "
            "(body))"},
        Row{"begin/pid==1/{ }",
            "(Clause (AttachPoint begin) (predicate (Binary == (Identifier pid) (Integer 1))) (body))"},
        Row{"begin /1/ // why\n { }", "(Clause (AttachPoint begin) (predicate (Integer 1)) (body))"},
        Row{"uprobe:/bin/bash:readline /arg0/ { }",
            "(Clause (AttachPoint uprobe:/bin/bash:readline) (predicate (Identifier arg0)) (body))"},
        Row{"u:./a.out:main { } ur:\"/a b/c\":\"f(int, char)\" { }",
            "(Clause (AttachPoint u:./a.out:main) (body)) (Clause (AttachPoint ur:/a b/c:f(int, char)) (body))"},
        Row{"uprobe:/bin/a@src/x.c:12 { }", "(Clause (AttachPoint uprobe:/bin/a@src/x.c:12) (body))"},
        Row{"U:/usr/lib/*/libc.so:*:x/1/{ }",
            "(Clause (AttachPoint U:/usr/lib/*/libc.so:*:x) (predicate (Integer 1)) (body))"},
        Row{"iter:task:pin/me { }", "(Clause (AttachPoint iter:task:pin/me) (body))"},
        Row{"kprobe:vfs_[a-z]*+8 { }", "(Clause (AttachPoint kprobe:vfs_[a-z]*+8) (body))"},
        Row{"kprobe:$1 { } $1 { }", "(Clause (AttachPoint kprobe:$1) (body)) (Clause (AttachPoint $1) (body))"},
        Row{"i:ms:10{} begin{}", "(Clause (AttachPoint i:ms:10) (body)) (Clause (AttachPoint begin) (body))"},
        Row{"#define A 5\r\nbegin\r\n{ }\r\n", "(Define A (Integer 5)) (Clause (AttachPoint begin) (body))"}));

INSTANTIATE_TEST_SUITE_P(
    Sections, Programs,
    testing::Values(
        Row{"config = { a = 1; B = \"x y\"; c = true; d = enable; } begin { }",
            "(Config (a = \"1\") (B = \"x y\") (c = \"true\") (d = \"enable\")) (Clause (AttachPoint begin) (body))"},
        Row{"config={ a = 0x10 }", "(Config (a = \"16\"))"}, Row{"config = { }", "(Config)"},
        Row{"begin { config.max_strlen }",
            "(Clause (AttachPoint begin) (body (value (Field max_strlen (Identifier config)))))"},
        Row{"begin { } config = { a = 1 } import \"x.bt\";",
            "(Config (a = \"1\")) (Import \"x.bt\") (Clause (AttachPoint begin) (body))"},
        Row{"let @m = lruhash(1_00);", "(MapDeclaration @m lruhash 100)"},
        Row{"macro f() { 1 }", "(Macro f (body (value (Integer 1))))"},
        Row{"macro f(a, $b, @c) { $b += a; }",
            "(Macro f (parameter a) (parameter $b) (parameter @c) (body (Assign += (Variable $b) (Identifier a))))"},
        Row{"macro c(t, x) { (t*)x }",
            "(Macro c (parameter t) (parameter x) (body (value (Cast (type t*) (Identifier x)))))"},
        Row{"fn f($a : int64) : int64 { return $a; }",
            "(Function f (parameter $a (type int64)) (result int64) (body (Return (Variable $a))))"}));

INSTANTIATE_TEST_SUITE_P(
    CDefinitions, Programs,
    testing::Values(
        Row{"struct A { int a; char b[8]; } begin { }",
            "(Struct A (field a (CType int)) (field b (CArray (CType char) (count (Integer 8))))) (Clause (AttachPoint "
            "begin) (body))"},
        Row{"struct A { int a };", "(Struct A (field a (CType int)))"}, Row{"struct A;", "(Struct A incomplete)"},
        Row{"union U { int a; long long b; };", "(Union U (field a (CType int)) (field b (CType long long)))"},
        Row{"struct A { unsigned a:3, :2; int b:5; };",
            "(Struct A (field a (CType unsigned) (bits (Integer 3))) (field (anonymous) (CType unsigned) (bits "
            "(Integer 2)))"
            " (field b (CType int) (bits (Integer 5))))"},
        Row{"struct A { const char *a, **b; char flex[]; };",
            "(Struct A (field a (CPointer (CType char))) (field b (CPointer (CPointer (CType char)))) (field flex "
            "(CArray (CType char))))"},
        Row{"struct A { int a[2][3]; int (*b)[4]; };",
            "(Struct A (field a (CArray (CArray (CType int) (count (Integer 3))) (count (Integer 2))))"
            " (field b (CPointer (CArray (CType int) (count (Integer 4))))))"},
        Row{"struct A { int (*f)(int, char *, void (*)(int), ...); };", "(Struct A (field f (CPointer (CFunction))))"},
        Row{"struct A { struct { int x; }; union { int y; } u; struct B *p; enum e z; uint8_t n; };",
            "(Struct A (field (anonymous) (Struct (anonymous) (field x (CType int)))) (field u (Union (anonymous) "
            "(field y (CType int))))"
            " (field p (CPointer (CType struct B))) (field z (CType enum e)) (field n (CType uint8_t)))"},
        Row{"struct P { int a; } __attribute__((packed));", "(Struct P packed (field a (CType int)))"},
        Row{"struct P { int a; } __attribute__((packed)) begin { }",
            "(Struct P packed (field a (CType int))) (Clause (AttachPoint begin) (body))"},
        Row{"struct __attribute__((__packed__)) P { int a; };", "(Struct P packed (field a (CType int)))"},
        Row{"struct P __attribute__((preserve_access_index)) { int a; };", "(Struct P (field a (CType int)))"},
        Row{"enum e { A, B = 1 << 3, };", "(Enum e (enumerator A) (enumerator B (Binary << (Integer 1) (Integer 3))))"},
        Row{"enum { A };", "(Enum (anonymous) (enumerator A))"},
        Row{"typedef struct { int a; } foo_t, *foo_p; typedef unsigned int u;",
            "(Typedef foo_t (Struct (anonymous) (field a (CType int))))"
            " (Typedef foo_p (CPointer (Struct (anonymous) (field a (CType int))))) (Typedef u (CType unsigned int))"},
        Row{"#define A 5\n#define B (A + 1) // c\n#define C \\\n 7 /* d */\n#define E\n",
            "(Define A (Integer 5)) (Define B (Binary + (Identifier A) (Integer 1))) (Define C (Integer 7)) (Define E "
            "(nothing))"},
        Row{"#include <linux/fs.h>\n #include \"x.h\"\n", "(Include <linux/fs.h>) (Include \"x.h\")"},
        Row{"struct A {\n#ifdef NOPE\n int a;\n#else\n int b;\n#endif\n};", "(Struct A (field b (CType int)))"}));

}  // namespace
}  // namespace hawk
