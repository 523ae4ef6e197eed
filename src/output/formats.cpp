#include "output/formats.h"

#include <array>

#include "output/printers.h"

namespace hawk {

namespace {

struct FormatRow {
  std::string_view name;
  std::unique_ptr<Printer> (*make)(const PrinterOptions& options, const FormatContext& context);
  bool origins;
};

constexpr std::array kFormats = {
#define FORMAT(id, name, make, origins) FormatRow{name, make, origins},
#include "output/formats.def"
#undef FORMAT
};

const FormatRow& row_of(OutputFormat format) { return kFormats[static_cast<std::size_t>(format)]; }

}  // namespace

std::optional<OutputFormat> find_format(std::string_view name) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats[i].name == name) return static_cast<OutputFormat>(i);
  }
  return std::nullopt;
}

std::string format_names() {
  std::string names;
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (i > 0) names += i + 1 == kFormats.size() ? " or " : ", ";
    names += kFormats[i].name;
  }
  return names;
}

bool wants_origins(OutputFormat format) { return row_of(format).origins; }

std::unique_ptr<Printer> make_printer(const PrinterOptions& options, const FormatContext& context) {
  return row_of(options.format).make(options, context);
}

}  // namespace hawk
