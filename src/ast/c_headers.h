// CHeaders: what the compiler learns from the C headers that a script includes. The real one
// (runtime/clang_headers.h) runs an installed clang; tests use FakeHeaders. A script without `#include` never asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/type.h"
#include "support/result.h"
#include "support/source_file.h"

namespace hawk {

// The lines of a script that a C compiler must see, in their order: `#include`, `#define`, `#undef`. Lines of untaken
// branches are not among them.
struct CSection {
  struct Line {
    Span span;         // in the script; what messages about the line point at
    std::string text;  // without the line end
  };
  std::vector<Line> lines;
  std::vector<std::string> directories;  // where `#include "file"` looks first
  bool includes = false;                 // some line is an `#include`
};

// Includes a header as `#include "path"` at the end of the section does: `import "types.h"`.
void include_header(CSection& section, std::string_view path, Span span);

class CHeaders {
 public:
  CHeaders() = default;
  CHeaders(const CHeaders&) = delete;
  CHeaders& operator=(const CHeaders&) = delete;
  virtual ~CHeaders() = default;

  // Whether `#if condition` holds behind these lines. The Error has the span of the line to blame, or none if
  // that is the condition.
  virtual Result<bool> holds(const CSection& section, std::string_view condition) = 0;

  // Reads the headers; the questions below are about them. The Error has the span of the `#include` to blame.
  virtual Result<> open(const CSection& section) = 0;
  // As TargetInfo answers for the kernel's types.
  virtual std::optional<Type> find_type(std::string_view name) = 0;
  virtual std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name) = 0;
  // What stands for a macro without parameters, all macros in it expanded: "( 1 << 4 )". Nullopt if there is none.
  virtual std::optional<std::string> find_macro(std::string_view name) = 0;
  // Whether it is a macro with parameters.
  virtual bool is_function_macro(std::string_view name) = 0;
};

}  // namespace hawk
