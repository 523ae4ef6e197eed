// FakeHeaders: C headers in memory. Has the types and macros that a test gives it.
#pragma once

#include <map>
#include <string>

#include "ast/c_headers.h"

namespace hawk {

class FakeHeaders : public CHeaders {
 public:
  std::map<std::string, Type, std::less<>> types;
  std::map<std::string, std::pair<Type, std::uint64_t>, std::less<>> enumerators;
  std::map<std::string, std::string, std::less<>> macros;
  std::string function_macro;
  std::string condition;  // the only one that holds
  CSection asked;         // what the last question was about

  Result<bool> holds(const CSection& section, std::string_view text) override {
    asked = section;
    return text == condition;
  }
  Result<> open(const CSection& section) override {
    asked = section;
    return Ok{};
  }
  std::optional<Type> find_type(std::string_view name) override {
    auto found = types.find(name);
    return found == types.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name) override {
    auto found = enumerators.find(name);
    return found == enumerators.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> find_macro(std::string_view name) override {
    auto found = macros.find(name);
    return found == macros.end() ? std::nullopt : std::optional(found->second);
  }
  bool is_function_macro(std::string_view name) override { return name == function_macro; }
};

}  // namespace hawk
