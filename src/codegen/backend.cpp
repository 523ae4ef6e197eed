#include "codegen/backend.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/ADCE.h>
#include <llvm/Transforms/Scalar/DeadStoreElimination.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <mutex>

#include "support/check.h"

namespace hawk {

namespace {

void initialise_bpf() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeBPFTargetInfo();
    LLVMInitializeBPFTarget();
    LLVMInitializeBPFTargetMC();
    LLVMInitializeBPFAsmPrinter();
  });
}

void initialise_host() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
}

}  // namespace

std::unique_ptr<llvm::TargetMachine> create_bpf_target() {
  initialise_bpf();
  std::string problem;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget("bpfel", problem);
  HAWK_CHECK(target != nullptr, problem);
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      "bpfel", kBpfCpu, "", {}, llvm::Reloc::Static, std::nullopt, llvm::CodeGenOptLevel::Default));
}

// Position-independent: image/host_interface.h leaves nothing to relocate but what the object itself holds.
std::unique_ptr<llvm::TargetMachine> create_host_target() {
  initialise_host();
  std::string problem;
  std::string triple = llvm::sys::getProcessTriple();
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, problem);
  HAWK_CHECK(target != nullptr, problem);
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, "", "", {}, llvm::Reloc::PIC_, llvm::CodeModel::Small, llvm::CodeGenOptLevel::Less));
}

void prepare_module(llvm::Module& module, const llvm::TargetMachine& target) {
  module.setTargetTriple(target.getTargetTriple().str());
  module.setDataLayout(target.createDataLayout());
}

// Not the whole of -O2: no inlining, vectors or loop transformations, which BPF has no use for and clauses on the host
// seldom, and which take longer than all of this.
void optimise(llvm::Module& module, llvm::TargetMachine& target) {
  llvm::PassBuilder builder(&target);
  llvm::FunctionAnalysisManager functions;
  llvm::LoopAnalysisManager loops;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);

  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::DSEPass());
  passes.addPass(llvm::InstCombinePass());
  builder.invokePeepholeEPCallbacks(passes, llvm::OptimizationLevel::O2);
  passes.addPass(llvm::ADCEPass());
  builder.invokeScalarOptimizerLateEPCallbacks(passes, llvm::OptimizationLevel::O2);
  passes.addPass(llvm::SimplifyCFGPass());

  llvm::ModulePassManager pipeline;
  pipeline.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  pipeline.run(module, modules);
}

namespace {

void emit(llvm::Module& module, llvm::TargetMachine& target, llvm::raw_pwrite_stream& out, llvm::CodeGenFileType type) {
  llvm::legacy::PassManager passes;
  bool refused = target.addPassesToEmitFile(passes, out, nullptr, type);
  HAWK_CHECK(!refused, "the back end writes objects and assembly");
  passes.run(module);
}

}  // namespace

std::vector<std::uint8_t> emit_object(llvm::Module& module, llvm::TargetMachine& target) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  emit(module, target, out, llvm::CodeGenFileType::ObjectFile);
  return {bytes.begin(), bytes.end()};
}

std::string emit_assembly(const llvm::Module& module, llvm::TargetMachine& target) {
  // The back end changes the module it works on.
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(module);
  llvm::SmallVector<char, 0> text;
  llvm::raw_svector_ostream out(text);
  emit(*copy, target, out, llvm::CodeGenFileType::AssemblyFile);
  return {text.begin(), text.end()};
}

std::string print_ir(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out, nullptr);
  return text;
}

}  // namespace hawk
