// JSON, piece by piece: separators, quoting and what JSON has no form for are JsonWriter's business.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hawk {

// A quoted string. Bytes that are not UTF-8 become U+FFFD; of control characters those of ASCII are escaped.
void append_json_string(std::string& out, std::string_view text);

// Values that plain JSON cannot hold are objects with one member (or two) whose name begins with `$`, which no member
// of a script's values does. schema/hawk-jsonl.schema.json describes them.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  JsonWriter& key(std::string_view name);

  void null() { word("null"); }
  void boolean(bool value) { word(value ? "true" : "false"); }
  // Exact: {"$int": "9007199254740993"} where a double could be off, from 2^53 on.
  void number(std::uint64_t value);
  void number(std::int64_t value);
  // {"$float": "inf"}, "-inf" or "nan" where JSON has no number.
  void real(double value);
  // {"$hex": "61ff", "lossy": "a\ufffd"} for bytes that are not UTF-8.
  void text(std::string_view value);
  void bytes(std::span<const std::uint8_t> value);  // {"$hex": "61ff"}
  void word(std::string_view token);                // as it is
  void end_line();                                  // behind a whole value

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  void hex(std::span<const std::uint8_t> value);

  std::string& out_;
  bool follows_ = false;  // a value stands in front, at this level
};

}  // namespace hawk
