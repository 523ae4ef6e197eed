// KernelTypes: the types and function signatures (BTF) of the kernel and of its modules, each opened when first
// asked for.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ast/target_info.h"
#include "runtime/btf_declarations.h"
#include "runtime/btf_file.h"
#include "runtime/btf_types.h"

namespace hawk {

inline constexpr const char* kKernelItself = "vmlinux";  // where a module is named

// One file of type information, opened.
struct TypeSource {
  explicit TypeSource(std::unique_ptr<BtfFile> opened) : file(std::move(opened)), types(*file), declarations(*file) {}

  std::unique_ptr<BtfFile> file;
  BtfTypes types;
  BtfDeclarations declarations;
};

class KernelTypes {
 public:
  // The kernel's own; null where it has no type information.
  [[nodiscard]] TypeSource* kernel();
  // Those of a module, with the kernel's below; null before Linux 5.11 and for a module that is not loaded.
  [[nodiscard]] TypeSource* module(const std::string& name);

  // In the kernel, then in the modules opened so far.
  [[nodiscard]] std::optional<Type> find_type(std::string_view name);
  // Whether the beginning and end of a function can be traced with its arguments: it is there, and the kernel can
  // pass on what it takes.
  [[nodiscard]] bool is_traceable(const KernelFunctionName& function);

 private:
  bool asked_ = false;
  std::unique_ptr<TypeSource> kernel_;
  std::map<std::string, std::unique_ptr<TypeSource>> modules_;  // null: has none
};

}  // namespace hawk
