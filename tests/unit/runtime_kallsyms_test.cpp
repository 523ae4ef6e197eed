// Kernel symbols and functions from fixed texts, and from this kernel.
#include <gtest/gtest.h>

#include "runtime/kernel_config.h"
#include "runtime/kernel_functions.h"
#include "runtime/kernel_symbols.h"
#include "runtime/target.h"

namespace hawk {
namespace {

constexpr const char* kSymbols =
    "ffffffff81000000 D _stext\n"
    "ffffffff81000000 T _text\n"
    "ffffffff81000100 t vfs_read.cold\n"
    "ffffffff81000200 T vfs_read\n"
    "ffffffff81000240 t __pfx_vfs_write\n"
    "ffffffff81000250 T vfs_write\n"
    "ffffffff81000300 t lookup.constprop.0\n"
    "ffffffff81000400 d some_data\n"
    "ffffffffc0001000 t ext4_init\t[ext4]\n"
    "ffffffffc0000000 t vfs_read\t[shadow]\n"
    "ffffffffc0002000 t bpf_prog_1234_x\t[bpf]\n";

TEST(KernelSymbolsTest, FindsAddresses) {
  KernelSymbolTable table = KernelSymbolTable::parse(kSymbols);
  struct Row {
    const char* name;
    std::uint64_t address;  // 0 for none
  };
  for (Row row : {Row{"vfs_read", 0xffffffff81000200}, Row{"ext4_init", 0xffffffffc0001000},
                  Row{"some_data", 0xffffffff81000400}, Row{"vfs", 0}, Row{"", 0}}) {
    EXPECT_EQ(table.address_of(row.name).value_or(0), row.address) << row.name;
  }
}

TEST(KernelSymbolsTest, LocatesAddresses) {
  KernelSymbolTable table = KernelSymbolTable::parse(kSymbols);
  struct Row {
    std::uint64_t address;
    const char* name;  // "" for none
    std::uint64_t offset;
    const char* module;
  };
  for (Row row : {Row{0xffffffff81000200, "vfs_read", 0, ""}, Row{0xffffffff8100023f, "vfs_read", 0x3f, ""},
                  Row{0xffffffff81000001, "_text", 1, ""}, Row{0xffffffffc0001010, "ext4_init", 0x10, "ext4"},
                  Row{0xffffffffc0000020, "vfs_read", 0x20, "shadow"}, Row{0x1000, "", 0, ""}}) {
    LocatedKernelSymbol located = table.find(row.address);
    if (*row.name == '\0') {
      EXPECT_EQ(located.symbol, nullptr);
      continue;
    }
    ASSERT_NE(located.symbol, nullptr) << row.name;
    EXPECT_EQ(located.symbol->name, row.name);
    EXPECT_EQ(located.symbol->module, row.module);
    EXPECT_EQ(located.offset, row.offset) << row.name;
  }
}

TEST(KernelSymbolsTest, HiddenAddressesAreNoAddresses) {
  KernelSymbolTable table = KernelSymbolTable::parse("0000000000000000 T vfs_read\n0000000000000000 T vfs_write\n");
  EXPECT_FALSE(table.address_of("vfs_read").has_value());
  EXPECT_EQ(table.find(0x1234).symbol, nullptr);
  EXPECT_EQ(table.symbols().size(), 2U);
  EXPECT_TRUE(KernelSymbolTable::parse("").symbols().empty());
  EXPECT_TRUE(KernelSymbolTable::parse("\n\nffff\nffff T").symbols().empty());
}

TEST(KernelFunctionsTest, MatchesSymbols) {
  KernelSymbolTable table = KernelSymbolTable::parse(kSymbols);
  std::vector<KernelFunction> functions = symbol_functions(table);
  using Names = std::vector<std::string>;
  struct Row {
    const char* module;
    const char* function;
    Names names;
  };
  const Row rows[] = {
      {"", "vfs_*", {"vfs_read", "vfs_write"}},
      {"", "vfs_read.cold", {"vfs_read.cold"}},
      {"", "vfs_read.*", {"vfs_read.cold"}},
      {"", "lookup*", {"lookup.constprop.0"}},
      {"", "*pfx*", {}},
      {"", "some_data", {}},
      {"", "bpf_prog*", {}},
      {"ext4", "*", {"ext4_init"}},
      {"vmlinux", "vfs_r*", {"vfs_read"}},
      {"sh*", "*", {"vfs_read"}},
      {"nope", "*", {}},
      {"", "vfs_", {}},
  };
  for (const Row& row : rows)
    EXPECT_EQ(match_functions(functions, row.module, row.function), row.names) << row.function;
}

TEST(KernelFunctionsTest, ReadsTheListOfTraceableOnes) {
  std::vector<KernelFunction> functions =
      parse_traceable_functions("vfs_read\next4_init [ext4]\n\nrun_init (hidden)\n");
  ASSERT_EQ(functions.size(), 3U);
  EXPECT_EQ(functions[0].module, "");
  EXPECT_EQ(functions[1].name, "ext4_init");
  EXPECT_EQ(functions[1].module, "ext4");
  EXPECT_EQ(functions[2].name, "run_init");
}

TEST(KernelConfigTest, SaysWhyThereAreNoKprobes) {
  constexpr const char* kHelp = "use a tracepoint or rawtracepoint instead: hawk -l 'tracepoint:*'";
  struct Row {
    std::optional<std::string> config;
    const char* message;
  };
  const Row rows[] = {
      {"CONFIG_A=y\n# CONFIG_KPROBES is not set\n", "this kernel was built without CONFIG_KPROBES"},
      {"CONFIG_KPROBES=y\n", "this kernel was built without CONFIG_KPROBE_EVENTS"},
      {"CONFIG_KPROBES=y\nCONFIG_KPROBE_EVENTS=y\n",
       "this kernel offers no kprobes (was it built with CONFIG_KPROBES?)"},
      {std::nullopt, "this kernel offers no kprobes (was it built with CONFIG_KPROBES?)"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(no_kprobes_error(row.config).message, row.message);
    EXPECT_EQ(no_kprobes_error(row.config).help, kHelp);
  }
}

TEST(KernelConfigTest, KnowsReleases) {
  EXPECT_GT(running_kernel(), (KernelRelease{4, 0}));
  EXPECT_LT((KernelRelease{5, 19}), (KernelRelease{6, 1}));
  EXPECT_EQ(release_of_helper("bpf_loop"), (KernelRelease{5, 17}));
  EXPECT_FALSE(release_of_helper("bpf_get_current_comm").has_value());
}

TEST(RunningKernelTest, KnowsItsSymbols) {
  auto target = make_target();
  EXPECT_GE(target->cpu_count(), 1U);
  auto functions = target->match_kernel_functions("", "vfs_rea[d]");
  ASSERT_TRUE(functions.ok());
  EXPECT_EQ(functions.value(), std::vector<std::string>{"vfs_read"});
  if (!target->kernel_symbol("vfs_read")) GTEST_SKIP() << "this kernel hides its addresses";
  EXPECT_GT(*target->kernel_symbol("vfs_read"), 0xffff000000000000U);
  EXPECT_FALSE(target->kernel_symbol("no_such_symbol_anywhere").has_value());
}

TEST(RunningKernelTest, PidNamespaceIsInitialOrNamed) {
  PidNamespace space = make_target()->pid_namespace();
  EXPECT_NE(space.initial, space.inode != 0);
}

}  // namespace
}  // namespace hawk
