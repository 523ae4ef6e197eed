#include "codegen/host_code.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Host.h>

#include <cstring>
#include <string>
#include <unordered_map>

#include "codegen/backend.h"

namespace hawk {

namespace {

class OrcCode final : public HostCode {
 public:
  OrcCode(std::unique_ptr<llvm::orc::LLJIT> jit, std::unordered_map<std::string, HostProgram> programs)
      : jit_(std::move(jit)), programs_(std::move(programs)) {}

  HostProgram find(const std::string& symbol) override {
    auto found = programs_.find(symbol);
    return found == programs_.end() ? nullptr : found->second;
  }

 private:
  std::unique_ptr<llvm::orc::LLJIT> jit_;  // owns the code
  std::unordered_map<std::string, HostProgram> programs_;
};

// LLVM's own words (a symbol could not be materialised) tell nobody anything.
Error refused(llvm::Error error) {
  llvm::consumeError(std::move(error));
  return {.message = "this machine does not let hawk make code executable, which clauses inside hawk need",
          .help = "--place kernel runs in the kernel what can run there"};
}

// The only symbols from outside: LLVM calls these for large copies, whatever the code says.
llvm::Error define_memory_functions(llvm::orc::LLJIT& jit) {
  llvm::orc::SymbolMap symbols;
  auto define = [&](const char* name, auto* function) {
    symbols[jit.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function), llvm::JITSymbolFlags::Exported};
  };
  define("memcpy", static_cast<void* (*)(void*, const void*, std::size_t)>(std::memcpy));
  define("memmove", static_cast<void* (*)(void*, const void*, std::size_t)>(std::memmove));
  define("memset", static_cast<void* (*)(void*, int, std::size_t)>(std::memset));
  return jit.getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols)));
}

}  // namespace

Result<std::unique_ptr<HostCode>> load_host_code(const ProgramImage& image) {
  static_cast<void>(create_host_target());  // makes the target known to LLVM
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(llvm::orc::JITTargetMachineBuilder(llvm::Triple(llvm::sys::getProcessTriple())));
  builder.setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  builder.setLinkProcessSymbolsByDefault(false);
  auto jit = builder.create();
  if (!jit) return refused(jit.takeError());
  // What goes wrong comes back from lookup() too, and is said once.
  (*jit)->getExecutionSession().setErrorReporter([](llvm::Error error) { llvm::consumeError(std::move(error)); });
  if (llvm::Error error = define_memory_functions(**jit)) return refused(std::move(error));
  const auto& object = image.host_object;
  llvm::StringRef bytes(reinterpret_cast<const char*>(object.data()), object.size());
  if (llvm::Error error = (*jit)->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(bytes, "hawk")))
    return refused(std::move(error));
  std::unordered_map<std::string, HostProgram> programs;
  for (const ProgramSpec& program : image.programs) {
    if (program.placement != Placement::kHost) continue;
    auto address = (*jit)->lookup(program.symbol);  // links: here is where memory may be refused
    if (!address) return refused(address.takeError());
    programs[program.symbol] = address->toPtr<HostProgram>();
  }
  return std::unique_ptr<HostCode>(std::make_unique<OrcCode>(std::move(*jit), std::move(programs)));
}

}  // namespace hawk
