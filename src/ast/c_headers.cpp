#include "ast/c_headers.h"

#include <fmt/format.h>

namespace hawk {

void include_header(CSection& section, std::string_view path, Span span) {
  section.lines.push_back({span, fmt::format("#include \"{}\"", path)});
  section.includes = true;
}

}  // namespace hawk
