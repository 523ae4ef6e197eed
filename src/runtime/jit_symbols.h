// JitSymbols: functions that a run-time compiler made, from the file it writes for perf (/tmp/perf-PID.map).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hawk {

class JitSymbols {
 public:
  struct Located {
    std::string_view name;  // "" if no function covers the address
    std::uint64_t offset = 0;
  };

  JitSymbols() = default;
  // Lines "START SIZE NAME", both numbers in hexadecimal; a later line replaces an earlier one.
  [[nodiscard]] static JitSymbols parse(std::string_view text);

  [[nodiscard]] Located find(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t size = 0;
    std::string name;
  };
  std::map<std::uint64_t, Function> functions_;  // by start
};

}  // namespace hawk
