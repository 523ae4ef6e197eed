// DebugInfo: what ties generated instructions to the script. From it the BPF back end makes .BTF and
// .BTF.ext (function names, line info with the source text), so that a refusal by the verifier can be
// shown at the script's line.
#pragma once

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/Module.h>

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ast/target_info.h"
#include "support/source_file.h"

namespace hawk {

class DebugInfo {
 public:
  // `main_file` is the script itself; imports are added as spans name them.
  DebugInfo(llvm::Module& module, const Sources& sources, FileId main_file);

  // Gives `function` a subprogram at `span`; `parameters` name its arguments ("ctx"), all 8 bytes wide.
  void describe(llvm::Function& function, Span span, const std::vector<const char*>& parameters);
  [[nodiscard]] llvm::DebugLoc location(const llvm::Function& function, Span span);
  // A map definition as libbpf reads it: a struct whose members are pointers to arrays of so many ints. With
  // `value_bytes` (a multiple of 8) it says the types of its keys, an int, and of its values too.
  void describe_map(llvm::GlobalVariable& map, const std::vector<std::pair<const char*, std::uint32_t>>& members,
                    std::uint32_t value_bytes = 0);
  // Declares a function of the kernel, which libbpf finds by its name and compares by its type.
  void describe_kernel_function(llvm::Function& function, const FunctionSignature& signature);
  void finish() { builder_.finalize(); }

 private:
  llvm::DIFile* file(FileId id);
  llvm::DIType* array_of(llvm::DIType* element, std::uint32_t bits, std::uint32_t count);
  llvm::DIType* describe_type(const Type& type);  // null for none; structs without their members
  llvm::DIScope* scope_in(llvm::DISubprogram* subprogram, FileId id);

  llvm::DIBuilder builder_;
  const Sources& sources_;
  FileId main_file_;
  std::unordered_map<FileId, llvm::DIFile*> files_;
  std::unordered_map<std::uint64_t, llvm::DIScope*> file_scopes_;  // by subprogram and file
  llvm::DICompileUnit* unit_ = nullptr;
  llvm::DIType* integer_ = nullptr;
  llvm::DIType* word_ = nullptr;
};

}  // namespace hawk
