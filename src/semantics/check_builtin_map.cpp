// Builtins on maps: delete, has_key, find, len, quantile.
#include "semantics/builtin_checks.h"

namespace hawk {

using typed::ExprPtr;
using typed::make_expr;

namespace {

// delete(@m[key]), the older form.
ExprPtr delete_element(Checker& checker, const ast::MapAccess& access, Span span) {
  auto use = checker.use_map(access, span);
  if (use.info == nullptr) return typed::poison(span);
  return make_expr(bool_type(), span, typed::DeleteKey{use.id, std::move(use.key)});
}

}  // namespace

ExprPtr check_Delete(Checker& checker, const CallSite& site) {
  if (site.count() == 1) {
    const auto* access = std::get_if<ast::MapAccess>(&site.argument(0).node);
    if (access != nullptr && access->key) return delete_element(checker, *access, site.span);
    auto use = checker.own_map(site.argument(0), site.name());
    if (use.info == nullptr) return typed::poison(site.span);
    if (use.info->keyed == true) return checker.refuse(Diag::DeleteWithoutKey, site.span, use.info->name);
    return make_expr(bool_type(), site.span, typed::DeleteKey{use.id, nullptr});
  }
  auto use = checker.keyed_map(site.argument(0), site.argument(1), site.name());
  if (use.info == nullptr) return typed::poison(site.span);
  return make_expr(bool_type(), site.span, typed::DeleteKey{use.id, std::move(use.key)});
}

ExprPtr check_HasKey(Checker& checker, const CallSite& site) {
  auto use = checker.keyed_map(site.argument(0), site.argument(1), site.name());
  if (use.info == nullptr) return typed::poison(site.span);
  return make_expr(bool_type(), site.span, typed::HasKey{use.id, std::move(use.key)});
}

ExprPtr check_Find(Checker& checker, const CallSite& site) {
  auto use = checker.keyed_map(site.argument(0), site.argument(1), site.name());
  if (use.info == nullptr) return typed::poison(site.span);
  Type value = checker.map_value_type(*use.info);
  if (is_aggregation(value)) return checker.refuse(Diag::AggregationAsValue, site.argument(0).span, type_name(value));
  const auto* variable = std::get_if<ast::Variable>(&site.argument(2).node);
  if (variable == nullptr) return checker.refuse(Diag::VariableExpected, site.argument(2).span, site.name());
  return checker.find_key(*variable, std::move(use), value, site.span);
}

ExprPtr check_Quantile(Checker& checker, const CallSite& site) {
  const ast::Expr& map = site.argument(0);
  if (!std::holds_alternative<ast::MapAccess>(map.node))
    return checker.refuse(Diag::MapExpected, map.span, site.name());
  ExprPtr value = checker.check_value(map);
  ExprPtr percent = checker.check_plain(site.argument(1));
  if (is_poison(*value) || is_poison(*percent)) return typed::poison(site.span);
  if (value->type.kind != TypeKind::kPercentiles) {
    checker.report(Diag::QuantileOf, map.span, type_name(value->type)).help = "write @map = percentiles(value)";
    return typed::poison(site.span);
  }
  Span span = site.argument(1).span;
  if (!is_integer(percent->type) && percent->type.kind != TypeKind::kFloat)
    return checker.refuse(Diag::QuantilePercent, span, fmt::format("'{}'", type_name(percent->type)));
  std::optional<double> known = typed::constant_float(*percent);
  if (known && !(*known >= 0 && *known <= 100)) return checker.refuse(Diag::QuantilePercent, span, *known);
  std::optional<typed::EventId> range_event;
  if (!known)
    range_event = checker.runtime_error("quantile() of less than 0 or more than 100 percent: 0 or 100 is used", span);
  ExprPtr result =
      checker.read_percentile(std::move(value), typed::convert(std::move(percent), float_type()), range_event);
  result->span = site.span;
  return result;
}

ExprPtr check_Len(Checker& checker, const CallSite& site) {
  Type wide = int_type(8, true);
  const auto* access = std::get_if<ast::MapAccess>(&site.argument(0).node);
  if (access != nullptr && !access->key) {
    auto use = checker.whole_map(site.argument(0), site.name());
    if (use.info == nullptr) return typed::poison(site.span);
    if (use.info->keyed == true) return make_expr(wide, site.span, typed::MapLength{use.id});
    if (!is_stack(checker.map_value_type(*use.info))) {
      return checker.refuse(Diag::KeyedMapExpected, site.argument(0).span, site.name(), use.info->name);
    }
  }
  ExprPtr value = checker.check_plain(site.argument(0));
  if (value->type.kind == TypeKind::kError) return value;
  if (!is_stack(value->type)) return checker.refuse(Diag::LenArgument, site.argument(0).span, type_name(value->type));
  // The number of frames is the first word of a stack.
  return typed::to_int64(make_expr(int_type(4, false), site.span, typed::Member{std::move(value), 0, 0, 0}), true);
}

}  // namespace hawk
