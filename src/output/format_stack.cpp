// Stacks and symbols as text. A stack begins with a newline and has one line a frame; a folded one is one line.
#include <algorithm>

#include "output/stack_frames.h"
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

StackFrame resolve(const FormatContext& context, const Type& type, std::uint64_t address, std::uint32_t tgid) {
  Resolver& resolver = *context.resolver;
  StackFrame frame =
      type.kind == TypeKind::kStackKernel ? resolver.kernel_frame(address) : resolver.user_frame(address, tgid);
  frame.address = address;
  return frame;
}

void append_frame(const TextTarget& to, const Type& type, std::uint64_t address, std::uint32_t tgid) {
  switch (type.stack_mode) {
    case StackMode::kBpftrace:
      if (!to.options.compact) to.out += "        ";
      append_place(to, resolve(to.context, type, address, tgid));
      return;
    case StackMode::kPerf: {
      StackFrame frame = resolve(to.context, type, address, tgid);
      to.out += '\t';
      append_hex(to.out, address);
      to.out += ' ';
      append_place(to, frame);
      if (type.kind == TypeKind::kStackUser) append_module(to, frame);
      return;
    }
    case StackMode::kFolded:  // one line, see append_folded_stack
    case StackMode::kRaw:
    case StackMode::kBuildId:  // without build ids in the frames: as where the kernel knows none
      append_hex(to.out, address);
      return;
  }
}

// Calls `visit(address, tgid)` for each frame, innermost first.
template <class Visit>
void for_each_address(const Type& type, Bytes bytes, const Visit& visit) {
  if (bytes.size() < 8) return;
  std::size_t room = std::min<std::size_t>(type.count, bytes.size() / 8 - 1);
  std::size_t count = std::min<std::size_t>(load_unsigned(bytes, 4), room);
  auto tgid = static_cast<std::uint32_t>(load_unsigned(bytes.subspan(4), 4));
  for (std::size_t i = 0; i < count; ++i) visit(load_word(bytes, i + 1), tgid);
}

// One line, outermost frame first.
void append_folded_stack(const TextTarget& to, const Type& type, Bytes bytes) {
  std::vector<StackFrame> frames = stack_frames(type, bytes, to.context);
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    if (frame != frames.rbegin()) to.out += ';';
    append_foreign(to, folded_name(*frame));
  }
}

}  // namespace

std::vector<StackFrame> stack_frames(const Type& type, Bytes bytes, const FormatContext& context) {
  std::vector<StackFrame> frames;
  for_each_address(type, bytes, [&](std::uint64_t address, std::uint32_t tgid) {
    frames.push_back(resolve(context, type, address, tgid));
  });
  return frames;
}

std::string frame_name(const StackFrame& frame) {
  if (!frame.symbol.empty()) return frame.symbol;
  std::string file = frame.module.substr(frame.module.rfind('/') + 1);  // all of it without a slash
  if (file.empty()) return "[unknown]";
  return file.front() == '[' ? file : "[" + file + "]";
}

std::string folded_name(const StackFrame& frame) {
  std::string name = frame_name(frame);
  for (char& c : name) {
    if (c == ';') c = ':';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
  }
  return name;
}

void append_stack(const TextTarget& to, const Type& type, Bytes bytes) {
  if (type.stack_mode == StackMode::kFolded) return append_folded_stack(to, type, bytes);
  to.out += '\n';
  for_each_address(type, bytes, [&](std::uint64_t address, std::uint32_t tgid) {
    append_frame(to, type, address, tgid);
    to.out += '\n';
  });
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
