#include "semantics/foreign_names.h"

#include <array>

namespace hawk {

namespace {

struct Row {
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view kLength = "write strlen(s) for a string, len(@map) for a map";
constexpr std::string_view kCompare = "`==` compares strings";
constexpr std::string_view kPattern = "write `s =~ \"pattern\"`";
constexpr std::string_view kReplace = "write replace(s, old, new)";
constexpr std::string_view kUpper = "write toupper(s)";
constexpr std::string_view kLower = "write tolower(s)";
constexpr std::string_view kNumber = "write atoi(s) for a string, (int64)x for a number";
constexpr std::string_view kPrint = "write printf(\"...\\n\")";
constexpr std::string_view kContains = "write `key in @map` for a map, strcontains(s, part) for a string";

constexpr std::array kFunctions = {
    Row{"length", kLength},     Row{"size", kLength},
    Row{"strcmp", kCompare},    Row{"strcasecmp", "`==` compares strings, tolower(s) makes both alike"},
    Row{"streq", kCompare},     Row{"fnmatch", "write glob(s, \"pattern\")"},
    Row{"match", kPattern},     Row{"regex", kPattern},
    Row{"regexp", kPattern},    Row{"sub", kReplace},
    Row{"gsub", kReplace},      Row{"upper", kUpper},
    Row{"uppercase", kUpper},   Row{"lower", kLower},
    Row{"lowercase", kLower},   Row{"int", kNumber},
    Row{"atol", kNumber},       Row{"strtol", kNumber},
    Row{"strtonum", kNumber},   Row{"puts", kPrint},
    Row{"println", kPrint},     Row{"echo", kPrint},
    Row{"fprintf", kPrint},     Row{"exists", kContains},
    Row{"contains", kContains}, Row{"argv", "arguments of the command line are $1, $2, ..."},
};

constexpr std::string_view kNothing = "there is no such value: write 0";

constexpr std::array kValues = {
    Row{"argv", "arguments of the command line are $1, $2, ..."},
    Row{"ARGV", "arguments of the command line are $1, $2, ..."},
    Row{"argc", "the number of arguments of the command line is $#"},
    Row{"ARGC", "the number of arguments of the command line is $#"},
    Row{"True", "write true"},
    Row{"TRUE", "write true"},
    Row{"False", "write false"},
    Row{"FALSE", "write false"},
    Row{"nil", kNothing},
    Row{"null", kNothing},
    Row{"NULL", kNothing},
    Row{"None", kNothing},
};

template <std::size_t N>
std::string_view find_hint(const std::array<Row, N>& rows, std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name) return row.hint;
  }
  return {};
}

}  // namespace

std::string_view foreign_function_hint(std::string_view name) { return find_hint(kFunctions, name); }
std::string_view foreign_value_hint(std::string_view name) { return find_hint(kValues, name); }

}  // namespace hawk
