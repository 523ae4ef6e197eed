// Tracepoint formats from a fixed text, and every event of this kernel where tracefs can be read.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "runtime/syscall_events.h"
#include "runtime/target.h"
#include "runtime/tracefs.h"
#include "runtime/tracepoint_format.h"

namespace hawk {
namespace {

constexpr const char* kFormat = R"(name: sample
ID: 42
format:
	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
	field:int common_pid;	offset:4;	size:4;	signed:1;

	field:char comm[16];	offset:8;	size:16;	signed:0;
	field:pid_t pid;	offset:24;	size:4;	signed:1;
	field:bool on;	offset:28;	size:1;	signed:0;
	field:umode_t mode;	offset:32;	size:8;	signed:0;
	field:const char * filename;	offset:40;	size:8;	signed:0;
	field:const char *const * argv;	offset:48;	size:8;	signed:0;
	field:struct sockaddr * address;	offset:56;	size:8;	signed:0;
	field:const void *const data;	offset:64;	size:8;	signed:0;
	field:void* caller;	offset:72;	size:8;	signed:0;
	field:__data_loc char[] name;	offset:80;	size:4;	signed:0;
	field:__rel_loc char[] late;	offset:84;	size:4;	signed:0;
	field:__u8 saddr[4];	offset:88;	size:4;	signed:0;
	field:unsigned long args[6];	offset:96;	size:48;	signed:0;
	field:enum colour colour;	offset:144;	size:4;	signed:1;
	field:enum unknown other;	offset:148;	size:4;	signed:0;
	field:sigset_t * set;	offset:152;	size:8;	signed:0;
	field:struct pair pair;	offset:160;	size:16;	signed:0;
	field:struct odd odd;	offset:176;	size:24;	signed:0;
	field:dev_t dev;	offset:200;	size:4;	signed:0;
	field:unsigned char mac[ETH_ALEN];	offset:204;	size:6;	signed:0;

print fmt: "field:int not_a_field; %d", REC->pid
)";

// The types only BTF knows.
std::optional<Type> sample_types(std::string_view name) {
  Type type = int_type(4, false);
  if (name == "enum colour") {
    type.kind = TypeKind::kEnum;
    type.name = "enum colour";
    return type;
  }
  type.kind = TypeKind::kStruct;
  type.name = name == "sigset_t" ? "" : std::string(name);
  type.size = name == "sigset_t" ? 8 : 16;
  if (name == "sigset_t" || name == "struct pair" || name == "struct odd") return type;
  return std::nullopt;
}

const Field* get(const TracepointFormat& format, std::string_view name) {
  for (const Field& field : format.fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

TEST(TracepointFormatTest, TypesEveryField) {
  TracepointFormat format = to_tracepoint_format(parse_format(kFormat), AddressSpace::kUser, sample_types);
  struct Row {
    const char* name;
    const char* type;
    unsigned offset;
  };
  constexpr Row kRows[] = {
      {"common_type", "uint16", 0}, {"common_pid", "int32", 4},   {"comm", "int8[16]", 8},
      {"pid", "int32", 24},         {"on", "bool", 28},           {"mode", "uint64", 32},
      {"filename", "int8 *", 40},   {"argv", "int8 * *", 48},     {"address", "struct sockaddr *", 56},
      {"data", "void *", 64},       {"caller", "void *", 72},     {"name", "int8[0]", 80},
      {"saddr", "uint8[4]", 88},    {"args", "uint64[6]", 96},    {"colour", "enum colour", 144},
      {"other", "uint32", 148},     {"pair", "struct pair", 160}, {"odd", "uint8[24]", 176},
      {"dev", "uint32", 200},       {"mac", "uint8[6]", 204},
  };
  for (const Row& row : kRows) {
    const Field* field = get(format, row.name);
    ASSERT_NE(field, nullptr) << row.name;
    EXPECT_EQ(type_name(field->type), row.type) << row.name;
    EXPECT_EQ(field->offset, row.offset) << row.name;
  }
  EXPECT_EQ(format.fields.size(), std::size(kRows) + 1);  // and `set`
  EXPECT_EQ(get(format, "set")->type.element->size, 8U);
}

TEST(TracepointFormatTest, MarksWhereDataLies) {
  TracepointFormat user = to_tracepoint_format(parse_format(kFormat), AddressSpace::kUser, sample_types);
  EXPECT_TRUE(get(user, "name")->data_loc);
  EXPECT_FALSE(get(user, "comm")->data_loc);
  EXPECT_EQ(get(user, "late"), nullptr);
  EXPECT_EQ(get(user, "filename")->type.space, AddressSpace::kUser);
  EXPECT_EQ(get(user, "argv")->type.element->space, AddressSpace::kUser);
  TracepointFormat kernel = to_tracepoint_format(parse_format(kFormat), AddressSpace::kKernel, sample_types);
  EXPECT_EQ(get(kernel, "filename")->type.space, AddressSpace::kKernel);
}

TEST(TracepointFormatTest, KeepsDeclarationsAsTheyAreWritten) {
  std::vector<FormatField> fields = parse_format(kFormat);
  ASSERT_EQ(fields.size(), 22U);
  EXPECT_TRUE(is_common_field(fields[0]));
  EXPECT_FALSE(is_common_field(fields[2]));
  EXPECT_EQ(fields[2].declaration, "char comm[16]");
  EXPECT_EQ(fields[7].declaration, "const char *const * argv");
  EXPECT_EQ(fields[11].declaration, "__data_loc char[] name");
}

TEST(TracepointFormatTest, AsksForTypesOnlyWhereItMust) {
  auto never = [](std::string_view name) -> std::optional<Type> {
    ADD_FAILURE() << "asked for " << name;
    return std::nullopt;
  };
  constexpr const char* kPlain =
      "\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
      "\tfield:dev_t dev;\toffset:24;\tsize:4;\tsigned:0;\n"
      "\tfield:const char * filename;\toffset:32;\tsize:8;\tsigned:0;\n"
      "\tfield:struct task_struct * task;\toffset:40;\tsize:8;\tsigned:0;\n";
  EXPECT_EQ(to_tracepoint_format(parse_format(kPlain), AddressSpace::kKernel, never).fields.size(), 4U);
}

class TracefsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!tracefs_.ok()) GTEST_SKIP() << tracefs_.error().message;
  }
  Result<Tracefs> tracefs_ = Tracefs::open();
};

TEST_F(TracefsTest, NumbersEvents) {
  auto id = tracefs_.value().event_id("sched", "sched_switch");
  ASSERT_TRUE(id.ok()) << id.error().message;
  EXPECT_GT(id.value(), 0);
  auto unknown = tracefs_.value().event_id("sched", "sched_nope");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message, "no such tracepoint: `sched:sched_nope`");
}

TEST_F(TracefsTest, FieldsHaveTheSizeThatTheKernelStates) {
  auto target = make_target();
  auto events = target->match_tracepoints("*", "*");
  ASSERT_TRUE(events.ok());
  EXPECT_GT(events.value().size(), 100U);
  for (const std::string& event : events.value()) {
    std::size_t colon = event.find(':');
    std::string category = event.substr(0, colon);
    std::string name = event.substr(colon + 1);
    auto text = tracefs_.value().read("events/" + category + "/" + name + "/format");
    auto format = target->tracepoint_format(category, name);
    ASSERT_TRUE(text.ok() && format.ok()) << event;
    for (const FormatField& stated : parse_format(text.value())) {
      const Field* field = get(format.value(), stated.name);
      if (stated.rel_loc) continue;
      ASSERT_NE(field, nullptr) << event << " " << stated.declaration;
      if (!stated.data_loc) {
        EXPECT_EQ(field->type.size, stated.size) << event << " " << stated.declaration;
      }
    }
  }
}

TEST_F(TracefsTest, MatchesCategoryAndEventApart) {
  auto target = make_target();
  auto opens = target->match_tracepoints("syscalls", "sys_enter_open*");
  ASSERT_TRUE(opens.ok());
  if (opens.value().empty()) GTEST_SKIP() << "this kernel has no syscall tracepoints";
  for (const std::string& event : opens.value()) EXPECT_TRUE(event.starts_with("syscalls:sys_enter_open")) << event;
  EXPECT_TRUE(target->match_tracepoints("sys", "*").value().empty());
  using Names = std::vector<std::string>;
  EXPECT_EQ(target->match_tracepoints("sched", "sched_switch").value(), Names{"sched:sched_switch"});
  EXPECT_EQ(target->match_tracepoints("sched", "sched_nope").value(), Names{});
  EXPECT_EQ(target->match_tracepoints("sched", "").value(), Names{});
  auto format = target->tracepoint_format("syscalls", "sys_enter_openat");
  ASSERT_TRUE(format.ok());
  EXPECT_EQ(get(format.value(), "filename")->type.space, AddressSpace::kUser);
  EXPECT_FALSE(target->tracepoint_format("syscalls", "sys_enter_nope").ok());
}

TEST(SyscallEvents, KnowNamesNumbersAndArguments) {
  std::optional<SyscallEvent> openat = find_syscall_event("sys_enter_openat");
  ASSERT_TRUE(openat);
  EXPECT_EQ(openat->number, 257);
  EXPECT_EQ(syscall_event_format(*openat),
            "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
            "\tfield:int dfd;\toffset:16;\tsize:8;\tsigned:0;\n"
            "\tfield:const char * filename;\toffset:24;\tsize:8;\tsigned:0;\n"
            "\tfield:int flags;\toffset:32;\tsize:8;\tsigned:0;\n"
            "\tfield:umode_t mode;\toffset:40;\tsize:8;\tsigned:0;\n");
  std::optional<SyscallEvent> stat = find_syscall_event("sys_exit_newstat");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->number, 4);
  EXPECT_EQ(syscall_event_format(*stat),
            "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
            "\tfield:long ret;\toffset:16;\tsize:8;\tsigned:1;\n");
  for (const char* wrong : {"sys_enter_", "openat", "sys_enter_nonsense", "sys_exit_zzz", "", "sys_enter_openat3"})
    EXPECT_FALSE(find_syscall_event(wrong)) << wrong;
}

// The table against the events that this machine's kernel does have. Types differ a little between versions.
TEST(SyscallEvents, AgreeWithThisKernel) {
  Result<Tracefs> tracefs = Tracefs::open();
  if (!tracefs.ok() || !tracefs.value().has_own_event("syscalls", "sys_enter_read")) GTEST_SKIP() << "no such events";
  std::size_t compared = 0;
  for (const std::string& name : all_syscall_events()) {
    std::string event = name.substr(name.find(':') + 1);
    if (!tracefs.value().has_own_event("syscalls", event)) continue;
    Result<std::string> format = tracefs.value().format("syscalls", event);
    ASSERT_TRUE(format.ok());
    std::vector<FormatField> theirs = parse_format(format.value());
    std::erase_if(theirs, [](const FormatField& field) { return is_common_field(field) || field.data_loc; });
    std::vector<FormatField> ours = parse_format(syscall_event_format(*find_syscall_event(event)));
    ASSERT_GE(ours.size(), theirs.size()) << name << ": newer kernels may have more";
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      EXPECT_EQ(ours[i].name, theirs[i].name) << name;
      EXPECT_EQ(ours[i].offset, theirs[i].offset) << name;
      EXPECT_EQ(ours[i].size, theirs[i].size) << name;
    }
    ++compared;
  }
  EXPECT_GT(compared, 600U);
}

}  // namespace
}  // namespace hawk
