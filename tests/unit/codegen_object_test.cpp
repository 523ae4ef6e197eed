// What the object carries besides code: line info, sections, map flags, filters; and refusals in our words.
#include "codegen_fixture.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

namespace hawk::test {

namespace {

std::string bytes_of_object(const Program& p) {
  const std::vector<std::uint8_t> object = p.compile().value().image.object;
  return {object.begin(), object.end()};
}

}  // namespace

// The kernel's own text for a refused program quotes the script.
TEST(CodegenObject, LineInfoQuotesTheScript) {
  HAWK_NEEDS_BPF();
  Program p;
  auto result = p.add_scalar(kInt64);
  StmtPtr bad = set_map(result, nullptr, expr(kInt64, typed::ContextLoad{4096}));  // outside of any context
  bad->span = {14, 25, 0};
  std::get<typed::SetMap>(bad->node).value->span = {20, 23, 0};
  p.add(std::move(bad));
  Loaded loaded(p, p.compile().value().image, test_constants());
  EXPECT_FALSE(loaded.ok());
  EXPECT_NE(loaded.log().find("; end { two }"), std::string::npos) << loaded.log();
}

TEST(CodegenObject, HasBtfAndNoDwarf) {
  Program p;
  std::string object = bytes_of_object(p);
  EXPECT_NE(object.find(".BTF.ext"), std::string::npos);
  EXPECT_EQ(object.find(".debug_info"), std::string::npos);
}

TEST(CodegenObject, ImageDescribesThePrograms) {
  Program p;
  p.next_clause(ProbeKind::kProfile);
  p.checked.strings = {"%H"};
  p.checked.config.license = "Dual MIT/GPL";
  ProgramImage image = p.compile().value().image;
  ASSERT_EQ(image.programs.size(), 2U);
  // As `kstack` names them, behind `bpf_prog_HASH_`.
  EXPECT_EQ(image.programs[0].symbol, "test_1");
  EXPECT_EQ(image.programs[1].symbol, "profile_2");
  EXPECT_EQ(image.programs[1].type, ProgramType::kPerfEvent);
  EXPECT_EQ(image.programs[1].location.line, 2U);
  EXPECT_EQ(image.programs[1].location.column_begin, 1U);
  EXPECT_EQ(image.programs[1].location.column_end, 12U);
  EXPECT_EQ(image.programs[1].location.text, "end { two }");
  EXPECT_EQ(image.source_name, "test.bt");
  EXPECT_EQ(image.strings, p.checked.strings);
  EXPECT_NE(bytes_of_object(p).find("Dual MIT/GPL"), std::string::npos);
}

TEST(CodegenObject, OnlyBigHashesAreNotPreallocated) {
  auto flags = [](Type value, std::uint32_t entries, ProbeKind kind = ProbeKind::kTracepoint) {
    Program p;
    p.clause().kind = kind;
    auto map = p.add_map(kInt64, std::move(value), entries);
    if (kind != ProbeKind::kInterval) p.add(stmt(typed::Evaluate{expr(bool_type(), typed::HasKey{map, unknown(1)})}));
    ProgramImage image = p.compile().value().image;
    bpf_object* object = bpf_object__open_mem(image.object.data(), image.object.size(), nullptr);
    std::uint32_t result = bpf_map__map_flags(bpf_object__find_map_by_name(object, map_symbol(0).c_str()));
    bpf_object__close(object);
    return result;
  };
  EXPECT_EQ(flags(string_type(16), 100'000), 0U);
  EXPECT_EQ(flags(string_type(1024), 100'000), 1U);
  // The same object wherever it is compiled: 64 CPUs count.
  EXPECT_EQ(flags(aggregation_type(TypeKind::kCount, false), 4'096), 0U);
  EXPECT_EQ(flags(aggregation_type(TypeKind::kCount, false), 200'000), 1U);
  // Kernels before 6.1 refuse perf_event programs that use such maps; the interval's does not.
  EXPECT_EQ(flags(string_type(1024), 100'000, ProbeKind::kProfile), 0U);
  EXPECT_EQ(flags(string_type(1024), 100'000, ProbeKind::kInterval), 1U);
}

TEST(CodegenObject, FilterByProcess) {
  HAWK_NEEDS_BPF();
  for (bool matches : {true, false}) {
    Program p;
    p.clause().filter_pid = true;
    p.add(stmt(typed::Return{number(5)}));
    RuntimeConstants constants = test_constants();
    constants.target_pid = static_cast<std::uint64_t>(::getpid()) + (matches ? 0 : 1);
    auto loaded = load(p, constants);
    ASSERT_NE(loaded, nullptr);
    EXPECT_EQ(loaded->run(), matches ? 5 : 0);
  }
}

// A uprobe's scratch memory is claimed and released on every way out.
TEST(CodegenObject, PreemptibleScratchIsReleased) {
  HAWK_NEEDS_BPF();
  Program p;
  p.clause().kind = ProbeKind::kUprobe;
  auto event = p.add_event(EventKind::kPrintf, {kInt64});
  auto v = p.add_variable(string_type(500));
  p.add(set_variable(v, text("x", 500)));
  p.add(stmt(
      typed::If{convert(expr(kInt64, typed::ContextLoad{8}), bool_type()), block(stmt(typed::Return{number(1)})), {}}));
  p.add(stmt(typed::Emit{event, list(number(1))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  for (int i = 0; i < 20; ++i) {
    loaded->context[1] = i % 2;
    EXPECT_EQ(loaded->run(), 0) << "what a uprobe returns means nothing";
  }
  EXPECT_EQ(loaded->events().size(), 10U);
  EXPECT_EQ(loaded->lost(0), 0U);
}

TEST(CodegenObject, TooMuchWorkingMemoryIsAnErrorAtTheClause) {
  Program p;
  p.add_variable(string_type(40000));
  Result<Generated> result = p.compile();
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("working memory"), std::string::npos) << result.error().message;
  EXPECT_EQ(result.error().span->end, 13U);
}

// a0 + (a1 + (a2 + ...)): every left operand waits on the stack.
TEST(CodegenObject, TooMuchStackIsAnErrorAtTheClause) {
  Program p;
  auto result = p.add_scalar(kInt64);
  ExprPtr sum = number(0);
  for (std::uint32_t i = 0; i < 100; ++i)
    sum = binary(typed::BinaryOp::kAdd, expr(kInt64, typed::ContextLoad{8 * i}), std::move(sum));
  p.add(set_map(result, nullptr, std::move(sum)));
  Result<Generated> generated = p.compile({});
  ASSERT_FALSE(generated.ok());
  EXPECT_EQ(generated.error().message,
            "the clause needs more than the 512 bytes of stack that the kernel gives a program");
  EXPECT_EQ(generated.error().span->end, 13U);
}

// What LLVM has to say follows in the help; the span is that of the clause, whichever it is.
TEST(CodegenObject, OtherRefusalsAreInOurWordsToo) {
  Program p;
  p.next_clause(ProbeKind::kTest);
  Type huge = int_type(16, false);
  auto result = p.add_scalar(huge);
  auto operand = [&] { return expr(huge, typed::ContextLoad{0}); };
  p.add(set_map(result, nullptr, binary(typed::BinaryOp::kMultiply, operand(), operand())));
  Result<Generated> generated = p.compile({});
  ASSERT_FALSE(generated.ok());
  EXPECT_EQ(generated.error().message, "the kernel's instruction set has no way to express this clause");
  EXPECT_EQ(generated.error().help.rfind("LLVM says: ", 0), 0U) << generated.error().help;
  EXPECT_EQ(generated.error().span->begin, 14U);
}

TEST(CodegenObject, TextsAreFilledOnRequest) {
  Program p;
  Generated none = p.compile({}).value();
  EXPECT_EQ(none.ir + none.unoptimised_ir + none.assembly, "");
  Generated all =
      p.compile({.keep_ir = true, .keep_unoptimised_ir = true, .keep_assembly = true, .verify_ir = true}).value();
  EXPECT_NE(all.ir.find("define i64 @test_1"), std::string::npos);
  EXPECT_NE(all.unoptimised_ir.find("alloca"), std::string::npos);
  EXPECT_NE(all.assembly.find("test_1:"), std::string::npos);
}

}  // namespace hawk::test
