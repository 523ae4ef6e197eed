#include "lexer/keywords.h"

#include <algorithm>
#include <array>

namespace hawk {

namespace {

using Kind = TokenKind;

struct Word {
  std::string_view text;
  Kind kind;
};

// Begin a section at top level.
constexpr std::array kSectionWords = {
    Word{"struct", Kind::kStruct},   Word{"union", Kind::kUnion},   Word{"enum", Kind::kEnum},
    Word{"typedef", Kind::kTypedef}, Word{"macro", Kind::kMacro},   Word{"fn", Kind::kFn},
    Word{"let", Kind::kLet},         Word{"import", Kind::kImport}, Word{"config", Kind::kConfig},
};

constexpr std::array kCodeWords = {
    Word{"break", Kind::kBreak},       Word{"comptime", Kind::kComptime},
    Word{"continue", Kind::kContinue}, Word{"else", Kind::kElse},
    Word{"enum", Kind::kEnum},         Word{"false", Kind::kFalse},
    Word{"for", Kind::kFor},           Word{"if", Kind::kIf},
    Word{"import", Kind::kImport},     Word{"let", Kind::kLet},
    Word{"offsetof", Kind::kOffsetOf}, Word{"return", Kind::kReturn},
    Word{"sizeof", Kind::kSizeOf},     Word{"struct", Kind::kStruct},
    Word{"true", Kind::kTrue},         Word{"typeof", Kind::kTypeOf},
    Word{"typeinfo", Kind::kTypeInfo}, Word{"union", Kind::kUnion},
    Word{"unroll", Kind::kUnroll},     Word{"while", Kind::kWhile},
    Word{"const", Kind::kQualifier},   Word{"volatile", Kind::kQualifier},
};

constexpr std::array kCWords = {
    Word{"struct", Kind::kStruct},
    Word{"union", Kind::kUnion},
    Word{"enum", Kind::kEnum},
    Word{"typedef", Kind::kTypedef},
    Word{"sizeof", Kind::kSizeOf},
    Word{"offsetof", Kind::kOffsetOf},
    Word{"__builtin_offsetof", Kind::kOffsetOf},
    Word{"__attribute__", Kind::kAttribute},
    Word{"__attribute", Kind::kAttribute},
    Word{"const", Kind::kQualifier},
    Word{"volatile", Kind::kQualifier},
    Word{"restrict", Kind::kQualifier},
    Word{"__restrict", Kind::kQualifier},
    Word{"__restrict__", Kind::kQualifier},
    Word{"__const", Kind::kQualifier},
    Word{"__volatile__", Kind::kQualifier},
    Word{"__extension__", Kind::kQualifier},
    Word{"__user", Kind::kQualifier},
    Word{"__rcu", Kind::kQualifier},
    Word{"__percpu", Kind::kQualifier},
    Word{"__iomem", Kind::kQualifier},
    Word{"__kernel", Kind::kQualifier},
    Word{"void", Kind::kCTypeWord},
    Word{"char", Kind::kCTypeWord},
    Word{"short", Kind::kCTypeWord},
    Word{"int", Kind::kCTypeWord},
    Word{"long", Kind::kCTypeWord},
    Word{"signed", Kind::kCTypeWord},
    Word{"unsigned", Kind::kCTypeWord},
    Word{"float", Kind::kCTypeWord},
    Word{"double", Kind::kCTypeWord},
    Word{"_Bool", Kind::kCTypeWord},
    Word{"__int128", Kind::kCTypeWord},
};

template <std::size_t N>
Kind find_word(const std::array<Word, N>& words, std::string_view text, Kind otherwise) {
  for (const Word& word : words) {
    if (word.text == text) return word.kind;
  }
  return otherwise;
}

}  // namespace

bool is_directive_word(std::string_view word) {
  constexpr std::array<std::string_view, 13> kWords = {
      "define", "elif",    "else", "endif",  "error", "if",      "ifdef",
      "ifndef", "include", "line", "pragma", "undef", "warning",
  };
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

TokenKind section_keyword(std::string_view word) { return find_word(kSectionWords, word, Kind::kAttachPoint); }
TokenKind code_keyword(std::string_view word) { return find_word(kCodeWords, word, Kind::kIdentifier); }
TokenKind c_keyword(std::string_view word) { return find_word(kCWords, word, Kind::kIdentifier); }

}  // namespace hawk
