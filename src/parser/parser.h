// The parser: one file's tokens to its Ast. Entry point of the front end.
#pragma once

#include "ast/ast.h"
#include "support/diagnostics.h"

namespace hawk {

struct ParseOptions {
  bool have_btf = true;  // BPFTRACE_HAVE_BTF is defined in `#ifdef`
};

// Reads one file. The first error is reported and ends the reading; the Ast is then empty.
[[nodiscard]] ast::Program parse(const Sources& sources, FileId file, const ParseOptions& options,
                                 DiagSink& diagnostics);

}  // namespace hawk
