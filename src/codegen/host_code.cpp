#include "codegen/host_code.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/TargetParser/Host.h>

#include <cstring>

#include "codegen/backend.h"

namespace hawk {

namespace {

class OrcCode final : public HostCode {
 public:
  explicit OrcCode(std::unique_ptr<llvm::orc::LLJIT> jit) : jit_(std::move(jit)) {}

  HostProgram find(const std::string& symbol) override {
    auto address = jit_->lookup(symbol);
    if (address) return address->toPtr<HostProgram>();
    llvm::consumeError(address.takeError());
    return nullptr;
  }

 private:
  std::unique_ptr<llvm::orc::LLJIT> jit_;
};

Error refused(llvm::Error error) {
  return {.message = "cannot run a clause inside hawk: " + llvm::toString(std::move(error)),
          .help = "--place kernel runs it in the kernel"};
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

Result<std::unique_ptr<HostCode>> load_host_code(const std::vector<std::uint8_t>& object) {
  static_cast<void>(create_host_target());  // makes the target known to LLVM
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(llvm::orc::JITTargetMachineBuilder(llvm::Triple(llvm::sys::getProcessTriple())));
  builder.setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  builder.setLinkProcessSymbolsByDefault(false);
  auto jit = builder.create();
  if (!jit) return refused(jit.takeError());
  if (llvm::Error error = define_memory_functions(**jit)) return refused(std::move(error));
  llvm::StringRef bytes(reinterpret_cast<const char*>(object.data()), object.size());
  if (llvm::Error error = (*jit)->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(bytes, "hawk")))
    return refused(std::move(error));
  return std::unique_ptr<HostCode>(std::make_unique<OrcCode>(std::move(*jit)));
}

}  // namespace hawk
