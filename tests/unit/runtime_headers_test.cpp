// C headers through clang. Where no clang is installed the tests that need one are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/clang_error.h"
#include "runtime/clang_headers.h"
#include "runtime/types_module.h"

namespace hawk {
namespace {

CSection section_of(std::vector<std::string> lines) {
  CSection section;
  section.includes = true;
  std::uint32_t begin = 0;
  for (std::string& line : lines) section.lines.push_back({{begin++, 1000, 0}, std::move(line)});
  return section;
}

// Opened, or null where there is no clang.
std::unique_ptr<CHeaders> open_headers(const CSection& section) {
  auto headers = make_headers({});
  auto opened = headers->open(section);
  if (opened) return headers;
  bool missing = opened.error().message.find("no clang") != std::string::npos;
  EXPECT_TRUE(missing) << opened.error().message;
  return nullptr;
}

class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    const char* old = std::getenv(name);
    if (old != nullptr) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(TypesModule, KeepsTypesOnlyAndNamesThemAll) {
  constexpr const char* kIr =
      "@x = global i32 0, !dbg !5\n"
      "define void @f() {\n}\n"
      "!llvm.dbg.cu = !{!0}\n"
      "!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, enums: !2, retainedTypes: !4)\n"
      "!1 = !DIFile(filename: \"x\", directory: \"/\")\n"
      "!2 = !{!3}\n"
      "!3 = !DICompositeType(tag: DW_TAG_enumeration_type)\n"
      "!4 = !{!6, !7}\n";
  auto module = types_module(kIr);
  ASSERT_TRUE(module);
  EXPECT_EQ(module->find("define"), std::string::npos);
  EXPECT_EQ(module->find("@x"), std::string::npos);
  EXPECT_NE(module->find("@types = global i8 0, !dbg !5\n"), std::string::npos) << *module;
  for (const char* member : {"baseType: !6)", "baseType: !7)", "baseType: !3)"})
    EXPECT_NE(module->find(member), std::string::npos) << member;
}

TEST(TypesModule, NeedsACompileUnit) { EXPECT_FALSE(types_module("define void @f() {\n}\n")); }

TEST(ClangError, BlamesTheLineOfTheScript) {
  CSection section = section_of({"#define A", "#include <a.h>"});
  Error own = clang_error("<stdin>:2:10: fatal error: 'a.h' file not found\n", section);
  EXPECT_EQ(own.message, "`a.h` file not found");
  EXPECT_EQ(own.span->begin, 1U);
  EXPECT_EQ(own.exit_code, kExitPreprocess);
  Error nested = clang_error(
      "In file included from <stdin>:2:\nIn file included from ./b.h:7:\n./c.h:3:4: error: 'x' what\n2 errors\n",
      section);
  EXPECT_EQ(nested.message, "`x` what (./c.h:3:4)");
  EXPECT_EQ(nested.span->begin, 1U);
  Error other = clang_error("<stdin>:3:4: error: bad\n", section);
  EXPECT_EQ(other.message, "bad");
  EXPECT_FALSE(other.span);
  EXPECT_EQ(clang_error("", section).message, "clang failed: it says nothing");
}

TEST(ClangHeaders, WithoutClang) {
  EnvironmentVariable path("PATH", "/nowhere");
  auto opened = make_headers({})->open(section_of({"#define A", "#include <stdint.h>"}));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "C headers are read by clang, and there is no clang in $PATH");
  EXPECT_EQ(opened.error().help, "install clang (Debian, Ubuntu: apt install clang); kernel types need no #include");
  EXPECT_EQ(opened.error().span->begin, 1U);
  EXPECT_EQ(opened.error().exit_code, kExitPreprocess);
}

TEST(ClangHeaders, TypesThatNothingUses) {
  auto headers = open_headers(
      section_of({"struct a { char c; long double d; unsigned x : 3, y : 9; struct a *next; };",
                  "typedef struct { int i; } anonymous;", "enum { ONE = 1, MANY = 0x100000000 };",
                  "static inline int f(void) { int r; __asm__(\"mov %1, %0\" : \"=r\"(r) : \"r\"(1)); return r; }",
                  "int defined_here = 3; int function(void) { return f(); }"}));
  if (!headers) GTEST_SKIP() << "needs clang";
  auto a = headers->find_type("struct a");
  ASSERT_TRUE(a);
#if defined(__x86_64__)
  EXPECT_EQ(a->size, 48U);
#endif
  EXPECT_EQ(find_field(*a->def, "d").offset, 16U);
  EXPECT_EQ(find_field(*a->def, "y").field->bit_width, 9);
  EXPECT_EQ(find_field(*a->def, "next").field->type.space, AddressSpace::kNone);
  EXPECT_EQ(headers->find_type("anonymous")->size, 4U);
  EXPECT_EQ(headers->find_enumerator("MANY")->second, 0x100000000U);
  EXPECT_FALSE(headers->find_type("struct nothing"));
}

TEST(ClangHeaders, Macros) {
  auto headers = open_headers(
      section_of({"#define INNER(x) ((x) + 1)", "#define OUTER INNER(2)", "#define NOTHING", "#define SELF SELF"}));
  if (!headers) GTEST_SKIP() << "needs clang";
  EXPECT_EQ(headers->find_macro("OUTER"), "((2) + 1)");
  EXPECT_FALSE(headers->find_macro("NOTHING"));
  EXPECT_FALSE(headers->find_macro("SELF"));
  EXPECT_FALSE(headers->find_macro("INNER"));
  EXPECT_TRUE(headers->is_function_macro("INNER"));
  EXPECT_FALSE(headers->is_function_macro("OUTER"));
}

TEST(ClangHeaders, Conditions) {
  CSection section = section_of({"#define THREE 3"});
  if (!open_headers(section)) GTEST_SKIP() << "needs clang";
  auto headers = make_headers({.have_btf = false});
  EXPECT_TRUE(headers->holds(section, "THREE == 3").value());
  EXPECT_FALSE(headers->holds(section, "THREE == 4").value());
  EXPECT_FALSE(headers->holds(section, "defined(BPFTRACE_HAVE_BTF)").value());
  EXPECT_FALSE(headers->holds(section, "THREE +").ok());
}

TEST(ClangHeaders, KernelTreeOfTheEnvironment) {
  if (!open_headers(section_of({}))) GTEST_SKIP() << "needs clang";
  std::filesystem::path tree = std::filesystem::temp_directory_path() / ("hawk_tree_" + std::to_string(::getpid()));
  std::filesystem::create_directories(tree / "include/linux");
  std::filesystem::create_directories(tree / "include/generated");
  std::ofstream(tree / "include/linux/kconfig.h") << "#include <generated/autoconf.h>\n";
  std::ofstream(tree / "include/generated/autoconf.h") << "#define CONFIG_THING 1\n";
  std::ofstream(tree / "include/linux/thing.h")
      << "#ifdef __KERNEL__\nstruct thing { int a[2 + CONFIG_THING]; };\n#endif\n";
  std::optional<Type> thing;
  std::optional<Type> plain;
  {
    EnvironmentVariable source("BPFTRACE_KERNEL_SOURCE", tree.string());
    if (auto headers = open_headers(section_of({"#include <linux/thing.h>"})))
      thing = headers->find_type("struct thing");
    // Headers of the system alone: the tree takes no part.
    auto headers =
        open_headers(section_of({"#include <stdint.h>", "#ifndef __KERNEL__", "struct plain { int a; };", "#endif"}));
    if (headers) plain = headers->find_type("struct plain");
  }
  std::filesystem::remove_all(tree);
  ASSERT_TRUE(thing);
  EXPECT_EQ(thing->size, 12U);
  EXPECT_TRUE(plain);
}

}  // namespace
}  // namespace hawk
