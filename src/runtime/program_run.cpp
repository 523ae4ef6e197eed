#include "runtime/program_run.h"

#include <bpf/bpf.h>

#include <cerrno>

namespace hawk {

int run_program(int program_fd) {
  bpf_test_run_opts options{};
  options.sz = sizeof(options);
  return bpf_prog_test_run_opts(program_fd, &options) == 0 ? 0 : errno;
}

}  // namespace hawk
