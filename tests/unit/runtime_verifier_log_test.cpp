// Reading what libbpf and the kernel's verifier say, and putting it in hawk's words.
#include <gtest/gtest.h>

#include <cerrno>

#include "runtime/load_error.h"
#include "runtime/verifier_log.h"

namespace hawk {
namespace {

constexpr const char* kScript = "BEGIN {\n  @a = nsecs;\n  @x = *$p;\n}\n";

// As Linux 6.18 writes it, with the position in the comment.
constexpr const char* kNewLog =
    "libbpf: prog 'begin_1': BPF program load failed: Permission denied\n"
    "libbpf: prog 'begin_1': -- BEGIN PROG LOAD LOG --\n"
    "0: R1=ctx() R10=fp0\n"
    "; @a = nsecs; @ t.bt:2\n"
    "0: (85) call bpf_ktime_get_ns#5       ; R0_w=scalar()\n"
    "; @x = *$p; @ t.bt:3\n"
    "1: (61) r0 = *(u32 *)(r0 +0)\n"
    "R0 invalid mem access 'scalar'\n"
    "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n"
    "-- END PROG LOAD LOG --\n"
    "libbpf: prog 'begin_1': failed to load: -13\n"
    "libbpf: failed to load object 'hawk'\n";

// Before Linux 6.9 the comment is the source text alone.
constexpr const char* kOldLog =
    "libbpf: prog 'begin_1': BPF program load failed: Permission denied\n"
    "libbpf: prog 'begin_1': -- BEGIN PROG LOAD LOG --\n"
    "; @x = *$p;\n"
    "1: (61) r0 = *(u32 *)(r0 +0)\n"
    "R0 invalid mem access 'inv'\n"
    "verification time 19 usec\n"
    "stack depth 0\n"
    "processed 2 insns (limit 1000000) max_states_per_insn 0\n"
    "-- END PROG LOAD LOG --\n";

constexpr const char* kHelperLog =
    "libbpf: prog 'begin_1': -- BEGIN PROG LOAD LOG --\n"
    "; @x = 1 @ t.bt:3\n"
    "1: (85) call bpf_ktime_get_tai_ns#208\n"
    "unknown func bpf_ktime_get_tai_ns#208\n"
    "-- END PROG LOAD LOG --\n";

ProgramImage image() {
  ProgramImage result;
  result.source_name = "t.bt";
  result.source_text = kScript;
  ProgramSpec program;
  program.symbol = "begin_1";
  program.probes.push_back({.kind = ProbeKind::kBegin, .name = "begin", .target = "", .function = ""});
  result.programs.push_back(program);
  MapSchema map;
  map.name = "long";
  map.keyed = true;
  map.key = string_type(1024);
  map.value = int_type(8, false);
  result.maps.push_back(map);
  return result;
}

TEST(VerifierLog, FindsProgramReasonAndLine) {
  VerifierComplaint complaint = parse_verifier_log(kNewLog, "");
  EXPECT_EQ(complaint.program, "begin_1");
  EXPECT_EQ(complaint.reason, "R0 invalid mem access 'scalar'");
  EXPECT_EQ(complaint.source_text, "@x = *$p;");
  EXPECT_EQ(complaint.line, 3U);
  EXPECT_EQ(complaint.helper, "");
}

TEST(VerifierLog, FindsTheLineByItsText) {
  VerifierComplaint complaint = parse_verifier_log(kOldLog, kScript);
  EXPECT_EQ(complaint.reason, "R0 invalid mem access 'inv'");
  EXPECT_EQ(complaint.line, 3U);
}

TEST(VerifierLog, WithoutALogThereIsNoReason) {
  VerifierComplaint complaint =
      parse_verifier_log("libbpf: prog 'begin_1': BPF program load failed: Operation not permitted\n", kScript);
  EXPECT_EQ(complaint.program, "begin_1");
  EXPECT_EQ(complaint.reason, "");
}

TEST(LoadError, VerifierRejection) {
  Error error = load_error(image(), EACCES, kNewLog, false);
  EXPECT_EQ(error.message,
            "Error loading BPF program for `begin`: the kernel's verifier rejected it at t.bt:3 `@x = *$p;`: "
            "it reads or writes memory that the kernel cannot prove to be safe (R0 invalid mem access 'scalar')");
  EXPECT_EQ(error.help, "run with -v for the verifier's log");
  EXPECT_EQ(error.exit_code, kExitKernel);
  EXPECT_NE(load_error(image(), EACCES, kNewLog, true).help.find("processed 2 insns"), std::string::npos);
}

// What the log says last is not always the reason.
TEST(VerifierLog, SkipsWhatTheVerifierDumps) {
  const char* reason = "infinite loop detected at insn 2";
  const char* dumps[] = {
      "cur state: R0=map_value(map=hawk_map_0,ks=4,vs=16) R1=scalar() R6=0",
      "old state: R0=map_value(map=hawk_map_0,ks=4,vs=16) R1=scalar() R6=P0",
      "13: (05) goto pc-12",
      "13: R0=scalar() R10=fp0",
      "R0_w=inv(id=0) R10=fp0",
      "R0=scalar() R10=fp0",
      "frame1: R0=scalar()",
      "from 8 to 13: R0=scalar() R10=fp0",
      "from 8 to 13: safe",
      "processed 25 insns (limit 1000000) max_states_per_insn 0",
      "last_idx 12 first_idx 0",
      "regs=1 stack=0 before 11: (07) r1 += 1",
      "parent didn't have regs=1 stack=0 marks",
  };
  for (const char* dump : dumps) {
    std::string log = std::string("-- BEGIN PROG LOAD LOG --\n; @x = 1; @ t.bt:3\n") + reason + "\n" + dump +
                      "\n-- END PROG LOAD LOG --\n";
    EXPECT_EQ(parse_verifier_log(log, "").reason, reason) << dump;
  }
}

TEST(LoadError, WellKnownReasonsInOurWords) {
  struct Case {
    const char* kernel;
    const char* message;
    const char* help;
  };
  const Case cases[] = {
      {"infinite loop detected at insn 0", "the loop has no bound that the kernel can prove (", "for ($i : 0..N)"},
      {"back-edge from insn 4 to 2", "the loop has no bound that the kernel can prove (", "for ($i : 0..N)"},
      {"BPF program is too large. Processed 1000001 insn", "it takes more steps than the kernel is willing to check (",
       "for ($i : 0..N)"},
      {"BPF program is too large. Proccessed 1000001 insn", "it takes more steps than the kernel", "for ($i : 0..N)"},
      {"The sequence of 8193 jumps is too complex.", "it takes more steps than the kernel", "for ($i : 0..N)"},
      {"combined stack size of 2 calls is 576. Too large", "it needs more than the 512 bytes of stack", "max_strlen"},
      {"R1 invalid mem access 'map_value_or_null'", "memory that the kernel cannot prove to be safe (R1", "-v"},
      {"something new", ": something new", "-v"},
  };
  for (const Case& row : cases) {
    std::string log = std::string("libbpf: prog 'begin_1': -- BEGIN PROG LOAD LOG --\n; @x = 1; @ t.bt:3\n") +
                      row.kernel + "\n-- END PROG LOAD LOG --\n";
    Error error = load_error(image(), EINVAL, log, false);
    EXPECT_NE(error.message.find(row.message), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("at t.bt:3 `@x = 1;`"), std::string::npos) << error.message;
    EXPECT_NE(error.help.find(row.help), std::string::npos) << error.help;
    EXPECT_EQ(error.exit_code, kExitKernel);
  }
}

TEST(LoadError, RefusedMaps) {
  struct Case {
    std::string symbol;
    int error;
    const char* message;
  };
  const Case cases[] = {
      {map_symbol(0), EINVAL, "map `@long`: this kernel does not know its kind of map, or not of this size"},
      {map_symbol(0), ENOMEM, "map `@long`: there is not enough memory for it"},
      {map_symbol(0), EPERM, "map `@long`: the kernel does not permit it"},
      {kEventRingSymbol, EINVAL, "the event buffer: this kernel does not know its kind of map, or not of this size"},
      {kEventRingSymbol, ENOMEM, "the event buffer: there is not enough memory for it"},
      {kAccountSymbol, EINVAL, "a map of hawk's own: this kernel does not know its kind of map, or not of this size"},
  };
  for (const Case& row : cases) {
    std::string log = "libbpf: map '" + row.symbol + "': failed to create: xxx(-1)\n";
    EXPECT_EQ(load_error(image(), row.error, log, false).message,
              std::string("the kernel refused to make ") + row.message);
  }
}

TEST(LoadError, MissingHelper) {
  EXPECT_EQ(load_error(image(), EINVAL, kHelperLog, false).message,
            "the program of `begin` needs `bpf_ktime_get_tai_ns` at t.bt:3: this kernel is too old to have it or "
            "forbids it, or "
            "this kind of probe may not use it");
}

TEST(LoadError, KeyTooLongForAnOldKernel) {
  Error error = load_error(
      image(), E2BIG, "libbpf: map '" + map_symbol(0) + "': failed to create: Argument list too long(-7)\n", false);
  EXPECT_EQ(error.message,
            "the kernel refused to make map `@long`: its key of 1024 bytes is longer than this kernel allows (512)");
  EXPECT_EQ(error.help, "use shorter strings: config = { max_strlen = 64 }");
}

TEST(LoadError, Refusal) {
  Error error =
      load_error(image(), EPERM, "libbpf: prog 'begin_1': BPF program load failed: Operation not permitted\n", false);
  EXPECT_EQ(error.message, "Error loading BPF program for `begin`: the kernel does not permit it");
  EXPECT_NE(error.help.find("CAP_BPF"), std::string::npos);
}

}  // namespace
}  // namespace hawk
