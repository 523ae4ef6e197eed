// Stacks and symbols as text. A stack begins with a newline and has one line a frame; a folded one is one line.
#include <fmt/format.h>

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

// A struct bpf_stack_build_id: s32 status, u8 build_id[20], u64 offset; or the address instead of the offset, where the
// kernel found no build id.
StackFrame place_in_file(Bytes bytes) {
  constexpr std::uint64_t kValid = 1;  // BPF_STACK_BUILD_ID_VALID
  constexpr std::size_t kIdAt = 4;
  constexpr std::size_t kIdBytes = 20;
  std::uint64_t place = load_word(bytes, 3);
  if (load_unsigned(bytes, 4) != kValid) return {.address = place, .symbol = {}};
  StackFrame frame{.address = 0, .symbol = {}, .offset = place};
  for (std::uint8_t byte : bytes.subspan(kIdAt, kIdBytes)) frame.build_id += fmt::format("{:02x}", byte);
  return frame;
}

// A frame as its stack has it.
struct RawFrame {
  Bytes bytes;
  std::uint32_t tgid = 0;
};

StackFrame resolve(const FormatContext& context, const Type& type, const RawFrame& raw) {
  if (type.stack_mode == StackMode::kBuildId) return place_in_file(raw.bytes);
  std::uint64_t address = load_word(raw.bytes, 0);
  Resolver& resolver = *context.resolver;
  StackFrame frame =
      type.kind == TypeKind::kStackKernel ? resolver.kernel_frame(address) : resolver.user_frame(address, raw.tgid);
  frame.address = address;
  return frame;
}

void append_frame(const TextTarget& to, const Type& type, const RawFrame& raw) {
  switch (type.stack_mode) {
    case StackMode::kBpftrace:
      if (!to.options.compact) to.out += "        ";
      append_place(to, resolve(to.context, type, raw));
      return;
    case StackMode::kPerf: {
      StackFrame frame = resolve(to.context, type, raw);
      to.out += '\t';
      append_hex(to.out, frame.address);
      to.out += ' ';
      append_place(to, frame);
      if (type.kind == TypeKind::kStackUser) append_module(to, frame);
      return;
    }
    case StackMode::kFolded:  // one line, see append_folded_stack
    case StackMode::kRaw: append_hex(to.out, load_word(raw.bytes, 0)); return;
    case StackMode::kBuildId: {
      StackFrame frame = resolve(to.context, type, raw);
      if (!frame.build_id.empty()) to.out += frame.build_id + ' ';
      to.out += "0x";
      append_hex(to.out, frame.build_id.empty() ? frame.address : frame.offset);
      return;
    }
  }
}

// Calls `visit(RawFrame)` for each frame, innermost first.
template <class Visit>
void for_each_frame(const Type& type, Bytes bytes, const Visit& visit) {
  constexpr std::size_t kHeader = 8;
  if (bytes.size() < kHeader) return;
  std::size_t size = frame_size(type.stack_mode);
  std::size_t room = std::min<std::size_t>(type.count, (bytes.size() - kHeader) / size);
  std::size_t count = std::min<std::size_t>(load_unsigned(bytes, 4), room);
  auto tgid = static_cast<std::uint32_t>(load_unsigned(bytes.subspan(4), 4));
  for (std::size_t i = 0; i < count; ++i) visit(RawFrame{bytes.subspan(kHeader + i * size, size), tgid});
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

std::vector<StackFrame> stack_frames(const Type& type, Bytes bytes, const FormatContext& context, bool named) {
  std::vector<StackFrame> frames;
  if (!named && type.stack_mode != StackMode::kBuildId) {
    for_each_frame(type, bytes,
                   [&](const RawFrame& raw) { frames.push_back({.address = load_word(raw.bytes, 0), .symbol = {}}); });
    return frames;
  }
  for_each_frame(type, bytes, [&](const RawFrame& raw) { frames.push_back(resolve(context, type, raw)); });
  return frames;
}

std::string frame_name(const StackFrame& frame) {
  if (!frame.symbol.empty()) return frame.symbol;
  if (!frame.build_id.empty()) return fmt::format("{}+0x{:x}", frame.build_id, frame.offset);
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
  for_each_frame(type, bytes, [&](const RawFrame& raw) {
    append_frame(to, type, raw);
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
