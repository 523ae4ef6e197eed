// The contract between host code and the runtime that runs it. A host clause is `int64 clause(HostContext*)`; all it
// knows of the world comes through the context: operations are called by address from its table, so that host code has
// no symbols to resolve and can be kept in an image. src/codegen emits the calls, src/host answers them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/program_image.h"

namespace hawk {

struct HostContext;

// Body of a loop over a map, as the kernel's bpf_for_each_map_elem calls it: 0 to go on, 1 to stop.
using HostEntryBody = std::int64_t (*)(const void* map, const void* key, const void* value, void* frame);

struct HostOperations {
#define HOST_OPERATION(result, name, ...) result (*name)(HostContext * context __VA_OPT__(, ) __VA_ARGS__);
#include "image/host_operations.def"
#undef HOST_OPERATION
};

struct HostContext {
  const HostOperations* operations = nullptr;
  void* runtime = nullptr;  // of src/host; generated code does not look into it
  RuntimeConstants constants;
  const void* event = nullptr;   // what the clause's probe brought (the kernel's program context); null without
  std::uint64_t turns_left = 0;  // a loop counts it down at each turn, and calls take_breath when it was 0
};

using HostProgram = std::int64_t (*)(HostContext* context);

// Machine code that has been made executable.
class HostCode {
 public:
  HostCode() = default;
  HostCode(const HostCode&) = delete;
  HostCode& operator=(const HostCode&) = delete;
  virtual ~HostCode() = default;

  // By ProgramSpec::symbol; null if there is none.
  [[nodiscard]] virtual HostProgram find(const std::string& symbol) = 0;
};

// HostOperations::for_each_sorted: `order` is an EntryOrder.
static_assert(sizeof(EntryOrder) == sizeof(std::uint64_t));

// HostOperations::identity: what is asked for.
enum class HostIdentity : std::uint64_t { kProcess, kThread, kUser, kGroup, kCpu, kNumaNode };

}  // namespace hawk
