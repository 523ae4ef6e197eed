// Printer: events and map snapshots as text or JSON (census sections 6 and 7), written to one stream.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ast/config.h"
#include "image/event.h"
#include "image/program_image.h"
#include "image/resolver.h"
#include "output/formats.h"

namespace hawk {

enum class Buffering { kLine, kFull, kNone };

struct PrinterOptions {
  OutputFormat format = OutputFormat::kText;
  Buffering buffering = Buffering::kLine;
  int output_fd = 1;
  int error_fd = 2;
  bool warnings = true;
  bool colour = false;
  bool raw = false;        // nothing is escaped for terminals
  std::string title = {};  // of a flame graph
};

// How heat maps are drawn: what the terminal can show.
struct Shading {
  bool blocks = false;    // characters of Unicode, else ASCII
  bool colour = false;    // 256 of them
  std::size_t width = 0;  // columns of the terminal; 0: no limit
};

// What formatting needs besides the bytes.
struct FormatContext {
  Resolver* resolver = nullptr;
  const Config* config = nullptr;                      // str_trunc_trailer, stack_mode
  const std::vector<std::string>* strings = nullptr;   // ProgramImage::strings
  const std::vector<ProgramSpec>* programs = nullptr;  // ProgramImage::programs: whose probes events come from
  const std::vector<MapSchema>* maps = nullptr;        // ProgramImage::maps
  bool escape_controls = false;                        // of traced data, for a terminal: `\x1b`
  Shading shading = {};
};

// One value as `print` and `%s` show it; appended to `out`. `bytes` holds type.size bytes.
void format_value(std::string& out, const Type& type, std::span<const std::uint8_t> bytes,
                  const FormatContext& context);
void format_value_json(std::string& out, const Type& type, std::span<const std::uint8_t> bytes,
                       const FormatContext& context);
// The text of a format plan over an event's fields.
void format_plan(std::string& out, const Event& event, const FormatContext& context);

// What the summary at the end says of the probes of one program, or of a map.
struct Losses {
  std::string of;            // the name of the probe, and how many more there are; "@m"
  std::uint64_t events = 0;  // that the probes reported: those that were delivered, and those that are lost
  std::uint64_t delivered = 0;
  std::uint64_t lost = 0;     // events that found no room
  std::uint64_t missed = 0;   // hits that ran no program
  std::uint64_t refused = 0;  // updates that found no room
};

class Printer {
 public:
  virtual ~Printer() = default;

  virtual void attached(const ProbeList& probes) = 0;  // "Attached N probes" on stderr / attached_probes record
  // kPrintf, kPrintValue, kPrintMapValue, kErrorf, kWarnf, kTime, kCat (reads and prints the file),
  // kSystem (runs the command, prints what it printed), kJoin, kRuntimeError, kHelperError.
  virtual void event(const Event& event) = 0;
  virtual void map(const Event& event, const MapSnapshot& snapshot) = 0;                  // kPrintMap: print(@m)
  virtual void table(const Event& event, const std::vector<MapSnapshot>& snapshots) = 0;  // kPrintTable: of Table::maps
  virtual void maps_at_exit(const std::vector<MapSnapshot>& snapshots) = 0;  // end framing, then maps sorted by name
  virtual void lost(std::uint64_t events, std::uint64_t total) = 0;          // "Lost N events" / lost_events
  virtual void losses(const Losses& /*losses*/) {}                           // a record only, no text
  virtual void ended(int /*exit_code*/) {}                                   // nothing follows
  virtual void flush() = 0;
  // Whether output could not be written (said once on stderr, when it happened).
  [[nodiscard]] virtual bool failed() const = 0;
};

[[nodiscard]] std::unique_ptr<Printer> make_printer(const PrinterOptions& options, const FormatContext& context);

}  // namespace hawk
