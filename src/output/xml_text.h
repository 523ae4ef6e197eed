// Texts of others in XML.
#pragma once

#include <string>
#include <string_view>

namespace hawk {

// Text between tags or in an attribute. What XML cannot hold or a reader would be
// misled by, control characters and bytes that are not UTF-8, is U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace hawk
