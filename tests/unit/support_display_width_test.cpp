#include "support/display_width.h"

#include <gtest/gtest.h>

namespace hawk {

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\xc3\xa9t\xc3\xa9"), 3U);         // été
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4U);  // 日本
  EXPECT_EQ(display_width("\xef\xbd\xb6"), 1U);              // ｶ, half as wide
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);                 // e and a combining accent
  EXPECT_EQ(display_width("\xe6\x97"), 2U);                  // cut short
  EXPECT_EQ(display_width("\xff\xfe"
                          "a"),
            3U);                                                         // no UTF-8
  EXPECT_EQ(display_width(std::string_view("\xe6\x97\xa5\0a", 5)), 4U);  // a NUL inside
}

}  // namespace hawk
