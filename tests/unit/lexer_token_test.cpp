// Tokens: what characters become in each section of a file, and what brackets turn out to be.
#include <gtest/gtest.h>

#include "lexer/lexer.h"

namespace hawk {
namespace {

// The kinds, blank separated, without the final `end`.
std::string kinds(const std::string& text) {
  SourceFile file("stdin", text);
  DiagSink diagnostics;
  std::string out;
  for (const Token& token : lex(file, 0, diagnostics)) {
    if (token.kind == TokenKind::kEnd) break;
    out += (out.empty() ? "" : " ") + std::string(token_name(token.kind));
  }
  return out;
}

// The same for what stands inside a clause.
std::string body_kinds(const std::string& text) {
  std::string all = kinds("begin { $x; " + text + " }");
  std::string_view before = "attach_point open_brace variable semicolon ";
  std::string_view after = " close_brace";
  if (all.size() < before.size() + after.size()) return "";
  return all.substr(before.size(), all.size() - before.size() - after.size());
}

struct Row {
  const char* text;
  const char* kinds;
};

TEST(Tokens, InCode) {
  for (const Row& row : {
           Row{"a _b9 $x @ @m $1 $#", "identifier identifier variable map map positional parameter_count"},
           Row{"1 0x1f 1.5 'a' \"s\"", "integer integer float integer string"},
           Row{"0..5", "integer dot_dot integer"},
           Row{"$t.0.1", "variable dot integer dot integer"},
           Row{"$t->0.1", "variable arrow integer dot integer"},
           Row{"1..2.5", "integer dot_dot float"},
           Row{"break continue else for", "break continue else for"},
           Row{"let return while unroll import", "let return while unroll import"},
           Row{"true false comptime", "true false comptime"},
           Row{"sizeof offsetof typeof typeinfo", "sizeof offsetof typeof typeinfo"},
           Row{"struct union enum const volatile", "struct union enum qualifier qualifier"},
           Row{"macro fn config typedef Break", "identifier identifier identifier identifier identifier"},
           Row{"$x.if $x->struct", "variable dot identifier variable arrow identifier"},
           Row{"+ - * / % & | ^ ~ !", "plus minus star slash percent ampersand pipe caret tilde not"},
           Row{"= += -= *= /= %= &= |= ^= <<= >>=",
               "assign add_assign subtract_assign multiply_assign divide_assign modulo_assign and_assign or_assign "
               "xor_assign "
               "shift_left_assign shift_right_assign"},
           Row{"== != < > <= >= && || << >>",
               "equal not_equal less greater less_equal greater_equal and_and or_or shift_left shift_right"},
           Row{"++ -- -> . .. , ; : ? [ ]",
               "increment decrement arrow dot dot_dot comma semicolon colon question open_bracket close_bracket"},
           Row{"a // b\n c /* d\n e */ f", "identifier identifier identifier"},
           Row{"a \\\n b", "identifier identifier"},
       }) {
    EXPECT_EQ(body_kinds(row.text), row.kinds) << row.text;
  }
}

TEST(Tokens, BracketsByMeaning) {
  for (const Row& row : {
           Row{"(int8)$x", "open_type_paren identifier close_paren variable"},
           Row{"(x)$x", "open_type_paren identifier close_paren variable"},
           Row{"(x)", "open_paren identifier close_paren"},
           Row{"(x) + 1", "open_paren identifier close_paren plus integer"},
           Row{"(int8) + 1", "open_type_paren identifier close_paren plus integer"},
           Row{"(pid) - 1", "open_paren identifier close_paren minus integer"},
           Row{"f(x) - 1", "identifier open_paren identifier close_paren minus integer"},
           Row{"(x*)", "open_type_paren identifier star close_paren"},
           Row{"(x[1]) $y", "open_type_paren identifier open_bracket integer close_bracket close_paren variable"},
           Row{"(x[1])", "open_paren identifier open_bracket integer close_bracket close_paren"},
           Row{"$a[1] (x) $y",
               "variable open_bracket integer close_bracket open_paren identifier close_paren variable"},
           Row{"sizeof(x)", "sizeof open_type_paren identifier close_paren"},
           Row{"sizeof(x.y)", "sizeof open_paren identifier dot identifier close_paren"},
           Row{"if {", "if_statement open_brace"},
           Row{"x; if {} if {}",
               "identifier semicolon if_statement open_brace close_brace if_statement open_brace close_brace"},
           Row{"= if {} else if {}", "assign if open_brace close_brace else if open_brace close_brace"},
           Row{"{ {} }", "open_brace_statement open_brace_statement close_brace close_brace"},
           Row{"= {}", "assign open_brace close_brace"},
       }) {
    EXPECT_EQ(body_kinds(row.text), row.kinds) << row.text;
  }
}

TEST(Tokens, InSections) {
  for (const Row& row : {
           Row{"begin,end{}", "attach_point comma attach_point open_brace close_brace"},
           Row{"begin/1/{}", "attach_point predicate_begin integer predicate_end open_brace close_brace"},
           Row{"begin/4/2/{}",
               "attach_point predicate_begin integer slash integer predicate_end open_brace close_brace"},
           Row{"begin /1/ /* c */ // d\n {}",
               "attach_point predicate_begin integer predicate_end open_brace close_brace"},
           Row{"u:/a/b:c{}", "attach_point open_brace close_brace"},
           Row{"k:a/1/{}", "attach_point predicate_begin integer predicate_end open_brace close_brace"},
           Row{"config={}", "config assign open_brace close_brace"},
           Row{"config = { a = 1 }", "config assign open_brace identifier assign integer close_brace"},
           Row{"config=k:a {}", "attach_point open_brace close_brace"},
           Row{"import \"a\"; begin", "import string semicolon attach_point"},
           Row{"let @m = hash(1); begin",
               "let map assign identifier open_paren integer close_paren semicolon attach_point"},
           Row{"macro f($a) {} begin",
               "macro identifier open_paren variable close_paren open_brace close_brace attach_point"},
           Row{"struct A { int a; } begin",
               "struct identifier open_brace c_type_word identifier semicolon close_brace attach_point"},
           Row{"struct A {}; begin", "struct identifier open_brace close_brace semicolon attach_point"},
           Row{"struct A {} __attribute__((packed)) begin",
               "struct identifier open_brace close_brace attribute open_paren open_paren identifier close_paren "
               "close_paren attach_point"},
           Row{"typedef struct {} a; begin", "typedef struct open_brace close_brace identifier semicolon attach_point"},
           Row{"struct A { for while; }; begin",
               "struct identifier open_brace identifier identifier semicolon close_brace semicolon attach_point"},
           Row{"#define A (int8)1\n", "define open_type_paren identifier close_paren integer define_end"},
           Row{"#!x\nbegin", "attach_point"},
       }) {
    EXPECT_EQ(kinds(row.text), row.kinds) << row.text;
  }
}

TEST(Tokens, Dump) {
  SourceFile file("stdin", "begin { @x = \"a\\n\" }");
  DiagSink diagnostics;
  EXPECT_EQ(dump_tokens(lex(file, 0, diagnostics), file),
            "attach_point 0-5 begin\nopen_brace 6-7 {\nmap 8-10 @x\nassign 11-12 =\nstring 13-18 \"a\\n\"\nclose_brace "
            "19-20 }\nend 20-20\n");
}

TEST(Tokens, EverySpellingAndNameIsThere) {
  for (int kind = 0; kind <= static_cast<int>(TokenKind::kGreaterEqual); ++kind) {
    EXPECT_STRNE(token_name(static_cast<TokenKind>(kind)), "");
    EXPECT_STRNE(token_spelling(static_cast<TokenKind>(kind)), "");
  }
}

TEST(Tokens, FirstErrorEndsThem) {
  SourceFile file("stdin", "begin { 1 ` 2 ` 3 }");
  DiagSink diagnostics;
  std::vector<Token> tokens = lex(file, 0, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(tokens[tokens.size() - 2].kind, TokenKind::kInvalid);
  EXPECT_EQ(tokens.back().kind, TokenKind::kEnd);
}

}  // namespace
}  // namespace hawk
