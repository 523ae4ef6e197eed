// The lexer: source text to tokens. Attach points are read differently from code, and C definitions from both;
// `lex` follows the file's sections to know which it is in.
#pragma once

#include <string>
#include <vector>

#include "ast/c_headers.h"
#include "lexer/token.h"
#include "support/diagnostics.h"

namespace hawk {

struct LexOptions {
  bool have_btf = true;         // BPFTRACE_HAVE_BTF is defined in `#ifdef`
  CHeaders* headers = nullptr;  // decides conditions behind an `#include`
};

struct LexedFile {
  std::vector<Token> tokens;  // the last one is always End
  CSection c_section;
};

// The tokens of one file. The first error is reported and put as an Invalid token
// where it was found; nothing behind it is read, so that one cause gives one error.
[[nodiscard]] LexedFile lex_file(const SourceFile& file, FileId id, DiagSink& diagnostics,
                                 const LexOptions& options = {});
[[nodiscard]] std::vector<Token> lex(const SourceFile& file, FileId id, DiagSink& diagnostics,
                                     const LexOptions& options = {});

// One token a line: kind, byte span, text.
[[nodiscard]] std::string dump_tokens(const std::vector<Token>& tokens, const SourceFile& file);

}  // namespace hawk
