// Operations on texts, and on the sources whose lines become texts.
#include <algorithm>
#include <cstring>
#include <string>

#include "host/operations.h"
#include "host/text_parts.h"
#include "pattern/automaton.h"
#include "support/string_functions.h"

namespace hawk::operation {

namespace {

// Bytes of a text that is looked through.
std::string_view text_of(HostContext* context, std::uint64_t text) {
  std::string_view bytes = runtime_of(context).text(text);
  runtime_of(context).spend(8 + bytes.size() / 16);
  return bytes;
}

}  // namespace

void text_root(HostContext* context, const std::uint64_t* variable) { runtime_of(context).add_text_root(variable); }

std::uint64_t text_from(HostContext* context, const char* bytes, std::uint64_t capacity) {
  return runtime_of(context).add_text({bytes, ::strnlen(bytes, capacity)});
}

void text_to(HostContext* context, std::uint64_t text, char* destination, std::uint64_t capacity) {
  std::string_view bytes = text_of(context, text).substr(0, capacity);
  std::copy(bytes.begin(), bytes.end(), destination);
  std::fill(destination + bytes.size(), destination + capacity, '\0');
}

std::uint64_t text_concat(HostContext* context, std::uint64_t left, std::uint64_t right) {
  std::string_view head = text_of(context, left);
  std::string_view tail = text_of(context, right);
  if (head.empty()) return right;
  if (tail.empty()) return left;
  std::string bytes;
  bytes.reserve(head.size() + tail.size());
  bytes.append(head).append(tail);
  return runtime_of(context).add_text(bytes);
}

std::int64_t text_compare(HostContext* context, std::uint64_t left, std::uint64_t right) {
  return left == right ? 0 : text_of(context, left).compare(text_of(context, right));
}

std::uint64_t text_length(HostContext* context, std::uint64_t text) { return runtime_of(context).text(text).size(); }

std::int64_t text_search(HostContext* context, std::uint64_t text, std::uint64_t part) {
  std::size_t found = text_of(context, text).find(text_of(context, part));
  return found == std::string_view::npos ? -1 : static_cast<std::int64_t>(found);
}

// NOLINTNEXTLINE(readability-function-size): the parameters are the contract's
std::uint64_t text_match(HostContext* context, std::uint64_t text, const unsigned char* columns,
                         const unsigned char* next, std::uint64_t shape) {
  std::string_view bytes = text_of(context, text);
  pattern::Tables tables{columns, next, static_cast<std::uint32_t>(shape >> 16 & 0xFF), (shape >> 24 & 1) != 0};
  return pattern::matches(tables, static_cast<std::uint32_t>(shape & 0xFFFF), bytes) ? 1 : 0;
}

std::int64_t text_search_last(HostContext* context, std::uint64_t text, std::uint64_t part) {
  return find_last(text_of(context, text), text_of(context, part));
}

std::uint64_t text_substr(HostContext* context, std::uint64_t text, std::int64_t start, std::int64_t length) {
  return runtime_of(context).add_text(slice(text_of(context, text), start, length));
}

std::uint64_t text_upper(HostContext* context, std::uint64_t text) {
  return runtime_of(context).add_text(upper_case(text_of(context, text)));
}

std::uint64_t text_lower(HostContext* context, std::uint64_t text) {
  return runtime_of(context).add_text(lower_case(text_of(context, text)));
}

std::uint64_t text_replace(HostContext* context, std::uint64_t text, std::uint64_t part, std::uint64_t by) {
  return runtime_of(context).add_text(
      replace_all(text_of(context, text), text_of(context, part), text_of(context, by)));
}

std::uint64_t text_basename(HostContext* context, std::uint64_t text) {
  return runtime_of(context).add_text(last_component(text_of(context, text)));
}

std::uint64_t text_dirname(HostContext* context, std::uint64_t text) {
  return runtime_of(context).add_text(parent_path(text_of(context, text)));
}

std::int64_t text_strtol(HostContext* context, std::uint64_t text, std::int64_t base) {
  return leading_integer(text_of(context, text), base);
}

std::uint64_t text_field(HostContext* context, std::uint64_t text, std::int64_t number, std::uint64_t separators) {
  std::string_view field = find_text_field(text_of(context, text), number, text_of(context, separators));
  return runtime_of(context).add_text(field);
}

double text_to_float(HostContext* context, std::uint64_t text) { return leading_float(text_of(context, text)); }

std::int64_t text_to_int(HostContext* context, std::uint64_t text) { return leading_int(text_of(context, text)); }

// NOLINTNEXTLINE(readability-function-size): the parameters are the contract's
std::uint64_t read_line(HostContext* context, std::uint64_t source, std::uint64_t kind, std::uint64_t* line,
                        std::uint64_t error) {
  HostRuntime& runtime = runtime_of(context);
  std::string_view name = runtime.text(source);
  LineRead read = runtime.lines().read(static_cast<LineSource>(kind), name);
  switch (read.outcome) {
    case LineRead::Outcome::kLine: *line = runtime.add_text(read.line); return 1;
    case LineRead::Outcome::kEnd: break;
    case LineRead::Outcome::kFailed: runtime.report(error, name, read.reason); break;
  }
  context->turns_left = 0;  // the end may be that of a wait: the next loop asks at once whether to go on
  return 0;
}

std::uint64_t close_source(HostContext* context, std::uint64_t source, std::uint64_t kind) {
  HostRuntime& runtime = runtime_of(context);
  bool was_open = runtime.lines().close(static_cast<LineSource>(kind), runtime.text(source));
  context->turns_left = 0;  // likewise
  return was_open ? 1 : 0;
}

}  // namespace hawk::operation
