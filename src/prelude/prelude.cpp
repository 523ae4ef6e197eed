#include "prelude/prelude.h"

#include <algorithm>
#include <iterator>

#include "ast/mentions.h"
#include "parser/parser.h"
#include "prelude/prelude_texts.h"
#include "support/check.h"

namespace hawk {

namespace {

// What follows each `macro ` or `fn ` at the beginning of a line, up to the parenthesis.
std::vector<std::string_view> defined_names() {
  std::vector<std::string_view> names;
  for (const PreludeText& file : kPreludeTexts) {
    std::string_view rest = file.text;
    while (!rest.empty()) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      for (std::string_view word : {std::string_view("macro "), std::string_view("fn ")}) {
        if (line.starts_with(word)) names.push_back(line.substr(word.size(), line.find('(') - word.size()));
      }
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool mentions_prelude(const ast::Program& program) {
  auto known = [](const std::string& name) {
    return std::binary_search(prelude_names().begin(), prelude_names().end(), std::string_view(name));
  };
  auto is_in = [&](const auto& part) { return mentions(part.body, known); };
  auto in_define = [&](const ast::CDefinition& definition) {
    const auto* define = std::get_if<ast::CDefine>(&definition.node);
    return define != nullptr && define->value && mentions(*define->value, known);
  };
  return std::any_of(program.clauses.begin(), program.clauses.end(),
                     [&](const ast::Clause& clause) { return mentions(clause, known); }) ||
         std::any_of(program.macros.begin(), program.macros.end(), is_in) ||
         std::any_of(program.functions.begin(), program.functions.end(), is_in) ||
         std::any_of(program.definitions.begin(), program.definitions.end(), in_define);
}

}  // namespace

const std::vector<std::string_view>& prelude_names() {
  static const std::vector<std::string_view> names = defined_names();
  return names;
}

ast::Program prelude_for(const ast::Program& program, Sources& sources) {
  ast::Program whole;
  if (!mentions_prelude(program)) return whole;
  for (const PreludeText& file : kPreludeTexts) {
    DiagSink diagnostics;
    FileId id = sources.add(std::string(file.name), std::string(file.text));
    ast::Program part = parse(sources, id, {}, diagnostics);
    HAWK_CHECK(!diagnostics.has_errors(), "the prelude is correct");
    std::move(part.macros.begin(), part.macros.end(), std::back_inserter(whole.macros));
    std::move(part.functions.begin(), part.functions.end(), std::back_inserter(whole.functions));
  }
  return whole;
}

}  // namespace hawk
