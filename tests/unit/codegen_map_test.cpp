// Maps: reading, writing, finding, deleting and exact adding, keyed and scalar.
#include "codegen_fixture.h"

namespace hawk::test {

namespace {

ExprPtr has_key(typed::MapId map, ExprPtr key) { return expr(bool_type(), typed::HasKey{map, std::move(key)}); }
ExprPtr delete_key(typed::MapId map, ExprPtr key) { return expr(bool_type(), typed::DeleteKey{map, std::move(key)}); }

ExprPtr add(typed::MapId map, ExprPtr key, std::int64_t delta, bool yields_new,
            std::optional<typed::EventId> full = std::nullopt) {
  return expr(kInt64, typed::AddToMap{map, std::move(key), unknown(delta), yields_new, full});
}

// Results of a sequence of expressions, in the order of evaluation.
class Sequence {
 public:
  void then(ExprPtr expression) { p.add(set_map(results, number(count++), convert(std::move(expression), kInt64))); }
  void skip(ExprPtr expression) { p.add(stmt(typed::Evaluate{std::move(expression)})); }
  std::vector<std::int64_t> run() {
    loaded = load(p);
    if (loaded == nullptr) return {};
    loaded->run();
    std::vector<std::int64_t> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(loaded->integer(results, i));
    return values;
  }

  Program p;
  typed::MapId results = p.add_map(kInt64, kInt64);
  std::int64_t count = 0;
  std::unique_ptr<Loaded> loaded;
};

using Values = std::vector<std::int64_t>;

}  // namespace

TEST(CodegenMap, KeyedValuesAreWrittenReadAndDeleted) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto map = s.p.add_map(kInt64, kInt64);
  s.then(read_map(map, unknown(5), kInt64));
  s.then(has_key(map, unknown(5)));
  s.p.add(set_map(map, unknown(5), unknown(50)));
  s.then(read_map(map, unknown(5), kInt64));
  s.then(has_key(map, unknown(5)));
  s.p.add(set_map(map, unknown(5), unknown(51)));
  s.then(read_map(map, unknown(5), kInt64));
  s.then(delete_key(map, unknown(5)));
  s.then(delete_key(map, unknown(5)));
  s.then(read_map(map, unknown(5), kInt64));
  EXPECT_EQ(s.run(), (Values{0, 0, 50, 1, 51, 1, 0, 0}));
}

TEST(CodegenMap, ScalarsKnowWhetherTheyWereWritten) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto map = s.p.add_scalar(kInt64);
  auto other = s.p.add_scalar(kInt64);
  s.then(has_key(map, nullptr));
  s.p.add(set_map(map, nullptr, unknown(0)));
  s.then(has_key(map, nullptr));
  s.then(delete_key(map, nullptr));
  s.then(has_key(map, nullptr));
  s.then(delete_key(map, nullptr));
  s.p.add(set_map(other, nullptr, unknown(9)));
  s.then(read_map(other, nullptr, kInt64));
  EXPECT_EQ(s.run(), (Values{0, 1, 1, 0, 0, 9}));
  EXPECT_FALSE(s.loaded->written(map));
  EXPECT_TRUE(s.loaded->written(other));
}

TEST(CodegenMap, AddingYieldsTheValueBeforeOrAfter) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto keyed = s.p.add_map(kInt64, kInt64);
  auto scalar = s.p.add_scalar(kInt64);
  for (bool is_keyed : {true, false}) {
    auto key = [&] { return is_keyed ? unknown(1) : nullptr; };
    typed::MapId map = is_keyed ? keyed : scalar;
    s.then(add(map, key(), 5, false));
    s.then(add(map, key(), -2, true));
    s.skip(add(map, key(), 10, true));
    s.then(read_map(map, key(), kInt64));
  }
  EXPECT_EQ(s.run(), (Values{0, 3, 13, 0, 3, 13}));
  EXPECT_TRUE(s.loaded->written(scalar));
}

// An atomic add whose result nobody wants needs no instruction that 5.10 does not have.
TEST(CodegenMap, UnusedAddDoesNotFetch) {
  Program p;
  auto map = p.add_scalar(kInt64);
  p.add(stmt(typed::Evaluate{add(map, nullptr, 1, true)}));
  std::string assembly = p.compile().value().assembly;
  EXPECT_NE(assembly.find("lock *(u64 *)"), std::string::npos) << assembly;
  EXPECT_EQ(assembly.find("atomic_fetch_add"), std::string::npos);
}

TEST(CodegenMap, AFullMapIsReported) {
  HAWK_NEEDS_BPF();
  Program p;
  auto map = p.add_map(kInt64, kInt64, 1);
  auto counts = p.add_map(kInt64, aggregation_type(TypeKind::kCount, false), 1);
  auto event = p.add_event(EventKind::kHelperError, {kInt64});
  p.checked.events[event].refuses = true;
  for (std::int64_t key : {1, 2}) {
    p.add(stmt(typed::Evaluate{add(map, unknown(key), 1, true, event)}));
    p.add(stmt(typed::SetMap{map, unknown(key), unknown(7), event}));
    p.add(stmt(typed::Aggregate{counts, unknown(key), nullptr, event}));
  }
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(map, 1), 7);
  EXPECT_EQ(loaded->integer(counts, 1), 1);
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 2U) << "once for each map";
  for (const auto& record : records) EXPECT_EQ(at<std::int64_t>(record, 8), -E2BIG);
  EXPECT_EQ(loaded->refused(map), 2U);
  EXPECT_EQ(loaded->refused(counts), 1U);
}

TEST(CodegenMap, FindCopiesTheValue) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto map = s.p.add_map(kInt64, kInt64);
  auto v = s.p.add_variable(kInt64);
  auto find = [&] { return expr(bool_type(), typed::FindKey{map, unknown(3), v}); };
  s.p.add(set_variable(v, unknown(1)));
  s.then(find());
  s.then(variable(v));
  s.p.add(set_map(map, unknown(3), unknown(33)));
  s.then(find());
  s.then(variable(v));
  EXPECT_EQ(s.run(), (Values{0, 1, 1, 33}));
}

TEST(CodegenMap, LengthCountsTheKeys) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto map = s.p.add_map(kInt64, kInt64);
  auto length = [&] { return expr(kInt64, typed::MapLength{map}); };
  s.then(length());
  for (std::int64_t key : {1, 2, 3}) s.p.add(set_map(map, unknown(key), number(1)));
  s.then(length());
  s.skip(delete_key(map, unknown(2)));
  s.then(length());
  EXPECT_EQ(s.run(), (Values{0, 3, 2}));
}

TEST(CodegenMap, AddressIsThatOfTheMap) {
  HAWK_NEEDS_BPF();
  Program p;
  auto map = p.add_scalar(kInt64);
  auto result = p.add_scalar(kInt64);
  p.add(set_map(result, nullptr, expr(kUint64, typed::MapAddress{map})));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_LT(loaded->scalar(result), 0);  // a kernel address
}

TEST(CodegenMap, StringsAndTuplesAsKeysAndValues) {
  HAWK_NEEDS_BPF();
  Sequence s;
  Type tuple = tuple_type({int_type(4, true), string_type(200)});
  auto by_tuple = s.p.add_map(tuple, string_type(1024));
  auto key = [&] {
    std::vector<typed::PackPart> parts;
    parts.push_back({0, convert(unknown(3), int_type(4, true))});
    parts.push_back({4, text("key", 200)});
    return expr(tuple, typed::Pack{std::move(parts)});
  };
  auto scalar = s.p.add_scalar(string_type(1024));
  s.p.add(set_map(by_tuple, key(), text(std::string(1000, 'v'), 1024)));
  s.p.add(set_map(scalar, nullptr, read_map(by_tuple, key(), string_type(1024))));
  s.then(has_key(by_tuple, key()));
  EXPECT_EQ(s.run(), (Values{1}));
  EXPECT_EQ(string_at(s.loaded->value(scalar).value()), std::string(1000, 'v'));
  std::vector<std::uint8_t> bytes(tuple.size, 0);
  bytes[0] = 3;
  std::memcpy(bytes.data() + 4, "key", 3);
  EXPECT_TRUE(s.loaded->value(by_tuple, bytes).has_value());
}

// A kind of map for each storage, as the kernel sees it.
TEST(CodegenMap, EveryStorageLoads) {
  HAWK_NEEDS_BPF();
  for (MapStorage storage :
       {MapStorage::kHash, MapStorage::kLruHash, MapStorage::kPerCpuHash, MapStorage::kPerCpuLruHash}) {
    Program p;
    Type value = is_per_cpu(storage) ? aggregation_type(TypeKind::kCount, false) : kInt64;
    auto map = p.add_map(kInt64, value);
    p.checked.maps[map].storage = storage;
    if (is_per_cpu(storage)) {
      p.add(stmt(typed::Aggregate{map, unknown(1), nullptr, std::nullopt}));
    } else {
      p.add(set_map(map, unknown(1), unknown(1)));
    }
    auto loaded = load(p);
    ASSERT_NE(loaded, nullptr);
    loaded->run();
    EXPECT_EQ(loaded->integer(map, 1), 1);
  }
}

// `@[$x++] = $x` and `@[$x++] = $pair`: the value is what it was before the key changed anything.
TEST(CodegenMap, TheValueIsEvaluatedBeforeTheKey) {
  HAWK_NEEDS_BPF();
  Sequence s;
  auto map = s.p.add_map(kInt64, kInt64);
  auto x = s.p.add_variable(kInt64);
  s.p.add(set_variable(x, unknown(1)));
  s.p.add(set_map(map, expr(kInt64, typed::AddToVariable{x, number(1), false}), variable(x)));
  s.then(read_map(map, unknown(1), kInt64));
  s.then(variable(x));
  EXPECT_EQ(s.run(), (Values{1, 2}));
}

}  // namespace hawk::test
