#include "semantics/argument_places.h"

#include <algorithm>
#include <array>
#include <string>

#include "ast/round_up.h"

namespace hawk {

namespace {

constexpr std::array<const char*, 6> kIntegerRegisters = {"di", "si", "dx", "cx", "r8", "r9"};
constexpr std::size_t kFloatRegisters = 8;
constexpr std::uint32_t kArgumentWord = 8;   // bytes
constexpr std::uint64_t kReturnAddress = 8;  // bytes of it, at the top of the stack

class PlaceAssignment {
 public:
  explicit PlaceAssignment(const Passing& result) {
    bool by_address = result.kind == Passing::Kind::kMemory || result.kind == Passing::Kind::kReference;
    integers_ = by_address ? 1 : 0;
  }

  ArgumentPlace next(const UserParameter& parameter) {
    const Passing& passing = parameter.passing;
    switch (passing.kind) {
      case Passing::Kind::kNothing: return NotPassed{};
      case Passing::Kind::kMemory: return on_stack(parameter.type.size, passing.align);
      case Passing::Kind::kRegisters:
      case Passing::Kind::kReference: break;
    }
    auto wants = [&](Passing::Word word) {
      return static_cast<std::size_t>(std::count(passing.words.begin(), passing.words.end(), word));
    };
    bool fits = integers_ + wants(Passing::Word::kInteger) <= kIntegerRegisters.size() &&
                floats_ + wants(Passing::Word::kFloat) <= kFloatRegisters;
    if (!fits) return on_stack(kArgumentWord * passing.words.size(), passing.align);
    InRegisters place;
    for (Passing::Word word : passing.words) {
      switch (word) {
        case Passing::Word::kInteger: place.names.emplace_back(kIntegerRegisters[integers_++]); break;
        case Passing::Word::kFloat: place.names.push_back("xmm" + std::to_string(floats_++)); break;
        case Passing::Word::kUpperHalf: place.names.push_back(place.names.back()); break;
      }
    }
    return place;
  }

 private:
  ArgumentPlace on_stack(std::uint64_t size, std::uint32_t align) {
    stack_ = round_up(stack_, std::max(align, kArgumentWord));
    OnStack place{kReturnAddress + stack_};
    stack_ += round_up(size, kArgumentWord);
    return place;
  }

  std::size_t integers_ = 0;
  std::size_t floats_ = 0;
  std::uint64_t stack_ = 0;  // bytes, from the first argument there on
};

}  // namespace

std::vector<ArgumentPlace> argument_places(const UserFunction& function) {
  PlaceAssignment assignment(function.result);
  std::vector<ArgumentPlace> places;
  for (const UserParameter& parameter : function.parameters) {
    ArgumentPlace place = assignment.next(parameter);
    if (!function.unknown_convention.empty()) {
      places.emplace_back(NotPassed{});
      continue;
    }
    if (function.own_convention) place = NotPassed{};
    places.push_back(parameter.place.value_or(std::move(place)));
  }
  return places;
}

}  // namespace hawk
