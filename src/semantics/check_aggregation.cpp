// The builtins of ast/aggregations.def: assigned to maps, refused anywhere else.
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;

namespace {

constexpr std::uint32_t kMaxHistBits = 5;
constexpr std::uint32_t kPercentileBits = 5;  // within 2^-6, less than 2 %
constexpr std::int64_t kMaxLinearBuckets = 1000;
// The kernel gives one value of a per-CPU map at most 32 KiB on each CPU (PCPU_MIN_UNIT_SIZE); 8 of them say whether a
// scalar was written.
constexpr std::uint64_t kMaxSeriesBytes = (32 << 10) - 8;

struct SeriesWord {
  std::string_view name;
  SeriesKeeps keeps;
};
constexpr SeriesWord kSeriesWords[] = {
    {"avg", SeriesKeeps::kAvg}, {"max", SeriesKeeps::kMax}, {"min", SeriesKeeps::kMin}, {"sum", SeriesKeeps::kSum}};

std::optional<TypeKind> aggregation_kind(Builtin builtin) {
#define AGGREGATION(kind, gathers, ...) \
  if (builtin == Builtin::k##gathers) return TypeKind::k##kind;
#include "ast/aggregations.def"
#undef AGGREGATION
  return std::nullopt;
}

// The second argument, how many bits of a value tell its bucket.
std::optional<std::uint32_t> bucket_bits(Checker& checker, const ast::Call& call, std::uint32_t without) {
  if (call.arguments.size() < 2) return without;
  auto bits = checker.check_constant(*call.arguments[1]);
  if (bits && *bits <= kMaxHistBits) return static_cast<std::uint32_t>(*bits);
  checker.report(Diag::HistBits, call.arguments[1]->span, call.function, kMaxHistBits);
  return std::nullopt;
}

std::optional<Type> linear_shape(Checker& checker, const ast::Call& call, Span span) {
  std::int64_t bounds[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    auto value = checker.check_constant(*call.arguments[i + 1]);
    if (!value || static_cast<std::int64_t>(*value) < 0) {
      checker.report(Diag::LinearBound, call.arguments[i + 1]->span);
      return std::nullopt;
    }
    bounds[i] = static_cast<std::int64_t>(*value);
  }
  auto [min, max, step] = bounds;
  if (step < 1 || min >= max) {
    checker.report(Diag::LinearRange, span, min, max, step);
    return std::nullopt;
  }
  if ((max - min) / step > kMaxLinearBuckets) {
    checker.report(Diag::LinearBuckets, span, (max - min) / step, kMaxLinearBuckets);
    return std::nullopt;
  }
  return linear_hist_type(min, max, step);
}

std::optional<SeriesKeeps> series_keeps(Checker& checker, const ast::Call& call) {
  if (call.arguments.size() < 4) return SeriesKeeps::kLast;
  ExprPtr word = checker.check_plain(*call.arguments[3]);
  if (word->type.kind == TypeKind::kError) return std::nullopt;
  const std::string* text = typed::constant_string(*word);
  for (const SeriesWord& row : kSeriesWords) {
    if (text != nullptr && *text == row.name) return row.keeps;
  }
  checker.report(Diag::SeriesKeepsWhat, call.arguments[3]->span);
  return std::nullopt;
}

struct Intervals {
  std::int64_t length = 0;  // ns
  std::int64_t count = 0;
};

// The second and the third argument.
std::optional<Intervals> intervals_of(Checker& checker, const ast::Call& call) {
  std::int64_t bounds[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    auto value = checker.check_constant(*call.arguments[i + 1]);
    if (!value || static_cast<std::int64_t>(*value) < 1) {
      const char* what = i == 0 ? "interval" : "number of intervals";
      checker.report(Diag::SeriesBound, call.arguments[i + 1]->span, what, call.function);
      return std::nullopt;
    }
    bounds[i] = static_cast<std::int64_t>(*value);
  }
  return Intervals{bounds[0], bounds[1]};
}

bool fit_in_value(Checker& checker, const ast::Call& call, const Intervals& intervals, std::uint32_t bytes_each) {
  std::uint64_t most = kMaxSeriesBytes / bytes_each;
  if (static_cast<std::uint64_t>(intervals.count) <= most) return true;
  checker.report(Diag::SeriesLength, call.arguments[2]->span, call.function, intervals.count, most);
  return false;
}

std::optional<Type> series_shape(Checker& checker, const ast::Call& call, Span span, bool is_signed) {
  if (!checker.allow_unstable(UnstableFeature::kTimeSeries, span)) return std::nullopt;
  auto intervals = intervals_of(checker, call);
  auto keeps = intervals ? series_keeps(checker, call) : std::nullopt;
  if (!keeps || !fit_in_value(checker, call, *intervals, series_bucket_size(*keeps))) return std::nullopt;
  return time_series_type(*keeps, is_signed, intervals->length, intervals->count);
}

std::optional<Type> heat_map_shape(Checker& checker, const ast::Call& call) {
  auto intervals = intervals_of(checker, call);
  if (!intervals || !fit_in_value(checker, call, *intervals, kHeatIntervalSize)) return std::nullopt;
  return heat_map_type(intervals->length, intervals->count);
}

std::optional<Type> shape_of(Checker& checker, const ast::Call& call, Span span, TypeKind kind, bool is_signed) {
  if (kind == TypeKind::kLinearHist) return linear_shape(checker, call, span);
  if (kind == TypeKind::kTimeSeries) return series_shape(checker, call, span, is_signed);
  if (kind == TypeKind::kHeatMap) return heat_map_shape(checker, call);
  bool is_sketch = kind == TypeKind::kPercentiles;
  if (kind != TypeKind::kHist && !is_sketch) return aggregation_type(kind, is_signed);
  auto bits = bucket_bits(checker, call, is_sketch ? kPercentileBits : 0);
  if (!bits) return std::nullopt;
  return is_sketch ? percentiles_type(*bits, is_signed) : hist_type(*bits);
}

ExprPtr misplaced(Checker& checker, const CallSite& site) {
  return checker.refuse(Diag::AggregationNotAssigned, site.span, site.name());
}

}  // namespace

bool is_aggregation_call(const ast::Call& call) {
  auto builtin = find_builtin(call.function);
  return builtin && aggregation_kind(*builtin);
}

std::optional<AggregationCall> check_aggregation(Checker& checker, const ast::Call& call, Span span) {
  Builtin builtin = *find_builtin(call.function);
  TypeKind kind = *aggregation_kind(builtin);
  const BuiltinRow& row = builtin_row(builtin);
  if (call.arguments.size() < row.min_arguments || call.arguments.size() > row.max_arguments) {
    (void)check_builtin(checker, {builtin, span, &call});  // reports the number of arguments
    return std::nullopt;
  }
  AggregationCall result;
  if (kind == TypeKind::kCount) {
    result.type = aggregation_type(kind, false);
    return result;
  }
  ExprPtr value = checker.check_int(*call.arguments[0], row.name);
  if (value->type.kind == TypeKind::kError) return std::nullopt;
  bool is_signed = value->type.is_signed && value->type.kind != TypeKind::kBool;
  std::optional<Type> type = shape_of(checker, call, span, kind, is_signed);
  if (!type) return std::nullopt;
  result.type = std::move(*type);
  // Histograms sort by the signed value: an error code returned as unsigned counts as negative.
  bool histogram = kind == TypeKind::kHist || kind == TypeKind::kLinearHist;
  result.argument = typed::to_int64(std::move(value), is_signed || histogram);
  return result;
}

#define AGGREGATION(kind, builtin, ...) \
  ExprPtr check_##builtin(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
#include "ast/aggregations.def"
#undef AGGREGATION

}  // namespace hawk
