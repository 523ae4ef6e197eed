// What the kernel means when it refuses an attachment, in words, with what to do.
#pragma once

#include "runtime/attachment.h"
#include "support/result.h"

namespace hawk {

[[nodiscard]] Error attach_error(const AttachFailure& failure);

}  // namespace hawk
