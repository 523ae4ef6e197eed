// Values as JSON, with bpftrace's spacing: `": "` and `", "` in objects, `,` in arrays.
#pragma once

#include <string>
#include <string_view>

#include "output/histogram.h"
#include "output/json_writer.h"
#include "output/text_value.h"

namespace hawk {

void append_json_value(const TextTarget& to, const Type& type, Bytes bytes);
// `"min": A, "max": B` of a bucket, without what has no bound.
void append_json_bounds(std::string& out, const Bucket& bucket);
// Map keys as names in an object, which are to be different: their text without blanks, as bpftrace writes it; their
// text; or what -f jsonl writes, as text.
enum class JsonKeys { kWithoutBlanks, kWhole, kTyped };
void append_json_key(const TextTarget& to, const Type& type, Bytes bytes, JsonKeys form);

}  // namespace hawk
