// Printed forms of an image, for `-d image` and `-d maps`, and the names of its maps.
#include <fmt/format.h>

#include <array>

#include "image/program_image.h"

namespace hawk {

namespace {

const char* storage_name(MapStorage storage) {
  switch (storage) {
    case MapStorage::kHash: return "hash";
    case MapStorage::kLruHash: return "lru_hash";
    case MapStorage::kPerCpuHash: return "percpu_hash";
    case MapStorage::kPerCpuLruHash: return "percpu_lru_hash";
    case MapStorage::kArray: return "array";
    case MapStorage::kPerCpuArray: return "percpu_array";
    case MapStorage::kTask: return "task_storage";
  }
  return "?";
}

const char* program_type_name(ProgramType type) {
  switch (type) {
    case ProgramType::kRawTracepoint: return "raw_tracepoint";
    case ProgramType::kKprobe: return "kprobe";
    case ProgramType::kTracepoint: return "tracepoint";
    case ProgramType::kPerfEvent: return "perf_event";
    case ProgramType::kTracing: return "tracing";
  }
  return "?";
}

const char* event_kind_name(EventKind kind) {
  switch (kind) {
    case EventKind::kPrintf: return "printf";
    case EventKind::kPrintValue: return "print_value";
    case EventKind::kPrintMapValue: return "print_map_value";
    case EventKind::kPrintMap: return "print_map";
    case EventKind::kPrintTable: return "print_table";
    case EventKind::kErrorf: return "errorf";
    case EventKind::kWarnf: return "warnf";
    case EventKind::kTime: return "time";
    case EventKind::kCat: return "cat";
    case EventKind::kSystem: return "system";
    case EventKind::kJoin: return "join";
    case EventKind::kExit: return "exit";
    case EventKind::kUnwatch: return "unwatch";
    case EventKind::kClear: return "clear";
    case EventKind::kZero: return "zero";
    case EventKind::kRetire: return "retire";
    case EventKind::kPacket: return "packet";
    case EventKind::kRuntimeError: return "runtime_error";
    case EventKind::kHelperError: return "helper_error";
  }
  return "?";
}

// C escapes, so that a dump has one line a string.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '"' || c == '\\') out += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f) out += fmt::format("\\x{:02x}", byte);
    else out += c;
  }
  return out + "\"";
}

// The conversions as `%d`, the text around them as written.
std::string format_text(const FormatPlan& plan) {
  std::string out;
  for (const FormatPiece& piece : plan.pieces) {
    out += piece.text;
    if (piece.has_spec) out += fmt::format("%{}", piece.spec.letter);
  }
  return out;
}

bool acts_on_map(EventKind kind) {
  return kind == EventKind::kPrintMap || kind == EventKind::kClear || kind == EventKind::kZero ||
         kind == EventKind::kRetire;
}

std::string map_name(const ProgramImage& image, std::uint32_t index) {
  return index < image.maps.size() ? "@" + image.maps[index].name : fmt::format("map {}", index);
}

std::string dump_view(const MapView& view) {
  return fmt::format(" top {} div {}{}", view.top, view.div, describe(view.order));
}

const char* unit_name(Unit unit) {
  switch (unit) {
    case Unit::kPlain: return "plain";
    case Unit::kSi: return "si";
    case Unit::kBytes: return "bytes";
    case Unit::kDuration: return "duration";
    case Unit::kPercent: return "percent";
  }
  return "?";
}

std::string dump_table(const ProgramImage& image, const Table& table) {
  std::string out;
  for (const std::string& key : table.keys) out += " " + quoted(key);
  for (const TableColumn& column : table.columns) {
    out += fmt::format(" {} {} {}", map_name(image, table.maps.at(column.map)), quoted(column.heading),
                       unit_name(column.unit));
  }
  return fmt::format("{} column {} top {}{}", out, table.sorted_by, table.top, describe(table.order));
}

std::string dump_event(const ProgramImage& image, std::size_t id) {
  const EventSchema& event = image.events[id];
  std::string out = fmt::format("  {} {}, {} bytes", id, event_kind_name(event.kind), event.size);
  if (event.has_origin) out += " with origin";
  if (!event.format.pieces.empty()) out += " " + quoted(format_text(event.format));
  if (!event.text.empty()) out += " " + quoted(event.text);
  if (acts_on_map(event.kind)) out += " " + map_name(image, event.map);
  if (event.drops) out += " set aside";
  if (event.kind == EventKind::kPrintMap) out += dump_view(event.view);
  if (event.kind == EventKind::kPrintTable) out += dump_table(image, event.table);
  for (const EventField& field : event.fields) out += fmt::format(" {}@{}", type_name(field.type), field.offset);
  return out + "\n";
}

std::string dump_program(const ProgramSpec& program) {
  std::string out = fmt::format("  {} {}{}{}", program.symbol, program_type_name(program.type),
                                program.sleepable ? " sleepable" : "", program.overrides ? " overrides" : "");
  if (program.location.line != 0) out += fmt::format(" {}:{}", program.location.file, program.location.line);
  out += "\n";
  for (const ProbeSpec& probe : program.probes) out += "    " + probe.name + "\n";
  return out;
}

std::string dump_config(const Config& config) {
  std::string out;
  const Config defaults;
  for (const std::string& key : config_keys()) {
    if (config_text(config, key) == config_text(defaults, key)) continue;
    out += fmt::format("  {} = {}\n", key, config_text(config, key));
  }
  return out;
}

}  // namespace

std::string map_symbol(std::size_t index) { return fmt::format("hawk_map_{}", index); }

std::string short_map_symbol(std::size_t index) { return map_symbol(index) + "_short"; }

std::string live_map_symbol(std::size_t index) { return map_symbol(index) + "_live"; }

std::string dump_maps(const std::vector<MapSchema>& maps) {
  std::string out;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const MapSchema& map = maps[i];
    std::string key = map.keyed ? fmt::format("[{}]", type_name(map.key)) : "";
    out +=
        fmt::format("@{}{} = {}: {} {}, {} + {} bytes, {} entries{}{}\n", map.name, key, type_name(map.value),
                    map_symbol(i), storage_name(map.storage), map_key_size(map), map_value_size(map), map.max_entries,
                    map.has_generations ? ", two generations"
                    : map.short_keys    ? ", short keys apart"
                                        : "",
                    map.printed_at_exit ? "" : ", not printed at exit");
  }
  return out;
}

std::string dump_image(const ProgramImage& image) {
  std::string out = fmt::format("image of {}: object {} bytes{}\n", image.source_name, image.object.size(),
                                image.needs_unsafe ? ", needs --unsafe" : "");
  out += "programs\n";
  for (const ProgramSpec& program : image.programs) out += dump_program(program);
  out += "maps\n";
  std::string maps = dump_maps(image.maps);
  for (std::size_t begin = 0; begin < maps.size();) {
    std::size_t end = maps.find('\n', begin) + 1;
    out += "  " + maps.substr(begin, end - begin);
    begin = end;
  }
  out += "events\n";
  for (std::size_t i = 0; i < image.events.size(); ++i) out += dump_event(image, i);
  out += "strings\n";
  for (std::size_t i = 0; i < image.strings.size(); ++i) out += fmt::format("  {} {}\n", i, quoted(image.strings[i]));
  out += "config\n" + dump_config(image.config);
  return out;
}

}  // namespace hawk
