// HostTwin: the same program inside hawk. Every codegen test that only the kernel's memory or probes would keep from it
// runs on both machines, and maps, events and results are compared (codegen_fixture.h, Loaded::run).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "codegen/codegen.h"
#include "host/host_runtime.h"
#include "semantics/typed.h"

namespace hawk::test {

using ByteString = std::vector<std::uint8_t>;

class HostTwin {
 public:
  // Null if some node needs the kernel.
  static std::unique_ptr<HostTwin> of(typed::CheckedProgram& checked, const Sources& sources,
                                      const RuntimeConstants& constants);

  std::int64_t run(std::size_t index, const void* context);
  void put(typed::MapId map, const void* key, const void* value) { runtime_->map(map).set(key, value); }
  // Keys and values, without the presence word.
  [[nodiscard]] std::map<ByteString, ByteString> contents(typed::MapId map);
  [[nodiscard]] bool written(typed::MapId map) { return runtime_->map(map).snapshot().written; }
  // Records since the last call.
  [[nodiscard]] std::vector<ByteString> events() { return std::exchange(events_, {}); }

 private:
  ProgramImage image_;
  std::unique_ptr<HostCode> code_;
  std::unique_ptr<HostRuntime> runtime_;
  std::vector<ByteString> events_;
};

}  // namespace hawk::test
