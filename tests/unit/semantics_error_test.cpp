// Wrong scripts: one cause, one error. (tests/golden/errors shows how they are printed.)
#include "semantics_fixture.h"

namespace hawk {
namespace {

struct Row {
  const char* script;
  const char* message;
};

class Errors : public testing::TestWithParam<Row> {};

TEST_P(Errors, AreReportedOnce) {
  Checked checked(GetParam().script);
  EXPECT_FALSE(checked.ok()) << GetParam().script;
  EXPECT_EQ(checked.messages(), GetParam().message) << GetParam().script;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Errors,
    testing::Values(
        Row{"begin { print(@nope); }", "undefined map `@nope`: nothing is ever assigned to it"},
        Row{"begin { @x = nosuch(1); print(@x); }", "unknown function `nosuch`"},
        Row{"begin { $x = nosuch; print($x + 1); }", "unknown identifier `nosuch`"},
        Row{"begin { @x = 1; @x = \"a\"; }",
            "type mismatch for `@x`: found a value of type 'string[2]', the map holds 'int8'"},
        Row{"begin { @x = 1; @x[1] = 2; }", "`@x` is used with a key here and without one elsewhere"},
        Row{"begin { let $a : uint8 = 300; }", "a literal of type 'int16' does not fit `$a` of type 'uint8'"},
        Row{"begin { printf(\"%d\\n\", \"a\"); }", "printf(): `%d` cannot print a value of type 'string[2]'"},
        Row{"begin { $a = 10 / 0; }", "unable to fold: division by zero"},
        Row{"begin { $x = 1; { let $x = 2; } }", "`$x` is declared already in an enclosing block"},
        Row{"begin { if (1) { $y = 1; } print($y); }", "undefined variable `$y`"},
        Row{"begin { break; }", "`break` outside of a loop"},
        Row{"interval:s:1 { print(arg0); }",
            "`arg0` cannot be used in interval probes, only in: kprobe, uprobe, usdt or rawtracepoint"},
        Row{"begin { system(\"ls\"); }", "system() is not safe and must be allowed"},
        Row{"begin { @x = lhist(1, 10, 5, 1); }", "lhist() needs min < max and step >= 1, found min 10, max 5, step 1"},
        Row{"begin { $s = stats(5); }", "stats() must be assigned to a map"},
        Row{"macro m() { @x } begin { m(); }", "a macro cannot use the map `@x` of the script: pass it as a parameter"},
        Row{"fn f($x) { f($x) } begin { f(1); }", "`f` calls itself: f > f"},
        Row{"tracepoint:foo:bar { }", "no tracepoint matches `foo:bar`"},
        Row{"begin { print(1.5 % 2); }", "`%` needs an integer, found 'float'"},
        Row{"begin { $f = 1.5; print($f << 1); }", "`<<` needs an integer, found 'float'"},
        Row{"begin { $f = 1.5; print(~$f); }", "`~` needs an integer, found 'float'"},
        Row{"begin { $f = 1.5; $f++; }", "`++` cannot step a value of type 'float'"},
        Row{"begin { @f = 1.5; @f--; }", "`--` cannot step a value of type 'float'"},
        Row{"begin { @a = avg(1.5); }", "`avg` needs an integer, found 'float'"},
        Row{"begin { printf(\"%d\", 1.5); }", "printf(): `%d` cannot print a value of type 'float'"},
        Row{"begin { printf(\"%n\", 1); }", "printf(): `%n` cannot print a value of type 'int8'"},
        Row{"begin { printf(\"%f\", \"1\"); }", "printf(): `%f` cannot print a value of type 'string[2]'"},
        Row{"begin { printf(\"%x\", text(\"1\")); }", "printf(): `%x` cannot print a value of type 'text'"},
        Row{"begin { let $i : int64 = 1.5; }",
            "type mismatch for `$i`: found a value of type 'float', the variable has type 'int64'"},
        Row{"begin { $a = true; $a = 1.5; }",
            "type mismatch for `$a`: found a value of type 'float', the variable has type 'bool'"},
        Row{"begin { print(text(\"1\") + 1); }", "`+` cannot combine 'text' and 'int8'"},
        Row{"begin { print(text(\"1\") < 1); }", "`<` cannot compare 'text' with 'int8'"},
        Row{"begin { print(1.5 == \"1\"); }", "`==` cannot compare 'float' with 'string[2]'"},
        Row{"begin { print(text(1)); }", "text() needs a string, found 'int8'"},
        Row{"begin { print((text)1.5); }", "cannot cast from 'float' to 'text'"},
        Row{"begin { print((void *)1.5); }", "cannot cast from 'float' to 'void *'"},
        Row{"begin { getline(\"f\", 1); }", "getline() needs a variable here"},
        Row{"begin { getline(\"f\", $l, pipe); }", "unknown argument of getline(), expected file or command"},
        Row{"begin { getline(\"ls\", $l, command); }", "getline() is not safe and must be allowed"},
        Row{"begin { for ($l : lines(\"ls\", command)) { } }", "lines() is not safe and must be allowed"},
        Row{"begin { $x = 1; getline(\"f\", $x); }",
            "type mismatch for `$x`: found a value of type 'text', the variable has type 'int8'"},
        Row{"begin { @m[1] = 2; print(sort(@m)); }", "`sort` has no value of its own: a for loop goes over it"},
        Row{"begin { @m[1] = 2; for ($kv : sort(@m, down)) { } }",
            "unknown argument of sort(), expected key, value or a part of one, and asc or desc"},
        Row{"begin { @m[1] = 2; for ($kv : sort(@m, key, value)) { } }",
            "unknown argument of sort(), expected key, value or a part of one, and asc or desc"},
        Row{"begin { @m[1] = 2; for ($kv : top(@m)) { } }", "top() takes 2 to 4 arguments, found 1"},
        Row{"begin { @m[1] = ntop(1); for ($kv : sort(@m)) { } }", "values of type 'inet' have no order"},
        Row{"begin { @m[1] = hist(1); for ($kv : sort(@m)) { } }",
            "a map of type 'hist_t' cannot be read as one value"},
        Row{"interval:s:0 { }", "the period is too short: at least 1 us"}));

TEST(Probes, KprobesTheKernelLacksAreExplained) {
  FakeTarget target;
  target.kprobes = false;
  Checked checked("kprobe:vfs_read { }", target);
  EXPECT_FALSE(checked.ok());
  EXPECT_EQ(checked.messages(), "this kernel has no kprobes");
  ASSERT_EQ(checked.diagnostics.all().size(), 1U);
  EXPECT_EQ(checked.diagnostics.all()[0].help, "use a tracepoint");
}

TEST(Probes, MissingOnesCanBeSkipped) {
  Checked checked("config = { missing_probes = ignore } tracepoint:foo:bar { } begin { }");
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.program->clauses.size(), 1U);
  EXPECT_EQ(checked.messages(), "");
}

std::size_t count_programs(const std::string& script, FakeTarget& target, const CheckOptions& options = {}) {
  Checked checked(script, target, options);
  EXPECT_TRUE(checked.ok()) << checked.messages();
  return checked.ok() ? checked.program->clauses.size() : 0;
}

TEST(Probes, WildcardsShareAProgramThatNamesTheProbeByItsCookie) {
  FakeTarget target;
  target.kernel_functions = {"vfs_read", "vfs_write"};
  EXPECT_EQ(count_programs("kprobe:vfs_* { @ = count(); }", target), 1U);
  EXPECT_EQ(count_programs("kprobe:vfs_* { @[probe, func] = count(); }", target), 1U);
  EXPECT_EQ(count_programs("profile:hz:9, profile:hz:8 { @[probe] = count(); }", target), 2U) << "no cookies";
  CheckOptions plain;
  plain.plain = true;
  EXPECT_EQ(count_programs("kprobe:vfs_* { @[probe] = count(); }", target, plain), 2U);
  EXPECT_EQ(count_programs("kprobe:vfs_* { @ = count(); }", target, plain), 1U);
  target.missing_helpers = {"bpf_get_attach_cookie"};
  EXPECT_EQ(count_programs("kprobe:vfs_* { @[probe] = count(); }", target), 2U);
  EXPECT_EQ(count_programs("kprobe:vfs_* { @ = count(); }", target), 1U);
}

TEST(Probes, ProgramsThatReadTheRecordServeTracepointsThatHaveTheSame) {
  FakeTarget target;
  Field pid{.name = "pid", .type = int_type(4, true), .offset = 8};
  Field wide{.name = "pid", .type = int_type(8, true), .offset = 8};
  target.tracepoints["sched:exec"].fields = {pid};
  target.tracepoints["sched:exit"].fields = {wide};
  target.tracepoints["sched:fork"].fields = {pid, {.name = "common_type", .type = int_type(2, false), .offset = 0}};
  EXPECT_EQ(count_programs("tracepoint:sched:e*,tracepoint:sched:fork { @[args.pid] = count(); }", target), 2U);
  EXPECT_EQ(count_programs("tracepoint:sched:* { @[probe] = count(); }", target), 1U);
}

TEST(Probes, TracepointArgumentsAreReadWhereTheFormatSaysTheyAre) {
  FakeTarget target;
  target.tracepoints["sched:fork"].fields = {{.name = "common_type", .type = int_type(2, false), .offset = 0},
                                             {.name = "child", .type = int_type(4, true), .offset = 12}};
  Checked checked("tracepoint:sched:fork { @ = args.child; }", target);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_NE(typed::dump(*checked.program).find("context at 12 : int32"), std::string::npos);
  EXPECT_EQ(Checked("tracepoint:sched:fork { @ = args.child_pid; }", target).messages(),
            "`tracepoint:sched:fork` has no argument `child_pid`");
}

TEST(Probes, FunctionsWithKnownTypesHaveTypedArguments) {
  FakeTarget target;
  Type file;
  file.kind = TypeKind::kStruct;
  file.name = "struct file";
  file.size = 8;
  Type pair = file;
  pair.name = "struct pair";
  pair.size = 16;
  target.types["struct file"] = file;  // so that there is BTF
  target.typed_functions[{"vmlinux", "f"}] = {{{"file", pointer_type(file, AddressSpace::kKernel)},
                                               {"pair", pair},
                                               {"position", pointer_type(int_type(8, true), AddressSpace::kKernel)},
                                               {"is_last", bool_type()}},
                                              int_type(4, true)};
  Checked checked("fexit:f { @file = args.file; @position = args.position; @is_last = args.is_last; @ = retval; }",
                  target);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  std::string dump = typed::dump(*checked.program);
  EXPECT_NE(dump.find("context at 0 : struct file *"), std::string::npos) << dump;
  EXPECT_NE(dump.find("context at 32"), std::string::npos) << dump;
  EXPECT_NE(dump.find("context at 40"), std::string::npos) << dump;
  EXPECT_EQ(checked.map_type("is_last"), "bool");
  EXPECT_EQ(Checked("fexit:f { @ = args.flie; }", target).messages(), "`fexit:vmlinux:f` has no argument `flie`");
  EXPECT_EQ(Checked("fentry:f { @ = retval; }", target).messages(),
            "`retval` cannot be used in fentry probes, only in: kretprobe, fexit, uretprobe, "
            "syscall:NAME:return or tracepoint:syscalls:sys_exit_NAME");
}

TEST(Probes, KprobesHaveArgumentsByName) {
  FakeTarget target;
  Type pair;
  pair.kind = TypeKind::kStruct;
  pair.name = "struct pair";
  pair.size = 16;
  target.types["struct pair"] = pair;
  target.kernel_functions = {"f", "g"};
  target.typed_functions[{"vmlinux", "f"}] = {
      {{"count", int_type(4, true)}, {"pair", pair}, {"name", pointer_type(int_type(1, true), AddressSpace::kKernel)}},
      none_type()};
  target.typed_functions[{"some_module", "g"}] = {{{"size", int_type(8, false)}}, none_type()};
  Checked checked("kprobe:f { @count = args.count; @name = str(args.name); } kprobe:g { @size = args.size; }", target);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  std::string dump = typed::dump(*checked.program);
  EXPECT_NE(dump.find("context at 112"), std::string::npos) << dump;  // di: arg0
  EXPECT_NE(dump.find("context at 88"), std::string::npos) << dump;   // cx: arg3, behind the two words of the struct
  EXPECT_EQ(checked.map_type("count"), "int32");
  EXPECT_EQ(Checked("kprobe:f { @ = args.pair; }", target).messages(),
            "`pair` is a struct, in the registers from arg1 on");
  EXPECT_EQ(Checked("kprobe:f+4 { @ = args.count; }", target).messages(),
            "`args` are known at the beginning of the function only: use reg()");
  EXPECT_EQ(Checked("kprobe:f { @ = args.cuont; }", target).messages(), "`kprobe:f` has no argument `cuont`");
}

TEST(Probes, FunctionsWithKnownTypesHaveAProgramEach) {
  FakeTarget target;
  target.types["int"] = int_type(4, true);
  target.typed_functions[{"vmlinux", "f"}] = {};
  target.typed_functions[{"a", "f"}] = {};
  target.typed_functions[{"b", "g"}] = {};
  EXPECT_EQ(Checked("fentry:* { @ = count(); }", target).program->clauses.size(), 3U);
  EXPECT_EQ(Checked("kfunc:a:f { @[probe] = count(); }", target).program->clauses[0].probes[0].name, "fentry:a:f");
  EXPECT_EQ(Checked("fentry:f { @ = count(); }", target).messages(),
            "`f` is a function of several modules: a, vmlinux");
  EXPECT_EQ(Checked("fexit:h { @ = count(); }", target).messages(), "no kernel function matches `h`");
  target.kernel_functions = {"h"};
  EXPECT_EQ(Checked("fexit:h { @ = count(); }", target).messages(),
            "fexit cannot trace `h`: its arguments are not known to the kernel's type information (BTF), or cannot be "
            "passed on");
  target.types.clear();
  EXPECT_EQ(Checked("fentry:f { @ = count(); }", target).messages(),
            "fentry needs the kernel's type information (BTF), which is not there");
}

TEST(Parameters, NumbersAndTexts) {
  CheckOptions options;
  options.arguments = {"42", "abc", "-7"};
  Checked checked("begin { $a = $1; $b = $2; $c = $3; $d = str($1); $e = $#; }", options);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_EQ(checked.variable_type("a"), "int8");
  EXPECT_EQ(checked.variable_type("b"), "string[4]");
  EXPECT_EQ(checked.variable_type("d"), "string[3]");
}

TEST(ProcessFilter, IsForKindsThatCannotBeAttachedToOneProcess) {
  FakeTarget target;
  target.kernel_functions = {"vfs_read"};
  CheckOptions options;
  options.has_pid = true;
  Checked checked("kprobe:vfs_read { @ = count(); } interval:s:1 { print(@); }", target, options);
  ASSERT_TRUE(checked.ok()) << checked.messages();
  EXPECT_TRUE(checked.program->clauses[0].filter_pid);
  EXPECT_FALSE(checked.program->clauses[1].filter_pid);
}

}  // namespace
}  // namespace hawk
