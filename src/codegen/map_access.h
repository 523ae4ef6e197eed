// What every map operation starts with: the key in memory, the value found or made.
#pragma once

#include <functional>
#include <optional>

#include "codegen/lowering.h"

namespace hawk {

// The key's bytes; for a scalar map (null) the index of its only element.
[[nodiscard]] Place lower_key(Lowering& l, const typed::ExprPtr& key);

struct MapKey {
  typed::MapId map = 0;
  Place key;
};

// The value's address for writing in place: an absent key is created with zeros. Where that fails,
// emits `full_event` with the reason and goes to `failed`. A scalar map is marked as written.
[[nodiscard]] llvm::Value* find_or_create(Lowering& l, const MapKey& entry, std::optional<typed::EventId> full_event,
                                          llvm::BasicBlock* failed);

// As the number that aggregation_number says, over all CPUs; 8 bytes, 0 if absent.
[[nodiscard]] llvm::Value* merge_aggregation(Lowering& l, typed::MapId map, Place key);

// avg over all CPUs as the bits of a float, 0 if absent.
[[nodiscard]] llvm::Value* merge_mean(Lowering& l, typed::MapId map, Place key);

// stats over all CPUs, zeros if absent.
void merge_stats(Lowering& l, typed::MapId map, Place key, Place destination);
// As the record that aggregation_value() says.
void merge_stats_record(Lowering& l, typed::MapId map, Place key, Place destination);
// A percentile (8 bytes, an integer) or a standard deviation (the bits of a float) over all CPUs; host clauses only.
[[nodiscard]] llvm::Value* read_percentile(Lowering& l, typed::MapId map, Place key, llvm::Value* percent);
[[nodiscard]] llvm::Value* read_deviation(Lowering& l, typed::MapId map, Place key);

// Calls `body(value)` with the value of every CPU that has one.
void for_each_cpu(Lowering& l, typed::MapId map, Place key, const std::function<void(llvm::Value*)>& body);

// Index of the hist bucket (8 bytes, within bounds the verifier sees) that counts `value` of 8 bytes.
[[nodiscard]] llvm::Value* hist_bucket(Emitter& e, llvm::Value* value, bool is_signed, std::uint32_t k);
// Index of the count of TypeKind::kPercentiles, from 1 on.
[[nodiscard]] llvm::Value* percentile_bucket(Emitter& e, llvm::Value* value, bool is_signed, std::uint32_t k);
[[nodiscard]] llvm::Value* linear_hist_bucket(Emitter& e, llvm::Value* value, bool is_signed, const Type& type);
// Index of the place in the ring of a time series or heat map for the interval of this number.
[[nodiscard]] llvm::Value* series_bucket(Emitter& e, llvm::Value* interval, const Type& type);

}  // namespace hawk
