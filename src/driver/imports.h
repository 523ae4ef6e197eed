// Imports: what `import "path";` names becomes part of the program. A path counts from the directory of the file that
// names it; a directory stands for the scripts and headers in it. Each file is read once, and before the file that
// imports it.
#pragma once

#include <string>

#include "ast/ast.h"
#include "parser/parser.h"
#include "support/diagnostics.h"

namespace hawk {

struct ImportOptions {
  std::string path;  // the program's own file; "" with -e and standard input: imports count from the working directory
  std::string in_body;  // what an `import` in a body is: error, warn or enable (config unstable_import_statement)
  ParseOptions parsing;
};

// Scripts (.bt, .hawk) are merged; a C header becomes an #include of the program.
[[nodiscard]] ast::Program load_imports(ast::Program program, const ImportOptions& options, Sources& sources,
                                        DiagSink& diagnostics);

}  // namespace hawk
