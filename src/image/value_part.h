// ValuePart: a part of a map's keys or values (ast/part.h), found once and then read of many.
#pragma once

#include "ast/part.h"
#include "image/bytes.h"

namespace hawk {

class ValuePart {
 public:
  ValuePart(const Type& whole, const PartPath& path);

  [[nodiscard]] const Type& type() const { return type_; }
  // Its type.size bytes, in `whole` or, where they are not there as they are (bit fields, numbers of summaries), in
  // `room`.
  [[nodiscard]] Bytes load(Bytes whole, std::uint64_t& room) const;

 private:
  Type type_;
  std::uint32_t offset_ = 0;
  Field bits_;    // if bit_width is not 0
  Type summary_;  // of the number `number_`, counted from 1, if that is not 0
  std::uint16_t number_ = 0;
};

}  // namespace hawk
