// Schemas: the contract between generated code and everything that reads what it writes. They are
// computed once, when the script is checked, travel in the ProgramImage, and are all a decoder needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ast/format.h"
#include "ast/part.h"
#include "ast/type.h"

namespace hawk {

// Where a clause runs and where a map lives: in the kernel, or inside hawk. A map that a clause in the kernel uses
// lives there, and the clauses on the host reach it by system calls; the others live in hawk's memory.
enum class Placement : std::uint8_t { kKernel, kHost };

// What getline() and lines() read from, by the name they are given.
enum class LineSource : std::uint64_t { kFile, kCommand };

// A place in a script as messages at run time show it, resolved while the source was at hand.
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column_begin = 0;  // 1-based
  std::uint32_t column_end = 0;    // exclusive; 0: the span covers several lines
  std::string text;                // the source line, tabs kept; all of them, joined by newlines, if there are several
};

enum class EventKind : std::uint8_t {
  kPrintf,         // format plan over the fields
  kPrintValue,     // print(expr): one field
  kPrintMapValue,  // print(@m[k]): one field
  kPrintMap,       // print(@m, ...): no field; `map`, `view`
  kPrintTable,     // table(@m, ...): no field; `table`
  kErrorf,         // as kPrintf, to stderr, with `location`
  kWarnf,
  kTime,     // `text`: strftime format; no field
  kCat,      // format plan gives a path
  kSystem,   // format plan gives a command line
  kJoin,     // fields: u64 number of strings, string[1024][16]; `text`: separator
  kExit,     // field 0: int64 exit code
  kUnwatch,  // field 0: u64 address whose watchpoints end
  kClear,    // `map`
  kZero,     // `map`
  kRetire,   // `map`: what it holds is set aside until a kClear or kZero that `drops` it; programs go on with an empty
             // one
  kPacket,   // skboutput(): u64 boot ns, u64 length, u64 bytes to skip; then the packet; `text`: file
  kRuntimeError,  // `text`: what happened; `location`
  kHelperError,   // field 0: int64 return code of the helper named `text`; `location`; `map` if it `refuses`
};

// Whether it may come as often as its probe fires; the others are control and complaints.
[[nodiscard]] bool is_data_event(EventKind kind);
// By what the entries of maps are put in order: image/map_order.h does it.
struct EntryOrder {
  enum class By : std::uint8_t { kPrinted, kKey, kValue };                 // kPrinted: as bpftrace prints them
  enum class Direction : std::uint8_t { kNone, kAscending, kDescending };  // kNone: ascending; the last ones count
  By by = By::kPrinted;
  Direction direction = Direction::kNone;
  PartPath part = {};  // of the key or of the value
};

// " by value.2, descending" for dumps; nothing for the order and direction that nobody asked for.
[[nodiscard]] std::string describe(const EntryOrder& order);

// Which entries of a map print() shows, and how.
struct MapView {
  EntryOrder order = {};
  std::uint64_t top = 0;  // how many; 0: all
  std::uint64_t div = 1;
};

// How table() writes numbers.
enum class Unit : std::uint8_t {
  kPlain,
  kSi,        // 1.2k, 3.4M
  kBytes,     // 512B, 1.5KiB
  kDuration,  // of nanoseconds: 1.5ms
  kPercent,   // of the sum over the column
};

struct TableColumn {
  std::uint32_t map = 0;  // index into Table::maps
  PartPath part = {};     // of the value
  Unit unit = Unit::kPlain;
  std::string heading;
};

// table(): maps with keys of one type, side by side.
struct Table {
  std::vector<std::uint32_t> maps;  // each once
  std::vector<std::string> keys;    // headings: one, or one for each member of the key
  std::vector<TableColumn> columns = {};
  EntryOrder order = {};
  std::uint32_t sorted_by = 0;  // the column whose values `order` speaks of; its part is the column's
  std::uint64_t top = 0;        // 0: all
};

struct EventField {
  Type type;
  std::uint32_t offset = 0;  // bytes from the start of the record, header included
  bool is_literal = false;   // the script says it, not what is traced
};

// Record in the ring buffer: u32 event id, u32 zero, then its origin if it has one (EventOrigin), then the fields at
// their offsets.
inline constexpr std::uint32_t kEventHeaderSize = 8;

// When and where an event happened, for formats that say so. Behind the header as it stands here.
struct EventOrigin {
  std::uint64_t boot_ns = 0;  // CLOCK_BOOTTIME
  std::uint32_t cpu = 0;
  std::uint32_t program = 0;  // index into ProgramImage::programs
};

struct EventSchema {
  EventKind kind = EventKind::kPrintf;
  std::vector<EventField> fields;
  std::uint32_t size = kEventHeaderSize;  // of the whole record, a multiple of 8
  bool has_origin = false;
  FormatPlan format;
  std::string text;
  std::uint32_t map = 0;      // index into the maps
  std::uint32_t program = 0;  // index of the clause that reports it
  // kClear, kZero: means what a kRetire before it has set aside. kRetire: it is a kZero that follows.
  bool drops = false;
  // Of a clause in the kernel: the last field, a u64, says which kRetire a kPrintMap, kPrintTable, kClear or kZero
  // belongs to, and is in that as well.
  bool has_ticket = false;
  bool refuses = false;  // kHelperError: an update has found no room in the map
  MapView view = {};
  Table table = {};
  Location location;
};

// Whether the script would do something else if it were lost: its place in the ring is kept free.
[[nodiscard]] bool is_control_event(const EventSchema& event);

// Appends a field, 8-byte aligned when its type wants it, and grows `size`.
void add_field(EventSchema& schema, Type type);
// Makes room for the origin in front of the fields.
void add_origin(EventSchema& schema);

enum class MapStorage : std::uint8_t {
  kHash,
  kLruHash,
  kPerCpuHash,
  kPerCpuLruHash,
  kArray,
  kPerCpuArray,
  kTask,  // a scalar of which every task has its own, which is gone when the task is
};

// Keys of which all bytes behind the first `size` are zeros, as a number in them tells: it is at most `most`.
struct SplitKeys {
  std::uint32_t size = 0;
  std::uint32_t offset = 0;  // of the number
  std::uint32_t bytes = 1;   // that it has
  std::uint32_t most = 0;
};

struct MapSchema {
  std::string name;    // without `@`
  bool keyed = false;  // false: a scalar, in an array of one element
  Type key;            // kNone for a scalar
  Type value;
  MapStorage storage = MapStorage::kHash;
  std::uint32_t max_entries = 1;
  bool printed_at_exit = true;  // false for hawk's own
  Placement placement = Placement::kKernel;
  bool has_generations = false;              // in the kernel twice: see kRetire
  bool is_only_added_to = false;             // numbers of two generations are one by adding; else the newer one counts
  std::optional<SplitKeys> short_keys = {};  // in the kernel twice: those are in a map of their own
};

[[nodiscard]] bool is_per_cpu(MapStorage storage);
// Whether the map has its only element from the start: a scalar, unless it is each task's own.
[[nodiscard]] bool is_always_there(const MapSchema& map);
// Bytes of a key or value in the kernel. The value of a scalar map is followed, 8-byte aligned, by a
// u64 that is 1 once the map has been written (a scalar never written is not printed at exit).
[[nodiscard]] std::uint32_t map_key_size(const MapSchema& map);
[[nodiscard]] std::uint32_t map_value_size(const MapSchema& map);
[[nodiscard]] std::uint32_t presence_offset(const MapSchema& map);  // scalar maps only

}  // namespace hawk
