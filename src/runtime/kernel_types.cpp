#include "runtime/kernel_types.h"

#include <bpf/btf.h>

#include "runtime/kernel_config.h"

namespace hawk {

namespace {

// Whether the kernel's trampolines save the arguments: those in registers, from Linux 6.6 some on the stack too, and
// structs from 6.1.
bool is_saved(const BtfTypes::Passing& passing) {
  constexpr KernelRelease kStructs{6, 1};
  constexpr KernelRelease kStackArguments{6, 6};
  KernelRelease release = running_kernel();
  if (passing.structs && release < kStructs) return false;
  return passing.words <= (release >= kStackArguments ? 12U : 6U);
}

}  // namespace

TypeSource* KernelTypes::kernel() {
  if (!asked_) {
    asked_ = true;
    Result<std::unique_ptr<BtfFile>> file = BtfFile::open();
    if (file.ok()) kernel_ = std::make_unique<TypeSource>(std::move(file).value());
  }
  return kernel_.get();
}

TypeSource* KernelTypes::module(const std::string& name) {
  if (name == kKernelItself || kernel() == nullptr) return kernel();
  auto [slot, is_new] = modules_.try_emplace(name);
  if (is_new) {
    Result<std::unique_ptr<BtfFile>> file = BtfFile::open_module(name, *kernel()->file);
    if (file.ok()) slot->second = std::make_unique<TypeSource>(std::move(file).value());
  }
  return slot->second.get();
}

std::optional<Type> KernelTypes::find_type(std::string_view name) {
  if (kernel() == nullptr) return std::nullopt;
  std::optional<Type> type = kernel()->types.find_type(name);
  for (auto module = modules_.begin(); !type && module != modules_.end(); ++module) {
    if (module->second) type = module->second->types.find_type(name);
  }
  return type;
}

bool KernelTypes::is_traceable(const KernelFunctionName& function) {
  TypeSource* source = module(function.module);
  if (source == nullptr) return false;
  std::optional<BtfTypes::Passing> passing = source->types.argument_passing(function.function);
  return passing && is_saved(*passing);
}

}  // namespace hawk
