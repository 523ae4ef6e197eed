// The table of builtins that codegen lowers: one function a row of ast/builtins.def marked Lowered.
#pragma once

#include "codegen/lowering.h"

namespace hawk {

struct CallSite {
  Lowering& l;
  const typed::Expr& expr;
  const typed::Call& call;
  Place destination;  // where the bytes go, if the value is not a scalar
};

// Declares lower_<Id> for each such row: returns the scalar (any width), or null when there is none.
#define HAWK_DECLARE_Lowered(id) llvm::Value* lower_##id(const CallSite& site);
#define HAWK_DECLARE_Rewritten(id)
#define HAWK_DECLARE_Later(id)
#define BUILTIN(id, name, fewest, most, variable, stage, signature) HAWK_DECLARE_##stage(id)
#include "ast/builtins.def"
#undef BUILTIN
#undef HAWK_DECLARE_Lowered
#undef HAWK_DECLARE_Rewritten
#undef HAWK_DECLARE_Later

}  // namespace hawk
