// The recipe: declare, lower each clause, optimise, emit, pack into an image.
#include "codegen/codegen.h"

#include <fmt/format.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include "codegen/backend.h"
#include "codegen/bpf_machine.h"
#include "codegen/lowering.h"

namespace hawk {

namespace {

// What LLVM said, while it worked.
struct Complaints {
  std::vector<std::string> texts;
  std::vector<std::string> functions;
};

class DiagnosticCollector final : public llvm::DiagnosticHandler {
 public:
  explicit DiagnosticCollector(Complaints& complaints) : complaints_(complaints) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
    if (info.getSeverity() > llvm::DS_Warning) return true;
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    complaints_.texts.push_back(text);
    const auto* located = llvm::dyn_cast<llvm::DiagnosticInfoUnsupported>(&info);
    complaints_.functions.push_back(located != nullptr ? located->getFunction().getName().str() : "");
    return true;
  }

 private:
  Complaints& complaints_;
};

Span span_of(const typed::CheckedProgram& program, const std::string& function) {
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    std::string symbol = program_symbol(program, i);
    if (function == symbol || function.rfind(symbol + "_loop_", 0) == 0) return program.clauses[i].span;
  }
  return program.clauses.front().span;
}

Error in_our_words(const typed::CheckedProgram& program, const Complaints& complaints) {
  Span span = span_of(program, complaints.functions.front());
  const std::string& text = complaints.texts.front();
  if (text.find("stack limit") != std::string::npos)
    return {.message = "the clause needs more than the 512 bytes of stack that the kernel gives a program",
            .help = "use fewer variables, or split it into several clauses",
            .span = span};
  return {.message = "the kernel's instruction set has no way to express this clause",
          .help = fmt::format("LLVM says: {}", text),
          .span = span};
}

Location locate(const Sources& sources, Span span) {
  const SourceFile& source = sources.get(span.file);
  LineColumn begin = source.position(span.begin);
  LineColumn end = source.position(span.end);
  return {.file = source.name(),
          .line = begin.line,
          .column_begin = begin.column,
          .column_end = begin.line == end.line ? end.column : 0,
          .text = std::string(source.line(begin.line))};
}

ProgramImage describe(const typed::CheckedProgram& program, const Sources& sources) {
  ProgramImage image;
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    const typed::Clause& clause = program.clauses[i];
    image.programs.push_back({.symbol = program_symbol(program, i),
                              .type = probe_row(clause.kind).program,
                              .probes = clause.probes,
                              .sleepable = false,
                              .location = locate(sources, clause.span)});
  }
  image.maps = program.maps;
  image.events = program.events;
  image.strings = program.strings;
  image.source_name = sources.get(program.file).name();
  image.source_text = sources.get(program.file).text();
  image.config = program.config;
  image.needs_unsafe = program.needs_unsafe;
  return image;
}

Result<> lower(llvm::Module& module, const typed::CheckedProgram& program, const Sources& sources) {
  DebugInfo debug(module, sources, program.file);
  BpfMachine machine(module, program, debug);
  Lowering lowering(program, machine, debug);
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    if (Result<> lowered = lowering.lower_clause(i); !lowered.ok()) return lowered;
  }
  machine.finish();
  debug.finish();
  return Ok{};
}

void verify(const llvm::Module& module) {
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  bool broken = llvm::verifyModule(module, &stream);
  HAWK_CHECK(!broken, "generated IR is wrong: " + problem);
}

}  // namespace

Result<Generated> generate(const typed::CheckedProgram& program, const Sources& sources,
                           const CodegenOptions& options) {
  Complaints complaints;
  llvm::LLVMContext context;
  context.setDiagnosticHandler(std::make_unique<DiagnosticCollector>(complaints));
  std::unique_ptr<llvm::TargetMachine> target = create_bpf_target();
  llvm::Module module(program.clauses.empty() ? "hawk" : sources.get(program.file).name(), context);
  prepare_module(module, *target);
  if (Result<> lowered = lower(module, program, sources); !lowered.ok()) return std::move(lowered.error());
  Generated result;
  if (options.verify_ir) verify(module);
  if (options.keep_unoptimised_ir) result.unoptimised_ir = print_ir(module);
  optimise(module, *target);
  if (options.verify_ir) verify(module);
  if (options.keep_ir) result.ir = print_ir(module);
  if (options.keep_assembly) result.assembly = emit_assembly(module, *target);
  result.image = describe(program, sources);
  result.image.object = emit_object(module, *target);
  if (!complaints.texts.empty()) return in_our_words(program, complaints);
  return result;
}

}  // namespace hawk
