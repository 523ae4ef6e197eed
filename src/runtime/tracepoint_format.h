// Tracepoint formats: the text of tracefs' events/CATEGORY/EVENT/format as fields with types and offsets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/target_info.h"
#include "ast/type.h"

namespace hawk {

// One `field:DECLARATION; offset:N; size:N; signed:N;` line.
struct FormatField {
  std::string declaration;  // "char comm[16]", "const char * filename", "__data_loc char[] name"
  std::string type;         // "char", "const char *", "char[]": without name, array bounds and location word
  std::string name;         // "comm"
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  bool is_signed = false;
  bool is_array = false;
  bool data_loc = false;
  bool rel_loc = false;  // like __data_loc, counted from the end of the field (user events, Linux 5.18)
};

// All fields, those common to every event (`common_*`) included. Lines that are none are passed over.
[[nodiscard]] std::vector<FormatField> parse_format(std::string_view text);

[[nodiscard]] bool is_common_field(const FormatField& field);

// How a type's name is looked up where the format alone does not say enough: enums, structs by value and
// pointers to typedefs. Asked only then, so that most formats need no BTF.
using TypeFinder = std::function<std::optional<Type>(std::string_view name)>;

// The record that programs receive. Integers have the size and sign that the format states (a syscall's
// `int flags` fills 8 bytes); pointers go to `space`. A __data_loc field is an array without bounds, with
// `data_loc` set. __rel_loc fields are left out: no probe hawk attaches to has them.
[[nodiscard]] TracepointFormat to_tracepoint_format(const std::vector<FormatField>& fields, AddressSpace space,
                                                    const TypeFinder& find_type);

}  // namespace hawk
