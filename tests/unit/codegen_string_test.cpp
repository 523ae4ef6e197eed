// Strings and buffers: reading, comparing, converting, searching.
#include "codegen_fixture.h"

namespace hawk::test {

namespace {

ExprPtr user_address(const char* data) {
  return number(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(data)), kUint64);
}

ExprPtr read_string(const char* data, std::uint32_t capacity, ExprPtr length = nullptr, bool mark = false) {
  return expr(string_type(capacity),
              typed::ReadString{user_address(data), AddressSpace::kUser, std::move(length), mark});
}

ExprPtr compare(ExprPtr left, ExprPtr right, std::uint32_t limit, bool negate = false) {
  return expr(bool_type(), typed::CompareStrings{std::move(left), std::move(right), limit, negate});
}

std::string content(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST(CodegenString, ReadStopsAtTheNulAndFillsWithZeros) {
  HAWK_NEEDS_BPF();
  static const char source[] = "abc\0defghijkl";
  for (std::uint32_t capacity : {8U, 64U, 1024U}) {
    std::vector<std::uint8_t> bytes = evaluate_bytes(read_string(source, capacity));
    ASSERT_EQ(bytes.size(), capacity);
    std::string expected("abc");
    expected.resize(capacity, '\0');
    EXPECT_EQ(content(bytes), expected);
  }
}

TEST(CodegenString, ReadIsCutAndMarked) {
  HAWK_NEEDS_BPF();
  static const char source[] = "abcdefgh";
  EXPECT_EQ(content(evaluate_bytes(read_string(source, 9, nullptr, true))), std::string("abcdefgh\0", 9));
  EXPECT_EQ(content(evaluate_bytes(read_string(source, 8, nullptr, true))), "abcdefgh");  // no NUL: cut off
  EXPECT_EQ(content(evaluate_bytes(read_string(source, 5, nullptr, true))), "abcde");
  EXPECT_EQ(content(evaluate_bytes(read_string(source, 5))), std::string("abcd\0", 5));
}

TEST(CodegenString, ReadWithALength) {
  HAWK_NEEDS_BPF();
  static const char source[] = "abcdefgh";
  EXPECT_EQ(string_at(evaluate_bytes(read_string(source, 16, unknown(4)))), "abc");
  EXPECT_EQ(string_at(evaluate_bytes(read_string(source, 16, unknown(400)))), "abcdefgh");
  EXPECT_EQ(string_at(evaluate_bytes(read_string(source, 16, unknown(0)))), "");
  EXPECT_EQ(string_at(evaluate_bytes(read_string(source, 16, unknown(-1)))), "abcdefgh");
}

TEST(CodegenString, ReadOfABadAddressIsEmpty) {
  HAWK_NEEDS_BPF();
  ExprPtr bad = expr(string_type(16), typed::ReadString{number(8, kUint64), AddressSpace::kUser, nullptr, true});
  EXPECT_EQ(content(evaluate_bytes(std::move(bad))), std::string(16, '\0'));
}

TEST(CodegenString, BufferCarriesItsLength) {
  HAWK_NEEDS_BPF();
  static const char source[] = "0123456789";
  auto read = [&](ExprPtr length) {
    return evaluate_bytes(
        expr(buffer_type(8), typed::ReadBuffer{user_address(source), AddressSpace::kUser, std::move(length)}));
  };
  std::vector<std::uint8_t> part = read(unknown(3));
  EXPECT_EQ(at<std::uint32_t>(part), 3U);
  EXPECT_EQ(content(part).substr(4), std::string("012\0\0\0\0\0", 8));
  std::vector<std::uint8_t> full = read(unknown(99));
  EXPECT_EQ(at<std::uint32_t>(full), 8U);
  EXPECT_EQ(content(full).substr(4), "01234567");
  EXPECT_EQ(at<std::uint32_t>(read(nullptr)), 8U);
}

namespace {

struct CompareRow {
  const char* left;
  std::uint32_t left_capacity;
  const char* right;
  std::uint32_t right_capacity;
  std::uint32_t limit;
  bool equal;
};

const CompareRow kCompareRows[] = {
    {"abc", 16, "abc", 16, 16, true},
    {"abc", 16, "abd", 16, 16, false},
    {"abc", 16, "abc", 4, 16, true},
    {"abcd", 16, "abc", 4, 16, false},
    {"abc", 4, "abcd", 16, 16, false},
    {"abcdef", 16, "abcxyz", 16, 3, true},
    {"abcdef", 16, "abcxyz", 16, 4, false},
    {"", 16, "", 4, 16, true},
    {"", 16, "x", 4, 16, false},
    {"abc", 1024, "abc", 1024, 1024, true},
    {"abc", 1024, "abd", 1024, 1024, false},
    {"abc", 1024, "abc", 64, 1024, true},
    {"anything", 16, "else", 16, 0, true},
    {"exactly7", 9, "exactly7", 9, 9, true},
};

}  // namespace

TEST(CodegenString, Comparison) {
  HAWK_NEEDS_BPF();
  for (const CompareRow& row : kCompareRows) {
    auto both = [&](bool negate) {
      return evaluate(
          compare(read_string(row.left, row.left_capacity), text(row.right, row.right_capacity), row.limit, negate));
    };
    EXPECT_EQ(both(false), row.equal ? 1 : 0) << row.left << " " << row.right << " " << row.limit;
    EXPECT_EQ(both(true), row.equal ? 0 : 1) << row.left << " " << row.right << " " << row.limit;
  }
}

// 1000 characters that differ in the last one only: the long way through the loop.
TEST(CodegenString, ComparisonOfLongStrings) {
  HAWK_NEEDS_BPF();
  static const std::string left(1000, 'x');
  static const std::string right = std::string(999, 'x') + 'y';
  EXPECT_EQ(evaluate(compare(read_string(left.c_str(), 1024), read_string(right.c_str(), 1024), 1024)), 0);
  EXPECT_EQ(evaluate(compare(read_string(left.c_str(), 1024), read_string(right.c_str(), 1024), 999)), 1);
  EXPECT_EQ(evaluate(compare(read_string(left.c_str(), 1024), read_string(left.c_str(), 1024), 1024)), 1);
}

TEST(CodegenString, BytesCompareToTheEnd) {
  HAWK_NEEDS_BPF();
  auto same = [](const std::string& left, const std::string& right, std::uint32_t size) {
    Type array = array_type(int_type(1, false), size);
    return evaluate(expr(bool_type(), typed::CompareBytes{expr(array, typed::DataConstant{left}),
                                                          expr(array, typed::DataConstant{right}), false}));
  };
  EXPECT_EQ(same(std::string("a\0b", 3), std::string("a\0c", 3), 3), 0);
  EXPECT_EQ(same(std::string("a\0b", 3), std::string("a\0b", 3), 3), 1);
  EXPECT_EQ(same(std::string(600, 'x'), std::string(599, 'x') + 'y', 600), 0);
  EXPECT_EQ(same(std::string(600, 'x'), std::string(600, 'x'), 600), 1);
}

TEST(CodegenString, CapacitiesConvert) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(content(evaluate_bytes(convert(text("abc", 4), string_type(8)))), std::string("abc\0\0\0\0\0", 8));
  EXPECT_EQ(content(evaluate_bytes(convert(text("abcdefg", 8), string_type(4)))), "abcd");
  EXPECT_EQ(evaluate(convert(text("", 4), bool_type())), 0);
  EXPECT_EQ(evaluate(convert(text("x", 4), bool_type())), 1);
  std::vector<std::uint8_t> long_text = evaluate_bytes(convert(text(std::string(500, 'q'), 501), string_type(1024)));
  EXPECT_EQ(string_at(long_text), std::string(500, 'q'));
}

// What lies behind the NUL in a char array is not part of the string.
TEST(CodegenString, CharArraysAreCleaned) {
  HAWK_NEEDS_BPF();
  Type array = array_type(int_type(1, true), 8);
  auto clean = [&](const std::string& bytes) {
    return content(evaluate_bytes(convert(expr(array, typed::DataConstant{bytes}), string_type(8))));
  };
  EXPECT_EQ(clean(std::string("ab\0junk!", 8)), std::string("ab\0\0\0\0\0\0", 8));
  EXPECT_EQ(clean("fullfull"), "fullfull");
  EXPECT_EQ(clean(std::string("seven77\0", 8)), std::string("seven77\0", 8));
}

TEST(CodegenString, Length) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(evaluate(call(Builtin::kStrlen, kUint64, list(text("hello", 16)))), 5);
  EXPECT_EQ(evaluate(call(Builtin::kStrlen, kUint64, list(text("", 16)))), 0);
  EXPECT_EQ(evaluate(call(Builtin::kStrlen, kUint64, list(text(std::string(1000, 'a'), 1024)))), 1000);
}

namespace {

struct SearchRow {
  const char* text;
  const char* part;
  std::int64_t expected;
};

const SearchRow kSearchRows[] = {
    {"hello world", "world", 6},
    {"hello", "hello", 0},
    {"hello", "l", 2},
    {"hello", "x", -1},
    {"hello", "", 0},
    {"", "a", -1},
    {"aaab", "aab", 1},
    {"hello", "hello world", -1},
};

}  // namespace

TEST(CodegenString, Search) {
  HAWK_NEEDS_BPF();
  for (const SearchRow& row : kSearchRows) {
    for (std::uint32_t capacity : {16U, 1024U}) {
      ExprPtr found = call(Builtin::kStrstr, kInt64, list(read_string(row.text, capacity), text(row.part, 16)));
      EXPECT_EQ(evaluate(std::move(found)), row.expected) << row.text << " " << row.part << " " << capacity;
    }
  }
}

TEST(CodegenString, Concatenation) {
  HAWK_NEEDS_BPF();
  auto join = [](const std::string& left, std::uint32_t a, const std::string& right, std::uint32_t b,
                 std::uint32_t size) {
    return content(evaluate_bytes(call(Builtin::kStrConcat, string_type(size), list(text(left, a), text(right, b)))));
  };
  EXPECT_EQ(join("abc", 8, "def", 8, 16), std::string("abcdef") + std::string(10, '\0'));
  EXPECT_EQ(join("abc", 8, "def", 8, 5), std::string("abcd\0", 5));
  EXPECT_EQ(join("", 8, "", 8, 4), std::string(4, '\0'));
  std::string big = join(std::string(600, 'a'), 1024, std::string(600, 'b'), 1024, 1024);
  EXPECT_EQ(big, std::string(600, 'a') + std::string(423, 'b') + std::string(1, '\0'));
}

}  // namespace hawk::test
