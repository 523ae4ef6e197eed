// Tables for stacks of programs without frame pointers: what generated code looks up, and the runtime fills in from the
// .eh_frame of the programs and libraries. x86-64.
#pragma once

#include <cstdint>

namespace hawk {

// Names inside the BPF object; absent unless the script asks for such a stack.
inline constexpr const char* kUnwindFilesSymbol = "hawk_unwind_files";  // HASH, UnwindFileKey to UnwindFile
inline constexpr const char* kUnwindRowsSymbol = "hawk_unwind_rows";    // ARRAY of UnwindRow, in order within a file

// A file as the kernel knows that of a mapping. No device: overlays show another one than their mappings have.
struct UnwindFileKey {
  std::uint64_t inode = 0;  // kInodeBits of it: overlays mark the others
  std::uint64_t size = 0;   // bytes
};
inline constexpr std::uint64_t kInodeBits = (1ULL << 56) - 1;

struct UnwindFile {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

enum class CfaRule : std::uint8_t {
  kNone,   // the chain ends here
  kStack,  // stack pointer + offset
  kFrame,  // frame pointer + offset
  kPlt,    // stack pointer + 8, and 8 more in the part of a 16-byte entry that begins at `cfa_offset`
};

// From `position` in the file on, until the next row's: where the frame's CFA is. The return address stands 8 below it.
struct UnwindRow {
  std::uint32_t position = 0;
  std::int32_t cfa_offset = 0;
  std::int32_t frame_offset = 0;  // from the CFA to the caller's frame pointer; 0: it has not been changed
  CfaRule rule = CfaRule::kNone;
  std::uint8_t reserved[3] = {};
  bool operator==(const UnwindRow&) const = default;
};
static_assert(sizeof(UnwindRow) == 16);

}  // namespace hawk
