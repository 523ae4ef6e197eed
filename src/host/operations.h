// The operations of image/host_operations.def. Each is defined in the operations_*.cpp of its family; one that is not
// does not link.
#pragma once

#include "host/host_runtime.h"
#include "image/host_interface.h"

namespace hawk {

namespace operation {
#define HOST_OPERATION(result, name, ...) result name(HostContext* context __VA_OPT__(, ) __VA_ARGS__);
#include "image/host_operations.def"
#undef HOST_OPERATION
}  // namespace operation

extern const HostOperations kHostOperations;

[[nodiscard]] inline HostRuntime& runtime_of(HostContext* context) {
  return *static_cast<HostRuntime*>(context->runtime);
}

}  // namespace hawk
