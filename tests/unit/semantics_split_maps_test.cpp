// Which maps keep short keys apart.
#include <gtest/gtest.h>

#include "semantics_fixture.h"

namespace hawk {
namespace {

// Bytes of short keys of @m; nullopt if the map is one.
std::optional<std::uint32_t> short_keys(const std::string& script, bool plain = false) {
  CheckOptions options;
  options.plain = plain;
  Checked checked(script, options);
  EXPECT_TRUE(checked.ok()) << checked.messages();
  if (!checked.ok()) return std::nullopt;
  for (const MapSchema& map : checked.program->maps) {
    if (map.name == "m" && map.short_keys) return map.short_keys->size;
  }
  return std::nullopt;
}

TEST(SplitMaps, WhereTheKeyEndsInALongStack) {
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = count(); }"), 136U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[comm, ustack] = count(); }"), 152U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack(32)] = 1; }"), 136U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack(16)] = count(); }"), std::nullopt) << "short itself";
  EXPECT_EQ(short_keys("profile:hz:9 { @m[ustack, comm] = count(); }"), std::nullopt) << "not at the end";
  EXPECT_EQ(short_keys("profile:hz:9 { @m[comm] = count(); }"), std::nullopt);
  EXPECT_EQ(short_keys("profile:hz:9 { @m = kstack; }"), std::nullopt) << "no key";
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = count(); }", true), std::nullopt) << "plain";
}

TEST(SplitMaps, WhereTheKeyEndsInALongString) {
  EXPECT_EQ(short_keys("profile:hz:9 { @m[str((int8 *)0x1000)] = count(); }"), 64U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[pid, str((int8 *)0x1000, 128)] = count(); }"), 68U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[comm] = count(); }"), std::nullopt) << "short itself";
  EXPECT_EQ(short_keys("profile:hz:9 { @m[str((int8 *)0x1000), pid] = count(); }"), std::nullopt) << "not at the end";
}

TEST(SplitMaps, NotWhereSomethingLooksAtAllKeys) {
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = count(); if (len(@m) > 5) { exit(); } }"), std::nullopt);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = 1; for ($kv : @m) { print($kv.1); } }"), std::nullopt);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = 1; } end { for ($kv : @m) { print($kv.1); } }"), std::nullopt);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = 1; } end { print(len(@m)); }"), std::nullopt);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = 1; } end { print(@m); }"), 136U);
  EXPECT_EQ(short_keys("profile:hz:9 { @m[kstack] = 1; } interval:s:1 { print(@m); clear(@m); }"), std::nullopt)
      << "two generations";
}

}  // namespace
}  // namespace hawk
