// The parser: one file's tokens to its Ast. Entry point of the front end.
#pragma once

#include <string_view>

#include "ast/ast.h"
#include "ast/c_headers.h"
#include "support/diagnostics.h"

namespace hawk {

struct ParseOptions {
  bool have_btf = true;         // BPFTRACE_HAVE_BTF is defined in `#ifdef`
  CHeaders* headers = nullptr;  // decides `#if` behind an `#include`; null: what headers define is not known
};

// Reads one file. The first error is reported and ends the reading; the Ast is then empty.
[[nodiscard]] ast::Program parse(const Sources& sources, FileId file, const ParseOptions& options,
                                 DiagSink& diagnostics);

// The expression that a macro of a header stands for, with every node at `span`; null if the text is none.
[[nodiscard]] ast::ExprPtr parse_constant(std::string_view text, Span span);

}  // namespace hawk
