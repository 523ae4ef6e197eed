// `#if` and its family: which text is read.
#include <gtest/gtest.h>

#include "lexer/lexer.h"

namespace hawk {
namespace {

// The attach points that are left, or the error.
std::string kept(const std::string& text, bool have_btf = true) {
  SourceFile file("stdin", text);
  DiagSink diagnostics;
  std::string out;
  for (const Token& token : lex(file, 0, diagnostics, {.have_btf = have_btf})) {
    if (token.kind == TokenKind::kAttachPoint) out += token.text;
  }
  return diagnostics.has_errors() ? diagnostics.all()[0].message : out;
}

TEST(Conditionals, Branches) {
  struct Row {
    const char* text;
    const char* kept;
  };
  for (const Row& row : {
           Row{"#ifdef A\na\n#else\nb\n#endif\nc", "bc"},
           Row{"#define A\n#ifdef A\na\n#else\nb\n#endif\nc", "ac"},
           Row{"#ifndef A\na\n#endif\nb", "ab"},
           Row{"#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif\n", "b"},
           Row{"#if 0\n#if 1\na\n#else\nb\n#endif\nc\n#else\nd\n#endif\n", "d"},
           Row{"#if 1\n#if 0\na\n#else\nb\n#endif\nc\n#else\nd\n#endif\n", "bc"},
           Row{"#define V 3\n#if V >= 3 && V < 4\na\n#endif\n", "a"},
           Row{"#define V 3\n#if V != 3 || V == 4 || V > 3 || V <= 2\na\n#endif\n", ""},
           Row{"#if defined(A) || !defined B && (1)\na\n#endif\n", "a"},
           Row{"#if UNKNOWN\na\n#else\nb\n#endif\n", "b"},
           Row{"#if 1 // comment\na\n#endif /* x */\n", "a"},
           Row{"  #  if 0\na\n\t#\telse\nb\n  # endif\n", "b"},
           Row{"#if 0\n\" ` ' unterminated { # garbage\n#endif\nb", "b"},
           Row{"#if 0\n#define A (\n#include nonsense\n#error e\n#endif\nb", "b"},
           Row{"#if \\\n 1\na\n#endif\n", "a"},
           Row{"#if (\na\n#endif\n",
               "malformed `#if`: expected integers, names defined above, defined(NAME) and operators"},
           Row{"#define V (1 << 2)\n#define W V + 1\n#if W == 5 && -V < 0 && (V ? 1 : 1 / 0)\na\n#endif\n", "a"},
           Row{"#define V\n#undef V\n#ifdef V\na\n#endif\nb", "b"},
           Row{"#if 1 / 0\n#endif\n",
               "malformed `#if`: expected integers, names defined above, defined(NAME) and operators"},
           Row{"#define V V\n#if V\n#endif\n",
               "malformed `#if`: expected integers, names defined above, defined(NAME) and operators"},
           Row{"#if 1\n#else\n#else\n#endif\n", "`#else` without `#if`"},
           Row{"#if 1\na", "`#if` without `#endif`"},
       }) {
    EXPECT_EQ(kept(row.text), row.kept) << row.text;
  }
}

TEST(Conditionals, Btf) {
  const char* text = "#ifdef BPFTRACE_HAVE_BTF\na\n#else\nb\n#endif\n";
  EXPECT_EQ(kept(text, true), "a");
  EXPECT_EQ(kept(text, false), "b");
}

}  // namespace
}  // namespace hawk
