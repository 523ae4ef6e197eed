// serialize_image, deserialize_image: a ProgramImage as bytes, through cereal's portable binary archive.
// A file is: 8 bytes magic, u32 version, u64 length of the payload, u64 checksum of the payload
// (FNV-1a), all little-endian, then the payload. The checksum makes damage an error before cereal
// reads lengths out of it. Raise kVersion whenever a serialised structure changes.
#include <bit>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/memory.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cstring>
#include <exception>
#include <sstream>

#include "image/program_image.h"

namespace hawk {

// --- what each structure consists of ------------------------------------------------------------
// cereal finds these by name, so they are not in an anonymous namespace.

template <class Archive>
void serialize(Archive& archive, Type& type) {
  archive(type.kind, type.is_signed, type.space, type.stack_mode, type.size, type.align, type.count);
  archive(type.range_min, type.range_max, type.range_step, type.name, type.element, type.def, type.enumerators);
}

template <class Archive>
void serialize(Archive& archive, Field& field) {
  archive(field.name, field.type, field.offset, field.bit_offset, field.bit_width, field.data_loc);
}

template <class Archive>
void serialize(Archive& archive, StructDef& def) {
  archive(def.fields);
}

template <class Archive>
void serialize(Archive& archive, Enumerator& enumerator) {
  archive(enumerator.name, enumerator.value);
}

template <class Archive>
void serialize(Archive& archive, EnumDef& def) {
  archive(def.values);
}

template <class Archive>
void serialize(Archive& archive, Location& location) {
  archive(location.file, location.line, location.column_begin, location.column_end, location.text);
}

template <class Archive>
void serialize(Archive& archive, FormatSpec& spec) {
  archive(spec.conversion, spec.letter, spec.minus, spec.plus, spec.space, spec.alternate, spec.zero);
  archive(spec.width, spec.bytes, spec.precision, spec.star_width, spec.star_precision);
}

template <class Archive>
void serialize(Archive& archive, FormatPiece& piece) {
  archive(piece.text, piece.has_spec, piece.spec);
}

template <class Archive>
void serialize(Archive& archive, FormatPlan& plan) {
  archive(plan.pieces);
}

template <class Archive>
void serialize(Archive& archive, EventField& field) {
  archive(field.type, field.offset, field.is_literal);
}

template <class Archive>
void serialize(Archive& archive, EntryOrder& order) {
  archive(order.by, order.direction, order.part);
}

template <class Archive>
void serialize(Archive& archive, MapView& view) {
  archive(view.order, view.top, view.div);
}

template <class Archive>
void serialize(Archive& archive, TableColumn& column) {
  archive(column.map, column.part, column.unit, column.heading);
}

template <class Archive>
void serialize(Archive& archive, Table& table) {
  archive(table.maps, table.keys, table.columns, table.order, table.sorted_by, table.top);
}

template <class Archive>
void serialize(Archive& archive, EventSchema& event) {
  archive(event.kind, event.fields, event.size, event.format, event.text, event.map, event.view, event.table);
  archive(event.drops, event.has_ticket, event.refuses, event.location, event.has_origin, event.program);
}

template <class Archive>
void serialize(Archive& archive, SplitKeys& keys) {
  archive(keys.size, keys.offset, keys.bytes, keys.most);
}

template <class Archive>
void serialize(Archive& archive, MapSchema& map) {
  archive(map.name, map.keyed, map.key, map.value, map.storage, map.max_entries, map.printed_at_exit, map.placement);
  archive(map.has_generations, map.is_only_added_to, map.short_keys);
}

template <class Archive>
void serialize(Archive& archive, ProbeSpec& probe) {
  archive(probe.kind, probe.name, probe.target, probe.function, probe.offset, probe.function_offset, probe.address,
          probe.period);
  archive(probe.frequency, probe.perf_type, probe.perf_config, probe.length, probe.mode, probe.pin, probe.semaphore);
}

template <class Archive>
void serialize(Archive& archive, ProgramSpec& program) {
  archive(program.symbol, program.placement, program.type, program.probes, program.sleepable, program.overrides,
          program.location);
}

template <class Archive>
void serialize(Archive& archive, Config& config) {
#define CONFIG(key, type, value, choices) archive(config.key);
#include "ast/config.def"
#undef CONFIG
}

template <class Archive>
void serialize(Archive& archive, ProgramImage& image) {
  archive(image.object, image.host_object, image.programs, image.maps, image.events, image.strings);
  archive(image.source_name, image.source_text, image.config, image.needs_unsafe);
}

// --- the file around them ------------------------------------------------------------------------
namespace {

constexpr std::string_view kMagic = "\177hawkimg";
constexpr std::uint32_t kVersion = 7;
constexpr std::size_t kHeaderSize = 8 + 4 + 8 + 8;

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char c : bytes) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return hash;
}

template <class T>
void put_little_endian(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i));
}

template <class T>
T get_little_endian(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value |= T{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  return value;
}

// The payload, when everything in front of it is as it must be.
Result<std::string_view> check_header(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return Error{"not a hawk program image"};
  if (bytes.size() < kHeaderSize) return Error{"the program image is cut short"};
  auto version = get_little_endian<std::uint32_t>(bytes.substr(8));
  if (version != kVersion) {
    return Error{"the program image has version " + std::to_string(version) + ", this hawk reads version " +
                     std::to_string(kVersion),
                 "compile the script again with this hawk"};
  }
  std::string_view payload = bytes.substr(kHeaderSize);
  if (payload.size() < get_little_endian<std::uint64_t>(bytes.substr(12))) {
    return Error{"the program image is cut short"};
  }
  payload = payload.substr(0, get_little_endian<std::uint64_t>(bytes.substr(12)));
  if (checksum(payload) != get_little_endian<std::uint64_t>(bytes.substr(20))) {
    return Error{"the program image is damaged"};
  }
  return payload;
}

}  // namespace

std::string serialize_image(const ProgramImage& image) {
  std::ostringstream stream;
  {
    cereal::PortableBinaryOutputArchive archive(stream);
    archive(image);
  }
  std::string payload = std::move(stream).str();
  std::string result(kMagic);
  put_little_endian(result, kVersion);
  put_little_endian(result, static_cast<std::uint64_t>(payload.size()));
  put_little_endian(result, checksum(payload));
  return result + payload;
}

Result<ProgramImage> deserialize_image(std::string_view bytes) {
  Result<std::string_view> payload = check_header(bytes);
  if (!payload) return payload.error();
  ProgramImage image;
  try {
    std::istringstream stream{std::string(payload.value())};
    cereal::PortableBinaryInputArchive archive(stream);
    archive(image);
  } catch (const std::exception&) {
    return Error{"the program image cannot be read: its content does not match its version"};
  }
  return image;
}

}  // namespace hawk
