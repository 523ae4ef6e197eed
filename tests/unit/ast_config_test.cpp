#include "ast/config.h"

#include <gtest/gtest.h>

namespace hawk {
namespace {

TEST(ConfigKeys, Canonical) {
  struct Row {
    const char* key;
    const char* canonical;
  };
  for (const Row& row :
       {Row{"max_strlen", "max_strlen"}, Row{"MAX_STRLEN", "max_strlen"}, Row{"BPFTRACE_MAX_STRLEN", "max_strlen"},
        Row{"bpftrace_strlen", "max_strlen"}, Row{"cat_bytes_max", "max_cat_bytes"},
        Row{"map_keys_max", "max_map_keys"}, Row{"no_cpp_demangle", "cpp_demangle"},
        Row{"use_blazesym", "show_debug_info"}, Row{"foo", ""}, Row{"btf", ""}, Row{"", ""}}) {
    EXPECT_EQ(canonical_config_key(row.key), row.canonical) << row.key;
  }
}

TEST(ConfigKeys, Obsolete) {
  EXPECT_TRUE(is_obsolete_config_key("symbol_source"));
  EXPECT_TRUE(is_obsolete_config_key("BPFTRACE_UNSTABLE_MACRO"));
  EXPECT_FALSE(is_obsolete_config_key("max_strlen"));
  EXPECT_FALSE(is_obsolete_config_key("foo"));
}

TEST(ConfigKeys, EveryRowIsListedAndTyped) {
  EXPECT_EQ(config_keys().size(), 22U);
  EXPECT_TRUE(is_config_number("log_size"));
  EXPECT_FALSE(is_config_number("cpp_demangle"));
  EXPECT_TRUE(is_config_bool("cpp_demangle"));
  EXPECT_FALSE(is_config_bool("license"));
}

struct SetRow {
  const char* key;
  const char* value;
  const char* text;   // afterwards
  const char* error;  // or why not
};
class SetConfig : public testing::TestWithParam<SetRow> {};

TEST_P(SetConfig, SetsOrExplains) {
  Config config;
  Result<> result = set_config(config, GetParam().key, GetParam().value);
  if (*GetParam().error == '\0') {
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(config_text(config, canonical_config_key(GetParam().key)), GetParam().text);
  } else {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().message, GetParam().error);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SetConfig,
    testing::Values(
        SetRow{"max_strlen", "33", "33", ""}, SetRow{"max_strlen", "0x10", "16", ""},
        SetRow{"max_strlen", "abc", "", "max_strlen: expecting a number, got abc"},
        SetRow{"max_strlen", "", "", "max_strlen: expecting a number, got "},
        SetRow{"max_strlen", "99999999999999999999", "", "max_strlen: expecting a number, got 99999999999999999999"},
        SetRow{"cpp_demangle", "off", "false", ""}, SetRow{"cpp_demangle", "YES", "true", ""},
        SetRow{"cpp_demangle", "0", "false", ""}, SetRow{"no_cpp_demangle", "1", "false", ""},
        SetRow{"BPFTRACE_NO_CPP_DEMANGLE", "no", "true", ""},
        SetRow{"cpp_demangle", "maybe", "",
               "cpp_demangle: expecting a bool (true, yes, on, 1 or false, no, off, 0), got maybe"},
        SetRow{"stack_mode", "PERF", "perf", ""},
        SetRow{"stack_mode", "foo", "", "stack_mode: expecting one of bpftrace, perf, raw, build_id, folded, got foo"},
        SetRow{"missing_probes", "Warn", "warn", ""}, SetRow{"str_trunc_trailer", "!!", "!!", ""},
        SetRow{"license", "Dual BSD/GPL", "Dual BSD/GPL", ""}, SetRow{"strlen", "44", "44", ""},
        SetRow{"foo", "1", "", "foo: not a known configuration option"}));

TEST(ConfigEnvironment, SetsWhatItKnows) {
  std::string strlen = "BPFTRACE_STRLEN=7";
  std::string other = "BPFTRACE_BTF=/x";
  std::string lower = "bpftrace_max_map_keys=3";
  char* environment[] = {strlen.data(), other.data(), lower.data(), nullptr};
  Config config;
  Result<std::vector<std::string>> keys = config_from_environment(config, environment);
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(keys.value(), std::vector<std::string>{"max_strlen"});
  EXPECT_EQ(config.max_strlen, 7U);
  EXPECT_EQ(config.max_map_keys, 4096U);
}

TEST(ConfigEnvironment, NamesTheBadValue) {
  std::string bad = "BPFTRACE_MAX_STRLEN=x";
  char* environment[] = {bad.data(), nullptr};
  Config config;
  Result<std::vector<std::string>> keys = config_from_environment(config, environment);
  ASSERT_FALSE(keys.ok());
  EXPECT_EQ(keys.error().message, "max_strlen: expecting a number, got x");
}

}  // namespace
}  // namespace hawk
