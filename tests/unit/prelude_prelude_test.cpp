// The prelude is parsed for the scripts that mention it, and only for those.
#include "prelude/prelude.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "parser/parser.h"

namespace hawk {

namespace {

ast::Program prelude_of(const std::string& script) {
  Sources sources;
  DiagSink diagnostics;
  ast::Program program = parse(sources, sources.add("stdin", script), {}, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << script;
  return prelude_for(program, sources);
}

}  // namespace

TEST(Prelude, IsParsedWhereItIsMentioned) {
  EXPECT_TRUE(prelude_of("begin { print(pid); }").macros.empty());
  EXPECT_FALSE(prelude_of("begin { print(ppid); }").macros.empty());
  EXPECT_FALSE(prelude_of("begin /ppid(curtask) == 1/ { }").macros.empty());
  EXPECT_FALSE(prelude_of("macro parent() { ppid } begin { }").macros.empty());
  EXPECT_FALSE(prelude_of("fn parent() { ppid } begin { }").macros.empty());
  EXPECT_FALSE(prelude_of("#define PARENT ppid\nbegin { }").macros.empty());
}

TEST(Prelude, NamesAreThoseItDefines) {
  ast::Program whole = prelude_of("begin { print(ppid); }");
  std::vector<std::string> defined;
  for (const ast::Macro& macro : whole.macros) defined.push_back(macro.name);
  for (const ast::Function& function : whole.functions) defined.push_back(function.name);
  std::sort(defined.begin(), defined.end());
  defined.erase(std::unique(defined.begin(), defined.end()), defined.end());
  std::vector<std::string> names(prelude_names().begin(), prelude_names().end());
  EXPECT_EQ(names, defined);
}

}  // namespace hawk
