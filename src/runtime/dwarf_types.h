// DwarfTypes: types of a user program as hawk's own Type. Typedefs and qualifiers are stripped; references of C++ are
// pointers; the members of a base class are members. A struct behind a pointer comes without its definition, and with
// an origin by which `complete` gives it.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "ast/type.h"

namespace hawk {

class DwarfTypes {
 public:
  // `first_origin`: origins are the numbers from there on. `find_definition` finds what an entry only declares.
  using FindDefinition = std::function<std::optional<Dwarf_Die>(Dwarf_Die& declaration)>;
  DwarfTypes(std::uint64_t first_origin, FindDefinition find_definition)
      : first_origin_(first_origin), find_definition_(std::move(find_definition)) {}

  // kWhole: a struct with its definition.
  enum class Wanted { kWhole, kName };
  [[nodiscard]] Type convert(Dwarf_Die die, Wanted wanted);
  // The DW_AT_type of an entry; void if it has none.
  [[nodiscard]] Type type_of(Dwarf_Die& die, Wanted wanted);
  // nullopt if it is only declared.
  [[nodiscard]] std::optional<Type> complete(std::uint64_t origin);

 private:
  [[nodiscard]] static Type convert_base(Dwarf_Die& die);
  [[nodiscard]] Type convert_pointer(Dwarf_Die& die);
  [[nodiscard]] Type convert_array(Dwarf_Die& die, Wanted wanted);
  [[nodiscard]] Type convert_enum(Dwarf_Die& die);
  [[nodiscard]] Type convert_struct(Dwarf_Die& die, Wanted wanted);
  void add_member(Dwarf_Die& member, std::uint32_t parent_size, std::vector<Field>& fields);
  [[nodiscard]] std::uint64_t origin_of(Dwarf_Die& die);

  std::uint64_t first_origin_;
  FindDefinition find_definition_;
  int depth_ = 0;
  std::vector<Dwarf_Die> origins_;
  std::unordered_map<const void*, std::uint64_t> origin_ids_;  // by the place of the entry in memory, as all these
  std::unordered_map<const void*, std::optional<Dwarf_Die>> definitions_;  // of declarations
  std::unordered_map<const void*, Type> structs_;  // `def` is null while its members are being converted
  std::unordered_map<const void*, Type> enums_;
};

}  // namespace hawk
