#include "support/source_file.h"

#include <algorithm>

namespace hawk {

Span join(Span first, Span last) { return {first.begin, last.end, first.file, first.expansion}; }

SourceFile::SourceFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

LineColumn SourceFile::position(std::uint32_t offset) const {
  auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  return {line, offset - line_starts_[line - 1] + 1};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  std::uint32_t begin = line_starts_[number - 1];
  std::size_t end = text_.find('\n', begin);
  if (end == std::string::npos) end = text_.size();
  return std::string_view(text_).substr(begin, end - begin);
}

FileId Sources::add(std::string name, std::string text) {
  files_.emplace_back(std::move(name), std::move(text));
  return static_cast<FileId>(files_.size() - 1);
}

std::uint32_t Sources::add_expansion(std::string name, Span call) {
  expansions_.push_back({std::move(name), call});
  return static_cast<std::uint32_t>(expansions_.size());
}

const Expansion* Sources::expansion(std::uint32_t number) const {
  return number == 0 ? nullptr : &expansions_[number - 1];
}

}  // namespace hawk
