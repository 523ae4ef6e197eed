// Whether a script has what the options ask of it.
#pragma once

#include "ast/ast.h"
#include "driver/options.h"
#include "semantics/typed.h"
#include "support/result.h"

namespace hawk {

// Tests for --test, benchmarks for --bench, stacks for -f flamegraph: said before anything runs.
[[nodiscard]] Result<> check_requests(const Options& options, const typed::CheckedProgram& program);

// Whether a clause is a test or a benchmark.
[[nodiscard]] bool runs_on_request(const ast::Clause& clause);

// Whether some clause has a probe of the machine, which only the kernel serves.
[[nodiscard]] bool traces_the_machine(const ast::Program& program);

}  // namespace hawk
