// The forms of output: the factories of formats.def.
#pragma once

#include <memory>

#include "output/printer.h"

namespace hawk {

[[nodiscard]] std::unique_ptr<Printer> make_text_printer(const PrinterOptions& options, const FormatContext& context);
[[nodiscard]] std::unique_ptr<Printer> make_json_printer(const PrinterOptions& options, const FormatContext& context);
// Both need programs whose events say where they come from (EventOrigin).
[[nodiscard]] std::unique_ptr<Printer> make_jsonl_printer(const PrinterOptions& options, const FormatContext& context);
[[nodiscard]] std::unique_ptr<Printer> make_csv_printer(const PrinterOptions& options, const FormatContext& context);
// Maps with stacks become flame graphs, in one picture at the end on the output stream; everything else goes, as text,
// to the error stream.
[[nodiscard]] std::unique_ptr<Printer> make_flame_printer(const PrinterOptions& options, const FormatContext& context);

}  // namespace hawk
