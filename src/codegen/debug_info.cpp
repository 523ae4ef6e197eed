#include "codegen/debug_info.h"

#include <llvm/BinaryFormat/Dwarf.h>

namespace hawk {

DebugInfo::DebugInfo(llvm::Module& module, const Sources& sources, FileId main_file)
    : builder_(module), sources_(sources), main_file_(main_file) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  // BTF is made from debug information, DWARF is not wanted: with the CodeView flag and no DWARF version
  // LLVM 19 makes neither (CodeView itself is for Windows only).
  module.addModuleFlag(llvm::Module::Warning, "CodeView", 1);
  unit_ = builder_.createCompileUnit(llvm::dwarf::DW_LANG_C11, file(main_file), "hawk", true, "", 0);
  integer_ = builder_.createBasicType("int", 32, llvm::dwarf::DW_ATE_signed);
  word_ = builder_.createBasicType("long", 64, llvm::dwarf::DW_ATE_signed);
}

llvm::DIFile* DebugInfo::file(FileId id) {
  llvm::DIFile*& result = files_[id];
  // The text is embedded: LLVM would otherwise open a file of that name to quote its lines.
  if (result == nullptr) {
    const SourceFile& source = sources_.get(id);
    result = builder_.createFile(source.name(), "", std::nullopt, llvm::StringRef(source.text()));
  }
  return result;
}

void DebugInfo::describe(llvm::Function& function, Span span, const std::vector<const char*>& parameters) {
  std::vector<llvm::Metadata*> types(parameters.size() + 1, word_);
  auto* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray(types));
  unsigned line = sources_.get(span.file).position(span.begin).line;
  // A function called by address must be static for the verifier too.
  auto flags = llvm::DISubprogram::SPFlagDefinition;
  if (function.hasLocalLinkage()) flags |= llvm::DISubprogram::SPFlagLocalToUnit;
  auto* subprogram = builder_.createFunction(unit_, function.getName(), "", file(span.file), line, type, line,
                                             llvm::DINode::FlagZero, flags);
  // The kernel wants a name for each argument (btf_func_check).
  for (unsigned i = 0; i < parameters.size(); ++i)
    builder_.createParameterVariable(subprogram, parameters[i], i + 1, file(span.file), line, word_, true);
  builder_.finalizeSubprogram(subprogram);
  function.setSubprogram(subprogram);
}

llvm::DIType* DebugInfo::describe_type(const Type& type) {
  const std::string name = type.name.substr(type.name.find(' ') + 1);
  llvm::DIFile* where = file(main_file_);
  switch (type.kind) {
    case TypeKind::kNone: return nullptr;
    case TypeKind::kPointer: return builder_.createPointerType(describe_type(*type.element), 64);
    case TypeKind::kStruct:
      if (type.name.starts_with("union "))
        return builder_.createUnionType(unit_, name, where, 1, 0, 8, llvm::DINode::FlagZero,
                                        builder_.getOrCreateArray({}));
      return builder_.createStructType(unit_, name, where, 1, 0, 8, llvm::DINode::FlagZero, nullptr,
                                       builder_.getOrCreateArray({}));
    case TypeKind::kEnum:
      return builder_.createEnumerationType(unit_, name, where, 1, std::uint64_t{type.size} * 8, 0,
                                            builder_.getOrCreateArray({builder_.createEnumerator("hawk_any", 0)}),
                                            integer_);
    case TypeKind::kBool: return builder_.createBasicType("_Bool", 8, llvm::dwarf::DW_ATE_boolean);
    default:
      return builder_.createBasicType(type.is_signed ? "int" : "unsigned int", std::uint64_t{type.size} * 8,
                                      type.is_signed ? llvm::dwarf::DW_ATE_signed : llvm::dwarf::DW_ATE_unsigned);
  }
}

void DebugInfo::describe_kernel_function(llvm::Function& function, const FunctionSignature& signature) {
  std::vector<llvm::Metadata*> types{describe_type(signature.result)};
  for (const FunctionParameter& parameter : signature.parameters) types.push_back(describe_type(parameter.type));
  auto* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray(types));
  function.setSubprogram(builder_.createFunction(unit_, function.getName(), "", file(main_file_), 1, type, 1,
                                                 llvm::DINode::FlagPrototyped, llvm::DISubprogram::SPFlagZero));
}

llvm::DIScope* DebugInfo::scope_in(llvm::DISubprogram* subprogram, FileId id) {
  if (subprogram->getFile() == file(id)) return subprogram;
  llvm::DIScope*& scope = file_scopes_[reinterpret_cast<std::uintptr_t>(subprogram) ^ id];
  if (scope == nullptr) scope = builder_.createLexicalBlockFile(subprogram, file(id));
  return scope;
}

llvm::DebugLoc DebugInfo::location(const llvm::Function& function, Span span) {
  LineColumn position = sources_.get(span.file).position(span.begin);
  llvm::DISubprogram* subprogram = function.getSubprogram();
  return llvm::DILocation::get(function.getContext(), position.line, position.column, scope_in(subprogram, span.file));
}

llvm::DIType* DebugInfo::array_of(llvm::DIType* element, std::uint32_t bits, std::uint32_t count) {
  auto range = builder_.getOrCreateArray({builder_.getOrCreateSubrange(0, static_cast<std::int64_t>(count))});
  return builder_.createArrayType(std::uint64_t{bits} * count, bits, element, range);
}

void DebugInfo::describe_map(llvm::GlobalVariable& map,
                             const std::vector<std::pair<const char*, std::uint32_t>>& members,
                             std::uint32_t value_bytes) {
  std::vector<llvm::Metadata*> elements;
  std::uint64_t offset = 0;
  auto add = [&](const char* name, llvm::DIType* pointee) {
    auto* pointer = builder_.createPointerType(pointee, 64);
    elements.push_back(
        builder_.createMemberType(unit_, name, file(main_file_), 1, 64, 64, offset, llvm::DINode::FlagZero, pointer));
    offset += 64;
  };
  for (const auto& [name, value] : members) add(name, array_of(integer_, 32, value));
  if (value_bytes > 0) {
    add("key", integer_);
    add("value", array_of(word_, 64, value_bytes / 8));
  }
  auto* type = builder_.createStructType(unit_, "", file(main_file_), 1, offset, 64, llvm::DINode::FlagZero, nullptr,
                                         builder_.getOrCreateArray(elements));
  map.addDebugInfo(builder_.createGlobalVariableExpression(unit_, map.getName(), "", file(main_file_), 1, type, false));
}

}  // namespace hawk
