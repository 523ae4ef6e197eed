#include "runtime/source_lines.h"

#include <elfutils/libdw.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "runtime/debug_file.h"
#include "runtime/elf_file.h"

namespace hawk {

namespace {

// Whether a path of the line tables is the file that somebody means by `name`: "a.c" is "/src/a.c" and not "/src/ba.c".
bool names_file(std::string_view path, std::string_view name) {
  if (!path.ends_with(name)) return false;
  return path.size() == name.size() || path[path.size() - name.size() - 1] == '/';
}

// A row of a line table.
struct Row {
  int line = 0;
  int column = 0;
  std::uint64_t address = 0;
  bool begins_statement = false;
};

// What is found in the line tables of all compilation units.
struct Found {
  bool file = false;
  std::set<int> lines;  // of the file, that have code
  std::set<std::uint64_t> addresses;
};

bool is_wanted(const Row& row, const SourceLine& wanted) {
  if (!row.begins_statement || static_cast<std::uint32_t>(row.line) != wanted.line) return false;
  return wanted.column == 0 || static_cast<std::uint32_t>(row.column) == wanted.column;
}

void search_unit(Dwarf_Die* unit, const SourceLine& wanted, Found& found) {
  Dwarf_Lines* lines = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrclines(unit, &lines, &count) != 0) return;
  bool inside = false;  // the row before was one of the line
  for (std::size_t i = 0; i < count; ++i) {
    Dwarf_Line* line = dwarf_onesrcline(lines, i);
    const char* file = dwarf_linesrc(line, nullptr, nullptr);
    if (file == nullptr || !names_file(file, wanted.file)) {
      inside = false;
      continue;
    }
    Row row;
    Dwarf_Addr address = 0;
    dwarf_lineno(line, &row.line);
    dwarf_linecol(line, &row.column);
    dwarf_lineaddr(line, &address);
    dwarf_linebeginstatement(line, &row.begins_statement);
    row.address = address;
    found.file = true;
    if (row.begins_statement) found.lines.insert(row.line);
    bool matches = is_wanted(row, wanted);
    if (matches && !inside) found.addresses.insert(row.address);
    inside = matches;
  }
}

Error no_code(const std::string& path, const SourceLine& wanted, const Found& found) {
  if (!found.file)
    return Error{.message = fmt::format("`{}` has no code of a file `{}`", path, wanted.file),
                 .help = "name the file as the compiler was given it, or the end of that path"};
  Error error{.message = fmt::format("no statement begins at {}:{}{} in `{}`", wanted.file, wanted.line,
                                     wanted.column == 0 ? "" : fmt::format(":{}", wanted.column), path)};
  auto next = found.lines.lower_bound(static_cast<int>(wanted.line));
  std::string near;
  if (next != found.lines.begin()) near = fmt::format("{}", *std::prev(next));
  if (next != found.lines.end()) near += fmt::format("{}{}", near.empty() ? "" : " and ", *next);
  if (!near.empty()) error.help = fmt::format("lines near by with code: {}", near);
  return error;
}

}  // namespace

Result<std::vector<std::uint64_t>> find_source_line(const std::string& path, const SourceLine& wanted) {
  if (Result<ElfFile> file = open_elf(path); !file) return file.error();
  Result<std::unique_ptr<DebugFile>> file = DebugFile::open(path);
  if (!file)
    return Error{.message = fmt::format("`{}` has no debug information (DWARF)", path),
                 .help = "compile it with -g, or name a function: hawk -l 'uprobe:FILE:*' lists them"};
  Found found;
  file.value()->visit_units([&](Dwarf_Die& unit) {
    search_unit(&unit, wanted, found);
    return false;
  });
  if (found.addresses.empty()) return no_code(path, wanted, found);
  return std::vector<std::uint64_t>(found.addresses.begin(), found.addresses.end());
}

}  // namespace hawk
