// Values as JSON, with bpftrace's spacing: `": "` and `", "` in objects, `,` in arrays.
#pragma once

#include <string>
#include <string_view>

#include "output/text_value.h"

namespace hawk {

void append_json_value(const TextTarget& to, const Type& type, Bytes bytes);
// A quoted string. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// A map key as an object's name: its text without any blanks.
void append_json_key(const TextTarget& to, const Type& type, Bytes bytes);

}  // namespace hawk
