// Reading memory and taking values apart: fields, elements, pointers, casts, sizes.
#include <algorithm>

#include "semantics/builtin_checks.h"
#include "semantics/checker.h"
#include "support/check.h"

namespace hawk {

ExprPtr Checker::refuse_incomplete(const Type& type, Span span) {
  auto& diagnostic = report(Diag::IncompleteType, span, type_name(type));
  if (!target().has_btf())
    diagnostic.help = "this kernel has no type information (BTF): define the struct in the script, or #include it";
  return typed::poison(span);
}

using typed::make_expr;

namespace {

constexpr std::uint32_t kSmallArrayBytes = 64;  // indexed by copying the array

// C text: an array of plain or signed char. Arrays of uint8 stay arrays.
bool is_char_array(const Type& type) {
  return type.kind == TypeKind::kArray && type.element->kind == TypeKind::kInt && type.element->size == 1 &&
         type.element->is_signed;
}

// The part of a value made of literals: a literal, too. Null if there are others.
typed::ExprPtr literal_part(typed::Expr& base, std::uint32_t offset) {
  auto* pack = typed::node_as<typed::Pack>(base);
  if (pack == nullptr) return nullptr;
  bool literals =
      std::all_of(pack->parts.begin(), pack->parts.end(), [](const auto& part) { return part.value->literal; });
  auto part =
      std::find_if(pack->parts.begin(), pack->parts.end(), [&](const auto& each) { return each.offset == offset; });
  return literals && part != pack->parts.end() ? std::move(part->value) : nullptr;
}

bool is_text_array(const Type& type) {
  return type.kind == TypeKind::kArray && is_char_array(*type.element) && type.element->count != 0;
}

// `char names[3][8]` as an array of strings.
typed::ExprPtr as_texts(typed::ExprPtr value) {
  if (!is_text_array(value->type) || value->type.count == 0) return value;
  Type texts = array_type(string_type(value->type.element->count + 1), value->type.count);
  return typed::convert(std::move(value), texts);
}

// The array that as_texts() made strings of: its elements are read one by one.
typed::ExprPtr without_texts(typed::ExprPtr value) {
  auto* texts = typed::node_as<typed::Convert>(*value);
  bool converted = texts != nullptr && value->type.kind == TypeKind::kArray && is_text_array(texts->operand->type);
  return converted ? std::move(texts->operand) : std::move(value);
}

}  // namespace

AddressSpace Checker::space_of(const typed::Expr& pointer) const {
  if (pointer.type.kind == TypeKind::kPointer && pointer.type.space != AddressSpace::kNone) return pointer.type.space;
  if (typed::node_as<typed::ReadVariable>(pointer) != nullptr && pointer.type.kind == TypeKind::kPointer)
    return AddressSpace::kNone;
  if (typed::node_as<typed::VariableAddress>(pointer) != nullptr) return AddressSpace::kNone;
  AddressSpace space = probe_row(clause_->kind).default_space;
  return space == AddressSpace::kNone ? AddressSpace::kKernel : space;
}

Checker::ExprPtr Checker::read_string(ExprPtr address, AddressSpace space, ExprPtr length, Span span) {
  bool marked = length == nullptr;
  auto capacity = static_cast<std::uint32_t>(config_.max_strlen + (marked ? 1 : 0));
  if (length) {
    const auto* constant = typed::node_as<typed::Constant>(*length);
    if (constant != nullptr) {
      capacity = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(constant->value, 1, config_.max_strlen));
      length = nullptr;
    }
  }
  return make_expr(string_type(capacity), span,
                   typed::ReadString{std::move(address), space, std::move(length), marked});
}

Checker::ExprPtr Checker::load(ExprPtr address, const Type& type, AddressSpace space, Span span) {
  if (is_char_array(type)) {
    // One byte more than the array: all of it may be text.
    if (type.count == 0) return read_string(std::move(address), space, nullptr, span);
    return make_expr(string_type(type.count + 1), span, typed::ReadString{std::move(address), space, nullptr, false});
  }
  Type value = types_.complete(type);
  if (value.kind == TypeKind::kPointer && value.space == AddressSpace::kNone) value.space = space;
  if (value.size == 0 && value.kind != TypeKind::kArray) {
    return refuse_incomplete(value, span);
  }
  return as_texts(make_expr(value, span, typed::Load{std::move(address), space, 0, 0}));
}

// --- fields -------------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_field(const ast::FieldAccess& access, Span span) {
  if (const auto* name = std::get_if<ast::Identifier>(&access.base->node)) {
    auto builtin = find_builtin(name->name);
    if (builtin == Builtin::kArgs) return context_field(access, span);
    if (builtin == Builtin::kConfigValue) return check_config_value(*this, access.field, span);
  }
  ExprPtr base = check_plain(*access.base);
  if (is_poison(*base)) return base;
  return field_value(std::move(base), access.field, span);
}

Checker::ExprPtr Checker::context_field(const ast::FieldAccess& access, Span span) {
  if (clause_->for_loops > 0) return refuse(Diag::ContextInLoop, span, "args");
  return check_argument_field(*this, access.field, span);
}

Checker::ExprPtr Checker::field_value(ExprPtr base, const std::string& field, Span span) {
  switch (base->type.kind) {
    case TypeKind::kTuple:
    case TypeKind::kRecord: {
      FoundField found = find_field(*base->type.def, field);
      if (found.field == nullptr) {
        return refuse(base->type.kind == TypeKind::kTuple ? Diag::NoSuchElement : Diag::NoSuchField, span,
                      type_name(base->type), field);
      }
      if (ExprPtr part = literal_part(*base, found.offset)) return part;
      Type type = found.field->type;
      return make_expr(type, span, typed::Member{std::move(base), found.offset, 0, 0});
    }
    case TypeKind::kPointer:
    case TypeKind::kStruct: return struct_field(std::move(base), field, span);
    case TypeKind::kError: return base;
    case TypeKind::kNone:
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kFloat:
    case TypeKind::kText:
    case TypeKind::kString:
    case TypeKind::kBuffer:
    case TypeKind::kArray:
    case TypeKind::kStackKernel:
    case TypeKind::kStackUser:
    case TypeKind::kKernelSymbol:
    case TypeKind::kUserSymbol:
    case TypeKind::kInet:
    case TypeKind::kMacAddress:
    case TypeKind::kUsername:
    case TypeKind::kTimestamp:
    case TypeKind::kCgroupPath:
    case TypeKind::kContext:
#define AGGREGATION(kind, ...) case TypeKind::k##kind:
#include "ast/aggregations.def"
#undef AGGREGATION
      break;
  }
  return refuse(Diag::FieldOfNonStruct, span, field, type_name(base->type));
}

FoundField Checker::struct_member(const Type& type, const StructDef& def, const std::string& name, Span span) {
  FoundField found = find_field(def, name);
  if (found.field != nullptr) return found;
  auto& diagnostic = report(Diag::NoSuchField, span, type_name(type), name);
  std::vector<std::string> names;
  for (const Field& row : def.fields) names.push_back(row.name);
  std::string near = nearest_name(name, names);
  if (!near.empty()) diagnostic.help = fmt::format("did you mean `{}`?", near);
  return {};
}

Checker::ExprPtr Checker::struct_field(ExprPtr base, const std::string& field, Span span) {
  // `.` follows pointers of any depth down to the struct.
  while (base->type.kind == TypeKind::kPointer && base->type.element->kind == TypeKind::kPointer) {
    AddressSpace space = space_of(*base);
    Type pointee = *base->type.element;
    base = load(std::move(base), pointee, space, span);
  }
  bool pointer = base->type.kind == TypeKind::kPointer;
  Type type = types_.complete(pointer ? *base->type.element : base->type);
  if (type.kind != TypeKind::kStruct) return refuse(Diag::FieldOfNonStruct, span, field, type_name(base->type));
  auto def = types_.definition(type);
  if (!def) return refuse_incomplete(type, span);
  FoundField found = struct_member(type, *def, field, span);
  if (found.field == nullptr) return typed::poison(span);
  const Field& row = *found.field;
  auto* memory = typed::node_as<typed::Load>(*base);
  if (!pointer && memory == nullptr) {
    ExprPtr member = make_expr(types_.complete(row.type), span,
                               typed::Member{std::move(base), found.offset, row.bit_offset, row.bit_width});
    if (!is_char_array(row.type)) return as_texts(std::move(member));
    return typed::convert(std::move(member), string_type(row.type.count + 1));
  }
  AddressSpace space = pointer ? space_of(*base) : memory->space;
  ExprPtr address = pointer ? std::move(base) : std::move(memory->address);
  ExprPtr value = load(typed::add_offset(std::move(address), found.offset), row.type, space, span);
  if (auto* read = typed::node_as<typed::Load>(*value); read != nullptr && row.bit_width != 0) {
    read->bit_offset = row.bit_offset;
    read->bit_width = row.bit_width;
  }
  return value;
}

// --- elements -----------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_index(const ast::Index& node, Span span) {
  ExprPtr base = check_plain(*node.base);
  if (is_poison(*base)) return base;
  if (base->type.kind == TypeKind::kTuple) {
    auto constant = check_constant(*node.index);
    if (!constant) return refuse(Diag::TupleIndexNotConstant, span);
    return field_value(std::move(base), std::to_string(*constant), span);
  }
  ExprPtr index = check_int(*node.index, "[]");
  if (is_poison(*index)) return index;
  return index_value(std::move(base), std::move(index), span);
}

bool Checker::check_bounds(const typed::Expr& index, std::uint32_t count, Span span) {
  const auto* constant = typed::node_as<typed::Constant>(index);
  if (constant == nullptr) return true;
  bool negative = index.type.is_signed && static_cast<std::int64_t>(constant->value) < 0;
  if (negative) {
    report(Diag::NegativeIndex, span);
  } else if (count != 0 && constant->value >= count) {
    report(Diag::IndexOutOfBounds, span, constant->value, count);
  } else {
    return true;
  }
  return false;
}

// An element of an array in memory, without reading all of the array. Out of bounds the address is null, which reads as
// zero.
Checker::ExprPtr Checker::index_memory(typed::Load memory, const Type& array, ExprPtr index, Span span) {
  Type element = types_.complete(*array.element);
  Type pointer = pointer_type(element, memory.space);
  ExprPtr start = typed::convert(std::move(memory.address), pointer);
  if (array.count == 0 || typed::node_as<typed::Constant>(*index) != nullptr) {
    return load(pointer_arithmetic(ast::BinaryOp::kAdd, std::move(start), std::move(index), span), element,
                memory.space, span);
  }
  Type word = int_type(8, false);
  typed::VariableId kept = add_temporary(word);
  auto read = [&] { return make_expr(word, span, typed::ReadVariable{kept}); };
  typed::Block before;
  before.statements.push_back(
      typed::make_stmt(span, typed::SetVariable{kept, typed::to_int64(std::move(index), false)}));
  typed::Block outside;
  outside.statements.push_back(
      typed::make_stmt(span, typed::Emit{runtime_error("Array access out of bounds. Returning 0.", span), {}}));
  ExprPtr null = make_expr(pointer, span, typed::BlockExpr{std::move(outside), typed::constant(pointer, 0, span)});
  ExprPtr inside = make_expr(
      bool_type(), span, typed::Binary{typed::BinaryOp::kLess, read(), typed::constant(word, array.count, span), {}});
  ExprPtr address = pointer_arithmetic(ast::BinaryOp::kAdd, std::move(start), read(), span);
  ExprPtr choice = make_expr(pointer, span, typed::Conditional{std::move(inside), std::move(address), std::move(null)});
  return load(make_expr(pointer, span, typed::BlockExpr{std::move(before), std::move(choice)}), element, memory.space,
              span);
}

Checker::ExprPtr Checker::index_value(ExprPtr base, ExprPtr index, Span span) {
  const auto* constant = typed::node_as<typed::Constant>(*index);
  if (!check_bounds(*index, 0, span)) return typed::poison(span);
  bool texts = base->type.kind == TypeKind::kArray && base->type.element->kind == TypeKind::kString;
  base = without_texts(std::move(base));
  TypeKind kind = base->type.kind;
  if (kind == TypeKind::kPointer) {
    AddressSpace space = space_of(*base);
    Type element = types_.complete(*base->type.element);
    Type pointer = base->type;
    ExprPtr address = pointer_arithmetic(ast::BinaryOp::kAdd, std::move(base), std::move(index), span);
    return load(std::move(address), element, space, span);
  }
  if (kind != TypeKind::kArray && kind != TypeKind::kString)
    return refuse(Diag::NotIndexable, span, type_name(base->type));
  Type element = kind == TypeKind::kArray ? types_.complete(*base->type.element) : int_type(1, true);
  std::uint32_t count = kind == TypeKind::kArray ? base->type.count : base->type.size;
  if (!check_bounds(*index, count, span)) return typed::poison(span);
  if (const std::string* text = typed::constant_string(*base); text != nullptr && constant != nullptr) {
    auto byte = constant->value < text->size() ? static_cast<signed char>((*text)[constant->value]) : 0;
    return typed::int_literal(static_cast<std::uint64_t>(byte < 0 ? -byte : byte), byte < 0, span);
  }
  auto* memory = typed::node_as<typed::Load>(*base);
  if (memory != nullptr && (constant != nullptr || base->type.size > kSmallArrayBytes || count == 0)) {
    return index_memory(std::move(*memory), base->type, std::move(index), span);
  }
  std::optional<typed::EventId> event;
  if (constant == nullptr) event = runtime_error("Array access out of bounds. Returning 0.", span);
  ExprPtr result =
      make_expr(element, span, typed::Element{std::move(base), typed::to_int64(std::move(index), false), count, event});
  return texts && is_char_array(element) ? typed::convert(std::move(result), string_type(element.count + 1))
                                         : std::move(result);
}

// --- pointers -----------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_dereference(const ast::Unary& unary, Span span) {
  ExprPtr pointer = check_plain(*unary.operand);
  if (is_poison(*pointer)) return pointer;
  if (pointer->type.kind != TypeKind::kPointer)
    return refuse(Diag::DereferenceOfNonPointer, span, type_name(pointer->type));
  if (pointer->type.element->kind == TypeKind::kNone) return refuse(Diag::DereferenceOfVoid, span);
  AddressSpace space = space_of(*pointer);
  Type pointee = *pointer->type.element;
  bool array = pointee.kind == TypeKind::kArray && pointee.count != 0;  // stays one, also of small ints
  if (array) return make_expr(pointee, span, typed::Load{std::move(pointer), space, 0, 0});
  return load(std::move(pointer), pointee, space, span);
}

Checker::ExprPtr Checker::check_address_of(const ast::Unary& unary, Span span) {
  if (const auto* variable = std::get_if<ast::Variable>(&unary.operand->node)) {
    ExprPtr read = check_variable(*variable, span);
    if (is_poison(*read)) return read;
    typed::VariableId id = find_variable(variable->name)->id;
    return make_expr(pointer_type(read->type, AddressSpace::kNone), span, typed::VariableAddress{id});
  }
  if (const auto* map = std::get_if<ast::MapAccess>(&unary.operand->node); map != nullptr && !map->key) {
    MapInfo& info = map_info(map->name, span);
    info.used = true;
    return make_expr(pointer_type(none_type(), AddressSpace::kKernel), span, typed::MapAddress{info.id});
  }
  return refuse(Diag::AddressOfValue, span);
}

// --- casts --------------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_cast(const ast::Cast& node, Span span) {
  Type type = resolve_type(node.type);
  ExprPtr operand = check_plain(*node.operand);
  if (type.kind == TypeKind::kError || is_poison(*operand)) return typed::poison(span);
  return cast(std::move(operand), type, span);
}

namespace {

// `T[]` takes as many elements as the operand's bytes fill.
Type fill_array(Type type, std::uint32_t bytes) {
  if (type.kind != TypeKind::kArray || type.count != 0 || type.element->size == 0) return type;
  return array_type(*type.element, bytes / type.element->size);
}

// An array in memory counts as a pointer to its first element, as in C.
typed::ExprPtr decay(typed::ExprPtr operand) {
  Span span = operand->span;
  if (auto* text = typed::node_as<typed::ReadString>(*operand);
      text != nullptr && !text->mark_truncation && !text->length) {
    Type pointer = pointer_type(int_type(1, true), text->space);
    return make_expr(pointer, span, typed::Convert{std::move(text->address)});
  }
  auto* memory = typed::node_as<typed::Load>(*operand);
  if (memory == nullptr || operand->type.kind != TypeKind::kArray) return operand;
  Type pointer = pointer_type(*operand->type.element, memory->space);
  return make_expr(pointer, span, typed::Convert{std::move(memory->address)});
}

bool casts_bytes(const Type& from, const Type& to) {
  bool from_bytes = (is_scalar(from) && from.kind != TypeKind::kText) || from.kind == TypeKind::kArray ||
                    from.kind == TypeKind::kString;
  bool to_bytes = is_integer(to) || to.kind == TypeKind::kArray;
  return from_bytes && to_bytes && from.size == to.size;
}

bool casts_text(const Type& from, const Type& to) {
  bool grows_string = from.kind == TypeKind::kString && to.kind == TypeKind::kString && from.size <= to.size;
  bool grows_buffer = from.kind == TypeKind::kBuffer && to.kind == TypeKind::kBuffer && from.size <= to.size;
  return grows_string || grows_buffer;
}

bool is_float_or_text(const Type& type) { return type.kind == TypeKind::kFloat || type.kind == TypeKind::kText; }

// To and from floats and texts.
bool casts_host(const Type& from, const Type& to) {
  auto is_number = [](const Type& type) {
    return type.kind == TypeKind::kInt || type.kind == TypeKind::kFloat || type.kind == TypeKind::kBool;
  };
  auto is_characters = [](const Type& type) { return type.kind == TypeKind::kString || type.kind == TypeKind::kText; };
  if (to.kind == TypeKind::kFloat) return is_number(from) || from.kind == TypeKind::kEnum || is_characters(from);
  if (to.kind == TypeKind::kText) return is_characters(from);
  if (from.kind == TypeKind::kText && to.kind == TypeKind::kString) return true;
  return is_number(to) || (from.kind == TypeKind::kFloat && to.kind == TypeKind::kArray) || same_type(from, to);
}

}  // namespace

Checker::ExprPtr Checker::cast(ExprPtr operand, const Type& wanted, Span span) {
  if (wanted.kind == TypeKind::kPointer) operand = decay(without_texts(std::move(operand)));
  Type type = fill_array(wanted, operand->type.size);
  if (type.kind == TypeKind::kPointer && type.space == AddressSpace::kNone) type.space = space_of(*operand);
  if (type.kind == TypeKind::kPointer && type.space == AddressSpace::kNone &&
      typed::node_as<typed::VariableAddress>(*operand) == nullptr) {
    type.space = AddressSpace::kKernel;
  }
  if (type.kind == TypeKind::kBool) return truth(std::move(operand));
  if (type.kind == TypeKind::kEnum && operand->literal && typed::node_as<typed::Constant>(*operand) != nullptr &&
      type.enumerators) {
    std::uint64_t value = std::get<typed::Constant>(operand->node).value;
    const auto& rows = type.enumerators->values;
    bool known = std::any_of(rows.begin(), rows.end(), [&](const Enumerator& row) { return row.value == value; });
    if (!known) return refuse(Diag::NotAnEnumerator, span, value, type_name(type));
  }
  bool host = is_float_or_text(operand->type) || is_float_or_text(type);
  if (host && !casts_host(operand->type, type))
    return refuse(Diag::CannotCast, span, type_name(operand->type), type_name(type));
  if (operand->type.kind == TypeKind::kString && type.kind == TypeKind::kFloat)
    operand = text_value(std::move(operand), "float");
  bool scalars = is_scalar(operand->type) && is_scalar(type);
  bool texts = operand->type.kind == TypeKind::kText || type.kind == TypeKind::kText;
  if (scalars || texts || casts_text(operand->type, type) || same_type(operand->type, type)) {
    ExprPtr result = typed::convert(std::move(operand), type);
    result->literal = false;
    result->span = span;
    return result;
  }
  if (type.kind == TypeKind::kUsername && is_integer(operand->type)) {
    typed::Pack pack;
    pack.parts.push_back({0, typed::to_int64(std::move(operand), false)});
    return make_expr(type, span, std::move(pack));
  }
  bool arrays = operand->type.kind == TypeKind::kArray && type.kind == TypeKind::kArray;
  if (arrays && operand->type.count == type.count && common_type(operand->type, type))
    return typed::convert(std::move(operand), type);
  if (casts_bytes(operand->type, type)) return make_expr(type, span, typed::Convert{std::move(operand)});
  // An integer fills an array of its natural width: (uint8[8])12345.
  if (type.kind == TypeKind::kArray && operand->literal && is_integer(operand->type) && type.size <= 8 &&
      operand->type.size <= type.size && (type.size & (type.size - 1)) == 0) {
    ExprPtr wide = typed::convert(std::move(operand), int_type(type.size, true));
    return make_expr(type, span, typed::Convert{std::move(wide)});
  }
  return refuse(Diag::CannotCast, span, type_name(operand->type), type_name(type));
}

// --- tuples and records -------------------------------------------------------------------------

Checker::ExprPtr Checker::check_pack(std::vector<std::pair<std::string, const ast::Expr*>> members, bool record,
                                     Span span) {
  std::vector<ExprPtr> values;
  std::vector<std::pair<std::string, Type>> fields;
  for (auto& [name, expr] : members) {
    ExprPtr value = check_plain(*expr);
    if (is_poison(*value)) return typed::poison(span);
    bool again = std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    if (again) return refuse(Diag::MemberTwice, value->span, name);
    if (value->type.kind == TypeKind::kContext) return refuse(Diag::NotStorable, value->span, type_name(value->type));
    fields.emplace_back(name, value->type);
    values.push_back(std::move(value));
  }
  std::vector<Type> elements;
  for (auto& [name, type] : fields) elements.push_back(type);
  Type type = record ? record_type(std::move(fields)) : tuple_type(std::move(elements));
  typed::Pack pack;
  for (std::size_t i = 0; i < values.size(); ++i)
    pack.parts.push_back({type.def->fields[i].offset, std::move(values[i])});
  return make_expr(type, span, std::move(pack));
}

}  // namespace hawk
