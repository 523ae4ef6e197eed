// Patterns made of a few characters, against regcomp(3) and fnmatch(3): what hawk accepts means the same there. The
// first byte chooses the kind, a zero byte ends the pattern, and each other byte is one piece of pattern or string.
#include <fnmatch.h>
#include <locale.h>
#include <regex.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "pattern/pattern.h"

namespace {

constexpr const char* kRegexPieces[] = {"a",     "b",   "日",    "é",     ".",    "*",           "+",    "?",
                                        "|",     "(",   ")",     "^",     "$",    "[ab]",        "[^a]", "[a-b日]",
                                        "[^日]", "{2}", "{1,3}", "{0,1}", "{,2}", "[[:alpha:]]", "\\.",  "_",
                                        "\\w",   "\\W", "\\b",   "\\<",   "\\>",  "\\B"};
constexpr const char* kGlobPieces[] = {"a",       "b",     "日",  "é", "*", "?",           "[ab]", "[!a]",
                                       "[a-b日]", "[!日]", "\\*", ".", "/", "[[:alpha:]]", "_"};
constexpr const char* kTextPieces[] = {"a", "b", "日", "é", "_", ".", " ", "本", "/", "*"};

template <std::size_t N>
std::string pieces(const char* const (&table)[N], const std::uint8_t*& data, const std::uint8_t* end) {
  std::string text;
  for (; data < end && *data != 0; ++data) text += table[*data % N];
  if (data < end) ++data;
  return text;
}

void compare(bool hawk, bool library, const std::string& pattern, const std::string& text) {
  if (hawk == library) return;
  std::fprintf(stderr, "`%s` and `%s`: hawk says %d, the library %d\n", pattern.c_str(), text.c_str(), hawk, library);
  std::abort();
}

// The library's classes know more letters than ASCII's, and glibc's fnmatch(3) looks at bytes if characters do not
// match: there, strings are ASCII.
bool is_comparable(const std::string& pattern, const std::string& text, bool glob) {
  bool asks = pattern.find("[:") != std::string::npos || pattern.find('\\') != std::string::npos;
  bool ascii = text.find_first_of("\xC3\xE6") == std::string::npos;
  return ascii || !(asks || glob);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 60) return 0;
  static const bool kReady = setlocale(LC_ALL, "C.UTF-8") != nullptr;
  if (!kReady) std::abort();
  const std::uint8_t* end = data + size;
  bool glob = *data++ % 4 == 0;
  std::string pattern = glob ? pieces(kGlobPieces, data, end) : pieces(kRegexPieces, data, end);
  hawk::DiagSink diagnostics;
  auto syntax = glob ? hawk::pattern::Syntax::kGlob : hawk::pattern::Syntax::kRegex;
  auto automaton = hawk::pattern::compile({pattern, {}, false}, syntax, diagnostics);
  if (automaton.has_value() == diagnostics.has_errors()) std::abort();
  if (!automaton) return 0;
  // The library takes exponential time for repetitions of repetitions.
  auto repetitions =
      std::count_if(pattern.begin(), pattern.end(), [](char c) { return c == '{' || c == '*' || c == '+'; });
  if (!glob && repetitions > 4) return 0;
  regex_t regex;
  if (!glob && regcomp(&regex, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
    std::fprintf(stderr, "`%s`: only hawk accepts it\n", pattern.c_str());
    std::abort();
  }
  while (data < end) {
    std::string text = pieces(kTextPieces, data, end);
    if (!is_comparable(pattern, text, glob)) continue;
    bool library =
        glob ? fnmatch(pattern.c_str(), text.c_str(), 0) == 0 : regexec(&regex, text.c_str(), 0, nullptr, 0) == 0;
    compare(hawk::pattern::matches(*automaton, text), library, pattern, text);
  }
  if (!glob) regfree(&regex);
  return 0;
}
