#include "runtime/program_run.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace hawk {

namespace {

constexpr int kWarmUpRuns = 200;
constexpr int kCalibrationRuns = 4000;

struct Statistics {
  std::uint64_t ns = 0;
  std::uint64_t runs = 0;
};

Result<Statistics> read_statistics(int program_fd) {
  bpf_prog_info info{};
  std::uint32_t size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program_fd, &info, &size) == 0) return Statistics{info.run_time_ns, info.run_cnt};
  return Error{.message = std::string("cannot read the time a program took: ") + std::strerror(errno),
               .exit_code = kExitKernel};
}

// `r0 = 0; exit`
UniqueFd load_idle_program() {
  const std::array<bpf_insn, 2> code = {
      bpf_insn{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
      bpf_insn{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  return UniqueFd(bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "hawk_idle", "GPL", code.data(), code.size(), nullptr));
}

}  // namespace

ProgramRun run_program(int program_fd) {
  bpf_test_run_opts options{};
  options.sz = sizeof(options);
  if (bpf_prog_test_run_opts(program_fd, &options) != 0) return {.error = errno};
  return {.returned = options.retval};
}

Result<ProgramTimer> ProgramTimer::open() {
  UniqueFd statistics(bpf_enable_stats(BPF_STATS_RUN_TIME));
  if (!statistics.valid())
    return Error{.message = std::string("the kernel does not measure programs: ") + std::strerror(errno),
                 .help = "it takes Linux 5.8 and CAP_SYS_ADMIN; `--place host` measures inside hawk",
                 .exit_code = kExitKernel};
  ProgramTimer timer(std::move(statistics));
  if (Result<> calibrated = timer.calibrate(); !calibrated) return calibrated.error();
  return timer;
}

Result<> ProgramTimer::calibrate() {
  UniqueFd idle = load_idle_program();
  if (!idle.valid())
    return Error{.message = std::string("cannot load a program: ") + std::strerror(errno), .exit_code = kExitKernel};
  for (int i = 0; i < kWarmUpRuns; ++i) static_cast<void>(run_program(idle.get()));
  Result<Statistics> before = read_statistics(idle.get());
  if (!before) return before.error();
  for (int i = 0; i < kCalibrationRuns; ++i) static_cast<void>(run_program(idle.get()));
  Result<Statistics> after = read_statistics(idle.get());
  if (!after) return after.error();
  overhead_ns_ = static_cast<double>(after.value().ns - before.value().ns) / kCalibrationRuns;
  return Ok{};
}

Result<std::uint64_t> ProgramTimer::time_in(int program_fd) const {
  Result<Statistics> now = read_statistics(program_fd);
  if (!now) return now.error();
  double overhead = overhead_ns_ * static_cast<double>(now.value().runs);
  return static_cast<std::uint64_t>(std::max(0.0, static_cast<double>(now.value().ns) - overhead));
}

}  // namespace hawk
