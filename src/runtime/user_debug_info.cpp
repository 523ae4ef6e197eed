#include "runtime/user_debug_info.h"

#include <dwarf.h>
#include <fmt/format.h>

#include <algorithm>

#include "runtime/debug_file.h"
#include "runtime/dwarf_declarations.h"
#include "runtime/dwarf_passing.h"
#include "runtime/dwarf_search.h"
#include "runtime/dwarf_types.h"

namespace hawk {

namespace {

constexpr unsigned kProgramShift = 40;  // an origin is the number of its program, from 1 on, and one within it

bool is_parameter(Dwarf_Die& die) { return dwarf_tag(&die) == DW_TAG_formal_parameter; }

std::vector<Dwarf_Die> parameters_of(Dwarf_Die& function) {
  std::vector<Dwarf_Die> parameters;
  visit_children(function, [&](Dwarf_Die& child) {
    if (is_parameter(child)) parameters.push_back(child);
    return false;
  });
  return parameters;
}

// A parameter as the source declares it, and the entry that says where an instance of the function has it.
struct Declared {
  Dwarf_Die declaration;
  std::optional<Dwarf_Die> instance;
};

// An instance of a function lists its parameters again, each with a reference to its declaration; not those that the
// compiler has removed.
std::vector<Declared> declared_parameters(Dwarf_Die& function) {
  std::vector<Dwarf_Die> own = parameters_of(function);
  std::vector<Declared> result;
  Dwarf_Attribute attribute;
  Dwarf_Die abstract;
  bool instance = dwarf_attr(&function, DW_AT_abstract_origin, &attribute) != nullptr &&
                  dwarf_formref_die(&attribute, &abstract) != nullptr;
  if (!instance) {
    for (Dwarf_Die& die : own) result.push_back({die, die});
    return result;
  }
  for (Dwarf_Die& die : parameters_of(abstract)) {
    auto same = std::find_if(own.begin(), own.end(), [&](Dwarf_Die& each) {
      auto origin = die_reference(each, DW_AT_abstract_origin);
      return origin && origin->addr == die.addr;
    });
    if (same != own.end()) {
      result.push_back({die, *same});
    } else if (!has_flag(die, DW_AT_artificial)) {  // constructors have some that not every instance of them takes
      result.push_back({die, std::nullopt});
    }
  }
  return result;
}

// gcc: f.isra.0, f.constprop.0, f.part.0.
bool is_clone(const std::string& symbol) {
  return symbol.find(".isra.") != std::string::npos || symbol.find(".constprop.") != std::string::npos ||
         symbol.find(".part.") != std::string::npos;
}

// C, C++ and Objective-C, by DWARF's numbers up to its version 6; Rust, Go, Fortran and others have rules of their own.
bool passes_as_c_does(Dwarf_Die& unit) {
  constexpr int kLanguages[] = {0x01, 0x02, 0x04, 0x0c, 0x10, 0x11, 0x19, 0x1a,
                                0x1d, 0x21, 0x2a, 0x2b, 0x2c, 0x3a, 0x3e};
  return std::find(std::begin(kLanguages), std::end(kLanguages), dwarf_srclang(&unit)) != std::end(kLanguages);
}

}  // namespace

class DebuggedProgram {
 public:
  DebuggedProgram(std::unique_ptr<DebugFile> file, std::uint64_t number)
      : file_(std::move(file)), types_(number << kProgramShift, [this](Dwarf_Die& declaration) {
          return find_definition(*file_, declaration);
        }) {}

  DebugFile& file() { return *file_; }
  DwarfTypes& types() { return types_; }

  UserFunction function(Dwarf_Die& die, std::uint64_t address, const std::string& symbol) {
    UserFunction function{.name = std::string(die_name(die)), .parameters = {}, .result = {}};
    std::vector<Declared> declared = declared_parameters(die);
    for (Declared& each : declared) {
      auto type = die_reference(each.declaration, DW_AT_type);
      UserParameter parameter{.name = std::string(die_name(each.declaration)),
                              .type = types_.type_of(each.declaration, DwarfTypes::Wanted::kWhole),
                              .passing = type ? passing_of(*type) : Passing{}};
      parameter.passing.align = std::max(parameter.passing.align, parameter.type.align);
      if (each.instance) parameter.place = place_at_entry(*each.instance, die, address);
      if (!each.instance) parameter.place = NotPassed{};
      function.parameters.push_back(std::move(parameter));
    }
    auto result = die_reference(die, DW_AT_type);
    function.result = result ? passing_of(*result) : Passing{.kind = Passing::Kind::kNothing};
    function.own_convention = has_own_convention(die, function, symbol);
    function.unknown_convention = unknown_convention(die);
    return function;
  }

  // By name and the unit it was looked for from.
  std::map<std::pair<std::string, const void*>, std::optional<Type>> named;

 private:
  // Callers of a static function are known, so that optimising compilers may change how it is called.
  bool has_own_convention(Dwarf_Die& die, const UserFunction& function, const std::string& symbol) {
    Dwarf_Die unit;
    bool go = dwarf_diecu(&die, &unit, nullptr, nullptr) != nullptr && dwarf_srclang(&unit) == DW_LANG_Go;
    if (go || die_number(die, DW_AT_calling_convention) == DW_CC_nocall || is_clone(symbol)) return true;
    const auto& all = function.parameters;
    bool optimised = std::any_of(all.begin(), all.end(), [](const auto& each) { return each.place.has_value(); });
    return optimised && !has_flag(die, DW_AT_external);
  }

  std::string unknown_convention(Dwarf_Die& die) {
    if (!file_->is_64_bit()) return "it is a 32-bit program";
    Dwarf_Die unit;
    bool has_unit = dwarf_diecu(&die, &unit, nullptr, nullptr) != nullptr;
    if (has_unit && !passes_as_c_does(unit) && dwarf_srclang(&unit) != DW_LANG_Go)
      return "its language has rules of its own, unlike those of C, C++ and Go";
    std::uint64_t convention = die_number(die, DW_AT_calling_convention).value_or(DW_CC_normal);
    if (convention != DW_CC_normal && convention != DW_CC_nocall) return "it has a calling convention of its own";
    return {};
  }

  std::unique_ptr<DebugFile> file_;
  DwarfTypes types_;
};

UserDebugInfo::UserDebugInfo() = default;
UserDebugInfo::~UserDebugInfo() = default;

Result<DebuggedProgram*> UserDebugInfo::program(const std::string& path) {
  auto found = programs_.find(path);
  if (found == programs_.end()) {
    Result<std::unique_ptr<DebugFile>> file = DebugFile::open(path);
    if (!file) {
      found = programs_.emplace(path, file.error()).first;
    } else {
      auto opened = std::make_unique<DebuggedProgram>(std::move(file).value(), by_number_.size() + 1);
      by_number_.push_back(opened.get());
      found = programs_.emplace(path, std::move(opened)).first;
    }
  }
  if (!found->second) return found->second.error();
  return found->second.value().get();
}

Result<UserFunction> UserDebugInfo::function(const UserCode& code, const std::string& symbol) {
  Result<DebuggedProgram*> program = this->program(code.path);
  if (!program) return program.error();
  auto die = program.value()->file().function(code.address, symbol);
  if (!die) {
    return Error{.message = "the debug information of its file does not have it",
                 .help = "compile the source file that it is in with -g"};
  }
  return program.value()->function(*die, code.address, symbol);
}

std::vector<std::string> UserDebugInfo::arguments(const UserCode& code, const std::string& symbol, bool result) {
  Result<DebuggedProgram*> program = this->program(code.path);
  auto die = program ? program.value()->file().function(code.address, symbol) : std::nullopt;
  std::vector<std::string> texts;
  if (!die) return texts;
  if (result) {
    auto type = die_reference(*die, DW_AT_type);
    if (type) texts.push_back(fmt::format("{} retval", declaration_of(type)));
    return texts;
  }
  for (Declared& each : declared_parameters(*die)) {
    if (die_name(each.declaration).empty()) continue;
    texts.push_back(
        fmt::format("{} {}", declaration_of(die_reference(each.declaration, DW_AT_type)), die_name(each.declaration)));
  }
  return texts;
}

std::optional<Type> UserDebugInfo::find_type(const UserCode& code, std::string_view name) {
  Result<DebuggedProgram*> program = this->program(code.path);
  if (!program) return std::nullopt;
  auto unit = program.value()->file().unit_at(code.address);
  auto [slot, is_new] =
      program.value()->named.try_emplace({std::string(name), unit ? unit->addr : nullptr}, std::nullopt);
  if (!is_new) return slot->second;
  auto die = find_type_entry(program.value()->file(), unit, name);
  if (die) slot->second = program.value()->types().convert(*die, DwarfTypes::Wanted::kWhole);
  return slot->second;
}

std::optional<std::pair<Type, std::uint64_t>> UserDebugInfo::find_enumerator(const UserCode& code,
                                                                             std::string_view name) {
  Result<DebuggedProgram*> program = this->program(code.path);
  auto unit = program ? program.value()->file().unit_at(code.address) : std::nullopt;
  if (!unit) return std::nullopt;
  auto die = find_enum_with(*unit, name);
  if (!die) return std::nullopt;
  Type type = program.value()->types().convert(*die, DwarfTypes::Wanted::kWhole);
  for (const Enumerator& each : type.enumerators->values) {
    if (each.name == name) return std::pair(type, each.value);
  }
  return std::nullopt;
}

std::optional<Type> UserDebugInfo::complete(std::uint64_t origin) {
  return by_number_.at((origin >> kProgramShift) - 1)->types().complete(origin);
}

bool UserDebugInfo::is_inlined(const std::string& path, std::string_view function) {
  Result<DebuggedProgram*> program = this->program(path);
  return program && program.value()->file().is_inlined(function);
}

}  // namespace hawk
