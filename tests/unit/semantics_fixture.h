// Checks a script against a FakeTarget and keeps what came out.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "fake_target.h"
#include "parser/parser.h"
#include "prelude/prelude.h"
#include "semantics/check.h"
#include "semantics/expand.h"

namespace hawk {

class Checked {
 public:
  explicit Checked(const std::string& script, CheckOptions options = {}) { check_with(script, options); }
  Checked(const std::string& script, FakeTarget& target, CheckOptions options = {}) : target_(&target) {
    check_with(script, options);
  }

  [[nodiscard]] bool ok() const { return program.has_value(); }
  // Messages joined by `|`.
  [[nodiscard]] std::string messages() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.all()) text += (text.empty() ? "" : "|") + diagnostic.message;
    return text;
  }
  [[nodiscard]] std::string map_type(const std::string& name) const {
    for (const MapSchema& map : program->maps) {
      if (map.name == name) return (map.keyed ? "[" + type_name(map.key) + "]" : "") + type_name(map.value);
    }
    return "none";
  }
  [[nodiscard]] std::string variable_type(const std::string& name) const {
    for (const typed::Variable& variable : program->clauses.at(0).variables) {
      if (variable.name == name) return type_name(variable.type);
    }
    return "none";
  }

  std::optional<typed::CheckedProgram> program;
  DiagSink diagnostics;

 private:
  void check_with(const std::string& script, const CheckOptions& options) {
    FileId file = sources_.add("stdin", script);
    ast_ = parse(sources_, file, {}, diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << messages();
    ast_ = expand(std::move(ast_), prelude_for(ast_, sources_), sources_, diagnostics);
    if (!diagnostics.has_errors())
      program = check(ast_, sources_, target_ != nullptr ? *target_ : own_target_, options, diagnostics);
  }

  FakeTarget own_target_;
  FakeTarget* target_ = nullptr;
  Sources sources_;
  ast::Program ast_;
};

}  // namespace hawk
