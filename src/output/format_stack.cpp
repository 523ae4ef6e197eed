// Stacks and symbols as text. A stack begins with a newline and has one line a frame.
#include <algorithm>

#include "output/text_value.h"

namespace hawk {

namespace {

// `symbol+offset`, or the address where no symbol is known.
void append_place(const TextTarget& to, const StackFrame& frame) {
  if (frame.symbol.empty()) {
    to.out += "0x";
    append_hex(to.out, frame.address);
    return;
  }
  append_foreign(to, frame.symbol);
  to.out += '+';
  append_decimal(to.out, frame.offset);
}

void append_module(const TextTarget& to, const StackFrame& frame) {
  to.out += " (";
  append_foreign(to, frame.module.empty() ? "[unknown]" : frame.module);
  to.out += ')';
}

StackFrame resolve(const TextTarget& to, const Type& type, std::uint64_t address, std::uint32_t tgid) {
  Resolver& resolver = *to.context.resolver;
  StackFrame frame =
      type.kind == TypeKind::kStackKernel ? resolver.kernel_frame(address) : resolver.user_frame(address, tgid);
  frame.address = address;
  return frame;
}

void append_frame(const TextTarget& to, const Type& type, std::uint64_t address, std::uint32_t tgid) {
  switch (type.stack_mode) {
    case StackMode::kBpftrace:
      if (!to.options.compact) to.out += "        ";
      append_place(to, resolve(to, type, address, tgid));
      return;
    case StackMode::kPerf: {
      StackFrame frame = resolve(to, type, address, tgid);
      to.out += '\t';
      append_hex(to.out, address);
      to.out += ' ';
      append_place(to, frame);
      if (type.kind == TypeKind::kStackUser) append_module(to, frame);
      return;
    }
    case StackMode::kRaw:
    case StackMode::kBuildId:  // without build ids in the frames: as where the kernel knows none
      append_hex(to.out, address);
      return;
  }
}

}  // namespace

void append_stack(const TextTarget& to, const Type& type, Bytes bytes) {
  to.out += '\n';
  if (bytes.size() < 8) return;
  std::size_t room = std::min<std::size_t>(type.count, bytes.size() / 8 - 1);
  std::size_t count = std::min<std::size_t>(load_unsigned(bytes, 4), room);
  auto tgid = static_cast<std::uint32_t>(load_unsigned(bytes.subspan(4), 4));
  for (std::size_t i = 0; i < count; ++i) {
    append_frame(to, type, load_word(bytes, i + 1), tgid);
    to.out += '\n';
  }
}

void append_symbol(const TextTarget& to, const Type& type, Bytes bytes) {
  std::uint64_t address = load_word(bytes, 0);
  if (address == 0) {
    to.out += '0';
    return;
  }
  Resolver& resolver = *to.context.resolver;
  StackFrame frame = type.kind == TypeKind::kKernelSymbol
                         ? resolver.kernel_frame(address)
                         : resolver.user_frame(address, static_cast<std::uint32_t>(load_word(bytes, 1)));
  if (!frame.symbol.empty()) return append_foreign(to, frame.symbol);
  to.out += "0x";
  append_hex(to.out, address);
}

}  // namespace hawk
