// Expand: every call of a macro or a function is replaced by its body. What comes out has no calls but those of
// builtins.
//
// A macro's parameters stand for what was given: `x` for the expression, evaluated wherever it stands in the body; `$x`
// and `@x` for a variable or map of the caller. Its own variables get a name that no script can write (`y'3`). A
// function's `$x` is a copy of the value, and its body becomes an ast::FunctionBody, which `return` ends. Spans of a
// body say which expansion they are in (Sources::expansion); what comes from the prelude counts as written where it is
// called.
#pragma once

#include <string>

#include "ast/ast.h"
#include "support/diagnostics.h"

namespace hawk {

// The prelude is looked up behind the program's own macros and functions, which may have the same names.
[[nodiscard]] ast::Program expand(ast::Program program, const ast::Program& prelude, Sources& sources,
                                  DiagSink& diagnostics);

// A text with names of variables (`$y'3`) as they were written, without the marks of their expansions.
[[nodiscard]] std::string without_marks(std::string text);

}  // namespace hawk
