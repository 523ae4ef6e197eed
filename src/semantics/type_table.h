// TypeTable: every type a script can name: hawk's own (uint64, string[N], inet, ...), the C definitions
// in the script, and behind them the kernel's (TargetInfo), asked only for names not found before.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ast/ast.h"
#include "ast/c_headers.h"
#include "ast/target_info.h"
#include "ast/type.h"
#include "semantics/struct_layout.h"
#include "support/diagnostics.h"

namespace hawk {

// Largest array, string or struct a script may name, in bytes; far above what a program can hold.
inline constexpr std::uint64_t kMaxArrayBytes = std::uint64_t{1} << 30;

// How the C headers of a script are read.
struct HeaderAccess {
  CHeaders* headers = nullptr;  // null: it includes none
  // What the text of a macro means; null if it is no expression.
  ast::ExprPtr (*parse_constant)(std::string_view text, Span span) = nullptr;
};

class TypeTable {
 public:
  TypeTable(const ast::Program& program, TargetInfo& target, HeaderAccess headers, DiagSink& diagnostics);

  // "uint64", "struct task_struct", "unsigned long", "pid_t". Nullopt if there is no such type.
  [[nodiscard]] std::optional<Type> find(std::string_view name);
  // The definition of a struct type, looked up by name when the type itself does not carry it; null if unknown.
  [[nodiscard]] std::shared_ptr<const StructDef> definition(const Type& type);
  // The same type with sizes known: a struct named only behind a pointer gets its definition and size.
  [[nodiscard]] Type complete(const Type& type);
  // Enumerators of the script, then of the kernel.
  [[nodiscard]] std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name);
  // `#define NAME value` of the script, then of its headers; null if there is none.
  [[nodiscard]] const ast::Expr* find_define(std::string_view name);
  // What a macro stands for that is no expression ("do {"); nullopt if there is none.
  [[nodiscard]] std::optional<std::string> find_c_text(std::string_view name);
  // Whether the script or a header defines a macro with parameters of that name.
  [[nodiscard]] bool is_function_macro(std::string_view name);
  // Value of a constant integer expression over literals, enumerators, defines, casts, sizeof and offsetof.
  [[nodiscard]] std::optional<std::int64_t> evaluate(const ast::Expr& expr, int depth = 0);
  [[nodiscard]] TargetInfo& target() { return target_; }

  // A program whose debug information has types and enumerators too. If the clause reads arguments by name, which
  // takes that information anyway, what it has comes before what the kernel has; else only structs, unions and enums
  // that nobody else has are looked for there.
  struct UserScope {
    UserCode code;
    bool names_arguments = false;
  };
  void set_scope(std::optional<UserScope> scope) { scope_ = std::move(scope); }

 private:
  void define(const ast::CDefinition& definition);
  [[nodiscard]] Type convert(const ast::CType& type, int depth);
  [[nodiscard]] Type define_struct(const ast::CStruct& definition, Span span, int depth);
  [[nodiscard]] std::optional<MemberToPlace> convert_field(const ast::CField& field, int depth);
  [[nodiscard]] Type define_enum(const ast::CEnum& definition);
  // The bytes of an `aligned` attribute; 0 if there is none.
  [[nodiscard]] std::uint32_t alignment(const ast::CAttributes& attributes, Span span);
  // type_table_constant.cpp
  [[nodiscard]] std::optional<std::int64_t> evaluate_unary(const ast::Unary& unary, int depth);
  [[nodiscard]] std::optional<std::int64_t> evaluate_binary(const ast::Binary& binary, int depth);
  [[nodiscard]] std::optional<std::int64_t> evaluate_cast(const ast::Cast& cast, int depth);
  [[nodiscard]] std::optional<std::int64_t> evaluate_offset(const ast::OffsetOf& offset, int depth);
  [[nodiscard]] std::optional<Type> written_type(const ast::TypeSyntax& syntax, int depth);

  TargetInfo& target_;
  DiagSink& diagnostics_;
  std::optional<UserScope> scope_;                  // of the clause being checked
  std::map<std::string, Type, std::less<>> named_;  // "struct x", "enum e", typedef names
  std::map<std::string, std::pair<Type, std::uint64_t>, std::less<>> enumerators_;
  std::map<std::string, const ast::CDefine*, std::less<>> defines_;
  HeaderAccess headers_;
  Span include_;                                                       // where headers come in
  std::map<std::string, ast::ExprPtr, std::less<>> header_constants_;  // null: not an expression
};

}  // namespace hawk
