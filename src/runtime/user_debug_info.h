// UserDebugInfo: what the compiler asks about functions and types of user programs, answered from their debug
// information. A file is opened when first asked about, and once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/user_function.h"
#include "support/result.h"

namespace hawk {

class DebuggedProgram;

class UserDebugInfo {
 public:
  UserDebugInfo();
  UserDebugInfo(const UserDebugInfo&) = delete;
  UserDebugInfo& operator=(const UserDebugInfo&) = delete;
  ~UserDebugInfo();

  // `symbol` is what the file's symbols call the function.
  [[nodiscard]] Result<UserFunction> function(const UserCode& code, const std::string& symbol);
  // "int count", "struct point * p"; with `result`, what it returns as "int retval" alone. Empty if nothing is known.
  [[nodiscard]] std::vector<std::string> arguments(const UserCode& code, const std::string& symbol, bool result);
  [[nodiscard]] std::optional<Type> find_type(const UserCode& code, std::string_view name);
  [[nodiscard]] std::optional<std::pair<Type, std::uint64_t>> find_enumerator(const UserCode& code,
                                                                              std::string_view name);
  [[nodiscard]] std::optional<Type> complete(std::uint64_t origin);
  [[nodiscard]] bool is_inlined(const std::string& path, std::string_view function);

 private:
  [[nodiscard]] Result<DebuggedProgram*> program(const std::string& path);

  std::map<std::string, Result<std::unique_ptr<DebuggedProgram>>> programs_;
  std::vector<DebuggedProgram*> by_number_;  // origins say the number of their program
};

}  // namespace hawk
