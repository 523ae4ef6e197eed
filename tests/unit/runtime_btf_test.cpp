// Kernel types as hawk's Type: on BTF made here for exact expectations, and on this kernel's own.
#include <bpf/btf.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "runtime/basic_types.h"
#include "runtime/btf_declarations.h"
#include "runtime/btf_file.h"
#include "runtime/btf_types.h"
#include "runtime/target.h"

namespace hawk {
namespace {

// A small kernel. Ids are given in order, from 1.
struct SampleBtf {
  btf* raw = btf__new_empty();
  int integer = btf__add_int(raw, "int", 4, BTF_INT_SIGNED);
  int character = btf__add_int(raw, "char", 1, 0);
  int boolean = btf__add_int(raw, "_Bool", 1, BTF_INT_BOOL);
  int u32 = btf__add_int(raw, "unsigned int", 4, 0);
  int u64 = btf__add_int(raw, "long unsigned int", 8, 0);

  SampleBtf() {
    add_node();
    add_enums();
    add_flags();
    add_pointers();
    add_functions();
  }

  // struct node { struct node *next; char comm[16]; int grid[2][3]; union { int a; u64 b; }; const volatile _Bool on; }
  void add_node() {
    int array = btf__add_array(raw, u32, character, 16);
    int inner = btf__add_array(raw, u32, integer, 3);
    int grid = btf__add_array(raw, u32, inner, 2);
    int either = btf__add_union(raw, nullptr, 8);
    btf__add_field(raw, "a", integer, 0, 0);
    btf__add_field(raw, "b", u64, 0, 0);
    int qualified = btf__add_const(raw, btf__add_volatile(raw, boolean));
    node = btf__add_struct(raw, "node", 64);
    btf__add_field(raw, "next", node + 1, 0, 0);
    btf__add_field(raw, "comm", array, 64, 0);
    btf__add_field(raw, "grid", grid, 192, 0);
    btf__add_field(raw, nullptr, either, 384, 0);
    btf__add_field(raw, "on", qualified, 448, 0);
    node_pointer = btf__add_ptr(raw, node);
    btf__add_typedef(raw, "node_t", node);
  }

  void add_enums() {
    btf__add_enum(raw, "colour", 4);
    btf__add_enum_value(raw, "RED", 0);
    btf__add_enum_value(raw, "BLUE", 7);
    btf__add_enum64(raw, "wide", 8, false);
    btf__add_enum64_value(raw, "HUGE_VALUE", 0x100000002ULL);
    btf__add_enum64(raw, "sign", 8, true);
    btf__add_enum64_value(raw, "MINUS", static_cast<std::uint64_t>(-3));
  }

  // Ordinary bit fields, and a packed struct of 3 bytes with one that no unit of its own type holds.
  void add_flags() {
    btf__add_struct(raw, "flags", 8);
    btf__add_field(raw, "low", u32, 0, 3);
    btf__add_field(raw, "high", u32, 3, 29);
    btf__add_field(raw, "next", u32, 32, 1);
    btf__add_field(raw, "yes", boolean, 33, 1);
    btf__add_struct(raw, "packed", 3);
    btf__add_field(raw, "first", character, 0, 0);
    btf__add_field(raw, "rest", u32, 12, 10);
  }

  void add_pointers() {
    int hidden = btf__add_struct(raw, nullptr, 4);
    btf__add_field(raw, "x", integer, 0, 0);
    int hidden_t = btf__add_typedef(raw, "hidden_t", hidden);
    int user_char = btf__add_ptr(raw, btf__add_type_tag(raw, "user", character));
    int nothing = btf__add_ptr(raw, 0);
    int function = btf__add_ptr(raw, btf__add_func_proto(raw, integer));
    int declared = btf__add_ptr(raw, btf__add_fwd(raw, "opaque", BTF_FWD_STRUCT));
    int to_hidden = btf__add_ptr(raw, hidden_t);
    int to_pointer = btf__add_ptr(raw, node_pointer);
    btf__add_struct(raw, "pointers", 48);
    btf__add_field(raw, "text", user_char, 0, 0);
    btf__add_field(raw, "data", nothing, 64, 0);
    btf__add_field(raw, "call", function, 128, 0);
    btf__add_field(raw, "opaque", declared, 192, 0);
    btf__add_field(raw, "hidden", to_hidden, 256, 0);
    btf__add_field(raw, "nodes", to_pointer, 320, 0);
  }

  void add_functions() {
    int void_pointer = btf__add_ptr(raw, 0);
    int prototype = btf__add_func_proto(raw, u64);
    btf__add_func_param(raw, "node", node_pointer);
    btf__add_func_param(raw, "count", u32);
    btf__add_func_param(raw, nullptr, 0);  // `...`
    btf__add_func(raw, "walk", BTF_FUNC_STATIC, prototype);
    int traced = btf__add_func_proto(raw, integer);
    btf__add_func_param(raw, "__data", void_pointer);
    btf__add_func_param(raw, "prev", node_pointer);
    btf__add_func(raw, "__traceiter_switch", BTF_FUNC_STATIC, traced);
    int unnamed = btf__add_func_proto(raw, 0);
    btf__add_func_param(raw, nullptr, void_pointer);
    btf__add_func_param(raw, nullptr, u32);
    btf__add_typedef(raw, "btf_trace_old", btf__add_ptr(raw, unnamed));
  }

  int node = 0;
  int node_pointer = 0;
};

class BtfTypesTest : public testing::Test {
 protected:
  Type get(std::string_view name) {
    std::optional<Type> type = types_.find_type(name);
    EXPECT_TRUE(type.has_value()) << name;
    return type.value_or(error_type());
  }

  Field field(std::string_view type, std::string_view name) {
    Type parent = get(type);
    FoundField found = find_field(*parent.def, name);
    EXPECT_NE(found.field, nullptr) << type << "." << name;
    if (found.field == nullptr) return {};
    Field result = *found.field;
    result.offset = found.offset;
    return result;
  }

  BtfFile file_{SampleBtf().raw};
  BtfTypes types_{file_};
};

TEST_F(BtfTypesTest, NamesScalars) {
  struct Row {
    const char* name;
    const char* type;
  };
  for (Row row : {Row{"int", "int32"}, Row{"char", "int8"}, Row{"_Bool", "bool"}, Row{"long unsigned int", "uint64"},
                  Row{"struct node", "struct node"}, Row{"node_t", "struct node"}, Row{"enum colour", "enum colour"}}) {
    EXPECT_EQ(type_name(get(row.name)), row.type) << row.name;
  }
}

TEST_F(BtfTypesTest, DoesNotFindWhatIsNotThere) {
  for (const char* name :
       {"struct nope", "union node", "struct colour", "nope", "struct opaque", "opaque", "walk", ""}) {
    EXPECT_FALSE(types_.find_type(name).has_value()) << name;
  }
}

TEST_F(BtfTypesTest, LaysOutAStruct) {
  Type node = get("struct node");
  EXPECT_EQ(node.size, 64U);
  EXPECT_EQ(node.align, 8U);
  struct Row {
    const char* field;
    const char* type;
    unsigned offset;
  };
  for (Row row : {Row{"next", "struct node *", 0}, Row{"comm", "int8[16]", 8}, Row{"a", "int32", 48},
                  Row{"b", "uint64", 48}, Row{"on", "bool", 56}}) {
    Field found = field("struct node", row.field);
    EXPECT_EQ(found.offset, row.offset) << row.field;
    EXPECT_EQ(type_name(found.type), row.type) << row.field;
  }
  Type grid = field("struct node", "grid").type;
  EXPECT_EQ(field("struct node", "grid").offset, 24U);
  EXPECT_EQ(grid.count, 2U);
  EXPECT_EQ(grid.element->count, 3U);
  EXPECT_EQ(grid.size, 24U);
}

TEST_F(BtfTypesTest, PlacesBitFieldsInTheirUnits) {
  struct Row {
    const char* type;
    const char* field;
    unsigned offset, size, bit_offset, bit_width;
  };
  for (Row row : {Row{"struct flags", "low", 0, 4, 0, 3}, Row{"struct flags", "high", 0, 4, 3, 29},
                  Row{"struct flags", "next", 4, 4, 0, 1}, Row{"struct flags", "yes", 4, 1, 1, 1},
                  Row{"struct packed", "first", 0, 1, 0, 0}, Row{"struct packed", "rest", 1, 2, 4, 10}}) {
    Field found = field(row.type, row.field);
    EXPECT_EQ(found.offset, row.offset) << row.field;
    EXPECT_EQ(found.type.size, row.size) << row.field;
    EXPECT_EQ(found.bit_offset, row.bit_offset) << row.field;
    EXPECT_EQ(found.bit_width, row.bit_width) << row.field;
  }
}

TEST_F(BtfTypesTest, PointersNameTheirStructs) {
  Type next = field("struct node", "next").type;
  EXPECT_EQ(next.space, AddressSpace::kKernel);
  EXPECT_EQ(next.element->name, "struct node");
  EXPECT_EQ(next.element->def, nullptr);
  EXPECT_EQ(field("struct pointers", "text").type.space, AddressSpace::kUser);
  EXPECT_EQ(type_name(*field("struct pointers", "text").type.element), "int8");
  EXPECT_EQ(field("struct pointers", "data").type.element->kind, TypeKind::kNone);
  EXPECT_EQ(field("struct pointers", "call").type.element->kind, TypeKind::kNone);
  EXPECT_EQ(field("struct pointers", "opaque").type.element->name, "struct opaque");
  Type nodes = field("struct pointers", "nodes").type;
  EXPECT_EQ(type_name(nodes), "struct node * *");
  EXPECT_EQ(nodes.element->element->def, nullptr);
  EXPECT_EQ(nodes.element->element->size, 64U);
  // Nobody could ask for an anonymous struct by name.
  ASSERT_NE(field("struct pointers", "hidden").type.element->def, nullptr);
  EXPECT_EQ(field("struct pointers", "hidden").type.element->def->fields.at(0).name, "x");
}

TEST_F(BtfTypesTest, FindsEnumerators) {
  struct Row {
    const char* name;
    const char* type;
    std::uint64_t value;
  };
  for (Row row :
       {Row{"RED", "enum colour", 0}, Row{"BLUE", "enum colour", 7}, Row{"HUGE_VALUE", "enum wide", 0x100000002},
        Row{"MINUS", "enum sign", static_cast<std::uint64_t>(-3)}}) {
    auto found = types_.find_enumerator(row.name);
    ASSERT_TRUE(found.has_value()) << row.name;
    EXPECT_EQ(found->first.name, row.type);
    EXPECT_EQ(found->second, row.value) << row.name;
  }
  EXPECT_TRUE(types_.find_enumerator("MINUS")->first.is_signed);
  EXPECT_FALSE(types_.find_enumerator("GREEN").has_value());
}

TEST_F(BtfTypesTest, DescribesFunctions) {
  auto walk = types_.find_function("walk");
  ASSERT_TRUE(walk.has_value());
  ASSERT_EQ(walk->parameters.size(), 2U);
  EXPECT_EQ(walk->parameters[0].name, "node");
  EXPECT_EQ(type_name(walk->parameters[0].type), "struct node *");
  EXPECT_EQ(type_name(walk->result), "uint64");
  EXPECT_FALSE(types_.find_function("node").has_value());
}

TEST_F(BtfTypesTest, DescribesRawTracepointsWithoutTheirHiddenArgument) {
  auto named = types_.raw_tracepoint("switch");
  ASSERT_TRUE(named.has_value());
  ASSERT_EQ(named->parameters.size(), 1U);
  EXPECT_EQ(named->parameters[0].name, "prev");
  auto old = types_.raw_tracepoint("old");
  ASSERT_TRUE(old.has_value());
  ASSERT_EQ(old->parameters.size(), 1U);
  EXPECT_EQ(type_name(old->parameters[0].type), "uint32");
  EXPECT_FALSE(types_.raw_tracepoint("nope").has_value());
}

TEST_F(BtfTypesTest, WritesDeclarations) {
  BtfDeclarations declarations(file_);
  std::uint32_t walk = file_.find("walk", btf_kinds({BTF_KIND_FUNC}));
  EXPECT_EQ(declarations.parameters(file_.type(walk).type, {.result = true}),
            (std::vector<std::string>{"struct node * node", "unsigned int count", "long unsigned int retval"}));
  std::uint32_t flags = file_.find("packed", btf_kinds({BTF_KIND_STRUCT}));
  std::uint32_t colour = file_.find("colour", btf_kinds({BTF_KIND_ENUM}));
  std::vector<std::string> texts = declarations.definitions({flags, colour});
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_TRUE(texts[0].starts_with("struct packed {\n\tchar first;\n")) << texts[0];
  EXPECT_EQ(texts[1], "enum colour {\n\tRED = 0,\n\tBLUE = 7,\n};");
}

TEST(BtfFileTest, SaysWhyThereIsNone) {
  auto missing = BtfFile::open("/nope/btf");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, "cannot read kernel types (BTF) from `/nope/btf`: No such file or directory");
  EXPECT_NE(missing.error().help.find("CONFIG_DEBUG_INFO_BTF"), std::string::npos);
  EXPECT_FALSE(BtfFile::open("/etc/passwd").ok());
}

TEST(BasicTypesTest, KnowsCIntegersInAnyOrderOfWords) {
  struct Row {
    const char* name;
    const char* type;  // "" for unknown
  };
  for (Row row : {Row{"int", "int32"},
                  Row{"unsigned", "uint32"},
                  Row{"long", "int64"},
                  Row{"unsigned long", "uint64"},
                  Row{"long unsigned int", "uint64"},
                  Row{"long long int", "int64"},
                  Row{"short unsigned int", "uint16"},
                  Row{"signed char", "int8"},
                  Row{"char", "int8"},
                  Row{"unsigned char", "uint8"},
                  Row{"bool", "bool"},
                  Row{"uint64_t", "uint64"},
                  Row{"__u32", "uint32"},
                  Row{"u8", "uint8"},
                  Row{"s16", "int16"},
                  Row{"size_t", "uint64"},
                  Row{"pid_t", "int32"},
                  Row{"void", "none"},
                  Row{"long char", ""},
                  Row{"unsigned signed", ""},
                  Row{"long long long", ""},
                  Row{"struct int", ""},
                  Row{"", ""},
                  Row{"dev_t", ""}}) {
    std::optional<Type> type = basic_type(row.name);
    if (*row.type == '\0') {
      EXPECT_FALSE(type.has_value()) << row.name;
    } else {
      ASSERT_TRUE(type.has_value()) << row.name;
      EXPECT_EQ(type_name(*type), row.type) << row.name;
    }
  }
}

TEST(KernelBtfTest, KnowsTheRunningKernel) {
  auto target = make_target();
  if (!target->has_btf()) GTEST_SKIP() << "this kernel has no BTF";
  auto task = target->find_type("struct task_struct");
  ASSERT_TRUE(task.has_value());
  FoundField comm = find_field(*task->def, "comm");
  ASSERT_NE(comm.field, nullptr);
  EXPECT_EQ(type_name(comm.field->type), "int8[16]");
  EXPECT_LT(comm.offset, task->size);
  EXPECT_EQ(type_name(find_field(*task->def, "parent").field->type), "struct task_struct *");
  auto tgid = target->find_enumerator("PIDTYPE_TGID");
  ASSERT_TRUE(tgid.has_value());
  EXPECT_EQ(tgid->first.name, "enum pid_type");
  EXPECT_EQ(tgid->second, 1U);
  auto read = target->find_kernel_function("vfs_read");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(type_name(read->parameters.at(0).type), "struct file *");
  auto sched_switch = target->raw_tracepoint_signature("sched_switch");
  ASSERT_TRUE(sched_switch.has_value());
  EXPECT_EQ(type_name(sched_switch->parameters.at(0).type), "bool");
  EXPECT_TRUE(target->has_kernel_helper("bpf_get_current_comm"));
  EXPECT_FALSE(target->has_kernel_helper("bpf_make_coffee"));
}

// Members lie inside their struct and do not overlap, whatever the compiler and the kernel's options.
void check_layout(const Type& type, const std::string& path) {
  for (const Field& field : type.def->fields) {
    std::string name = path + "." + field.name;
    EXPECT_LE(field.offset + field.type.size, type.size) << name;
    EXPECT_LE(field.bit_offset + field.bit_width, field.type.size * 8) << name;
    if (field.type.kind == TypeKind::kStruct && field.type.def) check_layout(field.type, name);
  }
}

TEST(KernelBtfTest, EveryStructHoldsItsMembers) {
  auto target = make_target();
  if (!target->has_btf()) GTEST_SKIP() << "this kernel has no BTF";
  std::vector<std::string> names = target->match_types("struct *");
  EXPECT_GT(names.size(), 1000U);
  for (const std::string& name : names) {
    auto type = target->find_type(name);
    ASSERT_TRUE(type.has_value()) << name;
    check_layout(*type, name);
  }
}

}  // namespace
}  // namespace hawk
