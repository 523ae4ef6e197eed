// Type: the type of a value in a script, and at the same time how its bytes lie in memory (in a map,
// an event, a kernel structure). Generated code, decoder and printers all read this one description.
//
// Layout of the kinds whose bytes are hawk's own (little-endian, no kernel source):
//   kStackKernel/kStackUser  u32 count, u32 tgid (0 for kernel), u64 frames[limit], zero behind count; in mode
//                            build_id each frame is a struct bpf_stack_build_id (uapi/linux/bpf.h)
//   kKernelSymbol            u64 address              kUserSymbol  u64 address, u32 tgid, u32 zero
//   kInet                    u64 family (2 or 10), u8 address[16]
//   kMacAddress              u8[6]                    kUsername    u64 uid
//   kTimestamp               u32 clock (Clock), u32 string id of the format, u64 ns
//   kCgroupPath              u64 string id of the filter, u64 cgroup id
//   kBuffer                  u32 length, u8 data[size - 4]
//   kString                  bytes, zero behind the first NUL; no NUL at all: cut off, print a trailer
//                            after the first size-1 bytes
//   kCount, kSum             u64                      kMin, kMax   u64 value, u64 is_set
//   kAvg, kStats             u64 total, u64 count
//   kHist                    u64 buckets[hist_bucket_count(k)]   kLinearHist  u64 buckets[n + 2]
//   kTimeSeries              a ring of n buckets, each u64 value (for avg the total), u64 mark and, for avg, u64 count.
//   The
//                            mark of a bucket never written is 0. Where the last value counts it is the time (TAI, ns)
//                            of that value, else 1 + the number of the interval since 1970; interval i has bucket i % n
//   kPercentiles             u64 min, u64 is_set, u64 max, u64 is_set, u64 counts[n]: of the values in each bucket of
//                            hist(x, k) but its first, then, if signed, of the negative ones by their magnitudes
//   kDeviation               u64 count, u64 sum[2], u64 squares[3]: the least significant word first, the sum signed
//   kHeatMap                 a ring of n intervals, each u64 mark, u32 counts[hist_bucket_count(0)] that stop at their
//                            largest value; marks as those of time series of sums
//   kFloat                   IEEE 754 double; host clauses only
//   kText                    u64 id of a string of any length, kept by the host runtime (src/host): equal texts have
//                            equal ids, 0 is the empty one; host clauses only
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

enum class TypeKind : std::uint8_t {
  kError,  // poison: a diagnostic has been reported; everything accepts it
  kNone,   // no value: printf(...), exit()
  kBool,
  kInt,
  kEnum,
  kPointer,
  kFloat,
  kText,
  kString,
  kBuffer,
  kArray,
  kStruct,  // C struct or union, from BTF or the script
  kTuple,   // (1, "a"); fields are named "0", "1", ...
  kRecord,  // (x=1, y="a")
  kStackKernel,
  kStackUser,
  kKernelSymbol,
  kUserSymbol,
  kInet,
  kMacAddress,
  kUsername,
  kTimestamp,
  kCgroupPath,
  kContext,  // `ctx` and `args` as a whole where they are not a struct pointer
// Aggregations: only as the value type of a map, one value per CPU.
#define AGGREGATION(kind, ...) k##kind,
#include "ast/aggregations.def"
#undef AGGREGATION
};

enum class AddressSpace : std::uint8_t { kNone, kKernel, kUser };
enum class StackMode : std::uint8_t { kBpftrace, kPerf, kRaw, kBuildId, kFolded };
// What tseries() keeps of an interval's values.
enum class SeriesKeeps : std::uint32_t { kLast, kAvg, kMax, kMin, kSum };
enum class Clock : std::uint32_t { kMonotonic, kBoot, kTai, kSoftwareTai };

struct StructDef;
struct EnumDef;

struct Type {
  TypeKind kind = TypeKind::kNone;
  bool is_signed = false;                       // kInt, kEnum, aggregations of numbers with a sign
  AddressSpace space = AddressSpace::kNone;     // kPointer: where it points
  StackMode stack_mode = StackMode::kBpftrace;  // kStackKernel, kStackUser
  std::uint32_t size = 0;                       // bytes
  std::uint32_t align = 1;                      // bytes
  std::uint32_t count = 0;      // kArray: elements; stacks: limit; by buckets: k; kTimeSeries: a SeriesKeeps
  std::int64_t range_min = 0;   // kLinearHist; kTimeSeries, kHeatMap: interval ns
  std::int64_t range_max = 0;   // kLinearHist; kTimeSeries, kHeatMap: number of intervals
  std::int64_t range_step = 0;  // kLinearHist
  // kStruct of a user program: where its debug information defines it (TargetInfo::user_struct); 0: found by name.
  std::uint64_t origin = 0;
  std::string name = {};                     // kStruct "struct task_struct", "union x", "" if anonymous; kEnum "enum e"
  std::shared_ptr<const Type> element = {};  // kPointer: pointee; kArray: element
  std::shared_ptr<const StructDef> def = {};        // kStruct (null: look it up by name), kTuple, kRecord
  std::shared_ptr<const EnumDef> enumerators = {};  // kEnum
};

struct Field {
  std::string name;  // "" for an anonymous struct/union member, whose fields count as the parent's
  Type type;
  std::uint32_t offset = 0;     // bytes; of a bit field: of its storage unit (type.size bytes)
  std::uint8_t bit_offset = 0;  // least significant bit inside the unit
  std::uint8_t bit_width = 0;   // 0: not a bit field
  bool data_loc = false;        // tracepoint __data_loc: u32 at `offset`, low half offset, high half length
};

struct StructDef {
  std::vector<Field> fields;
};

struct Enumerator {
  std::string name;
  std::uint64_t value = 0;
};

struct EnumDef {
  std::vector<Enumerator> values;
};

// A field found in a struct, with the offset summed over anonymous members.
struct FoundField {
  const Field* field = nullptr;
  std::uint32_t offset = 0;
};

// Null `field` if there is none.
[[nodiscard]] FoundField find_field(const StructDef& def, std::string_view name);

// --- constructors -----------------------------------------------------------------------------
[[nodiscard]] Type error_type();
[[nodiscard]] Type none_type();
[[nodiscard]] Type bool_type();
[[nodiscard]] Type float_type();
[[nodiscard]] Type text_type();
[[nodiscard]] Type int_type(std::uint32_t bytes, bool is_signed);
[[nodiscard]] Type pointer_type(Type pointee, AddressSpace space);
[[nodiscard]] Type string_type(std::uint32_t capacity);       // bytes, NUL included
[[nodiscard]] Type buffer_type(std::uint32_t data_capacity);  // size is 4 more
[[nodiscard]] Type array_type(Type element, std::uint32_t count);
[[nodiscard]] Type tuple_type(std::vector<Type> elements);
[[nodiscard]] Type record_type(std::vector<std::pair<std::string, Type>> fields);
[[nodiscard]] Type stack_type(bool kernel, StackMode mode, std::uint32_t limit);
[[nodiscard]] std::uint32_t frame_size(StackMode mode);  // bytes
[[nodiscard]] Type simple_type(TypeKind kind);           // symbol, inet, mac, username, timestamp, cgroup path, context
[[nodiscard]] Type aggregation_type(TypeKind kind, bool is_signed);  // kCount ... kStats, kDeviation
[[nodiscard]] Type hist_type(std::uint32_t bits);                    // k, 0 to 5
[[nodiscard]] Type linear_hist_type(std::int64_t min, std::int64_t max, std::int64_t step);
[[nodiscard]] Type time_series_type(SeriesKeeps keeps, bool is_signed, std::int64_t interval_ns,
                                    std::int64_t intervals);
[[nodiscard]] Type percentiles_type(std::uint32_t bits, bool is_signed);  // k, 0 to 5
[[nodiscard]] Type heat_map_type(std::int64_t interval_ns, std::int64_t intervals);

// --- questions --------------------------------------------------------------------------------
[[nodiscard]] inline bool is_text(const Type& type) { return type.kind == TypeKind::kText; }
[[nodiscard]] inline bool is_float(const Type& type) { return type.kind == TypeKind::kFloat; }
[[nodiscard]] bool is_integer(const Type& type);  // kInt, kEnum
[[nodiscard]] inline bool is_number(const Type& type) { return is_integer(type) || type.kind == TypeKind::kBool; }
[[nodiscard]] bool is_scalar(const Type& type);                // fits a register: bool, int, enum, pointer, float, text
[[nodiscard]] bool needs_host(const Type& type);               // a float or a text, or made of some
[[nodiscard]] bool is_aggregation(const Type& type);           // a row of ast/aggregations.def
[[nodiscard]] bool is_castable_aggregation(const Type& type);  // count sum min max avg: usable as an int
[[nodiscard]] bool is_histogram(const Type& type);             // hist lhist
[[nodiscard]] bool is_stack(const Type& type);
// As which type an aggregation is read: none_type() if it cannot be. A percentiles map reads as its median, which takes
// the host; a standard deviation is a float.
[[nodiscard]] Type aggregation_number(const Type& type);
// What an expression gets: that number; of stats a record of count, average and total; kNone for what has neither.
[[nodiscard]] Type aggregation_value(const Type& type);
// Same kind, size, signedness, name and parts. Address spaces are not compared.
[[nodiscard]] bool same_type(const Type& left, const Type& right);

// As messages and `-d types` show it: `int64`, `string[6]`, `(int8,string[3])`, `struct X *`,
// `int8[4]`, `count_t`, `buffer[N]`, `kstack_bpftrace_127` (census 2.2).
[[nodiscard]] std::string type_name(const Type& type);

// Number of buckets of hist(x, k): 1 for negatives, then 2^(k+1) exact ones, then 2^k for each power of two.
[[nodiscard]] constexpr std::uint32_t hist_bucket_count(std::uint32_t k) {
  return 1 + (2U << k) + (63 - k) * (1U << k);
}
struct BucketRange {
  std::uint64_t low = 0;   // inclusive
  std::uint64_t high = 0;  // inclusive
};
// Values of bucket `index` >= 1 of hist(x, k). Index 0 holds the negatives and has no range.
[[nodiscard]] BucketRange hist_bucket_range(std::uint32_t index, std::uint32_t k);
// Number of whole inner buckets of lhist (a last one that the step does not fill belongs to the overflow); the value
// has one before (underflow) and one behind (overflow).
[[nodiscard]] std::uint32_t linear_hist_bucket_count(const Type& type);

// Which percentile such a value counts as where one number is asked for.
inline constexpr double kMedian = 50;
// Where the counts of kPercentiles begin, and how many there are for one sign.
inline constexpr std::uint32_t kPercentileCounts = 32;
[[nodiscard]] constexpr std::uint32_t percentile_bucket_count(std::uint32_t k) { return hist_bucket_count(k) - 1; }

// Bytes of one interval of a heat map.
inline constexpr std::uint32_t kHeatIntervalSize = 8 + 4 * hist_bucket_count(0);

// Bytes of one bucket of a time series that keeps this.
[[nodiscard]] constexpr std::uint32_t series_bucket_size(SeriesKeeps keeps) {
  return keeps == SeriesKeeps::kAvg ? 24 : 16;
}

}  // namespace hawk
