// Literals of arrays and structs, and values that take the type of where they are stored.
#include <algorithm>
#include <limits>

#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;

namespace {

const typed::Constant* literal_number(const typed::Expr& value) {
  return value.literal && is_integer(value.type) ? typed::node_as<typed::Constant>(value) : nullptr;
}

// As a number of so many bits, signed or not.
bool fits_bits(std::uint64_t value, unsigned bits) {
  auto as_signed = static_cast<std::int64_t>(value);
  bool as_unsigned_fits = (value >> bits) == 0;
  bool as_signed_fits = as_signed < 0 && as_signed >= -(std::int64_t{1} << (bits - 1));
  return as_unsigned_fits || as_signed_fits;
}

// The first literal in a value, itself or an element, that its place in `slot` cannot hold; null if there is none.
const typed::Expr* misfit(const typed::Expr& value, const Type& type, unsigned bits) {
  if (const typed::Constant* constant = literal_number(value)) {
    if (bits != 0) return fits_bits(constant->value, bits) ? nullptr : &value;
    bool fits = !is_integer(type) || typed::wrap(constant->value, type) == constant->value;
    bool turned = value.type.is_signed != type.is_signed && static_cast<std::int64_t>(constant->value) < 0;
    return fits && !(turned && is_integer(type)) ? nullptr : &value;
  }
  const auto* pack = typed::node_as<typed::Pack>(value);
  if (pack == nullptr || value.type.kind != TypeKind::kArray || type.kind != TypeKind::kArray) return nullptr;
  for (const typed::PackPart& part : pack->parts) {
    if (const typed::Expr* found = misfit(*part.value, *type.element, 0)) return found;
  }
  return nullptr;
}

// Zeros behind an array literal that has fewer elements than its place.
typed::ExprPtr lengthen(typed::ExprPtr value, const Type& type) {
  bool arrays = value->type.kind == TypeKind::kArray && type.kind == TypeKind::kArray;
  if (arrays && typed::node_as<typed::Pack>(*value) != nullptr && value->type.count < type.count) {
    value->type = array_type(*value->type.element, type.count);
  }
  return value;
}

// Whether the value converts to the type of where it is stored.
bool is_storable_as(const typed::Expr& value, const Type& type) {
  if (same_type(value.type, type)) return true;
  if (type.kind == TypeKind::kPointer) {
    const typed::Constant* constant = literal_number(value);
    return value.type.kind == TypeKind::kPointer || (constant != nullptr && constant->value == 0);
  }
  bool number = is_number(value.type) || value.type.kind == TypeKind::kFloat;
  if (type.kind == TypeKind::kFloat) return number;
  if (is_number(type)) return is_number(value.type);
  bool characters = type.kind == TypeKind::kArray && is_integer(*type.element) && type.element->size == 1;
  if (characters && value.type.kind == TypeKind::kString) return true;
  return common_type(value.type, type).has_value();
}

std::string type_or_bits(const Type& type, unsigned bits) {
  return bits == 0 ? type_name(type) : fmt::format("{} bits", bits);
}

}  // namespace

Checker::ExprPtr Checker::fit(ExprPtr value, const Slot& slot) {
  if (is_poison(*value)) return value;
  const Type& type = slot.type;
  value = lengthen(std::move(value), type);
  if (!is_storable_as(*value, type)) {
    return refuse(Diag::MemberMismatch, slot.span, slot.name, type_name(value->type), type_name(type));
  }
  const std::string* text = typed::constant_string(*value);
  bool long_text = text != nullptr && type.kind == TypeKind::kArray && text->size() > type.size;
  const typed::Expr* large = long_text ? value.get() : misfit(*value, type, slot.bits);
  if (large != nullptr) {
    return refuse(Diag::LiteralTooLargeForMember, slot.span, type_name(large->type), slot.name,
                  type_or_bits(type, slot.bits));
  }
  return typed::convert(std::move(value), type);
}

// --- arrays -------------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_array_literal(const ast::ArrayLiteral& node, Span span) {
  std::vector<ExprPtr> values;
  InferredType inferred;
  for (const ast::ExprPtr& element : node.elements) {
    ExprPtr value = check_plain(*element);
    if (is_poison(*value)) return value;
    if (!is_storable(*value)) return refuse(Diag::NotStorable, element->span, type_name(value->type));
    Type before = inferred.type();
    if (!inferred.add(*value))
      return refuse(Diag::ElementMismatch, element->span, type_name(before), type_name(value->type));
    values.push_back(std::move(value));
  }
  Type element = inferred.type();
  if (std::uint64_t{element.size} * values.size() > kMaxArrayBytes) return refuse(Diag::ArraySizeNotConstant, span);
  typed::Pack pack;
  for (ExprPtr& value : values) {
    auto offset = static_cast<std::uint32_t>(pack.parts.size() * element.size);
    pack.parts.push_back({offset, typed::convert(std::move(value), element)});
  }
  return make_expr(array_type(element, static_cast<std::uint32_t>(values.size())), span, std::move(pack));
}

// --- structs ------------------------------------------------------------------------------------

namespace {

// The bits of a struct that a member takes.
struct BitRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string name;
};

BitRange bits_of(const Field& field, std::uint32_t offset) {
  std::uint64_t begin = std::uint64_t{offset} * 8 + field.bit_offset;
  return {begin, begin + (field.bit_width != 0 ? field.bit_width : std::uint64_t{field.type.size} * 8), field.name};
}

}  // namespace

Checker::ExprPtr Checker::check_struct_literal(const ast::StructLiteral& node, Span span) {
  Type type = types_.complete(resolve_type(*node.type));
  if (type.kind == TypeKind::kError) return typed::poison(span);
  if (type.kind != TypeKind::kStruct) return refuse(Diag::LiteralOfNonStruct, node.type->span, type_name(type));
  return struct_literal(node, type, span);
}

Checker::ExprPtr Checker::struct_literal(const ast::StructLiteral& node, const Type& type, Span span) {
  auto def = types_.definition(type);
  if (!def) return refuse_incomplete(type, span);
  typed::Pack pack;
  std::vector<BitRange> taken;
  std::size_t next = 0;  // of the fields, for members without a name
  for (const ast::Initialiser& each : node.members) {
    if (each.member.empty() && next >= def->fields.size())
      return refuse(Diag::TooManyMembers, each.span, type_name(type), def->fields.size());
    FoundField found = each.member.empty() ? FoundField{&def->fields[next], def->fields[next].offset}
                                           : struct_member(type, *def, each.member, each.span);
    if (found.field == nullptr) return typed::poison(span);
    auto at =
        std::find_if(def->fields.begin(), def->fields.end(), [&](const Field& field) { return &field == found.field; });
    if (at != def->fields.end()) next = static_cast<std::size_t>(at - def->fields.begin()) + 1;
    BitRange bits = bits_of(*found.field, found.offset);
    auto other = std::find_if(taken.begin(), taken.end(),
                              [&](const BitRange& row) { return bits.begin < row.end && row.begin < bits.end; });
    if (other != taken.end()) {
      if (other->name == bits.name) return refuse(Diag::MemberTwice, each.span, bits.name);
      return refuse(Diag::MembersOverlap, each.span, bits.name, other->name);
    }
    ExprPtr value = initial_value(*each.value, *found.field, each.span);
    if (is_poison(*value)) return value;
    pack.parts.push_back({found.offset, std::move(value), found.field->bit_offset, found.field->bit_width});
    taken.push_back(std::move(bits));
  }
  return make_expr(type, span, std::move(pack));
}

Checker::ExprPtr Checker::initial_value(const ast::Expr& expr, const Field& field, Span span) {
  Type type = types_.complete(field.type);
  const auto* inner = std::get_if<ast::StructLiteral>(&expr.node);
  if (inner != nullptr && !inner->type) {
    if (type.kind != TypeKind::kStruct) return refuse(Diag::LiteralOfNonStruct, expr.span, type_name(type));
    return struct_literal(*inner, type, expr.span);
  }
  return fit(check_plain(expr), {type, field.bit_width, "." + field.name, span});
}

}  // namespace hawk
