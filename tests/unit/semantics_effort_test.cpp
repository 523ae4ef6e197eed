// How often statements are looked at until all types are known: a few times each, however the names of a script depend
// on each other. (tests/bench/frontend measures the time.)
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "fake_target.h"
#include "parser/parser.h"
#include "semantics/checker.h"

namespace hawk {
namespace {

struct Effort {
  std::size_t walks = 1;
  std::size_t statements = 0;
  std::string last_type;  // of map @m0
};

Effort effort_of(const std::string& script) {
  Sources sources;
  DiagSink diagnostics;
  FileId file = sources.add("stdin", script);
  ast::Program program = parse(sources, file, {}, diagnostics);
  FakeTarget target;
  CheckOptions options;
  Config config;
  std::vector<ClauseState> clauses;
  for (const ast::Clause& clause : program.clauses) {
    ClauseState state;
    state.ast = &clause;
    state.instance = clauses.size();
    state.kind = ProbeKind::kBegin;
    clauses.push_back(std::move(state));
  }
  Checker checker(program, sources, target, options, config, diagnostics);
  DiagSink found;
  Effort effort;
  for (; checker.walk(clauses, found); found.clear()) ++effort.walks;
  EXPECT_FALSE(diagnostics.has_errors() || found.has_errors()) << (found.all().empty() ? "" : found.all()[0].message);
  effort.statements = checker.statement_count();
  for (const MapSchema& map : checker.take().maps) {
    if (map.name == "m0") effort.last_type = type_name(map.value);
  }
  return effort;
}

using Lines = std::vector<std::string>;

std::string joined(const Lines& lines, const std::string& before, const std::string& after) {
  std::string text;
  for (const std::string& line : lines) text += before + line + after + "\n";
  return text;
}

// `@m0 = @m1 + 1` and so on: each learns from the next.
Lines links(std::size_t count) {
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(fmt::format("@m{} = @m{};", i, i + 1));
  lines.push_back(fmt::format("@m{} = (int32)pid;", count));
  return lines;
}

Lines shuffled(Lines lines) {
  std::shuffle(lines.begin(), lines.end(), std::mt19937(1));  // NOLINT(cert-msc51-cpp): the same each time
  return lines;
}

std::string in_one_clause(const Lines& lines) { return "begin {\n" + joined(lines, "", "") + "}"; }
std::string in_a_clause_each(const Lines& lines) { return joined(lines, "begin { ", " }"); }
std::string in_a_block_each(const Lines& lines) { return "begin {\n" + joined(lines, "if (pid > 1) { ", " }") + "}"; }

// Each clause learns from the other, in turn.
std::string in_two_clauses(const Lines& lines) {
  Lines odd;
  Lines even;
  for (std::size_t i = 0; i < lines.size(); ++i) (i % 2 == 0 ? even : odd).push_back(lines[i]);
  return in_one_clause(even) + in_one_clause(odd);
}

Lines sums(std::size_t count) {
  Lines lines = links(count);
  for (std::size_t i = 0; i < count; ++i) lines[i] = fmt::format("@m{} = @m{} + 1;", i, i + 1);
  return lines;
}

// All are int8 at first.
Lines widening(std::size_t count) {
  Lines lines;
  for (std::size_t i = 0; i <= count; ++i) lines.push_back(fmt::format("$v{} = (int8)1;", i));
  for (std::size_t i = 0; i < count; ++i) lines.push_back(fmt::format("$v{} = $v{};", i, i + 1));
  lines.push_back(fmt::format("$v{} = (int32)pid; @m0 = $v0;", count));
  return lines;
}

Lines by_declarations(std::size_t count) {
  Lines lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(fmt::format("let $v{} = @m{}; @m{} = $v{};", i, i + 1, i, i));
  lines.push_back(fmt::format("@m{} = (int32)pid;", count));
  return lines;
}

// A map that is never assigned is an int64, which is known only when nothing else can be learned.
Lines from_nothing(std::size_t count) {
  Lines lines = links(count);
  lines.pop_back();
  return lines;
}

struct Shape {
  const char* name;
  std::string (*script)(std::size_t count);
  const char* type;
};
void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.name; }

class Chains : public testing::TestWithParam<Shape> {};

TEST_P(Chains, NeedNoMoreWalksWhenTheyAreLonger) {
  constexpr std::size_t kShort = 100;
  Effort one = effort_of(GetParam().script(kShort));
  Effort four = effort_of(GetParam().script(4 * kShort));
  EXPECT_EQ(one.last_type, GetParam().type);
  EXPECT_EQ(four.last_type, GetParam().type);
  EXPECT_LE(four.walks, one.walks);
  EXPECT_LE(four.walks, 6U);
  EXPECT_LE(four.statements, 5 * one.statements);
  EXPECT_LE(one.statements, 20 * kShort);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Chains,
    testing::Values(Shape{"backward", [](std::size_t n) { return in_one_clause(links(n)); }, "int32"},
                    Shape{"forward",
                          [](std::size_t n) {
                            Lines lines = links(n);
                            std::reverse(lines.begin(), lines.end());
                            return in_one_clause(lines);
                          },
                          "int32"},
                    Shape{"in any order", [](std::size_t n) { return in_one_clause(shuffled(links(n))); }, "int32"},
                    Shape{"clauses", [](std::size_t n) { return in_a_clause_each(links(n)); }, "int32"},
                    Shape{"clauses in any order", [](std::size_t n) { return in_a_clause_each(shuffled(links(n))); },
                          "int32"},
                    Shape{"two clauses", [](std::size_t n) { return in_two_clauses(links(n)); }, "int32"},
                    Shape{"blocks", [](std::size_t n) { return in_a_block_each(links(n)); }, "int32"},
                    Shape{"sums", [](std::size_t n) { return in_one_clause(sums(n)); }, "int64"},
                    Shape{"widening variables", [](std::size_t n) { return in_one_clause(widening(n)); }, "int32"},
                    Shape{"declarations", [](std::size_t n) { return in_one_clause(by_declarations(n)); }, "int32"},
                    Shape{"never assigned", [](std::size_t n) { return in_one_clause(from_nothing(n)); }, "int64"}));

}  // namespace
}  // namespace hawk
