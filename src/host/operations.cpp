#include "host/operations.h"

namespace hawk {

const HostOperations kHostOperations = {
#define HOST_OPERATION(result, name, ...) .name = operation::name,
#include "image/host_operations.def"
#undef HOST_OPERATION
};

}  // namespace hawk
