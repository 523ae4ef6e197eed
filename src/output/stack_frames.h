// Stacks as frames with names, for what shows them in another form than one line a frame.
#pragma once

#include <string>
#include <vector>

#include "image/bytes.h"
#include "output/printer.h"

namespace hawk {

// Of a value of a stack type: innermost first. Those that are not to be `named` are addresses alone.
[[nodiscard]] std::vector<StackFrame> stack_frames(const Type& type, Bytes bytes, const FormatContext& context,
                                                   bool named = true);

// What a frame is called where frames of one function are one: its symbol without an offset; `[module]` or `[unknown]`
// where no symbol is known.
[[nodiscard]] std::string frame_name(const StackFrame& frame);
// The same without the separators of folded stacks: `;` is `:` there, and control bytes are `_`.
[[nodiscard]] std::string folded_name(const StackFrame& frame);

}  // namespace hawk
