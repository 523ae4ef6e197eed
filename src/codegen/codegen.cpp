// The recipe: declare, lower each clause, optimise, emit, pack into an image.
#include "codegen/codegen.h"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include "codegen/backend.h"
#include "codegen/bpf_machine.h"
#include "codegen/host_machine.h"
#include "codegen/lowering.h"
#include "codegen/object_cache.h"
#include "codegen/program_symbol.h"
#include "semantics/typed_search.h"

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

bool overrides(const typed::Clause& clause) {
  typed::Search search;
  search.on_expr = [](const typed::Expr& expr) {
    const auto* call = std::get_if<typed::Call>(&expr.node);
    return call != nullptr && call->builtin == Builtin::kOverride;
  };
  return search.find(clause.body);
}

ProgramImage describe(const typed::CheckedProgram& program, const Sources& sources) {
  ProgramImage image;
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    const typed::Clause& clause = program.clauses[i];
    image.programs.push_back(
        {.symbol = program_symbol(program, i),
         .placement = clause.placement,
         .type = clause.raw_syscalls ? ProgramType::kRawTracepoint : probe_row(clause.kind).program,
         .probes = clause.probes,
         .sleepable = false,
         .overrides = overrides(clause),
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

bool runs_on(const typed::CheckedProgram& program, Placement placement) {
  return std::any_of(program.clauses.begin(), program.clauses.end(),
                     [&](const typed::Clause& clause) { return clause.placement == placement; });
}

// The clauses of one placement, by way of its machine.
template <class TheMachine>
Result<> lower_clauses(Lowering lowering, TheMachine& machine, DebugInfo& debug, Placement placement) {
  const typed::CheckedProgram& program = lowering.program;
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    if (program.clauses[i].placement != placement) continue;
    if (Result<> lowered = lowering.lower_clause(i); !lowered.ok()) return lowered;
  }
  machine.finish();
  debug.finish();
  return Ok{};
}

Result<> lower(llvm::Module& module, const typed::CheckedProgram& program, const Sources& sources, bool counts_hits,
               Placement placement) {
  DebugInfo debug(module, sources, program.file);
  if (placement == Placement::kKernel) {
    BpfMachine machine(module, program, debug);
    return lower_clauses(Lowering(program, machine, debug, counts_hits), machine, debug, placement);
  }
  HostMachine machine(module, program);
  Result<> lowered = lower_clauses(Lowering(program, machine, debug), machine, debug, placement);
  llvm::StripDebugInfo(module);  // nobody reads it: line information is for the verifier's messages
  return lowered;
}

void verify(const llvm::Module& module) {
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  bool broken = llvm::verifyModule(module, &stream);
  HAWK_CHECK(!broken, "generated IR is wrong: " + problem);
}

bool wants_stages(const CodegenOptions& options) {
  return options.verify_ir || options.keep_unoptimised_ir || options.keep_ir || options.keep_assembly;
}

// From the lowered module; the texts of `result` grow by its own.
std::vector<std::uint8_t> finish(llvm::Module& module, llvm::TargetMachine& target, const CodegenOptions& options,
                                 Generated& result) {
  if (options.verify_ir) verify(module);
  if (options.keep_unoptimised_ir) result.unoptimised_ir += print_ir(module);
  optimise(module, target);
  if (options.verify_ir) verify(module);
  if (options.keep_ir) result.ir += print_ir(module);
  if (options.keep_assembly) result.assembly += emit_assembly(module, target);
  return emit_object(module, target);
}

// The object of all clauses of one placement.
Result<std::vector<std::uint8_t>> compile(const typed::CheckedProgram& program, const Sources& sources,
                                          const CodegenOptions& options, Placement placement, Generated& result) {
  Complaints complaints;
  llvm::LLVMContext context;
  context.setDiagnosticHandler(std::make_unique<DiagnosticCollector>(complaints));
  bool kernel = placement == Placement::kKernel;
  std::unique_ptr<llvm::TargetMachine> target = kernel ? create_bpf_target() : create_host_target();
  llvm::Module module(sources.get(program.file).name(), context);
  prepare_module(module, *target);
  if (Result<> lowered = lower(module, program, sources, options.counts_hits, placement); !lowered.ok())
    return std::move(lowered.error());
  ObjectCache cache(wants_stages(options) ? "" : options.cache);
  std::string key = cache.is_open() ? object_key(module, *target) : "";
  if (auto known = cache.find(key)) return std::move(*known);
  std::vector<std::uint8_t> object = finish(module, *target, options, result);
  if (!complaints.texts.empty()) return in_our_words(program, complaints);
  cache.keep(key, object);
  return object;
}

}  // namespace

Result<Generated> generate(const typed::CheckedProgram& program, const Sources& sources,
                           const CodegenOptions& options) {
  Generated result;
  result.image = describe(program, sources);
  for (Placement placement : {Placement::kKernel, Placement::kHost}) {
    if (!runs_on(program, placement)) continue;
    auto object = compile(program, sources, options, placement, result);
    if (!object) return std::move(object.error());
    (placement == Placement::kKernel ? result.image.object : result.image.host_object) = std::move(object.value());
  }
  return result;
}

}  // namespace hawk
