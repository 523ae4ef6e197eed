// The table of builtins that codegen lowers: one function a row of lowered_builtins.def.
#pragma once

#include "codegen/lowering.h"

namespace hawk {

struct CallSite {
  Lowering& l;
  const typed::Expr& expr;
  const typed::Call& call;
  Place destination;  // where the bytes go, if the value is not a scalar
};

// Declares lower_<Id> for each row: returns the scalar (any width), or null when there is none.
#define LOWERED(id, effect) llvm::Value* lower_##id(const CallSite& site);
#include "codegen/lowered_builtins.def"
#undef LOWERED

// Whether a call only computes and reads (its arguments aside).
[[nodiscard]] bool is_plain_builtin(Builtin builtin);

}  // namespace hawk
