#include "runtime/basic_types.h"

#include <algorithm>
#include <array>

namespace hawk {

namespace {

struct NamedInteger {
  std::string_view name;
  std::uint32_t size;
  bool is_signed;
};

// Sizes on x86-64 and arm64 Linux (LP64), include/uapi/asm-generic/{int-ll64,posix_types}.h.
constexpr std::array kIntegers = {
    NamedInteger{"int8_t", 1, true},     NamedInteger{"uint8_t", 1, false},  NamedInteger{"int16_t", 2, true},
    NamedInteger{"uint16_t", 2, false},  NamedInteger{"int32_t", 4, true},   NamedInteger{"uint32_t", 4, false},
    NamedInteger{"int64_t", 8, true},    NamedInteger{"uint64_t", 8, false}, NamedInteger{"s8", 1, true},
    NamedInteger{"u8", 1, false},        NamedInteger{"s16", 2, true},       NamedInteger{"u16", 2, false},
    NamedInteger{"s32", 4, true},        NamedInteger{"u32", 4, false},      NamedInteger{"s64", 8, true},
    NamedInteger{"u64", 8, false},       NamedInteger{"__s8", 1, true},      NamedInteger{"__u8", 1, false},
    NamedInteger{"__s16", 2, true},      NamedInteger{"__u16", 2, false},    NamedInteger{"__s32", 4, true},
    NamedInteger{"__u32", 4, false},     NamedInteger{"__s64", 8, true},     NamedInteger{"__u64", 8, false},
    NamedInteger{"size_t", 8, false},    NamedInteger{"ssize_t", 8, true},   NamedInteger{"intptr_t", 8, true},
    NamedInteger{"uintptr_t", 8, false}, NamedInteger{"pid_t", 4, true},     NamedInteger{"uid_t", 4, false},
    NamedInteger{"gid_t", 4, false},     NamedInteger{"loff_t", 8, true},
};

// How often each keyword of an integer type is named; their order means nothing in C.
struct Keywords {
  int of_signed = 0;
  int of_unsigned = 0;
  int of_char = 0;
  int of_short = 0;
  int of_int = 0;
  int of_long = 0;
};

bool count_keyword(std::string_view word, Keywords& keywords) {
  if (word == "signed") return ++keywords.of_signed == 1;
  if (word == "unsigned") return ++keywords.of_unsigned == 1;
  if (word == "char") return ++keywords.of_char == 1;
  if (word == "short") return ++keywords.of_short == 1;
  if (word == "int") return ++keywords.of_int == 1;
  if (word == "long") return ++keywords.of_long <= 2;
  return false;
}

std::optional<Type> integer_of(const Keywords& keywords) {
  bool narrow = keywords.of_char + keywords.of_short + std::min(keywords.of_long, 1) > 1;
  if (narrow || keywords.of_signed + keywords.of_unsigned > 1) return std::nullopt;
  if (keywords.of_char > 0 && keywords.of_int > 0) return std::nullopt;
  std::uint32_t size = keywords.of_char > 0 ? 1 : keywords.of_short > 0 ? 2 : keywords.of_long > 0 ? 8 : 4;
  return int_type(size, keywords.of_unsigned == 0);
}

std::optional<Type> keyword_type(std::string_view name) {
  Keywords keywords;
  std::size_t words = 0;
  while (!name.empty()) {
    std::size_t end = std::min(name.find(' '), name.size());
    if (end > 0 && !count_keyword(name.substr(0, end), keywords)) return std::nullopt;
    words += end > 0 ? 1 : 0;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return words > 0 ? integer_of(keywords) : std::nullopt;
}

}  // namespace

std::optional<Type> basic_type(std::string_view name) {
  if (name == "void") return none_type();
  if (name == "bool" || name == "_Bool") return bool_type();
  const auto* row = std::find_if(kIntegers.begin(), kIntegers.end(), [&](const auto& r) { return r.name == name; });
  if (row != kIntegers.end()) return int_type(row->size, row->is_signed);
  return keyword_type(name);
}

}  // namespace hawk
