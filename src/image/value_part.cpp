#include "image/value_part.h"

#include "image/members.h"
#include "image/summary.h"

namespace hawk {

ValuePart::ValuePart(const Type& whole, const PartPath& path) : type_(whole) {
  for (std::uint16_t part : path) {
    if (part == 0) break;
    if (!summary_names(type_).empty()) {
      summary_ = type_;
      number_ = part;
    } else if (const Field& field = type_.def->fields[part - 1U]; field.bit_width != 0) {
      bits_ = field;
    } else {
      offset_ += field.offset;
    }
    type_ = part_type(Type(type_), part);
  }
}

Bytes ValuePart::load(Bytes whole, std::uint64_t& room) const {
  Bytes bytes = slice(whole, offset_, static_cast<std::uint32_t>(whole.size()));
  if (number_ == 0 && bits_.bit_width == 0) return slice(bytes, 0, type_.size);
  if (number_ != 0) {
    room = summary_of(summary_, bytes, 1)[number_ - 1U].raw;
  } else {
    room = load_bit_field(bits_, bytes).value;
  }
  return {reinterpret_cast<const std::uint8_t*>(&room), sizeof room};
}

}  // namespace hawk
