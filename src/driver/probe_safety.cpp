#include "driver/probe_safety.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "codegen/disassembler.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

constexpr std::uint64_t kLongestInstruction = 16;

Result<> check_boundary(const ProbeSpec& probe, Span span) {
  UniqueFd file(::open(probe.target.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<std::uint8_t> code(probe.function_offset + kLongestInstruction);
  auto start = static_cast<off_t>(probe.offset - probe.function_offset);
  ssize_t got = file.valid() ? ::pread(file.get(), code.data(), code.size(), start) : -1;
  if (got < 0) return Error{fmt::format("cannot read `{}`", probe.target), "", span, kExitKernel};
  code.resize(static_cast<std::size_t>(got));
  auto begins = begins_instruction(code, probe.function_offset);
  if (begins == true) return Ok{};
  return Error{
      fmt::format("`{}` is not where an instruction begins: a probe there would break the program", probe.name),
      "run hawk with --unsafe if you are sure", span, kExitKernel};
}

}  // namespace

Result<> check_probe_safety(const typed::CheckedProgram& program) {
  for (const typed::Clause& clause : program.clauses) {
    for (const ProbeSpec& probe : clause.probes) {
      if (probe.kind != ProbeKind::kUprobe || probe.function_offset == 0) continue;
      auto safe = check_boundary(probe, clause.span);
      if (!safe) return safe;
    }
  }
  return Ok{};
}

}  // namespace hawk
