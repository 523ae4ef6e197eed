#include "codegen/string_builder.h"

#include <algorithm>

namespace hawk {

StringBuilder::StringBuilder(Lowering& l, std::uint32_t size)
    : l_(l), size_(size), out_(l.untracked(2 * size)), end_(l, 1) {}

llvm::Value* StringBuilder::end_position() const { return bounded(l_.e(), end_.get(0), size_ - 1); }

void StringBuilder::bytes(const Source& source, llvm::Value* count, std::uint32_t most) {
  most = std::min(most, size_);
  if (most == 0) return;
  Emitter& e = l_.e();
  llvm::Value* position = end_position();
  llvm::Value* room = bounded(e, count, most);
  l_.machine.read_memory(e, e.at_index(out_, position, 1), room, source);
  end_.set(0, e.ir.CreateAdd(position, room));
}

void StringBuilder::literal(const std::string& text) {
  std::string there = text.substr(0, size_);
  if (there.empty()) return;
  Emitter& e = l_.e();
  bytes(own_memory(e, l_.machine.data(e, there)), e.number(there.size()), static_cast<std::uint32_t>(there.size()));
}

void StringBuilder::fill(char character, llvm::Value* count, std::uint32_t most) {
  most = std::min(most, size_);
  if (most == 0) return;
  Emitter& e = l_.e();
  bytes(own_memory(e, l_.machine.data(e, std::string(most, character))), count, most);
}

void StringBuilder::string(const Source& source, std::uint32_t most) {
  Emitter& e = l_.e();
  llvm::Value* position = end_position();
  llvm::Value* room = e.number(std::min(most + 1, size_));
  llvm::Value* read = l_.machine.read_string(e, e.at_index(out_, position, 1), room, source);
  llvm::Value* added = e.ir.CreateSub(read, e.number(1));
  added = e.ir.CreateSelect(e.ir.CreateICmpSLT(read, e.number(1)), e.number(0), added);
  end_.set(0, e.ir.CreateAdd(position, added));
}

void StringBuilder::finish(const Characters& to) {
  Emitter& e = l_.e();
  e.store(e.at_index(out_, end_position(), 1), e.number(0, 1));
  copy_terminated(l_, out_, to);
}

}  // namespace hawk
