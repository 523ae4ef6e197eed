// Reading small files of /proc, /sys and tracefs, whose size is not known in advance.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/unique_fd.h"

namespace hawk {

constexpr std::size_t kReadLimit = std::size_t{1} << 30;  // bytes; more than any file of the kernel's

// Everything up to the end; nullopt with errno set when a read fails, EFBIG if there is more than `limit` bytes.
[[nodiscard]] std::optional<std::string> read_all(int fd, std::size_t limit = kReadLimit);

// `path` relative to `directory` (AT_FDCWD for the working directory); nullopt with errno set.
[[nodiscard]] std::optional<std::string> read_file_at(int directory, const std::string& path);
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);

// The lines of a text that are not empty. They refer to `text`.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace hawk
