// Any bytes as a script: lexer, parser, dumps and the rendering of errors must neither crash nor hang.
#include <cstddef>
#include <cstdint>

#include "lexer/lexer.h"
#include "parser/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hawk::Sources sources;
  hawk::FileId id = sources.add("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  hawk::DiagSink lexical;
  static_cast<void>(hawk::dump_tokens(hawk::lex(sources.get(id), id, lexical), sources.get(id)));
  hawk::DiagSink diagnostics;
  hawk::ast::Program program = hawk::parse(sources, id, {}, diagnostics);
  static_cast<void>(hawk::ast::dump(program));
  static_cast<void>(hawk::render_diagnostics(diagnostics, sources, {}));
  return 0;
}
