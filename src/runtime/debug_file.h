// DebugFile: the debug information (DWARF) of one program or library, its own or that of the separate file that
// distributions have for it. libdwfl finds that file, libdw reads it. Nothing is read before it is asked for.
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "support/result.h"

namespace hawk {

// --- entries of DWARF (DIEs) ---
[[nodiscard]] std::string_view die_name(Dwarf_Die& die);  // "" if it has none
[[nodiscard]] bool has_attribute(Dwarf_Die& die, unsigned name);
[[nodiscard]] bool has_flag(Dwarf_Die& die, unsigned name);
// An attribute of the entry itself, or of what it is an instance of; nullopt if there is none, or no number.
[[nodiscard]] std::optional<std::uint64_t> die_number(Dwarf_Die& die, unsigned name);
// What an attribute refers to.
[[nodiscard]] std::optional<Dwarf_Die> die_reference(Dwarf_Die& die, unsigned name);
// Its DW_AT_type without typedefs and qualifiers; nullopt for void.
[[nodiscard]] std::optional<Dwarf_Die> plain_type(Dwarf_Die& die);
[[nodiscard]] std::optional<Dwarf_Die> peeled(Dwarf_Die type);
[[nodiscard]] bool is_class_tag(int tag);  // struct, class, union
// Each in turn, until `visit` returns true: then true.
using DieVisitor = std::function<bool(Dwarf_Die& die)>;
bool visit_children(Dwarf_Die& parent, const DieVisitor& visit);
// The address of a function's first instruction; nullopt for one without code of its own.
[[nodiscard]] std::optional<std::uint64_t> entry_address(Dwarf_Die& function);

// Whether it says only that there is such a type or function: the entry itself, not what it completes.
[[nodiscard]] bool is_declaration(Dwarf_Die& die);
// Bytes from the beginning of the struct; nullopt where it takes an object to know (virtual base classes).
[[nodiscard]] std::optional<std::uint64_t> member_offset(Dwarf_Die& member);

// The size of a C++ pointer to a member, which debug information does not say: an offset, or a function and what to add
// to the object's address. Nullopt for other types.
[[nodiscard]] std::optional<std::uint64_t> pointer_to_member_bytes(Dwarf_Die& type);

class DebugFile {
 public:
  // The error says why there is none, and how to get it.
  [[nodiscard]] static Result<std::unique_ptr<DebugFile>> open(const std::string& path);

  [[nodiscard]] bool is_64_bit();
  // The compilation unit that has the code.
  [[nodiscard]] std::optional<Dwarf_Die> unit_at(std::uint64_t address);
  // The function that begins there or, where debug information has no address for it, as for one of several that
  // compilers merged because they do the same, one of the name that the linker knows it by.
  [[nodiscard]] std::optional<Dwarf_Die> function(std::uint64_t address, std::string_view symbol);
  // Whether there is a function of that name without code of its own, because it is inlined.
  [[nodiscard]] bool is_inlined(std::string_view function);
  // The compilation units, until `visit` returns true: then true.
  bool visit_units(const DieVisitor& visit);

 private:
  struct DwflCloser {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };

  [[nodiscard]] std::optional<Dwarf_Die> function_at(std::uint64_t address);
  [[nodiscard]] std::optional<Dwarf_Die> function_named(std::string_view name);

  std::unique_ptr<Dwfl, DwflCloser> dwfl_;
  Dwarf* dwarf_ = nullptr;
  std::set<const void*> indexed_;  // units whose functions are in:
  std::unordered_map<std::uint64_t, Dwarf_Die> functions_;
  std::unordered_map<std::string_view, Dwarf_Die> named_;  // filled by the first question
};

}  // namespace hawk
