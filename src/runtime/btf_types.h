// BtfTypes: the kernel's types and function signatures as hawk's own Type. Typedefs and qualifiers are
// stripped; each type is converted once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ast/target_info.h"
#include "runtime/btf_file.h"

namespace hawk {

class BtfTypes {
 public:
  // `pointers` is where a pointer without a tag points.
  explicit BtfTypes(BtfFile& file, AddressSpace pointers = AddressSpace::kKernel) : file_(file), pointers_(pointers) {}

  // "struct task_struct", "union x", "enum e", a typedef or a basic type. nullopt if it is not there, or
  // only declared.
  [[nodiscard]] std::optional<Type> find_type(std::string_view name);
  // An enumerator of any enum of the kernel, with its enum.
  [[nodiscard]] std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name);
  [[nodiscard]] std::optional<FunctionSignature> find_function(std::string_view name);
  // How a function takes its arguments; nullopt for one that is not there, has `...`, or takes what is not passed in
  // words: floats, large structs.
  struct Passing {
    unsigned words = 0;  // of 8 bytes
    bool structs = false;
  };
  [[nodiscard]] std::optional<Passing> argument_passing(std::string_view name);
  // Arguments of a raw tracepoint, without the leading `void *__data` of its prototype.
  [[nodiscard]] std::optional<FunctionSignature> raw_tracepoint(std::string_view event);

 private:
  // A struct met by value is wanted whole; met behind a pointer its name is enough (and ends recursion).
  enum class Wanted { kWhole, kName };

  Type convert(std::uint32_t id, Wanted wanted);
  Type convert_integer(const btf_type& type);
  Type convert_pointer(const btf_type& type);
  Type convert_array(const btf_type& type, Wanted wanted);
  Type convert_enum(std::uint32_t id);
  Type convert_struct(std::uint32_t id, Wanted wanted);
  Field convert_member(const btf_type& parent, unsigned index);
  FunctionSignature signature(std::uint32_t prototype, unsigned skipped_parameters);

  BtfFile& file_;
  AddressSpace pointers_;
  std::unordered_map<std::uint32_t, Type> structs_;  // by id; `def` is null while its members are being converted
  std::unordered_map<std::uint32_t, Type> enums_;
  std::unordered_map<std::string_view, std::pair<std::uint32_t, std::uint64_t>> enumerators_;  // built once
};

}  // namespace hawk
