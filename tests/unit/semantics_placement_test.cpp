// Placement: which clause runs where, which map lives where, and what is refused.
#include "semantics_fixture.h"

namespace hawk {

namespace {

// "HKH": the places of the clauses, host or kernel; behind a blank those of the maps, in the order of their first use.
std::string places(const std::string& script, PlacementWish wish = PlacementWish::kAuto) {
  CheckOptions options;
  options.place = wish;
  Checked checked(script, options);
  if (!checked.ok()) return checked.messages();
  auto letter = [](Placement placement) { return placement == Placement::kHost ? 'H' : 'K'; };
  std::string text;
  for (const typed::Clause& clause : checked.program->clauses) text += letter(clause.placement);
  if (!checked.program->maps.empty()) text += ' ';
  for (const MapSchema& map : checked.program->maps) text += letter(map.placement);
  return text;
}

struct Row {
  const char* script;
  const char* expected;
};

class PlacementTest : public testing::TestWithParam<Row> {};

TEST(OldKernel, WhatItCannotDoIsRefusedWhereTheKernelWouldDoIt) {
  FakeTarget target;
  target.kernel_functions = {"f"};
  target.missing_helpers = {"bpf_get_current_task_btf", "bpf_for_each_map_elem", "bpf_loop"};
  constexpr const char* kLoop =
      "a loop over a map needs Linux 5.13 in a clause that runs in the kernel: this kernel is older";
  const std::pair<const char*, const char*> rows[] = {
      {"kprobe:f { @m[1] = 1; for ($kv : @m) { print($kv.0); } }", kLoop},
      {"kprobe:f { @m[1] = 1; print(len(@m)); }",
       "counting the keys of a map needs Linux 5.13 in a clause that runs in the kernel: this kernel is older"},
      {"kprobe:f { for ($i : 0..arg0) { print($i); } }",
       "a loop whose number of turns is not written down needs Linux 5.17 in a clause that runs in the kernel: this "
       "kernel is older"},
      {"kprobe:f { for ($i : 0..100) { print($i); } }", ""},
      {"kprobe:f { @m[1] = 1; } end { for ($kv : @m) { print($kv.0); } print(len(@m)); clear(@m); }", ""},
      {"begin { $n = 3; for ($i : 0..$n) { print($i); } }", ""},
  };
  for (const auto& [script, message] : rows) {
    Checked checked(script, target);
    EXPECT_EQ(checked.messages(), message) << script;
  }
}

}  // namespace

TEST_P(PlacementTest, Auto) { EXPECT_EQ(places(GetParam().script), GetParam().expected) << GetParam().script; }

INSTANTIATE_TEST_SUITE_P(
    Rows, PlacementTest,
    testing::Values(
        Row{"begin { printf(\"hi\\n\"); } end { } interval:s:1 { exit(); }", "HHH"},
        Row{"software:cpu-clock:100 { }", "K"}, Row{"profile:hz:99 { }", "K"},
        // What belongs to a task.
        Row{"begin { @ = pid; @c = comm; @u = uid; @n = cpu; }", "H HHHH"}, Row{"interval:s:1 { @ = pid; }", "K K"},
        Row{"interval:s:1 { @ = nsecs; @r = rand; }", "H HH"}, Row{"begin { @ = cgroup; }", "K K"},
        Row{"begin { @ = jiffies; }", "K K"}, Row{"begin { @ = kstack; }", "K K"}, Row{"end { @ = curtask; }", "K K"},
        // Memory.
        Row{"begin { @ = *(uint64*)4096; }", "K K"}, Row{"begin { @ = str((int8*)4096); }", "K K"},
        Row{"begin { @ = buf((int8*)4096, 4); }", "K K"}, Row{"begin { $x = 1; @ = *(&$x); }", "H H"},
        Row{"begin { $x = 1; $p = &$x; @ = *$p; }", "K K"}, Row{"begin { $x = (1, \"a\"); @ = $x.1; }", "H H"},
        // Maps are where the kernel uses them.
        Row{"begin { @a = 1; @b = 1; } software:cpu-clock:100 { @a = 2; }", "HK KH"},
        Row{"begin { @a++; @b = count(); } software:cpu-clock:100 { @a++; @b = count(); }", "HK KK"},
        Row{"software:cpu-clock:100 { @a++; } interval:s:1 { print(@a); clear(@a); }", "KH K"},
        Row{"software:cpu-clock:100 { @a++; } interval:s:1 { @b = @a; @a = 0; }", "KH KH"},
        Row{"software:cpu-clock:100 { @a[1]++; } interval:s:1 { delete(@a, 1); }", "KH K"},
        // An interval clause does not change in place what the kernel changes; what it changes besides goes with it.
        Row{"software:cpu-clock:100 { @a++; } interval:s:1 { @a++; }", "KK K"},
        Row{"software:cpu-clock:100 { @a = count(); } interval:s:1 { @a = count(); @b++; } interval:s:2 { @b++; } end "
            "{ @b++; }",
            "KKKH KK"},
        Row{"software:cpu-clock:100 { @a++; } interval:s:1 { delete(@a); }", "KK K"},
        Row{"interval:s:1 { @a++; } interval:s:2 { @a++; }", "HH H"},
        // A cut address may point anywhere.
        Row{"begin { $x = (uint64)1; @ = *(uint64*)(uint8)&$x; }", "K K"}));

TEST(Placement, WishesAreMetOrRefused) {
  EXPECT_EQ(places("begin { @ = 1; } end { }", PlacementWish::kKernel), "KK K");
  EXPECT_EQ(places("begin { @ = 1; } end { }", PlacementWish::kHost), "HH H");
  EXPECT_EQ(places("begin { @ = cgroup; }", PlacementWish::kHost),
            "`cgroup` needs the kernel: --place host cannot run this clause");
  EXPECT_EQ(places("profile:hz:99 { }", PlacementWish::kHost),
            "a `profile` clause needs the kernel: --place host cannot run this clause");
  EXPECT_EQ(places("begin { @ = 1.5; }", PlacementWish::kKernel),
            "floating point is computed inside hawk: --place kernel cannot run this clause");
}

TEST(Placement, AClauseOfBothWorldsIsRefusedWithBothPlaces) {
  Checked checked("begin { @a = curtask; @b = 0.5; }");
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.messages(), "floating point is computed inside hawk, but this clause runs in the kernel");
  const Diagnostic& diagnostic = checked.diagnostics.all().front();
  ASSERT_EQ(diagnostic.notes.size(), 1U);
  EXPECT_EQ(diagnostic.notes[0].message, "`curtask` needs the kernel");
  EXPECT_LT(diagnostic.notes[0].span.begin, diagnostic.span.begin);
}

TEST(Placement, WhatTheKernelChangesCannotBeChangedWithFractions) {
  Checked checked("software:cpu-clock:100 { @a++; } interval:s:1 { @a++; printf(\"%f\", 1.5 * @a); }");
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.diagnostics.all().front().notes[0].message,
            "a change of @a, which clauses in the kernel use too, needs the kernel");
}

TEST(Placement, MapsOfFractionsAndTextsAreNotTheKernels) {
  EXPECT_EQ(places("begin { @f = 1.5; } software:cpu-clock:100 { print(@f); }"), "HK H");
  EXPECT_EQ(places("begin { @f[1] = 1.5; } software:cpu-clock:100 { @n = len(@f); }"),
            "floating point is computed inside hawk, but this clause runs in the kernel");
  EXPECT_EQ(places("begin { @t[text(\"a\")] = 1; } software:cpu-clock:100 { delete(@t, \"a\"); }"),
            "a text is computed inside hawk, but this clause runs in the kernel");
}

}  // namespace hawk
