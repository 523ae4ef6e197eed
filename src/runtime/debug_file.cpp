#include "runtime/debug_file.h"

#include <dwarf.h>
#include <fmt/format.h>
#include <gelf.h>

#include <cstdlib>

#include "runtime/elf_file.h"

namespace hawk {

namespace {

constexpr int kMostNestedScopes = 32;  // of scopes in scopes

// Entries that have functions or types in them.
bool is_scope(Dwarf_Die& die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_namespace:
    case DW_TAG_module: return true;
    default: return is_class_tag(dwarf_tag(&die));
  }
}

// What a unit is about: one whose entries lie in a .dwo file says so in a skeleton.
Dwarf_Die whole_unit(Dwarf_Die unit) {
  Dwarf_Die split;
  std::uint8_t type = 0;
  bool known = dwarf_cu_info(unit.cu, nullptr, &type, nullptr, &split, nullptr, nullptr, nullptr) == 0;
  return known && type == DW_UT_skeleton && split.addr != nullptr ? split : unit;
}

// The functions in a scope, until `visit` returns true: then true.
bool visit_functions(Dwarf_Die& scope, const DieVisitor& visit, int depth = 0) {
  return visit_children(scope, [&](Dwarf_Die& child) {
    if (is_scope(child)) return depth < kMostNestedScopes && visit_functions(child, visit, depth + 1);
    return dwarf_tag(&child) == DW_TAG_subprogram && visit(child);
  });
}

// The name that the linker knows it by, where it has another one than in the source.
std::string_view linkage_name(Dwarf_Die& function) {
  Dwarf_Attribute attribute;
  const char* name = dwarf_formstring(dwarf_attr_integrate(&function, DW_AT_linkage_name, &attribute));
  return name == nullptr ? std::string_view() : std::string_view(name);
}

}  // namespace

// --- entries ------------------------------------------------------------------------------------

std::string_view die_name(Dwarf_Die& die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

bool has_attribute(Dwarf_Die& die, unsigned name) { return dwarf_hasattr(&die, name) != 0; }

bool has_flag(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  bool value = false;
  return dwarf_formflag(dwarf_attr_integrate(&die, name, &attribute), &value) == 0 && value;
}

std::optional<std::uint64_t> die_number(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0;
  if (dwarf_formudata(dwarf_attr_integrate(&die, name, &attribute), &number) != 0) return std::nullopt;
  return number;
}

std::optional<Dwarf_Die> die_reference(Dwarf_Die& die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Die target;
  Dwarf_Attribute* found = dwarf_attr_integrate(&die, name, &attribute);
  if (found == nullptr || dwarf_formref_die(found, &target) == nullptr) return std::nullopt;
  return target;
}

bool is_class_tag(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

std::optional<Dwarf_Die> peeled(Dwarf_Die type) {
  Dwarf_Die plain;
  if (dwarf_peel_type(&type, &plain) != 0) return std::nullopt;
  // In a unit of its own: gcc -fdebug-types-section.
  return has_attribute(plain, DW_AT_signature) ? die_reference(plain, DW_AT_signature) : plain;
}

std::optional<Dwarf_Die> plain_type(Dwarf_Die& die) {
  auto type = die_reference(die, DW_AT_type);
  return type ? peeled(*type) : std::nullopt;
}

bool visit_children(Dwarf_Die& parent, const DieVisitor& visit) {
  Dwarf_Die child;
  if (dwarf_child(&parent, &child) != 0) return false;
  do {
    if (visit(child)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

std::optional<std::uint64_t> entry_address(Dwarf_Die& function) {
  Dwarf_Addr address = 0;
  if (dwarf_entrypc(&function, &address) == 0) return address;
  // Of a function in several pieces gcc writes only these: the first one is where it begins.
  Dwarf_Addr base = 0;
  Dwarf_Addr end = 0;
  if (has_attribute(function, DW_AT_ranges) && dwarf_ranges(&function, 0, &base, &address, &end) > 0) return address;
  return std::nullopt;
}

bool is_declaration(Dwarf_Die& die) { return has_attribute(die, DW_AT_declaration); }

std::optional<std::uint64_t> member_offset(Dwarf_Die& member) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&member, DW_AT_data_member_location, &attribute) == nullptr) return 0;
  Dwarf_Word number = 0;
  if (dwarf_formudata(&attribute, &number) == 0) return number;
  Dwarf_Op* operations = nullptr;  // DWARF 2
  std::size_t count = 0;
  bool plain =
      dwarf_getlocation(&attribute, &operations, &count) == 0 && count == 1 && operations[0].atom == DW_OP_plus_uconst;
  return plain ? std::optional<std::uint64_t>(operations[0].number) : std::nullopt;
}

std::optional<std::uint64_t> pointer_to_member_bytes(Dwarf_Die& type) {
  if (dwarf_tag(&type) != DW_TAG_ptr_to_member_type) return std::nullopt;
  auto pointee = plain_type(type);
  return pointee && dwarf_tag(&*pointee) == DW_TAG_subroutine_type ? 16 : 8;
}

// --- the file -----------------------------------------------------------------------------------

Result<std::unique_ptr<DebugFile>> DebugFile::open(const std::string& path) {
  if (Result<ElfFile> file = open_elf(path); !file) return file.error();
  static char* standard_path = nullptr;  // next to the file, in its .debug, in /usr/lib/debug
  static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                           .find_debuginfo = dwfl_standard_find_debuginfo,
                                           .section_address = dwfl_offline_section_address,
                                           .debuginfo_path = &standard_path};
  auto file = std::make_unique<DebugFile>();
  file->dwfl_.reset(dwfl_begin(&callbacks));
  Dwfl_Module* module = dwfl_report_offline(file->dwfl_.get(), path.c_str(), path.c_str(), -1);
  dwfl_report_end(file->dwfl_.get(), nullptr, nullptr);
  Dwarf_Addr bias = 0;
  file->dwarf_ = module == nullptr ? nullptr : dwfl_module_getdwarf(module, &bias);
  if (!file->visit_units([](Dwarf_Die&) { return true; })) {
    return Error{.message = "its file has no debug information (DWARF)",
                 .help = "compile it with -g, or install the package of its debug information (-dbgsym, -debuginfo)"};
  }
  return file;
}

bool DebugFile::visit_units(const DieVisitor& visit) {
  Dwarf_CU* unit = nullptr;
  Dwarf_Die die;
  std::uint8_t type = 0;
  while (dwarf_ != nullptr && dwarf_get_units(dwarf_, unit, &unit, nullptr, &type, &die, nullptr) == 0) {
    if (die.addr == nullptr || (type != DW_UT_compile && type != DW_UT_skeleton && type != DW_UT_type)) continue;
    Dwarf_Die whole = whole_unit(die);
    if (visit(whole)) return true;
  }
  return false;
}

bool DebugFile::is_64_bit() {
  Elf* elf = dwarf_getelf(dwarf_);
  return elf == nullptr || gelf_getclass(elf) == ELFCLASS64;
}

std::optional<Dwarf_Die> DebugFile::unit_at(std::uint64_t address) {
  Dwarf_Die unit;
  if (dwarf_addrdie(dwarf_, address, &unit) != nullptr) return whole_unit(unit);
  // clang writes no .debug_aranges: the units themselves say what code they have.
  std::optional<Dwarf_Die> found;
  visit_units([&](Dwarf_Die& each) {
    if (dwarf_haspc(&each, address) > 0) found = each;
    return found.has_value();
  });
  return found;
}

std::optional<Dwarf_Die> DebugFile::function_at(std::uint64_t address) {
  auto unit = unit_at(address);
  if (!unit) return std::nullopt;
  if (indexed_.insert(unit->addr).second) {
    visit_functions(*unit, [&](Dwarf_Die& function) {
      if (auto entry = entry_address(function)) functions_.emplace(*entry, function);
      return false;
    });
  }
  auto found = functions_.find(address);
  if (found != functions_.end()) return found->second;
  // Inside of another function: those of local classes.
  Dwarf_Die* scopes = nullptr;
  int count = dwarf_getscopes(&*unit, address, &scopes);
  std::unique_ptr<Dwarf_Die, decltype(&std::free)> owner(scopes, &std::free);
  for (int i = 0; i < count; ++i) {
    if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram && entry_address(scopes[i]) == address) return scopes[i];
  }
  return std::nullopt;
}

std::optional<Dwarf_Die> DebugFile::function(std::uint64_t address, std::string_view symbol) {
  auto found = function_at(address);
  return found ? found : function_named(symbol);
}

std::optional<Dwarf_Die> DebugFile::function_named(std::string_view name) {
  if (named_.empty()) {
    visit_units([&](Dwarf_Die& unit) {
      return visit_functions(unit, [&](Dwarf_Die& function) {
        if (!has_flag(function, DW_AT_external) || is_declaration(function)) return false;
        std::string_view linkage = linkage_name(function);
        named_.emplace(linkage.empty() ? die_name(function) : linkage, function);
        return false;
      });
    });
  }
  auto found = named_.find(name);
  return found == named_.end() ? std::nullopt : std::optional(found->second);
}

bool DebugFile::is_inlined(std::string_view function) {
  return visit_units([&](Dwarf_Die& unit) {
    return visit_functions(unit, [&](Dwarf_Die& each) {
      return dwarf_func_inline(&each) != 0 && (die_name(each) == function || linkage_name(each) == function);
    });
  });
}

}  // namespace hawk
