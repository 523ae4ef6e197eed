// Operands of USDT probes, and how their sites become probes and programs.
#include <fmt/format.h>

#include "semantics/registers.h"
#include "semantics/usdt_operand.h"
#include "semantics_fixture.h"

namespace hawk {
namespace {

std::string register_name(std::uint32_t offset) {
  for (const std::string& name : register_names()) {
    if (register_offset(name) == offset) return name;
  }
  return "?";
}

// One word a part: "i4 ax:4>>8" is a signed argument of 4 bytes in 4 bytes of ax from bit 8 on.
struct Describe {
  std::string operator()(const UsdtConstant& place) const {
    return fmt::format("${}", static_cast<std::int64_t>(place.value));
  }
  std::string operator()(const UsdtRegister& place) const {
    std::string shift = place.shift == 0 ? "" : fmt::format(">>{}", place.shift);
    return fmt::format("{}:{}{}", register_name(place.offset), place.bytes, shift);
  }
  std::string operator()(const UsdtMemory& place) const {
    std::string text = fmt::format("[{}", static_cast<std::int64_t>(place.displacement));
    if (place.base) text += " " + register_name(*place.base);
    if (place.index) text += fmt::format(" {}*{}", register_name(*place.index), place.scale);
    return text + "]";
  }
  std::string operator()(const UsdtFloat&) const { return "float"; }
  std::string operator()(const UsdtUnreadable& place) const { return "unreadable " + place.operand; }
};

std::string describe(std::string_view text) {
  auto symbol = [](std::string_view name) {
    return name == "stock" ? std::optional<std::uint64_t>(0x4000) : std::nullopt;
  };
  std::string all;
  for (const UsdtArgument& argument : parse_usdt_arguments(text, 0x1000, symbol)) {
    all += fmt::format("{}{}{} {}", all.empty() ? "" : ", ", argument.is_signed ? "i" : "u", argument.size,
                       std::visit(Describe{}, argument.place));
  }
  return all;
}

struct Row {
  const char* text;
  const char* expected;
};

TEST(UsdtOperandTest, Places) {
  constexpr Row kRows[] = {
      {"", ""},
      {"  ", ""},
      {"8@%rax", "u8 ax:8"},
      {"-8@%r15", "i8 r15:8"},
      {"-4@%edi", "i4 di:4"},
      {"4@%r8d", "u4 r8:4"},
      {"2@%si", "u2 si:2"},
      {"-2@%r10w", "i2 r10:2"},
      {"1@%al", "u1 ax:1"},
      {"-1@%dh", "i1 dx:1>>8"},
      {"1@%sil", "u1 si:1"},
      {"1@%bpl", "u1 bp:1"},
      {"1@%r9b", "u1 r9:1"},
      {"4@%rcx", "u4 cx:4"},  // the lower half
      {"8@%ecx", "u8 cx:4"},  // no more than the operand has
      {"%rbx", "u8 bx:8"},
      {"8@$5", "u8 $5"},
      {"-4@$-5", "i4 $-5"},
      {"8@$0x10", "u8 $16"},
      {"-4@-8(%rbp)", "i4 [-8 bp]"},
      {"8@(%rsp)", "u8 [0 sp]"},
      {"8@0x20(%rsp)", "u8 [32 sp]"},
      {"8@8(%rax,%rbx,4)", "u8 [8 ax bx*4]"},
      {"8@(%rax,%rbx)", "u8 [0 ax bx*1]"},
      {"8@16(,%rdx,8)", "u8 [16 dx*8]"},
      {"4@-4(%ebp)", "u4 [-4 bp]"},
      {"8@stock(%rip)", "u8 [12288 ip]"},
      {"8@stock+8(%rip)", "u8 [12296 ip]"},
      {"8@stock-8(%rip)", "u8 [12280 ip]"},
      {"8@8+stock(%rip)", "u8 [12296 ip]"},
      {"4@stock", "u4 [12288 ip]"},
      {"-4@%edi 8@$5  -1@%ah", "i4 di:4, u8 $5, i1 ax:1>>8"},
      {"8f@%xmm0", "u8 float"},
      {"4f@-4(%rbp)", "u4 float"},
      {"8@%xmm3", "u8 float"},
  };
  for (const Row& row : kRows) EXPECT_EQ(describe(row.text), row.expected) << row.text;
}

TEST(UsdtOperandTest, KeepsTheNumbersOfWhatItCannotRead) {
  constexpr Row kRows[] = {
      {"8@%fs:16 4@%eax", "u8 unreadable %fs:16, u4 ax:4"},
      {"8@%nothing", "u8 unreadable %nothing"},
      {"8@%ipl", "u8 unreadable %ipl"},
      {"8@%sih", "u8 unreadable %sih"},
      {"8@%r16", "u8 unreadable %r16"},
      {"16@%rax", "u8 unreadable 16@%rax"},
      {"x@%rax", "u8 unreadable x@%rax"},
      {"8@", "u8 unreadable "},
      {"8@$stock", "u8 unreadable $stock"},
      {"8@other(%rip)", "u8 unreadable other(%rip)"},
      {"8@stock(%rax)", "u8 unreadable stock(%rax)"},
      {"8@8(%rip)", "u8 unreadable 8(%rip)"},
      {"8@8(%ax)", "u8 unreadable 8(%ax)"},
      {"8@8(%rax", "u8 unreadable 8(%rax"},
      {"8@8(%rax,%rbx,16)", "u8 unreadable 8(%rax,%rbx,16)"},
      {"8@8(%rax,%rbx,4,1)", "u8 unreadable 8(%rax,%rbx,4,1)"},
  };
  for (const Row& row : kRows) EXPECT_EQ(describe(row.text), row.expected) << row.text;
}

class Shop : public FakeTarget {
 public:
  Shop() {
    binaries["/shop"] = {};
    usdt["/shop"] = {
        {.provider = "bank", .name = "opened", .arguments = "", .address = 1, .file_offset = 1},
        {.provider = "shop", .name = "opened", .arguments = "", .address = 2, .file_offset = 2, .semaphore = 99},
        {.provider = "shop", .name = "sold", .arguments = "-4@%edi 8@$5", .address = 3, .file_offset = 3},
        {.provider = "shop", .name = "sold", .arguments = "-4@%eax 8@$6", .address = 4, .file_offset = 4},
        {.provider = "shop", .name = "sold", .arguments = "-4@%edi 8@$5", .address = 5, .file_offset = 5},
    };
  }
};

// How many probes each program has.
std::vector<std::size_t> programs(const std::string& script) {
  Shop target;
  Checked checked(script, target);
  EXPECT_TRUE(checked.ok()) << checked.messages();
  std::vector<std::size_t> sizes;
  if (!checked.ok()) return sizes;
  for (const typed::Clause& clause : checked.program->clauses) sizes.push_back(clause.probes.size());
  return sizes;
}

using Sizes = std::vector<std::size_t>;

TEST(UsdtProbeTest, OneProgramForThoseWithTheSameArguments) {
  EXPECT_EQ(programs("usdt:/shop:sold { @ = count(); }"), Sizes({3}));
  EXPECT_EQ(programs("usdt:/shop:sold { @ = sum(arg0); }"), Sizes({2, 1}));
  EXPECT_EQ(programs("usdt:/shop:sold /arg1 == 5/ { @ = count(); }"), Sizes({2, 1}));
  EXPECT_EQ(programs("usdt:/shop:sold { @[probe] = count(); }"), Sizes({3}));
  EXPECT_EQ(programs("usdt:/shop:sold { @[probe] = sum(arg0); }"), Sizes({2, 1}));
  EXPECT_EQ(programs("usdt:/shop:* { @ = count(); }"), Sizes({5}));
  EXPECT_EQ(programs("usdt:/shop:b*:* { @ = count(); }"), Sizes({1}));
}

TEST(UsdtProbeTest, KnowsItsSite) {
  Shop target;
  Checked checked("U:/shop:shop:opened { @ = count(); }", target);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  const ProbeSpec& probe = checked.program->clauses.at(0).probes.at(0);
  EXPECT_EQ(probe.name, "usdt:/shop:shop:opened");
  EXPECT_EQ(probe.target, "/shop");
  EXPECT_EQ(probe.offset, 2U);
  EXPECT_EQ(probe.semaphore, 99U);
}

TEST(UsdtProbeTest, TypesOfArguments) {
  Shop target;
  Checked checked("usdt:/shop:sold { @a = arg0; @b = arg1; }", target);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.map_type("a"), "int64");
  EXPECT_EQ(checked.map_type("b"), "uint64");
}

TEST(UsdtProbeTest, Refusals) {
  constexpr Row kRows[] = {
      {"usdt:/shop:shut { }", "no USDT probe of `/shop` matches `shut`"},
      {"usdt:/shop:bank:sold { }", "no USDT probe of `/shop` matches `bank:sold`"},
      {"usdt:/nowhere:sold { }", "no such file: `/nowhere`"},
      {"usdt:/shop { }", "malformed usdt probe"},
      {"usdt:/shop:a:b:c { }", "malformed usdt probe"},
      {"usdt:/shop:bank:opened { @ = arg0; }", "`bank:opened` has no argument `arg0`"},
      {"usdt:/shop:sold { @ = arg2; }", "`shop:sold` has no argument `arg2`|`shop:sold` has no argument `arg2`"},
  };
  for (const Row& row : kRows) {
    Shop target;
    Checked checked(row.text, target);
    EXPECT_EQ(checked.messages(), row.expected) << row.text;
  }
}

}  // namespace
}  // namespace hawk
