#include "runtime/clang_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "runtime/read_file.h"

namespace hawk {

namespace {

constexpr std::string_view kInput = "<stdin>:";

// The line of the input named at `text`, counted from 1.
std::optional<std::size_t> input_line(std::string_view text) {
  std::size_t at = text.find(kInput);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + kInput.size());
  std::size_t line = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
  return error == std::errc() ? std::optional(line) : std::nullopt;
}

std::string backticked(std::string_view text) {
  std::string result(text);
  std::replace(result.begin(), result.end(), '\'', '`');
  return result;
}

}  // namespace

Error clang_error(std::string_view messages, const CSection& section) {
  constexpr std::string_view kError = "error: ";
  std::string_view text = messages.substr(0, messages.find('\n'));
  std::optional<std::size_t> line;
  for (std::string_view message : lines_of(messages)) {
    bool through = message.starts_with("In file included from ") || message.starts_with("                 from ");
    if (through && !line) line = input_line(message);
    std::size_t error = message.find(kError);
    if (error == std::string_view::npos) continue;
    std::string_view place = message.substr(0, message.find(": "));
    text = message.substr(error + kError.size());
    bool own = place.starts_with(kInput);
    if (own) line = input_line(place);
    Error found{.message = own ? backticked(text) : fmt::format("{} ({})", backticked(text), place),
                .exit_code = kExitPreprocess};
    if (text.ends_with("file not found"))
      found.help = "install the package that has it, or name its directory with -I; kernel types need no #include";
    if (line && *line >= 1 && *line <= section.lines.size()) found.span = section.lines[*line - 1].span;
    return found;
  }
  return {.message = fmt::format("clang failed: {}", text.empty() ? "it says nothing" : backticked(text)),
          .exit_code = kExitPreprocess};
}

}  // namespace hawk
