// Maps of the running kernel as host clauses use them. Skipped without the right to make maps.
#include "runtime/kernel_host_map.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/unique_fd.h"

namespace hawk {
namespace {

using Number = std::uint64_t;

UniqueFd make_map(std::uint32_t type, const MapSchema& schema) {
  bpf_attr attr{};
  attr.map_type = type;
  attr.key_size = map_key_size(schema);
  attr.value_size = map_value_size(schema);
  attr.max_entries = schema.max_entries;
  return UniqueFd(static_cast<int>(::syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr))));
}

// As another user of the map: values of all CPUs.
std::vector<Number> look_up(int fd, Number key, std::size_t words) {
  std::vector<Number> values(words);
  bpf_attr attr{};
  attr.map_fd = static_cast<std::uint32_t>(fd);
  attr.key = reinterpret_cast<std::uint64_t>(&key);
  attr.value = reinterpret_cast<std::uint64_t>(values.data());
  if (::syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) != 0) values.clear();
  return values;
}

std::int64_t update(int fd, Number key, const std::vector<Number>& values) {
  bpf_attr attr{};
  attr.map_fd = static_cast<std::uint32_t>(fd);
  attr.key = reinterpret_cast<std::uint64_t>(&key);
  attr.value = reinterpret_cast<std::uint64_t>(values.data());
  return ::syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

MapSchema keyed_schema(Type value, MapStorage storage, std::uint32_t entries) {
  MapSchema schema;
  schema.name = "m";
  schema.keyed = true;
  schema.key = int_type(8, false);
  schema.value = std::move(value);
  schema.storage = storage;
  schema.max_entries = entries;
  return schema;
}

std::size_t possible_cpus() { return static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_CONF)); }

Number load_number(const void* bytes) {
  Number number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

#define SKIP_WITHOUT(fd) \
  if (!(fd).valid()) GTEST_SKIP() << "cannot make BPF maps here: " << std::strerror(errno)

TEST(KernelHostMap, StatusIsTheKernels) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 2);
  UniqueFd fd = make_map(BPF_MAP_TYPE_HASH, schema);
  SKIP_WITHOUT(fd);
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  Number one = 1;
  Number two = 2;
  Number three = 3;
  EXPECT_EQ(map.find(&one), nullptr);
  EXPECT_EQ(map.erase(&one), -ENOENT);
  EXPECT_EQ(map.insert(&one, &two), 0);
  EXPECT_EQ(map.insert(&one, &three), -EEXIST);
  EXPECT_EQ(load_number(map.find(&one)), 2U);
  EXPECT_EQ(map.set(&one, &three), 0);
  EXPECT_EQ(look_up(fd.get(), 1, 1), (std::vector<Number>{3}));
  EXPECT_EQ(map.set(&two, &three), 0);
  EXPECT_EQ(map.set(&three, &three), -E2BIG);
  EXPECT_EQ(map.length(), 2U);
  EXPECT_EQ(map.erase(&one), 0);
  EXPECT_EQ(map.snapshot().entries.size(), 1U);
  map.zero();
  EXPECT_EQ(load_number(map.find(&two)), 0U);
  map.clear();
  EXPECT_EQ(map.length(), 0U);
}

TEST(KernelHostMap, WhatIsWrittenInPlaceArrivesWhenItHasChanged) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 10);
  UniqueFd fd = make_map(BPF_MAP_TYPE_HASH, schema);
  SKIP_WITHOUT(fd);
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  Number key = 5;
  Number other = 6;
  map.set(&key, &key);
  *static_cast<Number*>(map.find(&key)) = 50;
  EXPECT_EQ(look_up(fd.get(), 5, 1), (std::vector<Number>{5}));
  map.changed(&key);
  EXPECT_EQ(look_up(fd.get(), 5, 1), (std::vector<Number>{50}));
  update(fd.get(), 5, {51});
  EXPECT_EQ(load_number(map.find(&key)), 51U) << "each find reads";
  map.changed(&other);  // not the key whose value is held
  EXPECT_TRUE(look_up(fd.get(), 6, 1).empty());
  *static_cast<Number*>(map.find(&key)) = 52;
  const int same = fd.get();
  KernelHostMap(schema, same).erase(&key);
  map.changed(&key);
  EXPECT_TRUE(look_up(fd.get(), 5, 1).empty()) << "what was deleted does not come back";
}

TEST(KernelHostMap, PerCpuValues) {
  MapSchema schema = keyed_schema(aggregation_type(TypeKind::kCount, false), MapStorage::kPerCpuHash, 10);
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_HASH, schema);
  SKIP_WITHOUT(fd);
  std::size_t cpus = possible_cpus();
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  Number key = 5;
  Number value = 7;
  EXPECT_EQ(map.insert(&key, &value), 0);
  std::vector<Number> expected(cpus, 0);
  expected[0] = 7;
  EXPECT_EQ(look_up(fd.get(), 5, cpus), expected) << "the other CPUs have nothing";
  for (std::size_t cpu = 0; cpu < cpus; ++cpu) expected[cpu] = cpu + 1;
  update(fd.get(), 5, expected);
  Number sum = 0;
  for (std::size_t cpu = 0; cpu < cpus; ++cpu) sum += load_number(map.find_on_cpu(&key, cpu));
  EXPECT_EQ(sum, cpus * (cpus + 1) / 2);
  EXPECT_EQ(map.find_on_cpu(&key, cpus), nullptr);
  *static_cast<Number*>(map.find(&key)) += 100;
  map.changed(&key);
  expected[0] += 100;
  EXPECT_EQ(look_up(fd.get(), 5, cpus), expected);
  EXPECT_EQ(map.set(&key, &value), 0);
  expected[0] = 7;
  EXPECT_EQ(look_up(fd.get(), 5, cpus), expected) << "the other CPUs keep theirs";
  auto walk = map.walk();
  ASSERT_EQ(walk->entries().size(), 1U);
  EXPECT_EQ(load_number(walk->entries()[0].value), sum - 1 + 7) << "merged";
}

TEST(KernelHostMap, NextCpuReusesWhatTheFirstRead) {
  MapSchema schema = keyed_schema(aggregation_type(TypeKind::kCount, false), MapStorage::kPerCpuHash, 10);
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_HASH, schema);
  SKIP_WITHOUT(fd);
  std::size_t cpus = possible_cpus();
  if (cpus < 2) GTEST_SKIP() << "one CPU";
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  Number key = 5;
  Number other = 6;
  update(fd.get(), 5, std::vector<Number>(cpus, 1));
  update(fd.get(), 6, std::vector<Number>(cpus, 10));
  EXPECT_EQ(load_number(map.find_on_cpu(&key, 0)), 1U);
  update(fd.get(), 5, std::vector<Number>(cpus, 2));
  EXPECT_EQ(load_number(map.find_on_cpu(&key, 1)), 1U);
  EXPECT_EQ(load_number(map.find_on_cpu(&other, 1)), 10U) << "another key is read";
  EXPECT_EQ(load_number(map.find_on_cpu(&key, 0)), 2U) << "the first CPU reads";
  map.erase(&key);
  EXPECT_EQ(map.find_on_cpu(&key, 1), nullptr);
}

TEST(KernelHostMap, SmallValuesArePaddedForEachCpu) {
  MapSchema schema = keyed_schema(int_type(4, false), MapStorage::kPerCpuHash, 10);
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_HASH, schema);
  SKIP_WITHOUT(fd);
  std::size_t cpus = possible_cpus();
  std::vector<Number> values(cpus);
  for (std::size_t cpu = 0; cpu < cpus; ++cpu) values[cpu] = cpu + 1;
  update(fd.get(), 5, values);
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  Number key = 5;
  for (std::size_t cpu = 0; cpu < cpus; ++cpu)
    EXPECT_EQ(*static_cast<std::uint32_t*>(map.find_on_cpu(&key, cpu)), cpu + 1);
}

TEST(KernelHostMap, AWalkLeavesOutWhatIsGone) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 10);
  UniqueFd fd = make_map(BPF_MAP_TYPE_HASH, schema);
  SKIP_WITHOUT(fd);
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  for (Number key = 1; key <= 3; ++key) map.set(&key, &key);
  auto walk = map.walk();
  ASSERT_EQ(walk->entries().size(), 3U);
  Number gone = load_number(walk->entries()[1].key);
  map.erase(&gone);
  EXPECT_TRUE(walk->is_present(0));
  EXPECT_FALSE(walk->is_present(1));
  EXPECT_TRUE(walk->is_present(2));
  EXPECT_EQ(load_number(walk->entries()[1].value), gone) << "still readable";
}

TEST(KernelHostMap, Scalars) {
  MapSchema schema;
  schema.name = "s";
  schema.value = int_type(8, false);
  schema.storage = MapStorage::kArray;
  UniqueFd fd = make_map(BPF_MAP_TYPE_ARRAY, schema);
  SKIP_WITHOUT(fd);
  const int descriptor = fd.get();
  KernelHostMap map(schema, descriptor);
  std::uint32_t index = 0;
  auto* value = static_cast<Number*>(map.find(&index));
  ASSERT_NE(value, nullptr);
  EXPECT_FALSE(map.snapshot().written);
  value[0] = 9;
  value[1] = 1;  // presence
  map.changed(&index);
  EXPECT_TRUE(map.snapshot().written);
  EXPECT_EQ(load_number(map.snapshot().entries[0].value.data()), 9U);
  EXPECT_EQ(map.insert(&index, value), -EEXIST);
  EXPECT_EQ(map.erase(&index), -EINVAL);
  auto walk = map.walk();
  ASSERT_EQ(walk->entries().size(), 1U);
  EXPECT_TRUE(walk->is_present(0));
  map.clear();
  EXPECT_FALSE(map.snapshot().written);
}

TEST(KernelHostMap, WithoutAMapOfTheKernelThereIsNothing) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 10);
  const int none = -1;
  KernelHostMap map(schema, none);
  Number key = 1;
  EXPECT_EQ(map.find(&key), nullptr);
  EXPECT_EQ(map.set(&key, &key), -EBADF);
  EXPECT_EQ(map.length(), 0U);
  EXPECT_TRUE(map.walk()->entries().empty());
}

}  // namespace
}  // namespace hawk
