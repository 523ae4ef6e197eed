// The functions of config.h over the rows of config.def.
#include "ast/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace hawk {

namespace {

constexpr std::string_view kPrefix = "bpftrace_";
constexpr std::string_view kInvertedKey = "no_cpp_demangle";
constexpr std::string_view kOtherName = "use_blazesym";  // of a key of today

struct Rename {
  std::string_view old_key;
  std::string_view new_key;
};
constexpr std::array kRenames = {
    Rename{"strlen", "max_strlen"},         Rename{"cat_bytes_max", "max_cat_bytes"},
    Rename{"map_keys_max", "max_map_keys"}, Rename{kInvertedKey, "cpp_demangle"},
    Rename{kOtherName, "show_debug_info"},
};
constexpr std::array<std::string_view, 6> kObsoleteKeys = {"symbol_source",  "max_type_res_iterations",
                                                           "unstable_addr",  "unstable_import",
                                                           "unstable_macro", "unstable_map_decl"};

constexpr std::array<std::string_view, 6> kEnvironmentKeys = {"btf",          "vmlinux", "kernel_source",
                                                              "kernel_build", "color",   "objcopy"};

enum class ValueKind { kNumber, kBool, kText };
constexpr ValueKind kind_of(const std::uint64_t*) { return ValueKind::kNumber; }
constexpr ValueKind kind_of(const bool*) { return ValueKind::kBool; }
constexpr ValueKind kind_of(const std::string*) { return ValueKind::kText; }

struct ConfigRow {
  std::string_view key;
  ValueKind kind;
  std::string_view choices;
};
constexpr std::array kConfigRows = {
#define CONFIG(key, type, value, choices) ConfigRow{#key, kind_of(static_cast<const type*>(nullptr)), choices},
#include "ast/config.def"
#undef CONFIG
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Lower case, without the prefix, not yet renamed.
std::string bare_key(std::string_view key) {
  std::string name = lower(key);
  if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
  return name;
}

const ConfigRow* find_row(std::string_view key) {
  const auto* row =
      std::find_if(kConfigRows.begin(), kConfigRows.end(), [&](const ConfigRow& r) { return r.key == key; });
  return row == kConfigRows.end() ? nullptr : row;
}

std::vector<std::string_view> split_choices(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('|'), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

// Decimal, or hexadecimal with 0x.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_bool(std::string_view text) {
  std::string word = lower(text);
  if (word == "true" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "no" || word == "off") return false;
  if (std::optional<std::uint64_t> number = parse_number(text)) return *number != 0;
  return std::nullopt;
}

Result<> assign(std::uint64_t& field, const ConfigRow& row, std::string_view value) {
  std::optional<std::uint64_t> number = parse_number(value);
  if (!number) return Error{fmt::format("{}: expecting a number, got {}", row.key, value)};
  std::size_t dots = row.choices.find("..");
  std::uint64_t lowest = parse_number(row.choices.substr(0, dots)).value_or(0);
  std::uint64_t highest = parse_number(row.choices.substr(dots + 2)).value_or(0);
  if (*number < lowest || *number > highest) {
    return Error{fmt::format("{}: expecting a number from {} to {}, got {}", row.key, lowest, highest, value)};
  }
  field = *number;
  return Ok{};
}

Result<> assign(bool& field, const ConfigRow& row, std::string_view value) {
  std::optional<bool> flag = parse_bool(value);
  if (!flag) {
    return Error{fmt::format("{}: expecting a bool (true, yes, on, 1 or false, no, off, 0), got {}", row.key, value)};
  }
  field = *flag;
  return Ok{};
}

Result<> assign(std::string& field, const ConfigRow& row, std::string_view value) {
  if (row.choices.empty()) {
    field = value;
    return Ok{};
  }
  for (std::string_view choice : split_choices(row.choices)) {
    if (lower(choice) != lower(value)) continue;
    field = choice;
    return Ok{};
  }
  return Error{
      fmt::format("{}: expecting one of {}, got {}", row.key, fmt::join(split_choices(row.choices), ", "), value)};
}

std::string text_of(std::uint64_t value) { return std::to_string(value); }
std::string text_of(bool value) { return value ? "true" : "false"; }
std::string text_of(const std::string& value) { return value; }

}  // namespace

std::string_view new_config_key(std::string_view key) {
  std::string name = bare_key(key);
  const auto* rename =
      std::find_if(kRenames.begin(), kRenames.end(), [&](const Rename& r) { return r.old_key == name; });
  bool has_other_name = rename == kRenames.end() || rename->old_key == kOtherName;
  return has_other_name ? std::string_view() : rename->new_key;
}

bool is_environment_key(std::string_view key) {
  return std::find(kEnvironmentKeys.begin(), kEnvironmentKeys.end(), bare_key(key)) != kEnvironmentKeys.end();
}

std::string canonical_config_key(std::string_view key) {
  std::string name = bare_key(key);
  for (const Rename& rename : kRenames) {
    if (name == rename.old_key) return std::string(rename.new_key);
  }
  return find_row(name) != nullptr ? name : std::string();
}

bool is_obsolete_config_key(std::string_view key) {
  return std::find(kObsoleteKeys.begin(), kObsoleteKeys.end(), bare_key(key)) != kObsoleteKeys.end();
}

Result<> set_config(Config& config, std::string_view key, std::string_view value) {
  std::string name = canonical_config_key(key);
  const ConfigRow* row = find_row(name);
  if (row == nullptr) return Error{fmt::format("{}: not a known configuration option", key)};
#define CONFIG(id, type, initial, choices)            \
  if (name == #id) {                                  \
    Result<> result = assign(config.id, *row, value); \
    if (!result) return result;                       \
  }
#include "ast/config.def"
#undef CONFIG
  if (bare_key(key) == kInvertedKey) config.cpp_demangle = !config.cpp_demangle;
  return Ok{};
}

std::string config_text(const Config& config, std::string_view key) {
#define CONFIG(id, type, value, choices) \
  if (key == #id) return text_of(config.id);
#include "ast/config.def"
#undef CONFIG
  return {};
}

std::vector<std::string> config_keys() {
  std::vector<std::string> keys;
  for (const ConfigRow& row : kConfigRows) keys.emplace_back(row.key);
  return keys;
}

bool is_config_number(std::string_view key) {
  const ConfigRow* row = find_row(key);
  return row != nullptr && row->kind == ValueKind::kNumber;
}

bool is_config_bool(std::string_view key) {
  const ConfigRow* row = find_row(key);
  return row != nullptr && row->kind == ValueKind::kBool;
}

Result<std::vector<std::string>> config_from_environment(Config& config, char** environment) {
  std::vector<std::string> keys;
  for (char** entry = environment; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view text = *entry;
    std::size_t equals = text.find('=');
    if (!text.starts_with("BPFTRACE_") || equals == std::string_view::npos) continue;
    std::string_view name = text.substr(0, equals);
    std::string key = canonical_config_key(name);
    if (key.empty()) continue;  // of another purpose (BPFTRACE_BTF) or of no meaning
    if (Result<> set = set_config(config, name, text.substr(equals + 1)); !set) return set.error();
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace hawk
