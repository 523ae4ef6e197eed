// Maps: what each holds, how its uses agree, and how it is stored.
#include <algorithm>
#include <array>

#include "semantics/checker.h"
#include "support/check.h"

namespace hawk {

using typed::make_expr;

namespace {

struct DeclaredKind {
  std::string_view name;
  MapStorage storage;
};
constexpr std::array kDeclaredKinds = {
    DeclaredKind{"hash", MapStorage::kHash},
    DeclaredKind{"lruhash", MapStorage::kLruHash},
    DeclaredKind{"percpuhash", MapStorage::kPerCpuHash},
    DeclaredKind{"percpulruhash", MapStorage::kPerCpuLruHash},
    DeclaredKind{"taskstorage", MapStorage::kTask},
};

constexpr std::uint64_t kMostEntries = UINT32_MAX;

bool may_be_key(const Type& type) {
  return type.kind != TypeKind::kContext && type.kind != TypeKind::kNone && !is_aggregation(type) && type.size > 0;
}

std::string key_name(const Type& type) {
  std::string name = type_name(type);
  return type.kind == TypeKind::kTuple ? name.substr(1, name.size() - 2) : name;
}

const DeclaredKind* find_kind(const ast::MapDeclaration& declaration) {
  const auto* row = std::find_if(kDeclaredKinds.begin(), kDeclaredKinds.end(),
                                 [&](const DeclaredKind& kind) { return kind.name == declaration.kind; });
  return row == kDeclaredKinds.end() ? nullptr : row;
}

// Of two uses of one kind that ask for different buckets or intervals.
Diag shape_mismatch(TypeKind kind) {
  if (kind == TypeKind::kTimeSeries) return Diag::SeriesMismatch;
  if (kind == TypeKind::kPercentiles) return Diag::PercentilesMismatch;
  return kind == TypeKind::kHeatMap ? Diag::HeatMapMismatch : Diag::HistogramShapeMismatch;
}

}  // namespace

bool is_task_storage(const MapInfo& info) {
  const DeclaredKind* kind = info.declaration != nullptr ? find_kind(*info.declaration) : nullptr;
  return kind != nullptr && kind->storage == MapStorage::kTask;
}

MapInfo& Checker::map_info(const std::string& name, Span span) {
  auto [found, added] = maps_.try_emplace(name);
  if (added) {
    found->second.name = name;
    found->second.id = static_cast<typed::MapId>(map_order_.size());
    found->second.first_use = span;
    map_order_.push_back(name);
  }
  return found->second;
}

bool Checker::set_keyed(MapInfo& info, bool keyed, Span span) {
  if (!info.keyed) {
    info.keyed = keyed;
    info.first_use = span;
    learned_ = true;
  }
  if (*info.keyed == keyed) return true;
  auto& diagnostic = report(keyed ? Diag::ScalarUsedAsKeyed : Diag::KeyedUsedAsScalar, span, info.name);
  diagnostic.notes.push_back({info.first_use, "first used here"});
  return false;
}

Checker::ExprPtr Checker::check_key(MapInfo& info, const ast::Expr& key) {
  ExprPtr value = check_plain(key);
  if (value->type.kind == TypeKind::kError) return value;
  if (!may_be_key(value->type)) return refuse(Diag::BadMapKey, key.span, type_name(value->type));
  if (typed::node_as<typed::VariableAddress>(*value) != nullptr ||
      typed::node_as<typed::ContextAddress>(*value) != nullptr) {
    return refuse(Diag::NotStorable, key.span, type_name(value->type));
  }
  if (!info.key.add(*value)) {
    return refuse(Diag::KeyMismatch, key.span, info.name, key_name(value->type), key_name(info.key.type()));
  }
  return typed::convert(std::move(value), info.key.type());
}

Checker::MapUse Checker::use_map(const ast::MapAccess& access, Span span) {
  MapInfo& info = map_info(access.name, span);
  info.used = true;
  if (!set_keyed(info, access.key != nullptr, span)) return {};
  MapUse use{&info, info.id, nullptr};
  if (access.key) {
    use.key = check_key(info, *access.key);
    if (use.key->type.kind == TypeKind::kError) {
      info.poisoned = true;
      return {};
    }
  }
  return use;
}

Checker::ExprPtr Checker::find_key(const ast::Variable& variable, MapUse use, const Type& value, Span span) {
  ClauseState::Variable* found = find_variable(variable.name);
  if (found == nullptr) return refuse(Diag::UndefinedVariable, span, variable.name);
  if (!found->type->add(value)) {
    return refuse(Diag::VariableMismatch, span, variable.name, type_name(value), type_name(found->type->type()));
  }
  Type type = found->type->type();
  clause_->out.variables[found->id].type = type;
  if (!same_type(type, value))
    return refuse(Diag::VariableMismatch, span, variable.name, type_name(value), type_name(type));
  return make_expr(bool_type(), span, typed::FindKey{use.id, std::move(use.key), found->id});
}

Type Checker::map_value_type(const MapInfo& info) const {
  return info.aggregation ? *info.aggregation : info.value.type();
}

Checker::ExprPtr Checker::check_map_value(const ast::MapAccess& access, Span span) {
  MapUse use = use_map(access, span);
  if (use.info == nullptr) return typed::poison(span);
  note_read(use.info);
  Type type = map_value_type(*use.info);
  if (type.kind == TypeKind::kError) {
    use.info->read_untyped = true;
    return typed::poison(span);
  }
  if (use.info->assumed_int && !use.info->assigned) report(Diag::UnassignedMap, span, access.name);
  return make_expr(type, span, typed::ReadMap{use.id, std::move(use.key)});
}

Checker::MapUse Checker::whole_map(const ast::Expr& argument, const char* user) {
  MapUse use = own_map(argument, user);
  if (use.info == nullptr || !is_task_storage(*use.info)) return use;
  report(Diag::TaskStorageWhole, argument.span, user, use.info->name).help =
      fmt::format("without more, it is the value of the current task: printf(\"%d\", @{})", use.info->name);
  return {};
}

Checker::MapUse Checker::own_map(const ast::Expr& argument, const char* user) {
  const auto* access = std::get_if<ast::MapAccess>(&argument.node);
  if (access == nullptr || access->key) {
    report(Diag::MapExpected, argument.span, user);
    return {};
  }
  MapInfo& info = map_info(access->name, argument.span);
  info.used = true;
  note_read(&info);
  bool undefined = map_value_type(info).kind == TypeKind::kError || (info.assumed_int && !info.assigned);
  if (undefined) {
    if (info.poisoned) return {};
    auto& diagnostic = report(Diag::UndefinedMap, argument.span, access->name);
    if (!has_time_for_hints()) return {};
    std::vector<std::string> names;
    for (const auto& [name, other] : maps_) {
      if (map_value_type(other).kind != TypeKind::kError) names.push_back(name);
    }
    std::string near = nearest_name(access->name, names);
    if (!near.empty()) diagnostic.help = fmt::format("did you mean `@{}`?", near);
    return {};
  }
  return {&info, info.id, nullptr};
}

Checker::MapUse Checker::keyed_map(const ast::Expr& map, const ast::Expr& key, const char* user) {
  MapUse use = whole_map(map, user);
  if (use.info == nullptr) return {};
  if (use.info->keyed != true) {
    report(Diag::KeyedMapExpected, map.span, user, use.info->name);
    return {};
  }
  use.key = check_key(*use.info, key);
  if (use.key->type.kind == TypeKind::kError) return {};
  return use;
}

void Checker::learn_map_value(MapInfo& info, const typed::Expr& value, Span span) {
  if (value.type.kind == TypeKind::kError) return;
  if (info.aggregation) {
    report(Diag::MapValueMismatch, span, info.name, type_name(value.type), type_name(*info.aggregation));
    return;
  }
  Type before = info.value.type();
  info.assigned = true;
  if (!info.value.add(value)) {
    report(Diag::MapValueMismatch, span, info.name, type_name(value.type), type_name(before));
  }
}

void Checker::learn_aggregation(MapInfo& info, const Type& type, Span span) {
  if (info.value.known()) {
    report(Diag::MapValueMismatch, span, info.name, type_name(type), type_name(info.value.type()));
    return;
  }
  if (!info.aggregation) {
    info.aggregation = type;
    learned_ = true;
    return;
  }
  Type& known = *info.aggregation;
  bool same_shape = known.kind == type.kind && known.count == type.count && known.range_min == type.range_min &&
                    known.range_max == type.range_max && known.range_step == type.range_step;
  if (!same_shape) {
    if (known.kind != type.kind) {
      report(Diag::MapValueMismatch, span, info.name, type_name(type), type_name(known));
    } else {
      report(shape_mismatch(type.kind), span, info.name);
    }
    return;
  }
  if (type.is_signed && !known.is_signed) {
    known = type;
    learned_ = true;
  }
}

typed::EventId Checker::map_full_event(typed::MapId map, Span span) {
  EventSchema schema{.kind = EventKind::kHelperError,
                     .fields = {},
                     .format = {},
                     .text = "map_update_elem",
                     .map = map,
                     .refuses = true,
                     .location = location(span)};
  add_field(schema, int_type(8, true));
  return add_event(std::move(schema));
}

bool Checker::check_declared_storage(const MapInfo& info, MapSchema& schema) {
  const ast::MapDeclaration& declaration = *info.declaration;
  const DeclaredKind* row = find_kind(declaration);
  if (row == nullptr) {
    report(Diag::UnknownMapKind, declaration.kind_span, declaration.kind).help =
        "use hash, lruhash, percpuhash, percpulruhash or taskstorage";
    return false;
  }
  bool of_task = row->storage == MapStorage::kTask;
  std::uint64_t entries = declaration.max_entries.value_or(0);
  if (of_task ? declaration.max_entries.has_value() : entries == 0 || entries > kMostEntries) {
    report(Diag::MapCapacity, declaration.span, declaration.kind,
           of_task ? "no number" : "the number of keys that fit, at least 1");
    return false;
  }
  if (of_task && info.keyed == true) {
    report(Diag::TaskStorageKeyed, info.first_use, info.name).notes.push_back({declaration.span, "declared here"});
    return false;
  }
  schema.max_entries = static_cast<std::uint32_t>(entries);
  if (is_per_cpu(row->storage) != info.aggregation.has_value() && map_value_type(info).kind != TypeKind::kError) {
    auto& diagnostic =
        report(Diag::MapKindMismatch, declaration.span, info.name, declaration.kind, type_name(map_value_type(info)));
    if (!of_task)
      diagnostic.help = fmt::format("declare it as {}({})", info.aggregation ? "percpuhash" : "hash", entries);
    return false;
  }
  if (info.keyed == true || of_task) schema.storage = row->storage;
  if (of_task) schema.printed_at_exit = false;
  return true;
}

// Ids are positions in map_order_, so a map without a value gets a placeholder that nothing reads.
std::optional<MapSchema> Checker::map_schema(const MapInfo& info) {
  MapSchema schema;
  schema.name = info.name;
  schema.keyed = info.keyed.value_or(false);
  schema.value = map_value_type(info);
  schema.key = schema.keyed ? info.key.type() : none_type();
  schema.max_entries = schema.keyed ? static_cast<std::uint32_t>(config_.max_map_keys) : 1;
  bool per_cpu = info.aggregation.has_value();
  schema.storage = schema.keyed ? (per_cpu ? MapStorage::kPerCpuHash : MapStorage::kHash)
                                : (per_cpu ? MapStorage::kPerCpuArray : MapStorage::kArray);
  if (info.declaration != nullptr) {
    if (!check_declared_storage(info, schema)) return std::nullopt;
    if (!info.used) report(Diag::UnusedMap, info.declaration->span, info.name);
    if (!schema.keyed) schema.max_entries = 1;
  }
  if (schema.value.kind == TypeKind::kError || (schema.keyed && schema.key.kind == TypeKind::kError)) {
    schema.keyed = false;
    schema.key = none_type();
    schema.value = int_type(8, false);
    schema.storage = MapStorage::kArray;
    schema.max_entries = 1;
    schema.printed_at_exit = false;
  }
  return schema;
}

}  // namespace hawk
