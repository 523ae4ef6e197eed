// Listing over a machine made up here for exact texts, and over this one.
#include <gtest/gtest.h>

#include <algorithm>

#include "ast/perf_events.h"
#include "driver/listing.h"
#include "support/glob.h"

namespace hawk {
namespace {

using Names = std::vector<std::string>;

Names matching(const Names& names, std::string_view pattern) {
  Names found;
  std::copy_if(names.begin(), names.end(), std::back_inserter(found),
               [&](const std::string& name) { return glob_match(pattern, name); });
  return found;
}

// Two tracepoints, a few functions, one library and three types.
class SampleTarget final : public Target {
 public:
  bool has_tracefs = true;
  bool has_kprobes = true;

  std::optional<Type> find_type(std::string_view) override { return std::nullopt; }
  std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view) override { return std::nullopt; }
  std::optional<FunctionSignature> find_kernel_function(std::string_view) override { return std::nullopt; }
  bool has_btf() override { return true; }
  Result<Names> match_tracepoints(std::string_view category, std::string_view event) override {
    if (!has_tracefs) return Error{.message = "no permission", .help = "run as root"};
    return matching({"sched:sched_switch", "sched:sched_waking", "syscalls:sys_enter_open"},
                    std::string(category) + ":" + std::string(event));
  }
  Result<TracepointFormat> tracepoint_format(std::string_view, std::string_view) override { return TracepointFormat{}; }
  Result<Names> match_raw_tracepoints(std::string_view event) override {
    return matching({"sched_switch", "sched_waking"}, event);
  }
  std::optional<FunctionSignature> raw_tracepoint_signature(std::string_view) override { return std::nullopt; }
  Result<Names> match_kernel_functions(std::string_view module, std::string_view function) override {
    if (module == "ext4") return matching({"ext4_open"}, function);
    return matching({"do_switch", "vfs_read"}, function);
  }
  std::vector<BpfProgramName> match_bpf_programs(std::string_view) override { return {{12, "xdp_pass"}}; }
  std::vector<KernelFunctionName> match_typed_functions(std::string_view module, std::string_view function) override {
    std::vector<KernelFunctionName> names;
    for (const char* from : {"ext4", "vmlinux"}) {
      if (!module.empty() && !glob_match(module, from)) continue;
      Names candidates = std::string_view(from) == "ext4" ? Names{"ext4_open"} : Names{"do_switch", "vfs_read"};
      for (const std::string& name : matching(candidates, function)) names.push_back({from, name});
    }
    return names;
  }
  std::optional<FunctionSignature> typed_function(const KernelFunctionName&) override { return std::nullopt; }
  Result<> kprobes_available() override {
    if (has_kprobes) return Ok{};
    return Error{.message = "this kernel was built without CONFIG_KPROBES"};
  }
  std::optional<std::uint64_t> kernel_symbol(std::string_view) override { return std::nullopt; }
  bool may_call_kernel_function(std::string_view, ProgramType) override { return false; }
  Result<std::uint64_t> cgroup_id(const std::string&) override { return Error{}; }
  Result<Names> resolve_binary(std::string_view name) override {
    if (name == "libc" || name == "*") return Names{"/lib/libc.so.6"};
    return Error{.message = "no such file"};
  }
  Result<std::vector<UserSymbol>> match_user_functions(const std::string&, std::string_view function) override {
    std::vector<UserSymbol> symbols;
    for (const std::string& name : matching({"free", "malloc", "malloc", "mallopt"}, function))
      symbols.push_back({.name = name, .address = name == "malloc" ? std::uint64_t{0x1000} : 0});
    return symbols;
  }
  Result<std::vector<UserSymbol>> match_demangled_functions(const std::string&, std::string_view) override {
    return std::vector<UserSymbol>{};
  }
  Result<std::vector<std::uint64_t>> source_line(const std::string&, const SourceLine&) override { return Error{}; }
  Result<UserSymbol> user_symbol(const std::string&, std::string_view) override { return Error{}; }
  std::optional<UserSymbol> user_symbol_at(const std::string&, std::uint64_t) override { return std::nullopt; }
  Result<UserFunction> user_function(const UserCode&) override { return Error{}; }
  std::optional<Type> find_user_type(const UserCode&, std::string_view) override { return std::nullopt; }
  std::optional<std::pair<Type, std::uint64_t>> find_user_enumerator(const UserCode&, std::string_view) override {
    return std::nullopt;
  }
  std::optional<Type> user_struct(std::uint64_t) override { return std::nullopt; }
  bool is_inlined(const std::string&, std::string_view) override { return false; }
  Result<std::vector<UsdtSite>> usdt_sites(const std::string&) override {
    return std::vector<UsdtSite>{{.provider = "libc", .name = "longjmp", .arguments = "8@%rdi -4@%esi 8@%rdx"},
                                 {.provider = "libc", .name = "setjmp", .arguments = "4f@%xmm0 -2@%ax"},
                                 {.provider = "libc", .name = "setjmp", .arguments = "8@%rdi"},
                                 {.provider = "rtld", .name = "init"}};
  }
  std::uint32_t cpu_count() override { return 1; }
  PidNamespace pid_namespace() override { return {}; }
  bool has_kernel_helper(std::string_view) override { return false; }

  bool one_process = false;
  bool has_process() override { return one_process; }
  Result<> fentry_available() override { return Ok{}; }
  Result<Names> tracepoint_arguments(std::string_view, std::string_view event) override {
    return event == "sched_switch" ? Names{"char prev_comm[16]", "pid_t prev_pid"} : Names{};
  }
  Names raw_tracepoint_arguments(std::string_view) override { return {"bool preempt"}; }
  Names function_arguments(const KernelFunctionName&, bool result) override {
    Names arguments{"struct file * file", "bool (*)(int, void *) done"};
    if (result) arguments.emplace_back("ssize_t retval");
    return arguments;
  }
  Names user_function_arguments(const UserCode& code, bool result) override {
    if (code.address != 0x1000) return {};
    return result ? Names{"void * retval"} : Names{"size_t size"};
  }
  Names match_iterators(std::string_view pattern) override { return matching({"task", "task_file"}, pattern); }
  Names iterator_arguments(std::string_view) override { return {"struct task_struct * task"}; }
  Names match_types(std::string_view pattern) override {
    return matching({"enum colour", "struct node", "struct nodule"}, pattern);
  }
  Names type_definitions(const Names& names) override {
    Names texts;
    for (const std::string& name : names) texts.push_back(name + " {\n\tint x;\n};");
    return texts;
  }
};

std::string list(SampleTarget& target, std::string_view pattern, bool verbose = false) {
  Result<std::string> text = list_probes(target, pattern, verbose);
  return text.ok() ? text.value() : "ERROR: " + text.error().message + "\n";
}

struct Row {
  const char* pattern;
  const char* text;
};

TEST(ListingTest, OneProcessNeedsNoFile) {
  SampleTarget target;
  target.one_process = true;
  EXPECT_EQ(list(target, "uprobe:mall*", true),
            "uprobe:/lib/libc.so.6:malloc\n    size_t size\nuprobe:/lib/libc.so.6:mallopt\n");
  EXPECT_EQ(list(target, "uretprobe:malloc", true), "uretprobe:/lib/libc.so.6:malloc\n    void * retval\n");
  EXPECT_EQ(list(target, "usdt:init"), "usdt:/lib/libc.so.6:rtld:init\n");
  EXPECT_EQ(list(target, "uprobe:*:mallopt"), "uprobe:/lib/libc.so.6:mallopt\n");
}

TEST(ListingTest, ListsWhatMatches) {
  constexpr Row kRows[] = {
      {"tracepoint:sched:*", "tracepoint:sched:sched_switch\ntracepoint:sched:sched_waking\n"},
      {"t:sched:sched_switch", "tracepoint:sched:sched_switch\n"},
      {"Tracepoint:*:sys_*", "tracepoint:syscalls:sys_enter_open\n"},
      {"tracepoint:sys*", "tracepoint:syscalls:sys_enter_open\n"},
      {"tracepoint:sched", ""},
      {"tracepoint:nomatch:*", ""},
      {"rawtracepoint:sched_sw*", "rawtracepoint:vmlinux:sched_switch\n"},
      {"rt:vmlinux:sched_switch", "rawtracepoint:vmlinux:sched_switch\n"},
      {"rt:ext4:sched_switch", ""},
      {"kprobe:vfs_*", "kprobe:vfs_read\n"},
      {"k:ext4:*", "kprobe:ext4:ext4_open\n"},
      {"kr:vfs_read", "kretprobe:vfs_read\n"},
      {"fentry:vfs_*", "fentry:vmlinux:vfs_read\n"},
      {"fentry:ext4:*", "fentry:ext4:ext4_open\n"},
      {"fexit:*:*_o*", "fexit:ext4:ext4_open\n"},
      {"kretfunc:vmlinux:vfs_read", "fexit:vmlinux:vfs_read\n"},
      {"iter:task*", "iter:task\niter:task_file\n"},
      {"uprobe:libc:mall*", "uprobe:/lib/libc.so.6:malloc\nuprobe:/lib/libc.so.6:mallopt\n"},
      {"uretprobe:libc:free", "uretprobe:/lib/libc.so.6:free\n"},
      {"uprobe:/nope:main", ""},
      {"software:cs", ""},
      {"software:cs:", "software:cs:\n"},
      {"s:cpu*", "software:cpu-clock:\nsoftware:cpu-migrations:\nsoftware:cpu:\n"},
      {"hardware:*cycles:", "hardware:bus-cycles:\nhardware:cpu-cycles:\nhardware:cycles:\nhardware:ref-cycles:\n"},
      {"interval:*", "interval:hz:\ninterval:ms:\ninterval:s:\ninterval:us:\n"},
      {"profile:hz:", "profile:hz:\n"},
      {"begin", ""},
      {"struct nod*", "struct node\nstruct nodule\n"},
      {"enum colour", "enum colour\n"},
      {"union nope", ""},
      {"t:sched:sched_switch, software:cs*", "tracepoint:sched:sched_switch\nsoftware:cs:\n"},
      {"tpoint:*", "ERROR: unknown probe type `tpoint`\n"},
      {"uprobe:*", "ERROR: a list of `uprobe` probes needs a program or library\n"},
      {"usdt:libc:*",
       "usdt:/lib/libc.so.6:libc:longjmp\nusdt:/lib/libc.so.6:libc:setjmp\nusdt:/lib/libc.so.6:rtld:init\n"},
      {"U:libc:*jmp", "usdt:/lib/libc.so.6:libc:longjmp\nusdt:/lib/libc.so.6:libc:setjmp\n"},
      {"fentry:bpf:*", "fentry:bpf:12:xdp_pass\n"},
      {"usdt:libc:r*:*", "usdt:/lib/libc.so.6:rtld:init\n"},
      {"usdt:/nope:*", ""},
      {"usdt:*", "ERROR: a list of `usdt` probes needs a program or library\n"},
  };
  SampleTarget target;
  for (const Row& row : kRows) EXPECT_EQ(list(target, row.pattern), row.text) << row.pattern;
}

TEST(ListingTest, SearchesAllKernelProbes) {
  constexpr Row kRows[] = {
      {"sched_switch", "rawtracepoint:vmlinux:sched_switch\ntracepoint:sched:sched_switch\n"},
      {"*switch",
       "fentry:vmlinux:do_switch\nkprobe:do_switch\nrawtracepoint:vmlinux:sched_switch\ntracepoint:sched:sched_"
       "switch\n"},
      {"vfs_read", "fentry:vmlinux:vfs_read\nkprobe:vfs_read\n"},
      {"*:vfs_read", "fentry:vmlinux:vfs_read\nkprobe:vfs_read\n"},
      {"*tracepoint:sched_waking", "rawtracepoint:vmlinux:sched_waking\ntracepoint:sched:sched_waking\n"},
      {"s*:cs*", "software:cs:\n"},
      {"interval", ""},
      {"nothing", ""},
  };
  SampleTarget target;
  for (const Row& row : kRows) EXPECT_EQ(list(target, row.pattern), row.text) << row.pattern;
  std::string all = list(target, "");
  EXPECT_EQ(all.substr(0, all.find('\n')), "fentry:ext4:ext4_open");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 3 + 12 + 2 + 2 + 2 + 14 + 3);
}

TEST(ListingTest, ShowsArguments) {
  constexpr Row kRows[] = {
      {"t:sched:sched_switch", "tracepoint:sched:sched_switch\n    char prev_comm[16]\n    pid_t prev_pid\n"},
      {"rt:sched_switch", "rawtracepoint:vmlinux:sched_switch\n    bool preempt\n"},
      {"usdt:libc:longjmp", "usdt:/lib/libc.so.6:libc:longjmp\n    arg0 uint64\n    arg1 int32\n    arg2 uint64\n"},
      {"usdt:libc:setjmp", "usdt:/lib/libc.so.6:libc:setjmp\n    arg0 float32\n    arg1 int16\n"},
      {"f:vfs_read", "fentry:vmlinux:vfs_read\n    struct file * file\n    bool (*)(int, void *) done\n"},
      {"fr:do_switch",
       "fexit:vmlinux:do_switch\n    struct file * file\n    bool (*)(int, void *) done\n    ssize_t retval\n"},
      {"k:vfs_read", "kprobe:vfs_read\n    struct file * arg0\n    bool (*)(int, void *) arg1\n"},
      {"kr:vfs_read", "kretprobe:vfs_read\n    ssize_t retval\n"},
      {"struct nod*", "vmlinux: struct node {\n\tint x;\n};\n\nvmlinux: struct nodule {\n\tint x;\n};\n\n"},
      {"struct nope", ""},
      {"iter:task", "iter:task\n    struct task_struct * task\n"},
      {"s:cs:", "software:cs:\n"},
  };
  SampleTarget target;
  for (const Row& row : kRows) EXPECT_EQ(list(target, row.pattern, true), row.text) << row.pattern;
}

TEST(ListingTest, SaysWhatTheMachineKeepsBack) {
  SampleTarget target;
  target.has_tracefs = false;
  target.has_kprobes = false;
  EXPECT_EQ(list(target, "t:sched:*"), "ERROR: no permission\n");
  EXPECT_EQ(list(target, "sys_enter_open"), "ERROR: no permission\n");
  EXPECT_EQ(list(target, "k:vfs_read"), "ERROR: this kernel was built without CONFIG_KPROBES\n");
  EXPECT_EQ(list(target, "sched_switch"), "rawtracepoint:vmlinux:sched_switch\n");
  EXPECT_EQ(list(target, "*:vfs_read"), "fentry:vmlinux:vfs_read\n");
  EXPECT_EQ(list(target, "kprobe:vfs_*,software:cs:"), "ERROR: this kernel was built without CONFIG_KPROBES\n");
}

TEST(PerfEventsTest, AreFoundByNameAndAlias) {
  const PerfEventRow* cs = find_perf_event(software_events(), "cs");
  ASSERT_NE(cs, nullptr);
  EXPECT_EQ(cs->name, "context-switches");
  EXPECT_EQ(cs->default_count, 1000U);
  EXPECT_EQ(cs->config, 3U);  // PERF_COUNT_SW_CONTEXT_SWITCHES, linux/perf_event.h
  EXPECT_EQ(find_perf_event(hardware_events(), "branches")->config, 4U);
  EXPECT_EQ(find_perf_event(software_events(), ""), nullptr);
  EXPECT_EQ(find_perf_event(hardware_events(), "cs"), nullptr);
}

TEST(MachineListingTest, ListsThisMachine) {
  auto target = make_target();
  auto raw = list_probes(*target, "rawtracepoint:sched_switch", true);
  ASSERT_TRUE(raw.ok()) << raw.error().message;
  if (target->has_btf()) {
    EXPECT_NE(raw.value().find("    struct task_struct * next\n"), std::string::npos) << raw.value();
    EXPECT_EQ(list_probes(*target, "iter:task_file", true).value(),
              "iter:task_file\n    struct task_struct * task\n    u32 fd\n    struct file * file\n");
    EXPECT_TRUE(
        list_probes(*target, "struct list_head", true)
            .value()
            .starts_with("vmlinux: struct list_head {\n\tstruct list_head *next;\n\tstruct list_head *prev;\n};\n"));
  }
  auto shell = list_probes(*target, "uprobe:/bin/sh:*", false);
  ASSERT_TRUE(shell.ok());
  auto open = list_probes(*target, "t:syscalls:sys_enter_openat", true);
  if (!open.ok()) GTEST_SKIP() << open.error().message;
  EXPECT_TRUE(open.value().starts_with("tracepoint:syscalls:sys_enter_openat\n    int __syscall_nr\n")) << open.value();
  EXPECT_NE(open.value().find("    const char * filename\n"), std::string::npos);
}

}  // namespace
}  // namespace hawk
