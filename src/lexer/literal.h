// Literals: the value of a number, string or character as written. On an error the functions report it and
// return nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/diagnostics.h"

namespace hawk {

// `12`, `0x1f`, `017`, `0o17`, `0b11`, `1_000`, `5e3`, with C suffixes (`ull`) or a duration (`10ms`, in nanoseconds).
[[nodiscard]] std::optional<std::uint64_t> read_integer(std::string_view text, Span span, DiagSink& diagnostics);

// `1.5`, `2.5e-3`.
[[nodiscard]] std::optional<double> read_float(std::string_view text, Span span, DiagSink& diagnostics);

// The text between the quotes of `"..."` with its escapes decoded. In a pattern those that strings do not know stay as
// they are written: they may be the pattern's.
[[nodiscard]] std::optional<std::string> read_string(std::string_view quoted, Span span, DiagSink& diagnostics,
                                                     bool is_pattern = false);

// `'a'`: the byte's value.
[[nodiscard]] std::optional<std::uint64_t> read_character(std::string_view quoted, Span span, DiagSink& diagnostics);

}  // namespace hawk
