#include "runtime/process_maps.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "runtime/read_file.h"

namespace hawk {

namespace {

bool take_hex(std::string_view& text, char separator, std::uint64_t& value) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || used >= text.size() || *end != separator) return false;
  text.remove_prefix(used + 1);
  return true;
}

// "55d0-55e0 r-xp 00002000 fe:00 1234      /usr/bin/cat"; nullopt if it is not executable.
std::optional<Mapping> parse_line(std::string_view line) {
  Mapping mapping;
  if (!take_hex(line, '-', mapping.begin) || !take_hex(line, ' ', mapping.end)) return std::nullopt;
  if (line.size() < 5 || line[2] != 'x') return std::nullopt;
  line.remove_prefix(5);
  if (!take_hex(line, ' ', mapping.offset)) return std::nullopt;
  for (int skip = 0; skip < 2; ++skip) line.remove_prefix(std::min(line.find(' ') + 1, line.size()));  // device, inode
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  constexpr std::string_view kDeleted = " (deleted)";
  if (line.ends_with(kDeleted)) line.remove_suffix(kDeleted.size());
  mapping.path = std::string(line);
  return mapping;
}

}  // namespace

ProcessMaps ProcessMaps::parse(std::string_view text) {
  ProcessMaps maps;
  for (std::string_view line : lines_of(text)) {
    if (std::optional<Mapping> mapping = parse_line(line)) maps.mappings_.push_back(std::move(*mapping));
  }
  return maps;
}

ProcessMaps ProcessMaps::read(std::uint32_t pid) {
  std::string text = read_file(fmt::format("/proc/{}/maps", pid)).value_or("");
  return parse(text);
}

void ProcessMaps::add(Mapping mapping) {
  std::erase_if(mappings_, [&](const Mapping& old) { return old.begin < mapping.end && mapping.begin < old.end; });
  auto place = std::upper_bound(mappings_.begin(), mappings_.end(), mapping.begin,
                                [](std::uint64_t begin, const Mapping& other) { return begin < other.begin; });
  mappings_.insert(place, std::move(mapping));
}

const Mapping* ProcessMaps::find(std::uint64_t address) const {
  auto after = std::upper_bound(mappings_.begin(), mappings_.end(), address,
                                [](std::uint64_t wanted, const Mapping& mapping) { return wanted < mapping.begin; });
  if (after == mappings_.begin() || address >= std::prev(after)->end) return nullptr;
  return &*std::prev(after);
}

}  // namespace hawk
