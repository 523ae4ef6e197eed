// The `#define`s of a script: what `#if` decides by, and what C definitions have in place of their names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lexer/token.h"

namespace hawk {

class CMacros {
 public:
  struct Macro {
    std::vector<Token> body = {};
    bool has_parameters = false;  // never expanded
  };

  void define(std::string name, Macro macro) { macros_.insert_or_assign(std::move(name), std::move(macro)); }
  void undefine(std::string_view name);
  [[nodiscard]] const Macro* find(std::string_view name) const;

  // The value of an `#if` condition: integers, names, defined(NAME) and C's operators. A name that is not defined is 0.
  // Nullopt if the tokens are no such condition.
  [[nodiscard]] std::optional<std::int64_t> evaluate(const std::vector<Token>& tokens) const;

  // The tokens that stand for a name in a C definition, macros in them expanded, all at the name's place.
  [[nodiscard]] std::vector<Token> expand(const Token& name) const;

 private:
  void expand_into(const Token& token, const Token& place, std::vector<std::string_view>& within,
                   std::vector<Token>& out) const;

  std::map<std::string, Macro, std::less<>> macros_;
};

}  // namespace hawk
