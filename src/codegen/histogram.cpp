// Bucket numbers of hist(), lhist(), percentiles() and tseries(), computed without branches where it matters: the
// verifier walks every combination of branches, and BPF has no conditional move.
#include "codegen/map_access.h"

namespace hawk {

namespace {

// Cuts to `most` with a comparison that the optimiser cannot remove, though it never cuts: the verifier
// does not know.
llvm::Value* bound(Emitter& e, llvm::Value* index, std::uint64_t most) {
  llvm::Value* value = e.opaque(index);
  return e.ir.CreateSelect(e.ir.CreateICmpULT(value, e.number(most)), value, e.number(most));
}

// floor(log2(value)); 0 for 0.
llvm::Value* log2_floor(Emitter& e, llvm::Value* value) {
  llvm::Value* power = e.number(0);
  for (std::uint64_t step = 32; step > 0; step /= 2) {
    // 1 in the top bit if anything is left above `step` bits: x | -x is negative unless x is 0.
    llvm::Value* high = e.ir.CreateLShr(value, step);
    llvm::Value* any = e.ir.CreateLShr(e.opaque(e.ir.CreateOr(high, e.ir.CreateNeg(high))), 63);
    llvm::Value* shift = e.ir.CreateMul(any, e.number(step));
    value = e.ir.CreateLShr(value, shift);
    power = e.ir.CreateOr(power, shift);
  }
  return power;
}

}  // namespace

llvm::Value* hist_bucket(Emitter& e, llvm::Value* value, bool is_signed, std::uint32_t k) {
  std::uint64_t exact = 2ULL << k;  // values below have a bucket each
  llvm::Value* power = log2_floor(e, value);
  llvm::Value* small = e.ir.CreateICmpULT(value, e.number(exact));
  llvm::Value* group = e.ir.CreateSub(power, e.number(k + 1));
  llvm::Value* sub =
      e.ir.CreateAnd(e.ir.CreateLShr(value, e.ir.CreateAnd(e.ir.CreateSub(power, e.number(k)), 63)), (1ULL << k) - 1);
  llvm::Value* large_index = e.ir.CreateAdd(e.ir.CreateAdd(e.ir.CreateShl(group, k), sub), e.number(1 + exact));
  llvm::Value* index = e.ir.CreateSelect(small, e.ir.CreateAdd(value, e.number(1)), large_index);
  if (is_signed) index = e.ir.CreateSelect(e.ir.CreateICmpSLT(value, e.number(0)), e.number(0), index);
  return bound(e, index, hist_bucket_count(k) - 1);
}

// Of a negative value by its magnitude, behind those of the others.
llvm::Value* percentile_bucket(Emitter& e, llvm::Value* value, bool is_signed, std::uint32_t k) {
  if (!is_signed) return hist_bucket(e, value, false, k);
  llvm::Value* sign = e.ir.CreateAShr(value, 63);  // all ones for a negative one
  llvm::Value* magnitude = e.ir.CreateSub(e.ir.CreateXor(value, sign), sign);
  llvm::Value* behind = e.ir.CreateAnd(e.opaque(sign), e.number(percentile_bucket_count(k)));
  return e.ir.CreateAdd(hist_bucket(e, magnitude, false, k), behind);
}

llvm::Value* linear_hist_bucket(Emitter& e, llvm::Value* value, bool is_signed, const Type& type) {
  // An unsigned value compares with a negative minimum as a number would: it is never below.
  auto low = static_cast<std::uint64_t>(type.range_min);
  auto high = static_cast<std::uint64_t>(type.range_max);
  std::uint64_t buckets = linear_hist_bucket_count(type);
  bool any_below = is_signed || type.range_min >= 0;
  llvm::Value* below = is_signed ? e.ir.CreateICmpSLT(value, e.number(low)) : e.ir.CreateICmpULT(value, e.number(low));
  llvm::Value* above =
      is_signed ? e.ir.CreateICmpSGE(value, e.number(high)) : e.ir.CreateICmpUGE(value, e.number(high));
  if (!is_signed && type.range_max < 0) above = e.flag(true);
  llvm::Value* inside = e.ir.CreateAdd(
      e.ir.CreateUDiv(e.ir.CreateSub(value, e.number(low)), e.number(static_cast<std::uint64_t>(type.range_step))),
      e.number(1));
  llvm::Value* index = e.ir.CreateSelect(above, e.number(buckets + 1), inside);
  if (any_below) index = e.ir.CreateSelect(below, e.number(0), index);
  return bound(e, index, buckets + 1);
}

llvm::Value* series_bucket(Emitter& e, llvm::Value* interval, const Type& type) {
  auto length = static_cast<std::uint64_t>(type.range_max);
  return bound(e, e.ir.CreateURem(interval, e.number(length)), length - 1);
}

}  // namespace hawk
