// Maps of the running kernel, read and changed whole. Skipped without the right to make maps.
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "runtime/map_access.h"
#include "support/unique_fd.h"

namespace hawk {
namespace {

UniqueFd make_map(std::uint32_t type, std::uint32_t key, std::uint32_t value, std::uint32_t entries) {
  bpf_attr attr{};
  attr.map_type = type;
  attr.key_size = key;
  attr.value_size = value;
  attr.max_entries = entries;
  return UniqueFd(static_cast<int>(::syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr))));
}

void update(int fd, const void* key, const void* value) {
  bpf_attr attr{};
  attr.map_fd = static_cast<std::uint32_t>(fd);
  attr.key = reinterpret_cast<std::uint64_t>(key);
  attr.value = reinterpret_cast<std::uint64_t>(value);
  ASSERT_EQ(::syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)), 0) << std::strerror(errno);
}

std::size_t possible_cpus() { return static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_CONF)); }

std::uint64_t number(const std::vector<std::uint8_t>& bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof(value)));
  return value;
}

MapSchema keyed_schema(Type value, MapStorage storage, std::uint32_t entries) {
  MapSchema schema;
  schema.name = "m";
  schema.keyed = true;
  schema.key = int_type(4, false);
  schema.value = std::move(value);
  schema.storage = storage;
  schema.max_entries = entries;
  return schema;
}

MapSchema scalar_schema(Type value, MapStorage storage) {
  MapSchema schema;
  schema.name = "s";
  schema.value = std::move(value);
  schema.storage = storage;
  return schema;
}

#define SKIP_WITHOUT(fd) \
  if (!(fd).valid()) GTEST_SKIP() << "cannot make BPF maps here: " << std::strerror(errno)

TEST(ReadMap, EveryEntryOnce) {
  constexpr std::uint32_t kEntries = 5000;  // several batches
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 6000);
  UniqueFd fd = make_map(BPF_MAP_TYPE_HASH, 4, 8, schema.max_entries);
  SKIP_WITHOUT(fd);
  for (std::uint32_t key = 0; key < kEntries; ++key) {
    std::uint64_t value = key * 3;
    update(fd.get(), &key, &value);
  }
  MapSnapshot snapshot = read_map({.schema = &schema, .fd = fd.get()});
  EXPECT_TRUE(snapshot.written);
  std::map<std::uint64_t, std::uint64_t> entries;
  for (const MapEntry& entry : snapshot.entries) entries[number(entry.key)] = number(entry.value);
  EXPECT_EQ(snapshot.entries.size(), kEntries);
  EXPECT_EQ(entries.size(), kEntries);
  EXPECT_EQ(entries[4999], 4999U * 3);
}

TEST(ReadMap, SmallMapWithCrowdedBuckets) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 8);
  UniqueFd fd = make_map(BPF_MAP_TYPE_HASH, 4, 8, 8);
  SKIP_WITHOUT(fd);
  for (std::uint32_t key = 0; key < 8; ++key) {
    std::uint64_t value = 1;
    update(fd.get(), &key, &value);
  }
  EXPECT_EQ(read_map({.schema = &schema, .fd = fd.get()}).entries.size(), 8U);
}

TEST(ReadMap, PerCpuValuesAreMerged) {
  MapSchema schema = keyed_schema(aggregation_type(TypeKind::kCount, false), MapStorage::kPerCpuHash, 16);
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_HASH, 4, 8, 16);
  SKIP_WITHOUT(fd);
  std::vector<std::uint64_t> values(possible_cpus(), 5);
  std::uint32_t key = 7;
  update(fd.get(), &key, values.data());
  MapSnapshot snapshot = read_map({.schema = &schema, .fd = fd.get()});
  ASSERT_EQ(snapshot.entries.size(), 1U);
  EXPECT_EQ(number(snapshot.entries[0].key), 7U);
  EXPECT_EQ(number(snapshot.entries[0].value), 5 * possible_cpus());
  zero_map({.schema = &schema, .fd = fd.get()});
  snapshot = read_map({.schema = &schema, .fd = fd.get()});
  ASSERT_EQ(snapshot.entries.size(), 1U) << "zero keeps the keys";
  EXPECT_EQ(number(snapshot.entries[0].value), 0U);
  clear_map({.schema = &schema, .fd = fd.get()});
  EXPECT_TRUE(read_map({.schema = &schema, .fd = fd.get()}).entries.empty());
}

struct ScalarValue {
  std::uint64_t value;
  std::uint64_t presence;
};

TEST(ReadMap, ScalarAndItsPresence) {
  MapSchema schema = scalar_schema(int_type(8, false), MapStorage::kArray);
  UniqueFd fd = make_map(BPF_MAP_TYPE_ARRAY, 4, sizeof(ScalarValue), 1);
  SKIP_WITHOUT(fd);
  KernelMap map{.schema = &schema, .fd = fd.get()};
  EXPECT_FALSE(read_map(map).written);
  std::uint32_t index = 0;
  ScalarValue value{.value = 42, .presence = 1};
  update(fd.get(), &index, &value);
  EXPECT_TRUE(read_map(map).written);
  EXPECT_EQ(number(read_map(map).entries.at(0).value), 42U);
  zero_map(map);
  EXPECT_TRUE(read_map(map).written) << "zero leaves it written";
  EXPECT_EQ(number(read_map(map).entries.at(0).value), 0U);
  update(fd.get(), &index, &value);
  clear_map(map);
  EXPECT_FALSE(read_map(map).written);
}

TEST(ReadMap, PerCpuScalarWrittenOnOneCpu) {
  MapSchema schema = scalar_schema(aggregation_type(TypeKind::kSum, false), MapStorage::kPerCpuArray);
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, sizeof(ScalarValue), 1);
  SKIP_WITHOUT(fd);
  std::vector<ScalarValue> values(possible_cpus(), ScalarValue{0, 0});
  values.back() = {.value = 9, .presence = 1};
  std::uint32_t index = 0;
  update(fd.get(), &index, values.data());
  MapSnapshot snapshot = read_map({.schema = &schema, .fd = fd.get()});
  EXPECT_TRUE(snapshot.written);
  EXPECT_EQ(number(snapshot.entries.at(0).value), 9U);
}

TEST(ReadMap, MapThatNoProgramUses) {
  MapSchema schema = keyed_schema(int_type(8, false), MapStorage::kHash, 8);
  EXPECT_TRUE(read_map({.schema = &schema, .fd = -1}).entries.empty());
}

TEST(SumCounters, EachWordOverTheCpus) {
  UniqueFd fd = make_map(BPF_MAP_TYPE_PERCPU_ARRAY, 4, 16, 3);
  SKIP_WITHOUT(fd);
  for (std::uint32_t index = 0; index < 3; ++index) {
    std::vector<std::uint64_t> values;
    for (std::size_t cpu = 0; cpu < possible_cpus(); ++cpu) values.insert(values.end(), {index, 10});
    update(fd.get(), &index, values.data());
  }
  EXPECT_EQ(sum_counters(fd.get(), 2, 2), (std::vector<std::uint64_t>{2 * possible_cpus(), 10 * possible_cpus()}));
  EXPECT_EQ(sum_counters(-1, 0, 2), (std::vector<std::uint64_t>{0, 0}));
}

}  // namespace
}  // namespace hawk
