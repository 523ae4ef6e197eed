// Objects that the back end has made before. What is looked up is the module as lowering has made it, so that nothing
// else can have changed meanwhile: not the script, not the machine it was checked against, not hawk.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/unique_fd.h"

namespace hawk {

// What decides the object: the module, the processor, the back end. A number in hexadecimal digits (SHA-256).
[[nodiscard]] std::string object_key(const llvm::Module& module, const llvm::TargetMachine& target);

class ObjectCache {
 public:
  // A directory that is made if its parent is there. One that somebody else could write to is not used, and neither is
  // "": there is nothing to be found then, and nothing is kept.
  explicit ObjectCache(const std::string& directory);

  [[nodiscard]] bool is_open() const { return directory_.valid(); }
  // Nullopt also for what is damaged.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> find(const std::string& key) const;
  // What cannot be written is not kept. Old objects make room for new ones.
  void keep(const std::string& key, const std::vector<std::uint8_t>& object) const;

 private:
  std::string path_;
  UniqueFd directory_;
};

}  // namespace hawk
