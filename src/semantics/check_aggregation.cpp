// count sum min max avg stats hist lhist tseries: assigned to maps, refused anywhere else.
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;

namespace {

constexpr std::uint64_t kMaxHistBits = 5;
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
  if (builtin == Builtin::kCount) return TypeKind::kCount;
  if (builtin == Builtin::kSum) return TypeKind::kSum;
  if (builtin == Builtin::kMin) return TypeKind::kMin;
  if (builtin == Builtin::kMax) return TypeKind::kMax;
  if (builtin == Builtin::kAvg) return TypeKind::kAvg;
  if (builtin == Builtin::kStats) return TypeKind::kStats;
  if (builtin == Builtin::kHist) return TypeKind::kHist;
  if (builtin == Builtin::kLhist) return TypeKind::kLinearHist;
  if (builtin == Builtin::kTseries) return TypeKind::kTimeSeries;
  return std::nullopt;
}

std::optional<Type> hist_shape(Checker& checker, const ast::Call& call) {
  if (call.arguments.size() < 2) return hist_type(0);
  auto bits = checker.check_constant(*call.arguments[1]);
  if (!bits || *bits > kMaxHistBits) {
    checker.report(Diag::HistBits, call.arguments[1]->span, kMaxHistBits);
    return std::nullopt;
  }
  return hist_type(static_cast<std::uint32_t>(*bits));
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

std::optional<Type> series_shape(Checker& checker, const ast::Call& call, Span span, bool is_signed) {
  if (!checker.allow_unstable(UnstableFeature::kTimeSeries, span)) return std::nullopt;
  std::int64_t bounds[2] = {};
  for (std::size_t i = 0; i < 2; ++i) {
    auto value = checker.check_constant(*call.arguments[i + 1]);
    if (!value || static_cast<std::int64_t>(*value) < 1) {
      checker.report(Diag::SeriesBound, call.arguments[i + 1]->span, i == 0 ? "interval" : "number of intervals");
      return std::nullopt;
    }
    bounds[i] = static_cast<std::int64_t>(*value);
  }
  auto keeps = series_keeps(checker, call);
  if (!keeps) return std::nullopt;
  std::uint64_t most = kMaxSeriesBytes / series_bucket_size(*keeps);
  if (static_cast<std::uint64_t>(bounds[1]) > most) {
    checker.report(Diag::SeriesLength, call.arguments[2]->span, bounds[1], most);
    return std::nullopt;
  }
  return time_series_type(*keeps, is_signed, bounds[0], bounds[1]);
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
  std::optional<Type> type = kind == TypeKind::kHist         ? hist_shape(checker, call)
                             : kind == TypeKind::kLinearHist ? linear_shape(checker, call, span)
                             : kind == TypeKind::kTimeSeries ? series_shape(checker, call, span, is_signed)
                                                             : aggregation_type(kind, is_signed);
  if (!type) return std::nullopt;
  result.type = std::move(*type);
  // Histograms sort by the signed value: an error code returned as unsigned counts as negative.
  bool histogram = kind == TypeKind::kHist || kind == TypeKind::kLinearHist;
  result.argument = typed::to_int64(std::move(value), is_signed || histogram);
  return result;
}

ExprPtr check_Count(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Sum(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Min(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Max(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Avg(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Stats(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Hist(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Lhist(Checker& checker, const CallSite& site) { return misplaced(checker, site); }
ExprPtr check_Tseries(Checker& checker, const CallSite& site) { return misplaced(checker, site); }

}  // namespace hawk
