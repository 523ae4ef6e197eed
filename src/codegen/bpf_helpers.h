// BPF helpers by number, as in the kernel's uapi/linux/bpf.h, with the kernel that brought each.
#pragma once

#include <cstdint>

namespace hawk {

enum class Helper : std::uint32_t {
  kMapLookup = 1,
  kMapUpdate = 2,
  kMapDelete = 3,
  kKtimeMonotonic = 5,
  kTrace = 6,
  kRandom = 7,
  kCpu = 8,
  kPidTgid = 14,
  kUidGid = 15,
  kComm = 16,
  kTask = 35,
  kWriteUser = 36,
  kNumaNode = 42,
  kSocketCookie = 46,       // in programs that trace 5.12
  kOverrideReturn = 58,     // 4.16, with CONFIG_BPF_KPROBE_OVERRIDE
  kGetStack = 67,           // 4.18
  kCgroup = 80,             // 4.18
  kSendSignal = 109,        // 5.3
  kSkbOutput = 111,         // 5.5
  kReadUser = 112,          // 5.5
  kReadKernel = 113,        // 5.5
  kReadUserString = 114,    // 5.5
  kReadKernelString = 115,  // 5.5
  kSendSignalThread = 117,  // 5.6
  kJiffies = 118,           // 5.6
  kNamespacePidTgid = 120,  // 5.7
  kKtimeBoot = 125,         // 5.8
  kSequencePrintf = 126,    // 5.7
  kSequenceWrite = 127,     // 5.7
  kRingReserve = 131,       // 5.8
  kRingQuery = 134,         // 5.8
  kRingSubmit = 132,        // 5.8
  kPathName = 147,          // 5.10
  kTaskStorageGet = 156,    // 5.11; for all programs that trace 5.13
  kTaskStorageDelete = 157,
  kTaskPointer = 158,        // 5.11: the current task as the verifier knows it
  kForEachMapElement = 164,  // 5.13
  kFunctionIp = 173,         // 5.15
  kAttachCookie = 174,       // 5.15
  kTaskRegisters = 175,      // 5.15
  kFindMapping = 180,        // 5.17: bpf_find_vma
  kLoop = 181,               // 5.17
  kMapLookupPerCpu = 195,    // 5.19
  kKtimeTai = 208,           // 6.1
};

}  // namespace hawk
