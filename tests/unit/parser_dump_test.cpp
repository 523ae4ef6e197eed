// `-d ast`: the exact text of one program that holds a bit of everything.
#include <gtest/gtest.h>

#include "parser_fixture.h"

namespace hawk {
namespace {

TEST(Dump, WholeProgram) {
  EXPECT_EQ(parse_text("struct A { int a; };\n"
                       "config = { max_strlen = 33 }\n"
                       "macro inc($v) { $v += 1; }\n"
                       "k:vfs_*, i:s:1 /pid == 1/ {\n"
                       "  @start[tid] = nsecs;\n"
                       "  if (args.count > 0) { printf(\"a\\tb\\\"\\x01\\n\"); } else { return; }\n"
                       "  $a = (struct A *)arg0;\n"
                       "}\n")
                .dump,
            R"(Program
  Struct A
    field a
      CType int
  Config
    max_strlen = "33"
  Macro inc
    parameter $v
    body
      Assign +=
        Variable $v
        Integer 1
  Clause
    AttachPoint k:vfs_*
    AttachPoint i:s:1
    predicate
      Binary ==
        Identifier pid
        Integer 1
    body
      Assign =
        Map @start
          Identifier tid
        Identifier nsecs
      ExprStatement
        If
          Binary >
            Field count
              Identifier args
            Integer 0
          then
            ExprStatement
              Call printf
                String "a\tb\"\x01\n"
          else
            Return
      Assign =
        Variable $a
        Cast
          type struct A*
          Identifier arg0
)");
}

TEST(Dump, EmptyProgram) { EXPECT_EQ(parse_text("// nothing").dump, "Program\n"); }

TEST(Dump, Spellings) {
  EXPECT_STREQ(ast::spelling(ast::BinaryOp::kShiftLeft), "<<");
  EXPECT_STREQ(ast::spelling(ast::BinaryOp::kOr), "||");
  EXPECT_STREQ(ast::spelling(ast::UnaryOp::kPreIncrement), "++");
  EXPECT_STREQ(ast::spelling(ast::UnaryOp::kNot), "!");
}

}  // namespace
}  // namespace hawk
