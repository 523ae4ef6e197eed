#include "runtime/process_name.h"

#include <sys/prctl.h>

namespace hawk {

TracerName::TracerName() {
  ::prctl(PR_GET_NAME, previous_.data());
  ::prctl(PR_SET_NAME, "bpftrace");
}

TracerName::~TracerName() { ::prctl(PR_SET_NAME, previous_.data()); }

}  // namespace hawk
