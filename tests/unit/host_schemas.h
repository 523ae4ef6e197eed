// Schemas of maps for the tests of src/host.
#pragma once

#include <cstring>

#include "ast/schema.h"

namespace hawk {

inline MapSchema keyed_schema(Type key, Type value, std::uint32_t entries = 4096) {
  MapSchema schema;
  schema.name = "m";
  schema.keyed = true;
  schema.key = std::move(key);
  schema.value = std::move(value);
  schema.max_entries = entries;
  schema.placement = Placement::kHost;
  return schema;
}

inline MapSchema scalar_schema(Type value) {
  MapSchema schema;
  schema.name = "s";
  schema.value = std::move(value);
  schema.storage = MapStorage::kArray;
  schema.placement = Placement::kHost;
  return schema;
}

inline std::uint64_t load_number(const void* bytes, std::size_t size = 8) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, size);
  return number;
}

}  // namespace hawk
