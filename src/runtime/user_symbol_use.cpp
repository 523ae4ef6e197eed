#include "runtime/user_symbol_use.h"

#include <algorithm>

namespace hawk {

namespace {

bool has_user_symbols(const Type& type) {
  if (type.kind == TypeKind::kStackUser || type.kind == TypeKind::kUserSymbol) return true;
  if (type.kind == TypeKind::kPointer) return false;
  if (type.element && has_user_symbols(*type.element)) return true;
  if (!type.def) return false;
  const auto& fields = type.def->fields;
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return has_user_symbols(field.type); });
}

bool event_has_user_symbols(const EventSchema& event) {
  return std::any_of(event.fields.begin(), event.fields.end(),
                     [](const EventField& f) { return has_user_symbols(f.type); });
}

}  // namespace

bool shows_user_symbols(const ProgramImage& image) {
  return std::any_of(image.events.begin(), image.events.end(), event_has_user_symbols) ||
         std::any_of(image.maps.begin(), image.maps.end(),
                     [](const MapSchema& map) { return has_user_symbols(map.key) || has_user_symbols(map.value); });
}

}  // namespace hawk
