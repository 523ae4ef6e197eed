// Functions on strings against support/string_functions.h, as plain loops (short strings) and as called ones.
#include <limits>

#include "codegen_fixture.h"
#include "support/string_functions.h"

namespace hawk::test {

namespace {

constexpr std::uint32_t kCapacities[] = {24, 80, 300, 1024};

std::string answer(Builtin builtin, std::uint32_t capacity, std::vector<ExprPtr> arguments) {
  return string_at(evaluate_bytes(call(builtin, string_type(capacity), std::move(arguments))));
}

}  // namespace

TEST(CodegenStringFunction, Substr) {
  HAWK_NEEDS_BPF();
  constexpr std::int64_t kRest = std::numeric_limits<std::int64_t>::max();
  struct Row {
    std::int64_t start;
    std::int64_t length;
  };
  constexpr Row kRows[] = {{0, kRest}, {2, 2},  {-2, kRest},     {-99, 2},       {6, 1},
                           {99, 1},    {1, -2}, {-kRest - 1, 1}, {1, -kRest - 1}};
  for (std::uint32_t capacity : kCapacities) {
    for (const Row& row : kRows) {
      std::string got =
          answer(Builtin::kSubstr, capacity, list(text("abcdef", capacity), unknown(row.start), unknown(row.length)));
      EXPECT_EQ(got, slice("abcdef", row.start, row.length)) << row.start << " " << row.length << " " << capacity;
    }
  }
}

TEST(CodegenStringFunction, SubstrOfAFullStringEndsWithIt) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(answer(Builtin::kSubstr, 8, list(text("abcdefg", 8), unknown(5), unknown(99))), "fg");
  EXPECT_EQ(answer(Builtin::kSubstr, 3, list(text("abcdefg", 8), unknown(0), unknown(99))), "ab");
}

TEST(CodegenStringFunction, Rindex) {
  HAWK_NEEDS_BPF();
  for (std::uint32_t capacity : kCapacities) {
    for (const char* part : {"bc", "a", "abcabc", "abcabcd", "x", "", "c"}) {
      std::int64_t got = evaluate(call(Builtin::kRindex, kInt64, list(text("abcabc", capacity), text(part, 16))));
      EXPECT_EQ(got, find_last("abcabc", part)) << part << " " << capacity;
    }
  }
}

TEST(CodegenStringFunction, Case) {
  HAWK_NEEDS_BPF();
  const std::string mixed = "@AZ[`az{ éÉ\xff";
  for (std::uint32_t capacity : {23U, 24U, 300U, 1025U}) {
    EXPECT_EQ(answer(Builtin::kToupper, capacity, list(text(mixed, capacity))), upper_case(mixed)) << capacity;
    EXPECT_EQ(answer(Builtin::kTolower, capacity, list(text(mixed, capacity))), lower_case(mixed)) << capacity;
  }
}

TEST(CodegenStringFunction, Replace) {
  HAWK_NEEDS_BPF();
  struct Row {
    const char* text;
    const char* part;
    const char* by;
  };
  constexpr Row kRows[] = {{"aaaaa", "aa", "b"}, {"a.b.", ".", ".."}, {"abc", "", "x"},
                           {"abc", "abc", ""},   {"abc", "bcd", "x"}, {"", "a", "b"}};
  for (std::uint32_t capacity : kCapacities) {
    for (const Row& row : kRows) {
      std::string got =
          answer(Builtin::kReplace, capacity, list(text(row.text, capacity), text(row.part, 8), text(row.by, 8)));
      EXPECT_EQ(got, replace_all(row.text, row.part, row.by)) << row.text << " " << row.part << " " << capacity;
    }
    EXPECT_EQ(answer(Builtin::kReplace, 6, list(text("abab", capacity), text("a", 2), text("12", 8))), "12b12");
  }
}

TEST(CodegenStringFunction, Paths) {
  HAWK_NEEDS_BPF();
  for (std::uint32_t capacity : {24U, 300U}) {
    for (const char* path : {"/usr/lib", "/usr/", "usr", "/", "///", "", "a//b//", "//a", "a/", "/a/b/c"}) {
      EXPECT_EQ(answer(Builtin::kBasename, capacity, list(text(path, capacity))), last_component(path)) << path;
      EXPECT_EQ(answer(Builtin::kDirname, capacity, list(text(path, capacity))), parent_path(path)) << path;
    }
  }
  EXPECT_EQ(answer(Builtin::kBasename, 8, list(text("/ab/cde", 8))), "cde");
}

TEST(CodegenStringFunction, Strtol) {
  HAWK_NEEDS_BPF();
  const char* const texts[] = {"",
                               "x",
                               " \t\n-12x",
                               "0x1f",
                               "0xg",
                               "089",
                               "zz",
                               "9223372036854775807",
                               "9223372036854775808",
                               "-9223372036854775808",
                               "-9223372036854775809"};
  for (std::uint32_t capacity : {24U, 300U}) {
    for (const char* digits : texts) {
      for (std::int64_t base : {0, 10, 16, 36, 1, -1}) {
        std::int64_t got = evaluate(call(Builtin::kStrtol, kInt64, list(text(digits, capacity), unknown(base))));
        EXPECT_EQ(got, leading_integer(digits, base)) << digits << " " << base << " " << capacity;
      }
    }
  }
}

TEST(CodegenStringFunction, OrderIsThatOfTheBytes) {
  HAWK_NEEDS_BPF();
  struct Row {
    std::string left;
    std::string right;
  };
  const Row rows[] = {{"", ""},
                      {"a", ""},
                      {"abc", "abd"},
                      {"abc", "abcd"},
                      {"12345678", "123456789"},
                      {std::string(17, 'x') + "a", std::string(17, 'x') + "b"},
                      {"\xe3", "z"}};
  for (std::uint32_t capacity : kCapacities) {
    for (const Row& row : rows) {
      auto order = [&](const std::string& left, const std::string& right) {
        return evaluate(
            call(Builtin::kStringOrder, kInt64, list(text(left, capacity / 8 * 8), text(right, capacity / 8 * 8))));
      };
      int expected = row.left.compare(row.right);
      EXPECT_EQ(order(row.left, row.right), (expected > 0) - (expected < 0)) << row.left << " " << row.right;
      EXPECT_EQ(order(row.right, row.left), (expected < 0) - (expected > 0)) << row.left << " " << row.right;
    }
  }
}

TEST(CodegenStringFunction, Field) {
  HAWK_NEEDS_BPF();
  struct Row {
    const char* text;
    std::int64_t number;
    const char* separators;
    const char* expected;
  };
  constexpr Row kRows[] = {{"a:b::c", 1, ":", "a"}, {"a:b::c", 3, ":", ""},    {"a:b::c", 4, ":", "c"},
                           {"a:b::c", 5, ":", ""},  {"a:b-c", 3, "-:", "c"},   {"a:b", 0, ":", "a:b"},
                           {"a:b", -1, ":", ""},    {" a\t b ", 1, "", "a"},   {" a\t b ", 2, "", "b"},
                           {" a\t b ", 3, "", ""},  {" a b ", 0, "", " a b "}, {"", 1, "", ""}};
  for (std::uint32_t capacity : {16U, 300U}) {
    for (const Row& row : kRows) {
      auto separators = static_cast<std::uint32_t>(std::strlen(row.separators) + 1);
      std::string got = answer(Builtin::kField, capacity,
                               list(text(row.text, capacity), unknown(row.number), text(row.separators, separators)));
      EXPECT_EQ(got, row.expected) << row.text << " " << row.number << " " << capacity;
    }
  }
}

}  // namespace hawk::test
