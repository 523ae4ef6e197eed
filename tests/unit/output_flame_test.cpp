// Flame graphs: how stacks are merged, and that the picture is safe whatever functions are called.
#include <gtest/gtest.h>

#include "output/flame_svg.h"
#include "output/flame_tree.h"
#include "output/stack_frames.h"
#include "output/xml_text.h"
#include "output_values.h"

namespace hawk::test {
namespace {

// Address 0xNM: function N, at any offset M. User code below 0x50 is the program's, below 0x90 a library's, then it is
// generated; from 0xf0 on there are no names.
class Functions : public FakeResolver {
 public:
  StackFrame kernel_frame(std::uint64_t address) override { return {.address = address, .symbol = name(address)}; }
  StackFrame user_frame(std::uint64_t address, std::uint32_t) override {
    std::string module = address < 0x50 ? "/bin/prog" : address < 0x90 ? "/lib/libx.so.1" : "";
    return {.address = address, .symbol = name(address), .offset = address & 0xf, .module = module};
  }

 private:
  static std::string name(std::uint64_t address) {
    if (address >= 0xf0) return "";
    if (address >= 0xe0) return "</title><script>alert(1)</script>&\"';\xff";
    return "f" + std::to_string(address >> 4);
  }
};

const Type kUser = stack_type(false, StackMode::kBpftrace, 4);
const Type kKernel = stack_type(true, StackMode::kFolded, 2);

// Frames from the innermost on, as the kernel gives them.
Data stack(std::uint32_t room, std::vector<std::uint64_t> frames) {
  Data data = word(static_cast<std::uint32_t>(frames.size())) + word(std::uint32_t{7});
  frames.resize(room);
  for (std::uint64_t frame : frames) data = data + u64(frame);
  return data;
}

class Stacks {
 public:
  Stacks() {
    schema_.name = "s";
    schema_.keyed = true;
    schema_.key = tuple_type({string_type(8), kKernel, kUser});
    schema_.value = aggregation_type(TypeKind::kCount, false);
  }
  Stacks& add(const std::string& comm, const std::vector<std::uint64_t>& kernel, const std::vector<std::uint64_t>& user,
              std::uint64_t count) {
    snapshot_.entries.push_back({text(comm, 8) + stack(2, kernel) + stack(4, user), u64(count)});
    return *this;
  }
  FlameGraph graph() {
    snapshot_.schema = &schema_;
    return make_flame_graph(snapshot_, {.resolver = &functions_, .config = &world_.config, .strings = &world_.strings});
  }
  MapSchema& schema() { return schema_; }

 private:
  World world_;
  Functions functions_;
  MapSchema schema_;
  MapSnapshot snapshot_;
};

// One line a frame, indented by its depth: name kind start value.
std::string dump(const FlameGraph& graph) {
  const char kKinds[] = "RPLKGU";
  std::string out;
  for (const FlameFrame& frame : graph.frames) {
    out += std::string(frame.depth, ' ') + frame.name + ' ' + kKinds[static_cast<int>(frame.kind)] + ' ' +
           std::to_string(frame.start) + ' ' + std::to_string(frame.value) + '\n';
  }
  return out;
}

TEST(FlameTree, StacksAreMergedFromTheOutside) {
  Stacks stacks;
  stacks.add("b", {}, {0x11, 0x10}, 5);            // f1 calls itself
  stacks.add("a", {0x20}, {0x60, 0x14, 0x10}, 3);  // in the kernel, from a library
  stacks.add("a", {}, {0x61, 0x12, 0x10}, 4);      // other offsets: the same functions
  stacks.add("a", {}, {0xf0, 0x94, 0x12, 0x10}, 2);
  stacks.add("idle", {}, {}, 6);
  stacks.add("zero", {}, {0x10}, 0);
  EXPECT_EQ(dump(stacks.graph()),
            "all R 0 20\n a R 0 9\n  f1 P 0 9\n   f1 P 0 9\n    f6 L 0 7\n     f2 K 4 3\n    f9 G 7 2\n"
            "     [unknown] U 7 2\n b R 9 5\n  f1 P 9 5\n   f1 P 9 5\n idle R 14 6\n");
}

TEST(FlameTree, NothingCounted) { EXPECT_TRUE(Stacks().graph().frames.empty()); }

TEST(FlameTree, NarrowFramesAreLeftOut) {
  FlameGraph graph = Stacks().add("a", {}, {0x10}, 1000000).add("b", {}, {0x20, 0x10}, 1).graph();
  EXPECT_EQ(dump(graph), "all R 0 1000001\n a R 0 1000000\n  f1 P 0 1000000\n");
  EXPECT_EQ(graph.pruned, 3);
  EXPECT_EQ(graph.narrowest, 125);
}

TEST(FlameTree, WhatAGraphCanBeMadeOf) {
  Stacks stacks;
  MapSchema& schema = stacks.schema();
  EXPECT_TRUE(has_flames(schema));
  schema.value = int_type(8, true);
  EXPECT_TRUE(has_flames(schema));
  schema.value = aggregation_type(TypeKind::kSum, true);
  EXPECT_TRUE(has_flames(schema));
  schema.value = aggregation_type(TypeKind::kAvg, true);
  EXPECT_FALSE(has_flames(schema));
  schema.value = string_type(8);
  EXPECT_FALSE(has_flames(schema));
  schema.value = int_type(8, true);
  schema.key = kUser;
  EXPECT_TRUE(has_flames(schema));
  schema.key = string_type(8);
  EXPECT_FALSE(has_flames(schema));
}

TEST(FlameSvg, HostileNames) {
  FlamePage page{.title = "<&>", .subtitle = "\x01"};
  page.graphs.push_back(Stacks().add("]]>", {}, {0xe0}, 1).graph());
  std::string svg = flame_svg(page);
  EXPECT_EQ(svg.find("</title><script>"), std::string::npos);
  EXPECT_NE(
      svg.find("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;';\xef\xbf\xbd (1 sample, 100.00 %)"),
      std::string::npos);
  EXPECT_NE(svg.find("<title>&lt;&amp;&gt;</title>"), std::string::npos);
  EXPECT_NE(svg.find(">]]&gt; (1 sample"), std::string::npos);
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
}

TEST(XmlText, Characters) {
  EXPECT_EQ(xml_text("a<b>&\"'\xc3\xa4\xf0\x9f\x94\xa5"), "a&lt;b&gt;&amp;&quot;'\xc3\xa4\xf0\x9f\x94\xa5");
  const std::string kNone = "\xef\xbf\xbd";
  EXPECT_EQ(xml_text(std::string_view("\0\n\x1f", 3)), kNone + kNone + kNone);
  EXPECT_EQ(xml_text("\xff"
                     "a\xc3"),
            kNone + "a" + kNone);                              // no lead byte; cut short
  EXPECT_EQ(xml_text("\xc0\x80"), kNone + kNone);              // longer than it need be
  EXPECT_EQ(xml_text("\xed\xa0\x80"), kNone + kNone + kNone);  // a surrogate
  EXPECT_EQ(xml_text("\xef\xbf\xbf"), kNone);                  // no character
}

TEST(FoldedName, StaysInItsPlace) {
  EXPECT_EQ(folded_name({.symbol = "Lcom/x;::run\n"}), "Lcom/x:::run_");
  EXPECT_EQ(folded_name({.symbol = "", .module = "/usr/lib/libc.so.6"}), "[libc.so.6]");
  EXPECT_EQ(folded_name({.symbol = "", .module = "[vdso]"}), "[vdso]");
  EXPECT_EQ(folded_name({.symbol = "", .module = ""}), "[unknown]");
}

}  // namespace
}  // namespace hawk::test
