// Names and bits of include/linux/gfp_types.h, Linux 6.18. Which bits the last three have depends on
// the kernel's configuration; these are the ones of a kernel with all of them, as bpftrace 0.27 prints.
#include "output/gfp_flags.h"

#include <string_view>

#include "output/text_value.h"

namespace hawk {

namespace {

constexpr std::uint64_t bit(unsigned number) { return std::uint64_t{1} << number; }

constexpr std::uint64_t kDma = bit(0), kHighMemory = bit(1), kDma32 = bit(2), kMovable = bit(3), kHigh = bit(5),
                        kIo = bit(6), kFs = bit(7), kDirectReclaim = bit(10), kKswapdReclaim = bit(11),
                        kNoWarning = bit(13), kComposite = bit(18), kNoReserve = bit(19), kHardWall = bit(20),
                        kAccount = bit(22), kSkipKasan = bit(25);
constexpr std::uint64_t kReclaim = kDirectReclaim | kKswapdReclaim;
constexpr std::uint64_t kKernel = kReclaim | kIo | kFs;
constexpr std::uint64_t kHighUser = kKernel | kHardWall | kHighMemory;
constexpr std::uint64_t kHugeLight = ((kHighUser | kMovable | kComposite | kNoReserve | kNoWarning) & ~kReclaim);

struct FlagRow {
  std::uint64_t mask;
  std::string_view name;
};

// The first row whose bits are all there wins and takes them. __GFP_SKIP_KASAN is part of the movable
// ones only where the kernel has it, so both forms are listed.
constexpr FlagRow kRows[] = {
    {kHugeLight | kDirectReclaim | kSkipKasan, "GFP_TRANSHUGE"},
    {kHugeLight | kDirectReclaim, "GFP_TRANSHUGE"},
    {kHugeLight | kSkipKasan, "GFP_TRANSHUGE_LIGHT"},
    {kHugeLight, "GFP_TRANSHUGE_LIGHT"},
    {kHighUser | kMovable | kSkipKasan, "GFP_HIGHUSER_MOVABLE"},
    {kHighUser | kMovable, "GFP_HIGHUSER_MOVABLE"},
    {kHighUser, "GFP_HIGHUSER"},
    {kKernel | kHardWall, "GFP_USER"},
    {kKernel | kAccount, "GFP_KERNEL_ACCOUNT"},
    {kKernel, "GFP_KERNEL"},
    {kReclaim | kIo, "GFP_NOFS"},
    {kHigh | kKswapdReclaim, "GFP_ATOMIC"},
    {kReclaim, "GFP_NOIO"},
    {kKswapdReclaim | kNoWarning, "GFP_NOWAIT"},
    {kDma, "GFP_DMA"},
    {kHighMemory, "__GFP_HIGHMEM"},
    {kDma32, "GFP_DMA32"},
    {kMovable, "__GFP_MOVABLE"},
    {bit(4), "__GFP_RECLAIMABLE"},
    {kHigh, "__GFP_HIGH"},
    {kIo, "__GFP_IO"},
    {kFs, "__GFP_FS"},
    {bit(8), "__GFP_ZERO"},
    {kDirectReclaim, "__GFP_DIRECT_RECLAIM"},
    {kKswapdReclaim, "__GFP_KSWAPD_RECLAIM"},
    {bit(12), "__GFP_WRITE"},
    {kNoWarning, "__GFP_NOWARN"},
    {bit(14), "__GFP_RETRY_MAYFAIL"},
    {bit(15), "__GFP_NOFAIL"},
    {bit(16), "__GFP_NORETRY"},
    {bit(17), "__GFP_MEMALLOC"},
    {kComposite, "__GFP_COMP"},
    {kNoReserve, "__GFP_NOMEMALLOC"},
    {kHardWall, "__GFP_HARDWALL"},
    {bit(21), "__GFP_THISNODE"},
    {kAccount, "__GFP_ACCOUNT"},
    {bit(23), "__GFP_ZEROTAGS"},
    {bit(24), "__GFP_SKIP_ZERO"},
    {kSkipKasan, "__GFP_SKIP_KASAN"},
    {bit(26), "__GFP_NO_OBJ_EXT"},
};

}  // namespace

void append_gfp_flags(std::string& out, std::uint64_t flags) {
  if (flags == 0) {
    out += '0';
    return;
  }
  std::string_view separator;
  for (const FlagRow& row : kRows) {
    if ((flags & row.mask) != row.mask) continue;
    out += separator;
    out += row.name;
    separator = "|";
    flags &= ~row.mask;
  }
  if (flags == 0) return;
  out += separator;
  out += "0x";
  append_hex(out, flags);
}

}  // namespace hawk
