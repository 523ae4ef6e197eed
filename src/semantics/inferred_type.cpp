#include "semantics/inferred_type.h"

#include <algorithm>
#include <limits>

namespace hawk {

namespace {

Type common_int(const Type& left, const Type& right) {
  if (left.kind == TypeKind::kEnum && right.kind == TypeKind::kEnum && left.name == right.name) return left;
  if (left.is_signed == right.is_signed) return int_type(std::max(left.size, right.size), left.is_signed);
  const Type& unsigned_side = left.is_signed ? right : left;
  const Type& signed_side = left.is_signed ? left : right;
  std::uint32_t bytes = std::max(signed_side.size, std::min<std::uint32_t>(unsigned_side.size * 2, 8));
  return int_type(bytes, true);
}

bool holds_float(const Type& type) { return type.kind == TypeKind::kFloat; }
bool is_string(const Type& type) { return type.kind == TypeKind::kString; }

using Test = bool (*)(const Type&);
// One passes one test, the other one the other.
bool are(const Type& left, const Type& right, Test one, Test other) {
  return (one(left) && other(right)) || (other(left) && one(right));
}

const Field* member_named(const Type& type, const std::string& name) {
  for (const Field& field : type.def->fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

// Whether a value stored as a declared type would lose a fraction.
bool loses_fraction(const Type& declared, const Type& value) {
  if (is_integer(declared)) return holds_float(value);
  bool packed = declared.kind == TypeKind::kTuple || declared.kind == TypeKind::kRecord;
  if (!packed || !declared.def || !value.def) return false;
  return std::any_of(declared.def->fields.begin(), declared.def->fields.end(), [&](const Field& field) {
    const Field* other = member_named(value, field.name);
    return other != nullptr && loses_fraction(field.type, other->type);
  });
}

std::optional<Type> common_members(const Type& left, const Type& right) {
  if (left.def->fields.size() != right.def->fields.size()) return std::nullopt;
  std::vector<std::pair<std::string, Type>> members;
  for (const Field& field : left.def->fields) {
    const Field* other = member_named(right, field.name);
    if (other == nullptr) return std::nullopt;
    auto type = common_type(field.type, other->type);
    if (!type) return std::nullopt;
    members.emplace_back(field.name, std::move(*type));
  }
  if (left.kind == TypeKind::kRecord) return record_type(std::move(members));
  std::vector<Type> elements;
  for (auto& [name, type] : members) elements.push_back(std::move(type));
  return tuple_type(std::move(elements));
}

// Pointers mix where they point to the same, to anything, or to ints of different widths, as bpftrace has it.
std::optional<Type> common_pointer(const Type& left, const Type& right) {
  auto is_void = [](const Type& type) { return !type.element || type.element->kind == TypeKind::kNone; };
  AddressSpace space = left.space == AddressSpace::kNone ? right.space : left.space;
  Type common = is_void(left) ? right : left;
  bool same = is_void(left) || is_void(right) || type_name(left) == type_name(right);
  if (!same) {
    bool ints = left.element->kind == TypeKind::kInt && right.element->kind == TypeKind::kInt;
    if (!ints) return std::nullopt;
    common = pointer_type(common_int(*left.element, *right.element), space);
  }
  common.space = space;
  return common;
}

constexpr std::uint32_t kMostWidened = 64;  // elements that are converted one by one

std::optional<Type> common_array(const Type& left, const Type& right) {
  if (same_type(left, right)) return left;
  if (left.count != right.count || left.count > kMostWidened) return std::nullopt;
  auto element = common_type(*left.element, *right.element);
  return element ? std::optional(array_type(std::move(*element), left.count)) : std::nullopt;
}

bool is_signed_int(const Type& type) { return type.kind == TypeKind::kInt && type.is_signed; }

Type type_with_room(Type type, std::int64_t lowest, std::uint64_t highest) {
  constexpr std::uint64_t kMaxSigned = std::numeric_limits<std::int64_t>::max();
  if (!type.is_signed && lowest < 0) type = int_type(std::min<std::uint32_t>(type.size * 2, 8), true);
  while (type.size < 8) {
    unsigned bits = type.size * 8 - (type.is_signed ? 1 : 0);
    bool high_fits = highest < (std::uint64_t{1} << bits);
    bool low_fits = !type.is_signed || lowest >= -(std::int64_t{1} << bits);
    if (high_fits && low_fits) return type;
    type = int_type(type.size * 2, type.is_signed);
  }
  if (type.is_signed && highest > kMaxSigned && lowest >= 0) return int_type(8, false);
  return type;
}

}  // namespace

std::optional<Type> common_type(const Type& left, const Type& right) {
  if (left.kind == TypeKind::kError) return right;
  if (right.kind == TypeKind::kError) return left;
  if (is_integer(left) && is_integer(right)) return common_int(left, right);
  if (are(left, right, is_integer, holds_float)) return float_type();
  if (are(left, right, is_string, is_text)) return text_type();
  if (left.kind != right.kind) return std::nullopt;
  switch (left.kind) {
    case TypeKind::kString:
    case TypeKind::kBuffer: return left.size >= right.size ? left : right;
    case TypeKind::kTuple:
    case TypeKind::kRecord: return common_members(left, right);
    case TypeKind::kPointer: return common_pointer(left, right);
    case TypeKind::kArray: return common_array(left, right);
    case TypeKind::kTimestamp: return left;
    case TypeKind::kError:
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kFloat:
    case TypeKind::kText:
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kStruct:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kUsername:
    case TypeKind::kCgroupPath:
    case TypeKind::kContext:
#define AGGREGATION(kind, ...) case TypeKind::k##kind:
#include "ast/aggregations.def"
#undef AGGREGATION
      return same_type(left, right) ? std::optional<Type>(left) : std::nullopt;
  }
  return std::nullopt;
}

bool InferredType::add(const typed::Expr& value) {
  const auto* constant = std::get_if<typed::Constant>(&value.node);
  if (!value.literal || constant == nullptr || value.type.kind != TypeKind::kInt) return add(value.type);
  if (fixed_) return is_integer(*hard_) || holds_float(*hard_);
  if (hard_ && !is_integer(*hard_) && !holds_float(*hard_)) return false;
  auto as_signed = static_cast<std::int64_t>(constant->value);
  bool negative = value.type.is_signed && as_signed < 0;
  std::int64_t lowest = negative ? std::min(lowest_, as_signed) : lowest_;
  std::uint64_t highest = negative ? highest_ : std::max(highest_, constant->value);
  // No int holds both a negative number and one beyond the signed ones.
  bool has_negatives = lowest < 0 || (hard_ && is_signed_int(*hard_));
  if (has_negatives && highest > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return false;
  has_literal_ = true;
  lowest_ = lowest;
  highest_ = highest;
  return true;
}

bool InferredType::add(const Type& type) {
  if (type.kind == TypeKind::kError) return true;
  if (fixed_) {
    bool open =
        hard_->kind == TypeKind::kPointer && hard_->space == AddressSpace::kNone && type.kind == TypeKind::kPointer;
    if (open) hard_->space = type.space;  // a declaration does not say where the pointer points
    return common_type(*hard_, type).has_value() && !loses_fraction(*hard_, type);
  }
  if ((has_literal_ || stepped_) && !is_integer(type) && !holds_float(type)) return false;
  if (!hard_) {
    // A number first, then an enumerator: a number, as bpftrace has it.
    hard_ = has_literal_ && type.kind == TypeKind::kEnum ? int_type(type.size, type.is_signed) : type;
    return true;
  }
  auto common = common_type(*hard_, type);
  if (!common) return false;
  hard_ = std::move(common);
  return true;
}

bool InferredType::step(bool down) {
  if (hard_ && !is_integer(*hard_)) return false;
  if (fixed_) return true;
  stepped_ = true;
  stepped_down_ = stepped_down_ || down;
  return true;
}

void InferredType::fix(const Type& type) {
  hard_ = type;
  fixed_ = true;
}

Type InferredType::type() const {
  if (!known()) return error_type();
  if (fixed_ || (hard_ && holds_float(*hard_))) return *hard_;
  if (stepped_) {
    bool is_unsigned = hard_ && !hard_->is_signed && !stepped_down_ && lowest_ == 0;
    return int_type(8, !is_unsigned);
  }
  if (!has_literal_) return *hard_;
  if (hard_ && hard_->kind == TypeKind::kEnum) return *hard_;
  return type_with_room(hard_.value_or(int_type(1, true)), lowest_, highest_);
}

bool InferredType::take_change() {
  if (!known()) return false;
  Type now = type();
  if (reported_ && same_type(*reported_, now) && reported_->space == now.space) return false;
  reported_ = std::move(now);
  return true;
}

}  // namespace hawk
