#include "codegen/disassembler.h"

#include <llvm-c/Disassembler.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>

#include <memory>
#include <string>

namespace hawk {

namespace {

struct DisposeDisassembler {
  void operator()(void* context) const { LLVMDisasmDispose(context); }
};

}  // namespace

std::optional<bool> begins_instruction(std::span<const std::uint8_t> code, std::uint64_t offset) {
  LLVM_NATIVE_TARGETINFO();
  LLVM_NATIVE_TARGETMC();
  LLVM_NATIVE_DISASSEMBLER();
  std::string triple = llvm::sys::getDefaultTargetTriple();
  std::unique_ptr<void, DisposeDisassembler> context(LLVMCreateDisasm(triple.c_str(), nullptr, 0, nullptr, nullptr));
  if (!context) return std::nullopt;
  std::uint64_t position = 0;
  while (position < offset) {
    if (position >= code.size()) return std::nullopt;
    char text[128];
    auto* bytes = const_cast<std::uint8_t*>(code.data() + position);  // the C interface only reads them
    std::size_t length =
        LLVMDisasmInstruction(context.get(), bytes, code.size() - position, position, text, sizeof text);
    if (length == 0) return std::nullopt;
    position += length;
  }
  return position == offset;
}

}  // namespace hawk
