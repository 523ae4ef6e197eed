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
            "R0 invalid mem access 'scalar'");
  EXPECT_EQ(error.help, "run with -v for the verifier's log");
  EXPECT_EQ(error.exit_code, kExitKernel);
  EXPECT_NE(load_error(image(), EACCES, kNewLog, true).help.find("processed 2 insns"), std::string::npos);
}

TEST(LoadError, MissingHelper) {
  EXPECT_EQ(load_error(image(), EINVAL, kHelperLog, false).message,
            "the program of `begin` needs `bpf_ktime_get_tai_ns` at t.bt:3, which this kernel does not offer to this "
            "kind of probe");
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
