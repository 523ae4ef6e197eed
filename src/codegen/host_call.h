// HOST_CALL(name): an operation of image/host_operations.def as generated code calls it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "image/host_interface.h"

namespace hawk {

enum class HostResult : std::uint8_t { kNothing, kNumber, kPointer, kFloat };

struct HostCall {
  std::size_t offset = 0;  // in HostOperations
  HostResult result = HostResult::kNothing;
};

template <class Result, class... Parameters>
constexpr HostResult host_result(Result (*)(Parameters...)) {
  if (std::is_pointer_v<Result>) return HostResult::kPointer;
  if (std::is_same_v<Result, double>) return HostResult::kFloat;
  return std::is_void_v<Result> ? HostResult::kNothing : HostResult::kNumber;
}

#define HOST_CALL(name) \
  (::hawk::HostCall{offsetof(::hawk::HostOperations, name), ::hawk::host_result(::hawk::HostOperations{}.name)})

}  // namespace hawk
