// Values as text: what format_value does, with the choices that printf flags and print(@m, top, div) add.
// The kinds are split by family: format_scalar, format_compound, format_stack, format_system.
#pragma once

#include <string>
#include <string_view>

#include "image/bytes.h"
#include "image/load_value.h"
#include "output/printer.h"

namespace hawk {

struct TextOptions {
  bool plus = false;      // `+` in front of signed integers that are not negative
  std::uint64_t div = 1;  // numbers are divided by it; 0 counts as 1
  bool compact = false;   // no blanks between the parts of a value
};

// Where a value's text goes and what it needs.
struct TextTarget {
  std::string& out;
  const FormatContext& context;
  TextOptions options = {};
};

void append_value(const TextTarget& to, const Type& type, Bytes bytes);
// Text from outside: for a terminal, what it would obey is escaped.
void append_foreign(const TextTarget& to, std::string_view text);

// --- scalar ---------------------------------------------------------------------------------------
void append_decimal(std::string& out, std::int64_t value);
void append_decimal(std::string& out, std::uint64_t value);
void append_hex(std::string& out, std::uint64_t value);
// A number of an integer type, divided and signed as the options say; `raw` as load_scalar gives it.
void append_integer(std::string& out, const Type& type, std::uint64_t raw, const TextOptions& options);
// The shortest decimal that reads back as the same number, with ".0" where it would look like an integer; `inf`, `nan`.
void append_float(std::string& out, double value, const TextOptions& options);
// Null when no enumerator has the value.
[[nodiscard]] const std::string* find_enumerator(const Type& type, std::uint64_t raw);
void append_escaped_bytes(std::string& out, Bytes data);  // `%r`

// --- compound -------------------------------------------------------------------------------------
void append_array(const TextTarget& to, const Type& type, Bytes bytes);
void append_tuple(const TextTarget& to, const Type& type, Bytes bytes);
// A record or struct: `{ .a = 1, .b = x }`.
void append_fields(const TextTarget& to, const Type& type, Bytes bytes);
// A map key: the outermost tuple loses its parentheses.
void append_key(const TextTarget& to, const Type& type, Bytes bytes);

// --- stacks and symbols ---------------------------------------------------------------------------
void append_stack(const TextTarget& to, const Type& type, Bytes bytes);
void append_symbol(const TextTarget& to, const Type& type, Bytes bytes);

// --- addresses, names and times of the system -----------------------------------------------------
void append_inet(std::string& out, Bytes bytes);
void append_mac_address(std::string& out, Bytes bytes);
void append_cgroup_path(const TextTarget& to, Bytes bytes);
void append_timestamp(const TextTarget& to, Bytes bytes);

}  // namespace hawk
