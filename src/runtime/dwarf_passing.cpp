#include "runtime/dwarf_passing.h"

#include <dwarf.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "runtime/debug_file.h"

namespace hawk {

namespace {

using Word = Passing::Word;

constexpr std::uint64_t kWordBytes = 8;         // bytes
constexpr std::uint64_t kMostInRegisters = 16;  // bytes of a struct
constexpr int kMostNestedParts = 32;

constexpr int kMostParts = 4096;  // of one type, in all: a file may claim anything

std::uint64_t aggregate_size(Dwarf_Die type) {
  Dwarf_Word size = 0;
  if (auto bytes = pointer_to_member_bytes(type)) return *bytes;
  if (dwarf_tag(&type) == DW_TAG_unspecified_type) return kWordBytes;  // of nullptr
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

// Merges the fields of a struct into its words, as the ABI has it: a word with an integer in it is an integer.
class Classifier {
 public:
  // False if some part of it must be in memory.
  bool add(Dwarf_Die die, std::uint64_t offset, int depth = 0) {
    auto type = peeled(die);
    if (!type || depth > kMostNestedParts || --parts_left_ < 0) return false;
    int tag = dwarf_tag(&*type);
    if (is_class_tag(tag)) return add_members(*type, offset, depth);
    if (tag == DW_TAG_array_type && !has_flag(*type, DW_AT_GNU_vector)) return add_elements(*type, offset, depth);
    if (tag == DW_TAG_subrange_type && has_attribute(*type, DW_AT_type))
      return add(*die_reference(*type, DW_AT_type), offset, depth + 1);
    std::uint64_t size = aggregate_size(*type);
    std::uint64_t align = std::min(std::max<std::uint64_t>(size, 1), kMostInRegisters);
    if (tag == DW_TAG_ptr_to_member_type) align = kWordBytes;
    std::uint64_t encoding = tag == DW_TAG_base_type ? die_number(*type, DW_AT_encoding).value_or(0) : 0;
    bool complex = encoding == DW_ATE_complex_float;
    bool decimal = encoding == DW_ATE_decimal_float;
    bool is_float = encoding == DW_ATE_float || complex || decimal;
    // Those of 16 bytes that are no `long double` go where vectors do.
    bool wide = size == kMostInRegisters && (decimal || die_name(*type).find("128") != std::string_view::npos);
    if (is_float && size >= kMostInRegisters && !wide)
      return size == kMostInRegisters && complex && mark(offset, size, Word::kFloat);
    if (offset % (complex ? align / 2 : align) != 0) return false;
    bool vector = tag == DW_TAG_array_type || (is_float && wide);
    if (vector && size == kMostInRegisters) {
      words[1] = Word::kUpperHalf;
      return mark(offset, kWordBytes, Word::kFloat);
    }
    return mark(offset, size, is_float || vector ? Word::kFloat : Word::kInteger);
  }

  std::array<std::optional<Word>, 2> words;

 private:
  int parts_left_ = kMostParts;

  bool mark(std::uint64_t offset, std::uint64_t size, Word word) {
    if (size == 0) return true;
    if (offset + size > kMostInRegisters) return false;
    for (std::uint64_t i = offset / kWordBytes; i <= (offset + size - 1) / kWordBytes; ++i) {
      bool stays = words[i] == Word::kInteger || (words[i] && word == Word::kFloat);
      if (!stays) words[i] = word;
    }
    return true;
  }

  bool add_members(Dwarf_Die& type, std::uint64_t offset, int depth) {
    bool fits = true;
    visit_children(type, [&](Dwarf_Die& child) {
      int tag = dwarf_tag(&child);
      bool is_static = has_attribute(child, DW_AT_external) || has_attribute(child, DW_AT_declaration);
      if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || is_static) return false;
      auto member = die_reference(child, DW_AT_type);
      auto inside = member_offset(child);
      if (!inside) fits = false;
      if (!fits) return true;
      std::uint64_t at = offset + *inside;
      auto width = die_number(child, DW_AT_bit_size);
      if (width) {  // bit fields are integers, wherever they lie
        std::uint64_t bit = die_number(child, DW_AT_data_bit_offset).value_or(0);
        fits = mark(at + bit / 8, (bit % 8 + *width + 7) / 8, Word::kInteger);
      } else {
        fits = member && add(*member, at, depth + 1);
      }
      return !fits;
    });
    return fits;
  }

  bool add_elements(Dwarf_Die& array, std::uint64_t offset, int depth) {
    auto element = die_reference(array, DW_AT_type);
    std::uint64_t size = element ? aggregate_size(*element) : 0;
    if (size == 0) return aggregate_size(array) == 0;
    for (std::uint64_t at = 0; at + size <= aggregate_size(array); at += size) {
      if (!add(*element, offset + at, depth + 1)) return false;
    }
    return true;
  }
};

// Whether copying a class takes a function: then its address is passed (Itanium C++ ABI, 3.1.1). Compilers may say so
// since DWARF 5; gcc does not, but shows the functions that the source has.
class CopySearch {
 public:
  bool needs_function(Dwarf_Die type, int depth = 0) {
    if (depth > kMostNestedParts || --left_ < 0) return true;
    auto convention = die_number(type, DW_AT_calling_convention);
    if (convention) return *convention == DW_CC_pass_by_reference;
    bool deleted = false;
    bool defaulted = false;
    bool needs = visit_children(type, [&](Dwarf_Die& child) {
      int tag = dwarf_tag(&child);
      bool is_virtual = die_number(child, DW_AT_virtuality).value_or(DW_VIRTUALITY_none) != DW_VIRTUALITY_none;
      if (is_virtual && (tag == DW_TAG_subprogram || tag == DW_TAG_inheritance)) return true;
      if (tag == DW_TAG_member || tag == DW_TAG_inheritance) return part_needs_function(child, depth);
      if (tag != DW_TAG_subprogram || has_flag(child, DW_AT_artificial)) return false;
      bool destroys = die_name(child).starts_with('~');
      if (!destroys && !copies(child, type)) return false;
      if (has_flag(child, DW_AT_deleted)) {
        deleted = deleted || !destroys;
      } else if (has_attribute(child, DW_AT_defaulted)) {
        defaulted = defaulted || !destroys;
      } else {
        return true;
      }
      return false;
    });
    return needs || (deleted && !defaulted);  // nothing can copy it
  }

 private:
  bool part_needs_function(Dwarf_Die& child, int depth) {
    if (has_attribute(child, DW_AT_external)) return false;  // static
    auto part = plain_type(child);
    for (int i = 0; part && dwarf_tag(&*part) == DW_TAG_array_type && i < kMostNestedParts; ++i)
      part = plain_type(*part);
    return part && is_class_tag(dwarf_tag(&*part)) && needs_function(*part, depth + 1);
  }

  // Whether a member function is a constructor from another object of the class.
  static bool copies(Dwarf_Die& function, Dwarf_Die& type) {
    std::string_view own = die_name(type);
    if (die_name(function) != own.substr(0, own.find('<'))) return false;
    bool first = true;
    return visit_children(function, [&](Dwarf_Die& child) {
      if (dwarf_tag(&child) != DW_TAG_formal_parameter || has_flag(child, DW_AT_artificial)) return false;
      auto taken = plain_type(child);
      bool reference =
          taken && (dwarf_tag(&*taken) == DW_TAG_reference_type || dwarf_tag(&*taken) == DW_TAG_rvalue_reference_type);
      auto object = first && reference ? plain_type(*taken) : std::nullopt;
      first = false;
      return object && die_name(*object) == own;
    });
  }

  int left_ = kMostParts;
};

}  // namespace

Passing passing_of(Dwarf_Die die) {
  Passing passing;
  auto type = peeled(die);
  if (!type) return {.kind = Passing::Kind::kNothing};
  int tag = dwarf_tag(&*type);
  if (is_class_tag(tag) && CopySearch().needs_function(*type))
    return {.kind = Passing::Kind::kReference, .words = {Word::kInteger}};
  std::uint64_t size = aggregate_size(*type);
  bool reference = tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type || tag == DW_TAG_pointer_type;
  if (reference || tag == DW_TAG_unspecified_type) {
    passing.words = {Word::kInteger};
    return passing;
  }
  if (tag == DW_TAG_array_type && has_flag(*type, DW_AT_GNU_vector) && size > kMostInRegisters) {
    passing.words = {Word::kFloat};  // ymm, zmm: the lower half of them is xmm
    return passing;
  }
  Classifier classifier;
  if (size > kMostInRegisters || !classifier.add(*type, 0)) {
    passing.kind = Passing::Kind::kMemory;
    return passing;
  }
  for (const auto& word : classifier.words) {
    if (word) passing.words.push_back(*word);
  }
  if (passing.words.empty()) passing.kind = Passing::Kind::kNothing;
  return passing;
}

// --- places -------------------------------------------------------------------------------------

namespace {

// By DWARF's numbers (System V ABI, figure 3.36), as struct pt_regs has them.
constexpr std::array<const char*, 16> kDwarfRegisters = {"ax", "dx", "cx",  "bx",  "si",  "di",  "bp",  "sp",
                                                         "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
constexpr std::uint64_t kFirstFloat = 17;
constexpr std::uint64_t kLastFloat = 32;

bool passes_arguments(std::string_view name) {
  return name == "di" || name == "si" || name == "dx" || name == "cx" || name == "r8" || name == "r9" ||
         name.starts_with("xmm");
}

// "di", "xmm0"; "" for what is no register.
std::string register_name(const Dwarf_Op& operation) {
  std::uint64_t number = operation.atom - DW_OP_reg0;
  if (operation.atom == DW_OP_regx) number = operation.number;
  if (operation.atom != DW_OP_regx && (operation.atom < DW_OP_reg0 || operation.atom > DW_OP_reg31)) return "";
  if (number < kDwarfRegisters.size()) return kDwarfRegisters[number];
  return number >= kFirstFloat && number <= kLastFloat ? "xmm" + std::to_string(number - kFirstFloat) : "";
}

std::optional<ArgumentPlace> in_registers(const Dwarf_Op* operations, std::size_t count) {
  InRegisters place;
  for (std::size_t i = 0; i < count; ++i) {
    if (operations[i].atom == DW_OP_piece && !place.names.empty()) continue;
    std::string name = register_name(operations[i]);
    if (name.empty()) return std::nullopt;
    place.names.push_back(std::move(name));
  }
  return place.names.empty() ? std::nullopt : std::optional<ArgumentPlace>(place);
}

// The frame's base is the canonical frame address, the stack pointer before the call; callers put arguments above it.
bool frame_begins_above_return_address(Dwarf_Die& function) {
  Dwarf_Attribute attribute;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  return dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) != nullptr &&
         dwarf_getlocation(&attribute, &operations, &count) == 0 && count == 1 &&
         operations[0].atom == DW_OP_call_frame_cfa;
}

std::optional<ArgumentPlace> fixed_argument(const Dwarf_Op* operations, std::size_t count) {
  if (count != 2 || operations[1].atom != DW_OP_stack_value) return std::nullopt;
  unsigned atom = operations[0].atom;
  if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) return FixedArgument{atom - DW_OP_lit0};
  bool constant = atom >= DW_OP_const1u && atom <= DW_OP_consts;
  return constant ? std::optional<ArgumentPlace>(FixedArgument{operations[0].number}) : std::nullopt;
}

}  // namespace

std::optional<ArgumentPlace> place_at_entry(Dwarf_Die& parameter, Dwarf_Die& function, std::uint64_t entry) {
  if (auto constant = die_number(parameter, DW_AT_const_value)) return FixedArgument{*constant};
  Dwarf_Attribute attribute;
  if (dwarf_attr_integrate(&parameter, DW_AT_location, &attribute) == nullptr) return std::nullopt;
  unsigned form = dwarf_whatform(&attribute);
  bool always = form == DW_FORM_exprloc || form == DW_FORM_block1 || form == DW_FORM_block2 || form == DW_FORM_block4;
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation_addr(&attribute, entry, &operations, &count, 1) != 1 || count == 0) return std::nullopt;
  if (count == 1 && operations[0].atom == DW_OP_fbreg) {
    bool above = static_cast<std::int64_t>(operations[0].number) >= 0 && frame_begins_above_return_address(function);
    return above ? std::optional<ArgumentPlace>(OnStack{operations[0].number + kWordBytes}) : std::nullopt;
  }
  if (auto value = fixed_argument(operations, count)) return value;
  auto place = in_registers(operations, count);
  if (!place || !always) return place;
  // For all of the function: either callers put it there, or the function moves it there at once.
  const auto& names = std::get<InRegisters>(*place).names;
  return std::all_of(names.begin(), names.end(), passes_arguments) ? place : std::nullopt;
}

}  // namespace hawk
