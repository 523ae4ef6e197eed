// What a script learns from its C headers.
#include "fake_headers.h"
#include "semantics_fixture.h"

namespace hawk {
namespace {

CheckOptions with(FakeHeaders& headers) {
  CheckOptions options;
  options.headers = {.headers = &headers, .parse_constant = parse_constant};
  return options;
}

struct ConstantRow {
  const char* macro;
  const char* type;
};
class HeaderConstant : public testing::TestWithParam<ConstantRow> {};

TEST_P(HeaderConstant, HasTheTypeOfItsExpression) {
  FakeHeaders headers;
  headers.macros["X"] = GetParam().macro;
  Checked checked("#include <x.h>\nbegin { $x = X; print($x); }", with(headers));
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("x"), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(Rows, HeaderConstant,
                         testing::Values(ConstantRow{"5", "int8"}, ConstantRow{"( 1 << 3 )", "int8"},
                                         ConstantRow{"\"a\" \"b\"", "string[3]"}, ConstantRow{"((uint8)7)", "uint8"},
                                         ConstantRow{"5UL", "int8"}, ConstantRow{"(5 == 5)", "bool"}));

TEST(Headers, TypesOfHeadersComeBeforeTheKernels) {
  FakeTarget target;
  FakeHeaders headers;
  target.types["pid_t"] = int_type(4, true);
  headers.types["pid_t"] = int_type(8, false);
  Checked checked("#include <x.h>\nbegin { $x = (pid_t)1; print($x); }", target, with(headers));
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("x"), "uint64");
}

TEST(Headers, TheScriptsOwnDefinitionsComeFirst) {
  FakeHeaders headers;
  headers.macros["X"] = "\"header\"";
  Checked checked("#include <x.h>\n#define X 1\nbegin { $x = X; print($x); }", with(headers));
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("x"), "int8");
}

TEST(Headers, WhatOnlyCCanUseIsNamed) {
  FakeHeaders headers;
  headers.macros["LOOP"] = "do {";
  headers.function_macro = "AREA";
  EXPECT_EQ(Checked("#include <x.h>\nbegin { print(LOOP); }", with(headers)).messages(),
            "`LOOP` stands for `do {`, which is no expression");
  EXPECT_EQ(Checked("#include <x.h>\nbegin { print(AREA(1)); }", with(headers)).messages(),
            "`AREA` is a C macro with parameters, which only C can use");
}

TEST(Headers, ArraysOfHeaderConstants) {
  FakeHeaders headers;
  headers.macros["N"] = "(2 * 8)";
  headers.enumerators["M"] = {int_type(4, false), 3};
  FakeTarget target;
  target.types["char"] = int_type(1, true);
  Checked checked(
      "#include <x.h>\nstruct s { char a[N]; char b[M]; };\nbegin { @ = sizeof(struct s) == 19; "
      "static_assert(sizeof(struct s) == 19, \"19\"); }",
      target, with(headers));
  EXPECT_TRUE(checked.ok()) << checked.messages();
}

TEST(Headers, ConditionsBehindAnIncludeAreTheHeaders) {
  FakeHeaders headers;
  headers.condition = "A(1) > 2";
  Sources sources;
  FileId file = sources.add(
      "dir/x.bt",
      "#define B 1\n#include <x.h>\n#if A(1) > 2\nbegin { }\n#else\nend { }\n#endif\n#ifdef C\nend { }\n#endif");
  DiagSink diagnostics;
  ast::Program program = parse(sources, file, {.headers = &headers}, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  ASSERT_EQ(program.clauses.size(), 1U);
  EXPECT_EQ(program.clauses[0].attach_points[0].parts[0], "begin");
  ASSERT_EQ(headers.asked.lines.size(), 2U);
  EXPECT_EQ(headers.asked.lines[0].text, "#define B 1");
  EXPECT_EQ(headers.asked.lines[1].text, "#include <x.h>");
  EXPECT_EQ(headers.asked.directories, std::vector<std::string>{"dir/"});
}

}  // namespace
}  // namespace hawk
