// TypeTable: every type a script can name: hawk's own (uint64, string[N], inet, ...), the C definitions
// in the script, and behind them the kernel's (TargetInfo), asked only for names not found before.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ast/ast.h"
#include "ast/target_info.h"
#include "ast/type.h"
#include "support/diagnostics.h"

namespace hawk {

// Largest array, string or struct a script may name, in bytes; far above what a program can hold.
inline constexpr std::uint64_t kMaxArrayBytes = std::uint64_t{1} << 30;

class TypeTable {
 public:
  TypeTable(const ast::Program& program, TargetInfo& target, DiagSink& diagnostics);

  // "uint64", "struct task_struct", "unsigned long", "pid_t". Nullopt if there is no such type.
  [[nodiscard]] std::optional<Type> find(std::string_view name);
  // The definition of a struct type, looked up by name when the type itself does not carry it; null if unknown.
  [[nodiscard]] std::shared_ptr<const StructDef> definition(const Type& type);
  // The same type with sizes known: a struct named only behind a pointer gets its definition and size.
  [[nodiscard]] Type complete(const Type& type);
  // Enumerators of the script, then of the kernel.
  [[nodiscard]] std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name);
  // `#define NAME value` of the script; null if there is none.
  [[nodiscard]] const ast::Expr* find_define(std::string_view name) const;
  // Value of a constant integer expression over literals, enumerators and defines.
  [[nodiscard]] std::optional<std::int64_t> evaluate(const ast::Expr& expr, int depth = 0);
  [[nodiscard]] TargetInfo& target() { return target_; }

 private:
  void define(const ast::CDefinition& definition);
  [[nodiscard]] Type convert(const ast::CType& type, int depth);
  [[nodiscard]] Type define_struct(const ast::CStruct& definition, Span span, int depth);
  [[nodiscard]] Type define_enum(const ast::CEnum& definition);

  TargetInfo& target_;
  DiagSink& diagnostics_;
  std::map<std::string, Type, std::less<>> named_;       // "struct x", "enum e", typedef names
  std::map<std::string, std::pair<Type, std::uint64_t>, std::less<>> enumerators_;
  std::map<std::string, const ast::Expr*, std::less<>> defines_;
};

}  // namespace hawk
