#include "driver/named_options.h"

#include <fmt/format.h>

#include <algorithm>

namespace hawk {

std::string list_named_options(const std::vector<typed::NamedOption>& options) {
  auto head = [](const typed::NamedOption& option) {
    return fmt::format("--{}{}{}", option.name, option.value.empty() ? "" : "=", option.value);
  };
  std::size_t width = 0;
  for (const typed::NamedOption& option : options) width = std::max(width, head(option).size());
  std::string list;
  for (const typed::NamedOption& option : options) {
    std::string about = option.description;
    if (!option.fallback.empty())
      about += fmt::format("{}({} if not given)", about.empty() ? "" : " ", option.fallback);
    list +=
        about.empty() ? fmt::format("\n  {}", head(option)) : fmt::format("\n  {:<{}}  {}", head(option), width, about);
  }
  return list;
}

}  // namespace hawk
