// Codegen: a CheckedProgram becomes a ProgramImage. The only directory that sees LLVM.
// Nodes are lowered to operations of an abstract machine (machine.h: read a clock, look up a map,
// reserve an event, read memory, ...); the BPF machine implements them as helper calls.
#pragma once

#include <string>

#include "image/program_image.h"
#include "semantics/typed.h"
#include "support/result.h"
#include "support/source_file.h"

namespace hawk {

struct CodegenOptions {
  bool keep_ir = false;              // `-d ir`, --emit-llvm: fill Generated::ir (after optimisation)
  bool keep_unoptimised_ir = false;  // fill Generated::unoptimised_ir
  bool keep_assembly = false;        // `-d asm`
  bool verify_ir = false;
  bool counts_hits = false;  // ProgramAccount::hits, passed
  std::string cache;         // directory of objects made before; "" for none
};

struct Generated {
  ProgramImage image;
  std::string ir;
  std::string unoptimised_ir;
  std::string assembly;
};

// `sources` gives line info its lines. An error here is LLVM's refusal, put in our words (a program
// that needs too much stack, for one).
[[nodiscard]] Result<Generated> generate(const typed::CheckedProgram& program, const Sources& sources,
                                         const CodegenOptions& options);

}  // namespace hawk
