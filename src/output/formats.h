// The forms of output by name: the rows of formats.def.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hawk {

enum class OutputFormat {
#define FORMAT(id, ...) k##id,
#include "output/formats.def"
#undef FORMAT
};

[[nodiscard]] std::optional<OutputFormat> find_format(std::string_view name);
// All names as a message lists them: `text or json`.
[[nodiscard]] std::string format_names();
// Whether the program is to be compiled so that its events say when and where they happened.
[[nodiscard]] bool wants_origins(OutputFormat format);

}  // namespace hawk
