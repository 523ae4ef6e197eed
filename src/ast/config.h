// Config: what `config = { ... }` and BPFTRACE_* environment variables set (census 8.3). One row of
// config.def a variable: its key, its type, its default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace hawk {

struct Config {
#define CONFIG(key, type, value, choices) type key = value;
#include "ast/config.def"
#undef CONFIG
};

// Normalises a key: lower case, without a leading "bpftrace_", renamed keys mapped to today's. Empty if unknown.
[[nodiscard]] std::string canonical_config_key(std::string_view key);
// Today's name of a key that had another one in older bpftrace; empty if it has not been renamed.
[[nodiscard]] std::string_view new_config_key(std::string_view key);
// Set by an environment variable only: BPFTRACE_BTF and the like.
[[nodiscard]] bool is_environment_key(std::string_view key);
// Accepted, warned about, without effect (removed keys of older bpftrace).
[[nodiscard]] bool is_obsolete_config_key(std::string_view key);
// Sets a key from its text; the error says what was expected. Any spelling of the key is understood, and
// only the original one tells that `no_cpp_demangle` means the opposite of `cpp_demangle`.
[[nodiscard]] Result<> set_config(Config& config, std::string_view key, std::string_view value);
// The value as text, as `print(config.key)` shows it.
[[nodiscard]] std::string config_text(const Config& config, std::string_view key);
[[nodiscard]] std::vector<std::string> config_keys();
// Whether the value is a number (else text or bool).
[[nodiscard]] bool is_config_number(std::string_view key);
[[nodiscard]] bool is_config_bool(std::string_view key);

// Sets every key found as BPFTRACE_KEY in `environment` ("NAME=value" strings, null-terminated array).
// Returns the canonical keys set, which a script's config block must not override. Names that are no
// configuration key (BPFTRACE_BTF) are passed over.
[[nodiscard]] Result<std::vector<std::string>> config_from_environment(Config& config, char** environment);

}  // namespace hawk
