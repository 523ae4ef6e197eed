#include "runtime/tracepoint_format.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "runtime/basic_types.h"
#include "runtime/read_file.h"

namespace hawk {

namespace {

std::string_view trim(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The text between `key` and the next semicolon; empty if the key is not there.
std::string_view value_of(std::string_view line, std::string_view key) {
  std::size_t begin = line.find(key);
  if (begin == std::string_view::npos) return {};
  begin += key.size();
  return line.substr(begin, std::min(line.find(';', begin), line.size()) - begin);
}

std::uint32_t number_of(std::string_view line, std::string_view key) {
  std::string_view digits = value_of(line, key);
  std::uint32_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text = trim(text.substr(word.size()));
  return true;
}

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "char comm[16]" is the type "char", the name "comm" and array bounds.
void split_declaration(std::string_view text, FormatField& field) {
  field.data_loc = take_word(text, "__data_loc ");
  field.rel_loc = take_word(text, "__rel_loc ");
  if (text.ends_with(']')) {
    field.is_array = true;
    text = trim(text.substr(0, text.find('[')));
  }
  std::size_t begin = text.size();
  while (begin > 0 && is_name_char(text[begin - 1])) --begin;
  field.name = text.substr(begin);
  field.type = trim(text.substr(0, begin));
}

// Removes qualifiers and address space marks, which say nothing about size.
std::string unqualified(std::string_view type) {
  std::string result;
  for (std::size_t i = 0; i < type.size();) {
    std::size_t end = i;
    while (end < type.size() && is_name_char(type[end])) ++end;
    std::string_view word = type.substr(i, end > i ? end - i : 1);
    bool dropped = word == "const" || word == "volatile" || word == "restrict" || word == "__user" ||
                   word == "__percpu" || word == "__rcu" || word == "__iomem" || word == "__seg_gs" ||
                   word == "__attribute__";
    if (!dropped && !(word == " " && (result.empty() || result.back() == ' '))) result += word;
    i += word.size();
  }
  return std::string(trim(result));
}

bool is_tagged(std::string_view type) { return type.starts_with("struct ") || type.starts_with("union "); }

class FieldTyper {
 public:
  FieldTyper(AddressSpace space, const TypeFinder& find_type) : space_(space), find_type_(find_type) {}

  Type type_of(const FormatField& field) const {
    std::string type = unqualified(field.type);
    if (field.data_loc) return located(type);
    if (field.is_array) return array(type, field.size);
    if (type.ends_with('*')) return pointer(type);
    return value(type, field);
  }

 private:
  // "char[]" somewhere else in the record; its length is known when the event fires.
  Type located(std::string_view type) const {
    type = trim(type.substr(0, type.find('[')));
    return array_type(element(type).value_or(int_type(1, false)), 0);
  }

  Type array(std::string_view type, std::uint32_t size) const {
    Type item = element(type).value_or(int_type(1, false));
    if (item.size == 0 || size % item.size != 0) item = int_type(1, false);
    return array_type(item, size / item.size);
  }

  std::optional<Type> element(std::string_view type) const {
    if (type.ends_with('*')) return pointer(type);
    std::optional<Type> basic = basic_type(type);
    return basic ? basic : find_type_(type);
  }

  Type pointer(std::string_view type) const {
    std::string_view pointee = trim(type.substr(0, type.size() - 1));
    return pointer_type(pointed_to(pointee), space_);
  }

  Type pointed_to(std::string_view type) const {
    if (type.ends_with('*')) return pointer(type);
    if (is_tagged(type)) {
      Type result;
      result.kind = TypeKind::kStruct;
      result.name = type;
      return result;
    }
    return element(type).value_or(none_type());
  }

  Type value(std::string_view type, const FormatField& field) const {
    bool fits_register = field.size == 1 || field.size == 2 || field.size == 4 || field.size == 8;
    if (type == "bool" && field.size == 1) return bool_type();
    if (!fits_register || is_tagged(type) || type.starts_with("enum ")) {
      std::optional<Type> known = find_type_(type);
      if (known && known->size == field.size) return *known;
    }
    if (fits_register) return int_type(field.size, field.is_signed);
    return array_type(int_type(1, false), field.size);
  }

  AddressSpace space_;
  const TypeFinder& find_type_;
};

}  // namespace

std::vector<FormatField> parse_format(std::string_view text) {
  std::vector<FormatField> fields;
  for (std::string_view line : lines_of(text)) {
    std::string_view declaration = trim(value_of(line, "field:"));
    if (declaration.empty() || !trim(line).starts_with("field:")) continue;
    FormatField field;
    field.declaration = declaration;
    split_declaration(declaration, field);
    field.offset = number_of(line, "offset:");
    field.size = number_of(line, "size:");
    field.is_signed = number_of(line, "signed:") != 0;
    fields.push_back(std::move(field));
  }
  return fields;
}

bool is_common_field(const FormatField& field) { return field.name.starts_with("common_"); }

TracepointFormat to_tracepoint_format(const std::vector<FormatField>& fields, AddressSpace space,
                                      const TypeFinder& find_type) {
  FieldTyper typer(space, find_type);
  TracepointFormat format;
  for (const FormatField& field : fields) {
    if (field.rel_loc) continue;
    format.fields.push_back(
        {.name = field.name, .type = typer.type_of(field), .offset = field.offset, .data_loc = field.data_loc});
  }
  return format;
}

}  // namespace hawk
