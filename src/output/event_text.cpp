#include "output/event_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "image/members.h"
#include "output/text_value.h"
#include "support/check.h"

namespace hawk {

namespace {

constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kReset = "\033[0m";

// The line with its colour, and one newline at the end in any case.
std::string line(std::string text, Severity severity, bool colour) {
  bool ended = !text.empty() && text.back() == '\n';
  if (!colour) return ended ? text : text + '\n';
  if (ended) text.pop_back();
  return fmt::format("{}{}{}\n", severity == Severity::kError ? kRed : kYellow, text, kReset);
}

std::string place(const Location& where) {
  if (where.column_end != 0) {
    return fmt::format("{}:{}:{}-{}", where.file, where.line, where.column_begin, where.column_end);
  }
  auto more = std::count(where.text.begin(), where.text.end(), '\n');
  return fmt::format("{}:{}-{}", where.file, where.line, where.line + more);
}

struct HelperRow {
  std::string_view helper;
  std::int64_t code;
  std::string_view text;
};
constexpr std::array kHelperErrors = {
    HelperRow{"map_update_elem", -E2BIG,
              "Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries "
              "in a map declaration e.g. `let @a = hash(5000)`"},
    HelperRow{"map_delete_elem", -ENOENT, "Can't delete map element because it does not exist."},
    HelperRow{"map_lookup_elem", 0, "Can't lookup map element because it does not exist."},
};

}  // namespace

std::string located_line(const Location& where, Severity severity, std::string_view message, bool colour) {
  const char* label = severity == Severity::kError ? "ERROR" : "WARNING";
  return line(fmt::format("{}: {}: {}", place(where), label, message), severity, colour);
}

std::string plain_error(std::string_view message, bool colour) {
  return line(fmt::format("ERROR: {}", message), Severity::kError, colour);
}

// The diagnostics printer works on source files, so the lines are put where they stood in one.
std::string located_excerpt(const Location& where, std::string_view message, bool colour) {
  std::uint32_t before = std::max<std::uint32_t>(where.line, 1) - 1;
  Sources sources;
  FileId file = sources.add(where.file, std::string(before, '\n') + where.text);
  std::uint32_t begin = before + std::max<std::uint32_t>(where.column_begin, 1) - 1;
  std::uint32_t end =
      where.column_end != 0 ? before + where.column_end - 1 : before + static_cast<std::uint32_t>(where.text.size());
  return render_at(sources, {.begin = begin, .end = end, .file = file}, Severity::kWarning, message, "", colour);
}

std::int64_t helper_return_code(const Event& event) {
  return static_cast<std::int64_t>(load_scalar(first_type(event), first_field(event)));
}

std::string helper_error_text(std::string_view helper, std::int64_t code) {
  for (const HelperRow& row : kHelperErrors) {
    if (row.helper == helper && row.code == code) return std::string(row.text);
  }
  return errno_text(code);
}

std::string errno_text(std::int64_t code) { return std::strerror(static_cast<int>(code < 0 ? -code : code)); }

void for_each_joined(const Event& event, const std::function<void(const Type&, Bytes)>& visit) {
  HAWK_CHECK(event.schema->fields.size() >= 2, "a join event has a count and strings");
  const EventField& strings = event.schema->fields[1];
  HAWK_CHECK(strings.type.kind == TypeKind::kArray, "a join event has an array of strings");
  std::uint64_t count = std::min<std::uint64_t>(load_unsigned(first_field(event)), strings.type.count);
  std::uint32_t size = strings.type.element->size;
  for (std::uint32_t i = 0; i < count; ++i)
    visit(*strings.type.element, slice(event.bytes, strings.offset + i * size, size));
}

void append_joined(std::string& out, const Event& event, const FormatContext& context) {
  std::string_view separator;
  for_each_joined(event, [&](const Type& type, Bytes bytes) {
    out += separator;
    separator = event.schema->text;
    append_value({out, context}, type, bytes);
  });
}

std::string probe_of(const ProgramSpec& program) {
  std::string name = program.probes.front().name;
  if (program.probes.size() == 1) return name;
  for (const ProbeSpec& probe : program.probes) {
    auto differs = std::mismatch(name.begin(), name.end(), probe.name.begin(), probe.name.end());
    name.erase(differs.first, name.end());
  }
  return name + "*";
}

const Type& first_type(const Event& event) {
  HAWK_CHECK(!event.schema->fields.empty(), "an event has no field");
  return event.schema->fields[0].type;
}

Bytes first_field(const Event& event) {
  return slice(event.bytes, event.schema->fields[0].offset, first_type(event).size);
}

}  // namespace hawk
