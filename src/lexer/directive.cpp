#include "lexer/directive.h"

#include <fmt/format.h>

#include <cctype>

namespace hawk {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

Directive split_directive(std::string_view line, std::uint32_t begin, FileId file) {
  std::size_t at = line.find('#') + 1;
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  std::size_t name_begin = at;
  while (at < line.size() && is_word(line[at])) ++at;
  std::size_t name_end = at;
  while (at < line.size() && is_blank(line[at])) ++at;
  std::size_t end = line.size();
  while (end > at && is_blank(line[end - 1])) --end;
  auto span = [&](std::size_t first, std::size_t last) {
    return Span{begin + static_cast<std::uint32_t>(first), begin + static_cast<std::uint32_t>(last), file};
  };
  return {.name = line.substr(name_begin, name_end - name_begin),
          .name_span = span(name_begin, name_end),
          .arguments = line.substr(at, end - at),
          .arguments_span = span(at, end)};
}

bool Conditionals::active() const { return levels_.empty() || levels_.back().active; }

bool Conditionals::follow(const Directive& directive) {
  if (directive.name == "ifdef" || directive.name == "ifndef") {
    std::optional<bool> defined = active() ? defined_argument(directive) : false;
    if (defined) open(directive, *defined == (directive.name == "ifdef"));
  } else if (directive.name == "if") {
    open(directive, active() && condition(directive));
  } else if (directive.name == "elif" || directive.name == "else") {
    next_branch(directive);
  } else if (directive.name == "endif") {
    if (levels_.empty()) {
      diagnostics_.report(Diag::UnbalancedDirective, directive.name_span, directive.name);
    } else {
      levels_.pop_back();
    }
  } else {
    return false;
  }
  return true;
}

void Conditionals::finish() {
  if (levels_.empty()) return;
  diagnostics_.report(Diag::UnterminatedConditional, levels_.back().span, levels_.back().name);
}

void Conditionals::open(const Directive& directive, bool condition) {
  Level level{.span = directive.name_span, .name = std::string(directive.name), .parent_active = active()};
  level.active = level.parent_active && condition;
  level.taken = condition;
  levels_.push_back(std::move(level));
}

void Conditionals::next_branch(const Directive& directive) {
  if (levels_.empty() || levels_.back().in_else) {
    diagnostics_.report(Diag::UnbalancedDirective, directive.name_span, directive.name);
    return;
  }
  Level& level = levels_.back();
  level.in_else = directive.name == "else";
  bool candidate = level.parent_active && !level.taken;
  level.active = candidate && (level.in_else || condition(directive));
  level.taken = level.taken || level.active;
}

std::optional<bool> Conditionals::defined_argument(const Directive& directive) {
  std::size_t end = 0;
  while (end < directive.arguments.size() && is_word(directive.arguments[end])) ++end;
  if (end == 0) {
    diagnostics_.report(Diag::MalformedDirective, directive.name_span, directive.name, "a name");
    return std::nullopt;
  }
  std::string_view name = directive.arguments.substr(0, end);
  if (text_.macros.find(name) != nullptr) return true;
  return text_.section.includes && text_.headers != nullptr && ask_headers(directive, fmt::format("defined({})", name));
}

bool Conditionals::condition(const Directive& directive) {
  if (text_.section.includes && text_.headers != nullptr) return ask_headers(directive, directive.arguments);
  auto tokens = lex_range_(directive.arguments, directive.arguments_span, diagnostics_);
  if (!tokens) return false;
  auto value = text_.macros.evaluate(*tokens);
  if (!value) {
    diagnostics_.report(Diag::MalformedDirective, directive.name_span, directive.name,
                        "integers, names defined above, defined(NAME) and operators");
  }
  return value.value_or(0) != 0;
}

bool Conditionals::ask_headers(const Directive& directive, std::string_view condition) {
  Result<bool> holds = text_.headers->holds(text_.section, condition);
  if (holds) return holds.value();
  const Error& error = holds.error();
  diagnostics_.report(Diag::HeaderFailed, error.span.value_or(directive.arguments_span), error.message).help =
      error.help;
  return false;
}

}  // namespace hawk
