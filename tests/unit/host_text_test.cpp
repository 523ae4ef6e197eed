// Texts: their pool, where they lie in values, and what is read out of them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "ast/text_places.h"
#include "host/text_parts.h"
#include "host/text_pool.h"

namespace hawk {
namespace {

using namespace std::string_literals;

TEST(TextPool, EqualBytesHaveEqualIds) {
  TextPool pool;
  EXPECT_EQ(pool.intern(""), 0U);
  EXPECT_EQ(pool.find(0), "");
  std::uint64_t first = pool.intern("hawk");
  EXPECT_NE(first, 0U);
  EXPECT_EQ(pool.intern("ha" + "wk"s), first);
  EXPECT_NE(pool.intern("hawk\0"s), first) << "NUL is a byte like any other";
  EXPECT_EQ(pool.find(pool.intern("a\0b"s)), "a\0b"s);
  EXPECT_EQ(pool.find(first), "hawk");
}

TEST(TextPool, UnknownIdsAreEmpty) {
  TextPool pool;
  std::uint64_t id = pool.intern("x");
  for (std::uint64_t other : {id + 1, id + (std::uint64_t{1} << 32), ~std::uint64_t{0}, std::uint64_t{1} << 32})
    EXPECT_EQ(pool.find(other), "") << other;
}

TEST(TextPool, SweepForgetsWhatIsNotKept) {
  TextPool pool;
  std::uint64_t kept = pool.intern("kept");
  std::uint64_t gone = pool.intern("gone");
  std::size_t before = pool.bytes();
  pool.keep(kept);
  pool.keep(0);
  pool.keep(12345678);
  pool.sweep();
  EXPECT_EQ(pool.find(kept), "kept");
  EXPECT_EQ(pool.find(gone), "");
  EXPECT_EQ(pool.size(), 1U);
  EXPECT_LT(pool.bytes(), before);
  EXPECT_EQ(pool.intern("kept"), kept);
  std::uint64_t again = pool.intern("gone");
  EXPECT_NE(again, gone) << "an id that was forgotten does not mean another text";
  EXPECT_EQ(pool.find(again), "gone");
  EXPECT_EQ(pool.find(gone), "");
  pool.sweep();  // keeping counts for one sweep
  EXPECT_EQ(pool.size(), 0U);
  EXPECT_EQ(pool.bytes(), 0U);
}

TEST(TextPool, ManyTextsAndPartsOfThem) {
  TextPool pool;
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 100'000; ++i) ids.insert(pool.intern("text " + std::to_string(i)));
  EXPECT_EQ(ids.size(), 100'000U);
  for (std::uint64_t id : ids) EXPECT_NE(pool.intern(pool.find(id).substr(1)), id);
  EXPECT_EQ(pool.size(), 200'000U);
  std::uint64_t one = pool.intern("text 77");
  EXPECT_EQ(pool.find(one), "text 77");
}

TEST(TextPlaces, InEveryKindOfValue) {
  Type pair = tuple_type({int_type(4, false), text_type()});
  struct Row {
    const char* what;
    Type type;
    std::vector<std::uint32_t> places;
  };
  const Row rows[] = {
      {"none", int_type(8, false), {}},
      {"text", text_type(), {0}},
      {"tuple", pair, {8}},
      {"record", record_type({{"a", text_type()}, {"b", float_type()}, {"c", text_type()}}), {0, 16}},
      {"nested", tuple_type({text_type(), pair}), {0, 16}},
      {"array", array_type(text_type(), 3), {0, 8, 16}},
      {"array of tuples", array_type(pair, 2), {8, 24}},
      {"no texts inside", array_type(int_type(1, false), 1000), {}},
  };
  for (const Row& row : rows) EXPECT_EQ(text_places(row.type), row.places) << row.what;
}

TEST(TextParts, Fields) {
  struct Row {
    std::string text;
    std::int64_t number;
    std::string separators;
    std::string expected;
  };
  const Row rows[] = {
      {"a b c", 1, "", "a"},
      {"a b c", 3, "", "c"},
      {"a b c", 4, "", ""},
      {"a b c", 0, "", "a b c"},
      {"a b c", -1, "", ""},
      {" \t a \t b\t", 1, "", "a"},
      {" \t a \t b\t", 2, "", "b"},
      {" \t a \t b\t", 3, "", ""},
      {"   ", 1, "", ""},
      {"", 1, "", ""},
      {"", 0, "", ""},
      {"root:x:0", 1, ":", "root"},
      {"root:x:0", 3, ":", "0"},
      {"root:x:0", 4, ":", ""},
      {"a::b", 2, ":", ""},
      {"a::b", 3, ":", "b"},
      {":a", 1, ":", ""},
      {":a", 2, ":", "a"},
      {"a,b;c", 3, ",;", "c"},
      {"a,b;c", 0, ",", "a,b;c"},
      {"a b,c", 1, ",", "a b"},
      {"a\0b c"s, 1, "", "a\0b"s},
  };
  for (const Row& row : rows)
    EXPECT_EQ(find_text_field(row.text, row.number, row.separators), row.expected)
        << row.text << " " << row.number << " " << row.separators;
}

TEST(TextParts, LeadingFloat) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  struct Row {
    const char* text;
    double expected;
  };
  const Row rows[] = {
      {"1.5", 1.5},  {"-1.5", -1.5},    {"+2", 2},    {"  3.25 s", 3.25},   {"1e3x", 1000},
      {".5", 0.5},   {"5.", 5},         {"", 0},      {"abc", 0},           {"-", 0},
      {".", 0},      {"-.5e-1", -0.05}, {"inf", 0},   {"nan", 0},           {"infinity", 0},
      {"1e", 1},     {"1e+", 1},        {"0x10", 0},  {"1e999", kInfinity}, {"-1e999", -kInfinity},
      {"1e-999", 0}, {"--1", 0},        {"12,5", 12}, {"\n7", 7},
  };
  for (const Row& row : rows) EXPECT_EQ(leading_float(row.text), row.expected) << row.text;
  EXPECT_EQ(leading_float(std::string_view("123").substr(0, 2)), 12) << "does not look behind its end";
}

TEST(TextParts, LeadingInt) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  struct Row {
    const char* text;
    std::int64_t expected;
  };
  const Row rows[] = {
      {"12", 12},
      {"-12abc", -12},
      {"+7", 7},
      {"  42 kB", 42},
      {"12.9", 12},
      {"1e3", 1},
      {"", 0},
      {"x", 0},
      {"-", 0},
      {"0x1f", 31},
      {"0XfF", 255},
      {"-0x10", -16},
      {"0x", 0},
      {"0xg", 0},
      {"010", 10},
      {"9223372036854775807", kMost},
      {"9223372036854775808", kMost},
      {"99999999999999999999999", kMost},
      {"-9223372036854775808", kLeast},
      {"-99999999999999999999999", kLeast},
      {"0xffffffffffffffff", -1},
      {"0xfffffffffffffffff", -1},
  };
  for (const Row& row : rows) EXPECT_EQ(leading_int(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace hawk
