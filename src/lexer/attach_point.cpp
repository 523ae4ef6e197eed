// Where the text of an attach point ends: `begin/pid == 1/` has a predicate, `uprobe:/bin/sh:main` a path.
#include "lexer/scanner.h"

#include "ast/probe.h"

namespace hawk {

namespace {

// Parts of these providers that are paths, as bpftrace reads them.
bool holds_path(std::string_view provider, std::size_t part) {
  auto kind = find_probe_kind(provider);
  if (!kind) return false;
  bool user_program = *kind == ProbeKind::kUprobe || *kind == ProbeKind::kUretprobe || *kind == ProbeKind::kUsdt;
  return (user_program && part == 1) || (*kind == ProbeKind::kIter && part == 2);
}

bool begins_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
}

// `name=uprobe` is a named probe.
std::string_view without_name(std::string_view provider) {
  std::size_t equals = provider.find('=');
  return equals == std::string_view::npos ? provider : provider.substr(equals + 1);
}

}  // namespace

std::size_t attach_point_length(std::string_view text) {
  if (text == "config=") return text.size() - 1;  // `config={ ... }`
  std::string_view provider;
  std::size_t part = 0;
  bool path = false;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (quoted) {
      if (c == '\\') ++i;
    } else if (c == ':') {
      if (part == 0) provider = without_name(text.substr(0, i));
      ++part;
      path = holds_path(provider, part) || begins_path(text.substr(i + 1));
    } else if (c == '/' && !path) {
      return i;
    }
  }
  return text.size();
}

}  // namespace hawk
