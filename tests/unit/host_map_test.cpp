// Maps in hawk's memory behave as the kernel's do.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <map>
#include <random>

#include "host/memory_map.h"
#include "host_schemas.h"

namespace hawk {
namespace {

using Number = std::uint64_t;

MapSchema numbers(MapStorage storage, std::uint32_t entries) {
  MapSchema schema = keyed_schema(int_type(8, false), int_type(8, false), entries);
  schema.storage = storage;
  return schema;
}

std::int64_t set(HostMap& map, Number key, Number value) { return map.set(&key, &value); }
std::int64_t insert(HostMap& map, Number key, Number value) { return map.insert(&key, &value); }
std::int64_t erase(HostMap& map, Number key) { return map.erase(&key); }

// -1: absent.
std::int64_t get(HostMap& map, Number key) {
  void* value = map.find(&key);
  return value != nullptr ? static_cast<std::int64_t>(load_number(value)) : -1;
}

std::vector<Number> keys(HostMap& map) {
  std::vector<Number> found;
  for (const MapEntry& entry : map.snapshot().entries) found.push_back(load_number(entry.key.data()));
  return found;
}

TEST(MemoryMap, StatusIsTheKernels) {
  struct Step {
    const char* what;
    std::function<std::int64_t(HostMap&)> run;
    std::int64_t expected;
  };
  const Step steps[] = {
      {"absent", [](HostMap& m) { return get(m, 1); }, -1},
      {"erase absent", [](HostMap& m) { return erase(m, 1); }, -ENOENT},
      {"insert", [](HostMap& m) { return insert(m, 1, 10); }, 0},
      {"insert again", [](HostMap& m) { return insert(m, 1, 11); }, -EEXIST},
      {"which leaves it", [](HostMap& m) { return get(m, 1); }, 10},
      {"set", [](HostMap& m) { return set(m, 1, 12); }, 0},
      {"is set", [](HostMap& m) { return get(m, 1); }, 12},
      {"a second", [](HostMap& m) { return set(m, 2, 20); }, 0},
      {"no room to insert", [](HostMap& m) { return insert(m, 3, 30); }, -E2BIG},
      {"no room to set", [](HostMap& m) { return set(m, 3, 30); }, -E2BIG},
      {"a present one needs none", [](HostMap& m) { return set(m, 2, 21); }, 0},
      {"present comes before full", [](HostMap& m) { return insert(m, 2, 21); }, -EEXIST},
      {"erase", [](HostMap& m) { return erase(m, 1); }, 0},
      {"room again", [](HostMap& m) { return insert(m, 3, 30); }, 0},
      {"length", [](HostMap& m) { return static_cast<std::int64_t>(m.length()); }, 2},
  };
  for (MapStorage storage : {MapStorage::kHash, MapStorage::kPerCpuHash}) {
    MapSchema schema = numbers(storage, 2);
    MemoryMap map(schema);
    for (const Step& step : steps) EXPECT_EQ(step.run(map), step.expected) << step.what;
  }
}

TEST(MemoryMap, LruForgetsWhatWasNotUsedLongest) {
  for (MapStorage storage : {MapStorage::kLruHash, MapStorage::kPerCpuLruHash}) {
    MapSchema schema = numbers(storage, 3);
    MemoryMap map(schema);
    for (Number key : {1, 2, 3}) EXPECT_EQ(set(map, key, key * 10), 0);
    EXPECT_EQ(get(map, 1), 10);  // used: now 2 is the oldest
    EXPECT_EQ(insert(map, 4, 40), 0);
    EXPECT_EQ(get(map, 2), -1);
    EXPECT_EQ(set(map, 3, 31), 0);
    EXPECT_EQ(set(map, 5, 50), 0);
    EXPECT_EQ(get(map, 1), -1);
    EXPECT_EQ(map.length(), 3U);
  }
}

TEST(MemoryMap, TheValueThatIsSetMayBeTheOneThatGoes) {
  MapSchema schema = numbers(MapStorage::kLruHash, 1);
  MemoryMap map(schema);
  set(map, 1, 10);
  Number from = 1;
  Number to = 2;
  EXPECT_EQ(map.set(&to, map.find(&from)), 0);
  EXPECT_EQ(get(map, 2), 10);
  EXPECT_EQ(map.length(), 1U);
}

TEST(MemoryMap, EntriesInTheOrderOfInsertion) {
  MapSchema schema = numbers(MapStorage::kHash, 100);
  MemoryMap map(schema);
  for (Number key : {7, 3, 9, 1}) set(map, key, 0);
  set(map, 3, 5);
  erase(map, 9);
  set(map, 9, 0);
  EXPECT_EQ(keys(map), (std::vector<Number>{7, 3, 1, 9}));
}

TEST(MemoryMap, ValuesStayWhereTheyAre) {
  MapSchema schema = numbers(MapStorage::kHash, 100'000);
  MemoryMap map(schema);
  set(map, 0, 42);
  Number key = 0;
  void* value = map.find(&key);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(value) % 8, 0U);
  for (Number other = 1; other < 50'000; ++other) set(map, other, other);
  for (Number other = 1; other < 50'000; other += 2) erase(map, other);
  EXPECT_EQ(map.find(&key), value);
  EXPECT_EQ(load_number(value), 42U);
}

// Against std::map, with keys that collide and vanish.
TEST(MemoryMap, AgreesWithAnOrderedMap) {
  MapSchema schema = keyed_schema(int_type(2, false), int_type(8, false), 600);
  MemoryMap map(schema);
  std::map<std::uint16_t, Number> model;
  std::mt19937 random(1);
  for (int i = 0; i < 200'000; ++i) {
    auto key = static_cast<std::uint16_t>(random() % 1000);
    Number value = random();
    bool present = model.contains(key);
    bool full = model.size() == 600;
    switch (random() % 4) {
      case 0:
        ASSERT_EQ(map.set(&key, &value), present || !full ? 0 : -E2BIG);
        if (present || !full) model[key] = value;
        break;
      case 1:
        ASSERT_EQ(map.insert(&key, &value), present ? -EEXIST : full ? -E2BIG : 0);
        if (!present && !full) model[key] = value;
        break;
      case 2: ASSERT_EQ(map.erase(&key), model.erase(key) != 0 ? 0 : -ENOENT); break;
      case 3: {
        void* found = map.find(&key);
        ASSERT_EQ(found != nullptr, present);
        if (present) {
          ASSERT_EQ(load_number(found), model[key]);
        }
        break;
      }
    }
    ASSERT_EQ(map.length(), model.size());
  }
  for (const MapEntry& entry : map.snapshot().entries)
    EXPECT_EQ(load_number(entry.value.data()), model[static_cast<std::uint16_t>(load_number(entry.key.data(), 2))]);
}

TEST(MemoryMap, AMillionEntries) {
  constexpr Number kEntries = 1'000'000;
  MapSchema schema = numbers(MapStorage::kHash, kEntries);
  MemoryMap map(schema);
  auto begin = std::chrono::steady_clock::now();
  for (Number key = 0; key < kEntries; ++key) ASSERT_EQ(set(map, key * 4096, key), 0);
  for (Number key = 0; key < kEntries; ++key) ASSERT_EQ(get(map, key * 4096), static_cast<std::int64_t>(key));
  for (Number key = 0; key < kEntries; key += 2) ASSERT_EQ(erase(map, key * 4096), 0);
  EXPECT_EQ(map.walk()->entries().size(), kEntries / 2);
  auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_LT(seconds, 60) << "quadratic";  // 0.3 s optimised
  RecordProperty("seconds", std::to_string(seconds));
}

TEST(MemoryMap, KeysOfAnySize) {
  MapSchema schema = keyed_schema(string_type(13), int_type(1, false));
  MemoryMap map(schema);
  char first[13] = "abc";
  char second[13] = "abcabcabcabc";
  std::uint8_t value = 5;
  EXPECT_EQ(map.set(first, &value), 0);
  EXPECT_EQ(map.find(second), nullptr);
  value = 6;
  EXPECT_EQ(map.set(second, &value), 0);
  EXPECT_EQ(*static_cast<std::uint8_t*>(map.find(first)), 5);
  MapSnapshot snapshot = map.snapshot();
  ASSERT_EQ(snapshot.entries.size(), 2U);
  EXPECT_EQ(snapshot.entries[1].key.size(), 13U);
  EXPECT_EQ(snapshot.entries[1].value, (std::vector<std::uint8_t>{6}));
}

TEST(MemoryMap, ScalarHasOneElementAndAWordThatSaysItIsWritten) {
  for (MapStorage storage : {MapStorage::kArray, MapStorage::kPerCpuArray}) {
    MapSchema schema = scalar_schema(int_type(4, true));
    schema.storage = storage;
    MemoryMap map(schema);
    std::uint32_t index = 0;
    auto* value = static_cast<std::uint8_t*>(map.find(&index));
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(map.snapshot().entries.size(), 1U);
    EXPECT_FALSE(map.snapshot().written);
    EXPECT_TRUE(map.snapshot().entries[0].key.empty());
    EXPECT_EQ(map.snapshot().entries[0].value.size(), 4U);

    Number written[2] = {7, 1};  // value, presence
    EXPECT_EQ(map.insert(&index, written), -EEXIST);
    EXPECT_EQ(map.erase(&index), -EINVAL);
    EXPECT_EQ(map.set(&index, written), 0);
    EXPECT_EQ(map.find(&index), value);
    EXPECT_TRUE(map.snapshot().written);
    map.zero();
    EXPECT_TRUE(map.snapshot().written) << "zero keeps the entries";
    EXPECT_EQ(load_number(value), 0U);
    map.set(&index, written);
    map.clear();
    EXPECT_FALSE(map.snapshot().written);
    EXPECT_EQ(load_number(value), 0U);
    EXPECT_EQ(map.length(), 1U);
  }
}

TEST(MemoryMap, PerCpuValuesAreTheFirstCpus) {
  MapSchema schema = keyed_schema(int_type(8, false), aggregation_type(TypeKind::kCount, false));
  schema.storage = MapStorage::kPerCpuHash;
  MemoryMap map(schema);
  set(map, 1, 3);
  Number key = 1;
  EXPECT_EQ(map.find_on_cpu(&key, 0), map.find(&key));
  EXPECT_EQ(map.find_on_cpu(&key, 1), nullptr);
}

TEST(MemoryMap, ClearAndZero) {
  MapSchema schema = numbers(MapStorage::kHash, 100);
  MemoryMap map(schema);
  for (Number key = 0; key < 100; ++key) set(map, key, key + 1);
  map.zero();
  EXPECT_EQ(map.length(), 100U);
  EXPECT_EQ(get(map, 50), 0);
  map.clear();
  EXPECT_EQ(map.length(), 0U);
  EXPECT_EQ(get(map, 50), -1);
  EXPECT_TRUE(map.snapshot().entries.empty());
  EXPECT_TRUE(map.snapshot().written) << "a keyed map is what it holds";
  EXPECT_EQ(set(map, 50, 1), 0);
  EXPECT_EQ(keys(map), (std::vector<Number>{50}));
}

TEST(MemoryMap, AWalkShowsWhatWasThereWhenItBegan) {
  MapSchema schema = numbers(MapStorage::kHash, 100);
  MemoryMap map(schema);
  for (Number key = 0; key < 4; ++key) set(map, key, key * 10);
  auto walk = map.walk();
  erase(map, 1);
  set(map, 1, 99);  // another entry
  erase(map, 2);
  set(map, 50, 0);
  set(map, 3, 33);
  ASSERT_EQ(walk->entries().size(), 4U);
  EXPECT_TRUE(walk->is_present(0));
  EXPECT_FALSE(walk->is_present(1));
  EXPECT_FALSE(walk->is_present(2));
  EXPECT_TRUE(walk->is_present(3));
  EXPECT_EQ(load_number(walk->entries()[2].value), 20U) << "still readable";
  EXPECT_EQ(load_number(walk->entries()[3].value), 33U) << "the live value";
  auto inner = map.walk();
  map.clear();
  walk.reset();
  EXPECT_EQ(load_number(inner->entries()[0].value), 0U) << "kept for the other walk";
  EXPECT_FALSE(inner->is_present(0));
  std::size_t stored = 0;
  map.for_each_stored([&](const void*, const void*) { ++stored; });
  EXPECT_GE(stored, 4U);
  inner.reset();
  stored = 0;
  map.for_each_stored([&](const void*, const void*) { ++stored; });
  EXPECT_EQ(stored, 0U);
}

}  // namespace
}  // namespace hawk
