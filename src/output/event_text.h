// Texts of events that both forms of output share.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "image/bytes.h"
#include "output/printer.h"
#include "support/diagnostics.h"

namespace hawk {

// `FILE:L:C1-C2: ERROR: message` and a newline (unless the message brings one), in colour if wanted.
[[nodiscard]] std::string located_line(const Location& where, Severity severity, std::string_view message, bool colour);
// `ERROR: message` and a newline.
[[nodiscard]] std::string plain_error(std::string_view message, bool colour);
// A warning with the source line and its underline.
[[nodiscard]] std::string located_excerpt(const Location& where, std::string_view message, bool colour);

// The return code that a kHelperError carries, and what it means: for people, and as errno's text.
[[nodiscard]] std::int64_t helper_return_code(const Event& event);
[[nodiscard]] std::string helper_error_text(std::string_view helper, std::int64_t code);
[[nodiscard]] std::string errno_text(std::int64_t code);

// kJoin: the strings with the separator between.
void append_joined(std::string& out, const Event& event, const FormatContext& context);

// Calls visit(Type, Bytes) for each of the strings of a kJoin.
void for_each_joined(const Event& event, const std::function<void(const Type&, Bytes)>& visit);

// The probe of a program's events. Several that share one: what their names have in common, and `*`.
[[nodiscard]] std::string probe_of(const ProgramSpec& program);

// The bytes of field 0 and its type.
[[nodiscard]] const Type& first_type(const Event& event);
[[nodiscard]] Bytes first_field(const Event& event);

}  // namespace hawk
