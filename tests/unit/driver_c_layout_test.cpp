// Layout of C definitions: what hawk computes for the definitions of a script against what clang does for the same
// text, over hand-picked and generated definitions.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "parser/parser.h"
#include "runtime/clang_headers.h"
#include "runtime/target.h"
#include "semantics/type_table.h"

namespace hawk {
namespace {

const std::vector<std::string> kDefinitions = {
    "struct T { char a; short b; int c; long d; };",
    "struct T { char a; long double b; char c; __int128 d; float e; double f; };",
    "struct T { _Bool a; const volatile int b; int *c[3], **d, (*e)[4]; int (*f)(int, ...); };",
    "struct T { char a[2][3][5]; short b[2]; };",
    "union T { char a; int b[3]; struct { short c; long d; } e; };",
    "struct T { int a; struct { char b; union { short c; long d; }; }; struct named { int e; } f; };",
    "struct T { int a : 3, b : 30; int c : 1; };",
    "struct T { char a : 4; int b : 8; long c : 33; char d; };",
    "struct T { int a : 3; int : 0; int b : 3; };",
    "struct T { char a; int : 0; char b; };",
    "struct T { char a; long : 40; char b; };",
    "struct T { _Bool a : 1; unsigned char b : 7; unsigned short c : 9; };",
    "struct T { char a; int b; } __attribute__((packed));",
    "struct T { char a; int b : 20; int c : 20; short d; } __attribute__((packed));",
    "struct T { char a; int b __attribute__((packed)); long c __attribute__((aligned(2))); };",
    "struct T { char a; int b __attribute__((packed, aligned(2))); };",
    "struct T { char a; int b : 5 __attribute__((packed)); int c : 30 __attribute__((packed)); };",
    "struct T { char a; char b __attribute__((aligned(32))); char c; };",
    "struct T { char a; } __attribute__((aligned(8)));",
    "struct __attribute__((packed, aligned(2))) T { char a; int b; char c; char d[2]; };",
    "struct T { char a; struct { char b; long c; } __attribute__((packed)) d; int e; };",
    "struct T { enum e { A, B = 5 } a; enum { C = 0x100000000 } b; enum f { D = -1 } __attribute__((packed)) c; };",
    "struct T { int a; char b[]; };",
    "struct T { char a; long b[0]; };",
    "struct T { char a[sizeof(long) * 2]; int b[(3 << 1) - 1 > 4 ? 2 : 3]; };",
    "struct T { };",
    "union T { int a : 5; char b : 3; long c : 40; };",
};

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// A definition of random members.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string definition(const std::string& name) {
    return fmt::format("{} {} {}{};", pick(4) == 0 ? "union" : "struct", name, body(0), attributes());
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  std::string attributes() {
    switch (pick(6)) {
      case 0: return " __attribute__((packed))";
      case 1: return fmt::format(" __attribute__((aligned({})))", 1U << pick(6));
      case 2: return fmt::format(" __attribute__((packed, aligned({})))", 1U << pick(6));
      default: return "";
    }
  }

  std::string body(int depth) {
    std::string text = "{ ";
    unsigned count = 1 + pick(6);
    for (unsigned i = 0; i < count; ++i) text += member(depth);
    return text + "}";
  }

  std::string member(int depth) {
    static constexpr const char* kTypes[] = {"char",        "unsigned short", "int",    "unsigned long", "_Bool",
                                             "long double", "float",          "void *", "long long"};
    static constexpr struct {
      const char* name;
      unsigned bits;
    } kBits[] = {{"unsigned char", 8}, {"short", 16}, {"int", 32}, {"unsigned", 32}, {"long", 64}};
    std::string name = fmt::format("m{}", next_++);
    unsigned kind = pick(10);
    if (kind < 2 && depth < 2)
      return fmt::format("{} {}{}{}; ", pick(2) == 0 ? "struct" : "union", body(depth + 1), attributes(),
                         pick(2) == 0 ? "" : " " + name);
    if (kind < 6) {
      const auto& type = kBits[pick(5)];
      unsigned width = pick(type.bits > 32 ? 58 : type.bits + 1);
      return fmt::format("{} {}: {}; ", type.name, width == 0 ? "" : name + " ", width);
    }
    std::string array = pick(4) == 0 ? fmt::format("[{}]", 1 + pick(4)) : "";
    return fmt::format("{} {}{}{}; ", kTypes[pick(9)], name, array, pick(3) == 0 ? attributes() : "");
  }

  std::mt19937 random_;
  unsigned next_ = 0;
};

// Every named field with its first bit and its bits, those of nested structs included.
std::string layout_of(const Type& type, std::uint64_t base = 0) {
  std::string text = base == 0 ? fmt::format("{} bytes;", type.size) : "";
  if (!type.def) return text;
  for (const Field& field : type.def->fields) {
    std::uint64_t first = base + field.offset * 8ULL + field.bit_offset;
    if (field.bit_width != 0) {
      text += fmt::format(" {}@{}:{}", field.name, first, field.bit_width);
    } else {
      text += fmt::format(" {}@{}+{}", field.name, first, field.type.size);
      if (field.type.kind == TypeKind::kStruct) text += " {" + layout_of(field.type, first) + " }";
    }
  }
  return text;
}

// One text for both: definitions of struct or union S0, S1, ...
void compare(const std::vector<std::string>& definitions) {
  CSection section;
  std::string script;
  for (const std::string& definition : definitions) {
    section.lines.push_back({{}, definition});
    script += definition + "\n";
  }
  auto headers = make_headers({});
  auto opened = headers->open(section);
  if (!opened && opened.error().message.find("no clang") != std::string::npos) GTEST_SKIP() << "needs clang";
  ASSERT_TRUE(opened) << opened.error().message;

  Sources sources;
  DiagSink diagnostics;
  FileId file = sources.add("layout.bt", script);
  ast::Program program = parse(sources, file, {}, diagnostics);
  auto target = make_target();
  TypeTable types(program, *target, {}, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << render_diagnostics(diagnostics, sources, {});
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    std::string name = fmt::format("{} S{}", definitions[i].starts_with("union") ? "union" : "struct", i);
    auto own = types.find(name);
    auto reference = headers->find_type(name);
    ASSERT_TRUE(own && reference) << definitions[i];
    EXPECT_EQ(layout_of(*own), layout_of(*reference)) << definitions[i];
  }
}

TEST(CLayout, Definitions) {
  std::vector<std::string> definitions;
  for (const std::string& text : kDefinitions) {
    std::string number = std::to_string(definitions.size());
    std::string definition = replace_all(text, " T {", " S" + number + " {");
    for (const char* word : {"named", "enum e", "enum f"}) definition = replace_all(definition, word, word + number);
    for (const char* word : {" A,", " B ", " C ", " D "})
      definition = replace_all(definition, word, fmt::format(" E{}{}", number, word + 1));
    definitions.push_back(definition);
  }
  compare(definitions);
}

TEST(CLayout, Generated) {
  Generator generator(20261130);
  std::vector<std::string> definitions;
  for (int i = 0; i < 500; ++i) definitions.push_back(generator.definition(fmt::format("S{}", i)));
  compare(definitions);
}

}  // namespace
}  // namespace hawk
