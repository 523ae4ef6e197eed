#include "output/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>

#include "image/map_order.h"
#include "image/members.h"
#include "image/value_part.h"
#include "output/json_value.h"
#include "output/text_value.h"
#include "output/unit.h"
#include "support/display_width.h"

namespace hawk {

namespace {

// A key, and the entry that each map has of it, or null.
struct TableRow {
  Bytes key;
  std::vector<const MapEntry*> entries;
};

std::vector<TableRow> joined_rows(const std::vector<MapSnapshot>& snapshots) {
  std::vector<TableRow> rows;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t map = 0; map < snapshots.size(); ++map) {
    for (const MapEntry& entry : snapshots[map].entries) {
      std::string_view key(reinterpret_cast<const char*>(entry.key.data()), entry.key.size());
      auto [place, added] = places.try_emplace(key, rows.size());
      if (added) rows.push_back({entry.key, std::vector<const MapEntry*>(snapshots.size())});
      rows[place->second].entries[map] = &entry;
    }
  }
  return rows;
}

std::vector<TableRow> shown_rows(const Table& table, const std::vector<TableRow>& rows, const MapSchema& schema,
                                 const FormatContext& context) {
  std::vector<EntryBytes> entries;
  for (const TableRow& row : rows) {
    const MapEntry* entry = row.entries[table.sorted_by];
    entries.push_back({row.key, entry != nullptr ? Bytes(entry->value) : Bytes()});
  }
  EntrySelection selection{table.order, table.top == 0 ? EntrySelection::kAll : table.top};
  std::vector<TableRow> shown;
  TextLookup texts = [&context](std::uint64_t id) { return context.resolver->text(id); };
  for (std::uint32_t i : ordered_entries(schema, entries, selection, texts)) shown.push_back(rows[i]);
  return shown;
}

double number_of(const Type& type, Bytes bytes) {
  if (type.kind == TypeKind::kFloat) return load_float(bytes);
  if (is_histogram(type)) return static_cast<double>(total_samples(bytes));
  std::uint64_t raw = type.kind == TypeKind::kAvg ? load_stats(type, bytes, 1).average : load_scalar(type, bytes);
  return type.is_signed ? static_cast<double>(static_cast<std::int64_t>(raw)) : static_cast<double>(raw);
}

class ShownColumn {
 public:
  ShownColumn(const TableColumn& column, const Type& value) : column_(column), part_(value, column.part) {}

  [[nodiscard]] const std::string& heading() const { return column_.heading; }
  [[nodiscard]] bool is_right() const {
    const Type& type = part_.type();
    return type.kind == TypeKind::kInt || type.kind == TypeKind::kFloat || is_aggregation(type);
  }

  // Over all rows, shown or not.
  void add_up(const std::vector<TableRow>& rows) {
    if (column_.unit != Unit::kPercent) return;
    for (const TableRow& row : rows) {
      if (const MapEntry* entry = row.entries[column_.map]) sum_ += number(*entry);
    }
  }

  void append_text(const TextTarget& to, const TableRow& row) const {
    const MapEntry* entry = row.entries[column_.map];
    if (entry == nullptr) {
      to.out += '-';
    } else if (column_.unit != Unit::kPlain) {
      append_with_unit(to.out, number(*entry), column_.unit, sum_);
    } else if (std::uint64_t room = 0; is_histogram(part_.type())) {
      append_decimal(to.out, total_samples(part_.load(entry->value, room)));
    } else {
      append_value(to, part_.type(), part_.load(entry->value, room));
    }
  }

  void append_json(const TextTarget& to, const TableRow& row) const {
    const MapEntry* entry = row.entries[column_.map];
    std::uint64_t room = 0;
    if (entry == nullptr) {
      to.out += "null";
    } else if (column_.unit == Unit::kPercent) {
      double percent = sum_ == 0 ? 0 : number(*entry) / sum_ * 100;
      to.out += std::isfinite(percent) ? fmt::format("{:.1f}", percent) : "null";
    } else if (is_histogram(part_.type())) {
      append_decimal(to.out, total_samples(part_.load(entry->value, room)));
    } else {
      append_json_value(to, part_.type(), part_.load(entry->value, room));
    }
  }

  // `"heading": ..., "map": ..., "type": ..., "unit": ...`
  void write_description(JsonWriter& to, const MapSchema& map) const {
    to.begin_object();
    to.key("heading").text(column_.heading);
    to.key("map").text("@" + map.name);
    to.key("type").text(is_histogram(part_.type()) ? "count_t" : type_name(part_.type()));
    to.key("unit");
    std::string_view unit = kUnits.at(static_cast<std::size_t>(column_.unit));
    unit.empty() ? to.null() : to.text(unit);
    to.end_object();
  }

  void write(const JsonTarget& to, const TableRow& row) const {
    const MapEntry* entry = row.entries[column_.map];
    std::uint64_t room = 0;
    if (entry == nullptr) {
      to.to.null();
    } else if (column_.unit == Unit::kPercent) {
      to.to.real(sum_ == 0 ? 0 : number(*entry) / sum_ * 100);
    } else if (is_histogram(part_.type())) {
      to.to.number(total_samples(part_.load(entry->value, room)));
    } else {
      write_value(to, part_.type(), part_.load(entry->value, room));
    }
  }

 private:
  // Of the numbers of a column as they are written here, by Unit; percentages are calculated.
  static constexpr std::array<std::string_view, 5> kUnits = {"", "", "bytes", "ns", "percent"};

  [[nodiscard]] double number(const MapEntry& entry) const {
    std::uint64_t room = 0;
    return number_of(part_.type(), part_.load(entry.value, room));
  }

  const TableColumn& column_;
  ValuePart part_;
  double sum_ = 0;
};

std::vector<ShownColumn> made_columns(const Table& table, const std::vector<MapSnapshot>& snapshots,
                                      const std::vector<TableRow>& rows) {
  std::vector<ShownColumn> columns;
  for (const TableColumn& column : table.columns) {
    columns.emplace_back(column, snapshots[column.map].schema->value);
    columns.back().add_up(rows);
  }
  return columns;
}

// The columns of the key: its members, or the key.
std::vector<ValuePart> made_keys(const Table& table, const Type& key) {
  std::vector<ValuePart> parts;
  bool members = !part_names(key).empty() && key.kind != TypeKind::kStruct;
  if (!members) return {ValuePart(key, {})};
  for (std::size_t i = 0; i < table.keys.size(); ++i)
    parts.emplace_back(key, PartPath{static_cast<std::uint16_t>(i + 1)});
  return parts;
}

// Lines of text cells, and what each column is to look like.
class Grid {
 public:
  void add_column(std::string heading, bool right) {
    widths_.push_back(0);
    right_.push_back(right);
    add_cell(std::move(heading));
  }
  void add_cell(std::string text) {
    cells_.push_back(escaped(text));
    std::size_t& width = widths_[(cells_.size() - 1) % widths_.size()];
    width = std::max(width, display_width(cells_.back()));
  }
  // The first cell of a column is its heading, so that all columns come first.
  void append_to(std::string& out) const {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      std::size_t column = i % widths_.size();
      bool last = column + 1 == widths_.size();
      std::string padding(widths_[column] - display_width(cells_[i]), ' ');
      if (right_[column]) out += padding;
      out += cells_[i];
      if (!right_[column] && !last) out += padding;
      out += last ? "\n" : "  ";
    }
  }

 private:
  // A cell is one line.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
      auto byte = static_cast<unsigned char>(c);
      if (c == '\n') out += "\\n";
      else if (c == '\t') out += "\\t";
      else if (byte < 0x20 || byte == 0x7f) out += fmt::format("\\x{:02x}", byte);
      else out += c;
    }
    return out;
  }

  std::vector<std::size_t> widths_;
  std::vector<bool> right_;
  std::vector<std::string> cells_;
};

}  // namespace

void append_table(std::string& out, const Table& table, const std::vector<MapSnapshot>& snapshots,
                  const FormatContext& context) {
  const MapSchema& sorted_by = *snapshots[table.sorted_by].schema;
  std::vector<TableRow> rows = joined_rows(snapshots);
  if (rows.empty()) return;
  std::vector<ValuePart> keys = made_keys(table, sorted_by.key);
  std::vector<ShownColumn> columns = made_columns(table, snapshots, rows);
  Grid grid;
  for (std::size_t i = 0; i < keys.size(); ++i)
    grid.add_column(table.keys[i], keys[i].type().kind == TypeKind::kInt || keys[i].type().kind == TypeKind::kFloat);
  for (const ShownColumn& column : columns) grid.add_column(column.heading(), column.is_right());
  for (const TableRow& row : shown_rows(table, rows, sorted_by, context)) {
    for (const ValuePart& key : keys) {
      std::string text;
      std::uint64_t room = 0;
      append_value({text, context}, key.type(), key.load(row.key, room));
      grid.add_cell(std::move(text));
    }
    for (const ShownColumn& column : columns) {
      std::string text;
      column.append_text({text, context}, row);
      grid.add_cell(std::move(text));
    }
  }
  grid.append_to(out);
}

void write_table(const JsonTarget& to, const Table& table, const std::vector<MapSnapshot>& snapshots) {
  const MapSchema& sorted_by = *snapshots[table.sorted_by].schema;
  std::vector<TableRow> rows = joined_rows(snapshots);
  std::vector<ValuePart> keys = made_keys(table, sorted_by.key);
  std::vector<ShownColumn> columns = made_columns(table, snapshots, rows);
  to.to.begin_object();
  to.to.key("keys").begin_array();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    to.to.begin_object();
    to.to.key("heading").text(table.keys[i]);
    to.to.key("type").text(type_name(keys[i].type()));
    to.to.end_object();
  }
  to.to.end_array();
  to.to.key("columns").begin_array();
  for (std::size_t i = 0; i < columns.size(); ++i)
    columns[i].write_description(to.to, *snapshots[table.columns[i].map].schema);
  to.to.end_array();
  to.to.key("rows").begin_array();
  for (const TableRow& row : shown_rows(table, rows, sorted_by, to.context)) {
    to.to.begin_object();
    to.to.key("key").begin_array();
    for (const ValuePart& key : keys) {
      std::uint64_t room = 0;
      write_value(to, key.type(), key.load(row.key, room));
    }
    to.to.end_array();
    to.to.key("values").begin_array();
    for (const ShownColumn& column : columns) column.write(to, row);
    to.to.end_array();
    to.to.end_object();
  }
  to.to.end_array();
  to.to.end_object();
}

void append_table_json(std::string& out, const Table& table, const std::vector<MapSnapshot>& snapshots,
                       const FormatContext& context) {
  const MapSchema& sorted_by = *snapshots[table.sorted_by].schema;
  std::vector<TableRow> rows = joined_rows(snapshots);
  if (rows.empty()) return;
  std::vector<ValuePart> keys = made_keys(table, sorted_by.key);
  std::vector<ShownColumn> columns = made_columns(table, snapshots, rows);
  TextTarget to{out, context};
  out += R"({"type": "table", "data": [)";
  const char* row_separator = "";
  for (const TableRow& row : shown_rows(table, rows, sorted_by, context)) {
    out += row_separator;
    row_separator = ",";
    const char* separator = "{";
    for (std::size_t i = 0; i < keys.size(); ++i, separator = ", ") {
      out += separator;
      append_json_string(out, table.keys[i]);
      out += ": ";
      std::uint64_t room = 0;
      append_json_value(to, keys[i].type(), keys[i].load(row.key, room));
    }
    for (const ShownColumn& column : columns) {
      out += ", ";
      append_json_string(out, column.heading());
      out += ": ";
      column.append_json(to, row);
    }
    out += '}';
  }
  out += "]}\n";
}

}  // namespace hawk
