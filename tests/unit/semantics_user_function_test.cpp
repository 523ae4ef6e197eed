// Arguments of user functions: where the calling convention puts them, and when debug information is asked for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "semantics/argument_places.h"
#include "semantics_fixture.h"

namespace hawk {
namespace {

using Word = Passing::Word;

std::string text(const ArgumentPlace& place) {
  if (const auto* registers = std::get_if<InRegisters>(&place))
    return fmt::format("{}", fmt::join(registers->names, "+"));
  if (const auto* stack = std::get_if<OnStack>(&place)) return fmt::format("{}(sp)", stack->offset);
  if (const auto* fixed = std::get_if<FixedArgument>(&place)) return fmt::format("${}", fixed->value);
  return "none";
}

// Each letter is an argument: i an integer, f a floating-point value, w two integer words, m one of each, v a vector of
// 16 bytes, r a reference, e an empty struct, L a struct of 24 bytes, A one of 32 bytes that is aligned to 32.
UserParameter parameter(char letter) {
  UserParameter result{.name = std::string(1, letter), .type = int_type(4, true), .passing = {}};
  switch (letter) {
    case 'i': result.passing.words = {Word::kInteger}; break;
    case 'f': result.passing.words = {Word::kFloat}; break;
    case 'w': result.passing.words = {Word::kInteger, Word::kInteger}; break;
    case 'm': result.passing.words = {Word::kInteger, Word::kFloat}; break;
    case 'v': result.passing = {.words = {Word::kFloat, Word::kUpperHalf}, .align = 16}; break;
    case 'r': result.passing = {.kind = Passing::Kind::kReference, .words = {Word::kInteger}}; break;
    case 'e': result.passing.kind = Passing::Kind::kNothing; break;
    case 'L':
      result.passing.kind = Passing::Kind::kMemory;
      result.type = array_type(int_type(8, true), 3);
      break;
    case 'A':
      result.passing = {.kind = Passing::Kind::kMemory, .words = {}, .align = 32};
      result.type = array_type(int_type(8, true), 4);
      break;
    default: break;
  }
  return result;
}

std::string places(const std::string& letters, Passing::Kind result = Passing::Kind::kRegisters) {
  UserFunction function{.name = "f", .parameters = {}, .result = {.kind = result}};
  for (char letter : letters) function.parameters.push_back(parameter(letter));
  std::vector<std::string> texts;
  for (const ArgumentPlace& place : argument_places(function)) texts.push_back(text(place));
  return fmt::format("{}", fmt::join(texts, " "));
}

TEST(ArgumentPlacesTest, FollowTheCallingConvention) {
  struct Row {
    const char* letters;
    const char* places;
  };
  constexpr Row kRows[] = {
      {"", ""},
      {"iiiiii", "di si dx cx r8 r9"},
      {"iiiiiiii", "di si dx cx r8 r9 8(sp) 16(sp)"},
      {"fifi", "xmm0 di xmm1 si"},
      {"fffffffffi", "xmm0 xmm1 xmm2 xmm3 xmm4 xmm5 xmm6 xmm7 8(sp) di"},
      {"wim", "di+si dx cx+xmm0"},
      // What does not fit as a whole goes onto the stack, and later ones still use what is left.
      {"iiiiiwi", "di si dx cx r8 8(sp) r9"},
      {"Lii", "8(sp) di si"},
      {"LiL", "8(sp) di 32(sp)"},
      {"LAi", "8(sp) 40(sp) di"},
      {"vvi", "xmm0+xmm0 xmm1+xmm1 di"},
      {"reri", "di none si dx"},
      {"iiiiiir", "di si dx cx r8 r9 8(sp)"},
  };
  for (const Row& row : kRows) EXPECT_EQ(places(row.letters), row.places) << row.letters;
  EXPECT_EQ(places("i", Passing::Kind::kMemory), "si");
  EXPECT_EQ(places("i", Passing::Kind::kReference), "si");
}

TEST(ArgumentPlacesTest, BelieveDebugInformation) {
  UserFunction function{.name = "f", .parameters = {parameter('i'), parameter('i'), parameter('i')}, .result = {}};
  function.parameters[1].place = InRegisters{{"bx"}};
  EXPECT_EQ(text(argument_places(function)[1]), "bx");
  EXPECT_EQ(text(argument_places(function)[2]), "dx");
  function.own_convention = true;
  EXPECT_EQ(text(argument_places(function)[0]), "none");
  EXPECT_EQ(text(argument_places(function)[1]), "bx");
}

class UserFunctionTest : public testing::Test {
 protected:
  UserFunctionTest() {
    target_.binaries["/bin/x"] = {{.name = "f", .address = 0x100, .file_offset = 0x100, .size = 16},
                                  {.name = "g", .address = 0x200, .file_offset = 0x200, .size = 16}};
    Type node;
    node.kind = TypeKind::kStruct;
    node.name = "struct node";
    node.size = 8;
    node.origin = 7;
    UserParameter pointer{.name = "p", .type = pointer_type(node, AddressSpace::kUser), .passing = {}};
    pointer.passing.words = {Word::kInteger};
    target_.user_functions[{"/bin/x", 0x100}] = {.name = "f", .parameters = {pointer}, .result = {}};
    target_.user_structs[7] = with_field(node, "of_program");
    node.origin = 0;
    target_.types["struct node"] = with_field(node, "of_kernel");
    target_.user_types["struct node"] = target_.user_structs[7];
  }

  static Type with_field(Type type, const char* name) {
    auto def = std::make_shared<StructDef>();
    def->fields.push_back({.name = name, .type = int_type(8, false)});
    type.def = std::move(def);
    return type;
  }

  FakeTarget target_;
};

TEST_F(UserFunctionTest, FindsStructsWhereTheyAreDefined) {
  EXPECT_EQ(Checked("uprobe:/bin/x:f { print(args.p->of_program); }", target_).messages(), "");
  EXPECT_EQ(Checked("uprobe:/bin/x:f { print(args.p->of_kernel); }", target_).messages(),
            "`struct node` has no field `of_kernel`");
}

// By cast: those of the program where it reads arguments by name, else those of the kernel.
TEST_F(UserFunctionTest, ResolvesNamesByWhatTheClauseReads) {
  EXPECT_EQ(Checked("uprobe:/bin/x:f /args.p != 0/ { print(((struct node *)arg1)->of_program); }", target_).messages(),
            "");
  EXPECT_EQ(Checked("uprobe:/bin/x:f { print(((struct node *)arg1)->of_kernel); }", target_).messages(), "");
}

TEST_F(UserFunctionTest, AsksForDebugInformationOnlyWhereItIsNeeded) {
  EXPECT_EQ(
      Checked("uprobe:/bin/x:* { print((arg0, func, pid, sizeof(struct node), (uint64)arg1)); }", target_).messages(),
      "");
  EXPECT_EQ(target_.debug_questions, 0);
}

TEST_F(UserFunctionTest, EachFunctionOfAWildcardHasItsOwn) {
  EXPECT_EQ(Checked("uprobe:/bin/x:* { print(args.p); }", target_).messages(),
            "the arguments of `g` are not known: `/bin/x` has no debug information");
}

}  // namespace
}  // namespace hawk
