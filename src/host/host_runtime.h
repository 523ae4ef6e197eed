// HostRuntime: what the clauses that run inside hawk have to do with: maps, events, texts, lines of files. It answers
// the operations of image/host_operations.def (operations.h). One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "host/host_map.h"
#include "host/line_reader.h"
#include "host/memory_map.h"
#include "host/text_pool.h"
#include "image/host_interface.h"
#include "image/program_image.h"

namespace hawk {

class HostRuntime {
 public:
  struct Handlers {
    // A whole record, as EventReader gives those of the kernel. It and the texts it names are valid during the call.
    std::function<void(std::span<const std::uint8_t> record)> on_event;
    // Whether the clause that is running is to end. Asked by loops about ten thousand times a second, and by reads when
    // they begin to wait and then ten times a second. May write what waits to be written.
    std::function<bool()> should_stop;
  };

  // The image must outlive the runtime. The maps placed on the host are made here; the others have to be set.
  HostRuntime(const ProgramImage& image, const RuntimeConstants& constants, Handlers handlers);
  HostRuntime(const HostRuntime&) = delete;
  HostRuntime& operator=(const HostRuntime&) = delete;

  void set_constants(const RuntimeConstants& constants) { context_.constants = constants; }
  void set_map(std::size_t id, std::unique_ptr<HostMap> map);
  [[nodiscard]] HostMap& map(std::size_t id) { return aside_[id] ? *aside_[id] : *maps_[id]; }
  // What the clause that is running sees instead of the map from now on.
  void set_aside(std::size_t id, const MapSnapshot& snapshot);
  void forget_aside(std::size_t id) { aside_[id].reset(); }

  // Runs a clause and returns what it returns; `event` is what its probe brought, `index` its place in
  // ProgramImage::programs. Not to be called by a handler.
  std::int64_t run(HostProgram program, const void* event = nullptr, std::uint32_t index = 0);

  // The bytes of a text; valid until a clause runs again.
  [[nodiscard]] std::string_view text(std::uint64_t id) const { return texts_.find(id); }
  // While held, no text is forgotten: records that have not been looked at yet may name them.
  void hold_texts(bool hold) { texts_are_held_ = hold; }
  [[nodiscard]] std::size_t text_bytes() const { return texts_.bytes(); }  // that all texts take, about

  // --- for the operations --------------------------------------------------------------------------
  [[nodiscard]] const RuntimeConstants& constants() const { return context_.constants; }
  [[nodiscard]] LineReader& lines() { return lines_; }
  [[nodiscard]] std::uint64_t random() { return random_(); }

  // About `turns` nanoseconds of work have been done: the loop around it takes breath that much earlier.
  void spend(std::uint64_t turns) { context_.turns_left -= std::min(turns, context_.turns_left); }
  // True if the clause is to end.
  [[nodiscard]] bool take_breath(bool may_forget);

  [[nodiscard]] std::uint64_t add_text(std::string_view bytes);
  void add_text_root(const std::uint64_t* variable);

  [[nodiscard]] void* reserve_event(std::size_t bytes);
  void submit_event(const void* record);
  // Submits an event of two texts.
  void report(std::uint64_t event, std::string_view first, std::string_view second);

 private:
  // A map in hawk's memory that holds texts.
  struct TextMap {
    const MemoryMap* map = nullptr;
    std::vector<std::uint32_t> key_places;
    std::vector<std::uint32_t> value_places;
  };

  void forget_texts();

  const ProgramImage& image_;
  Handlers handlers_;
  HostContext context_;
  std::uint32_t program_ = 0;  // index of the one that runs
  std::vector<std::unique_ptr<HostMap>> maps_;
  std::vector<std::unique_ptr<HostMap>> aside_;  // null but for those that have been set aside
  std::vector<TextMap> text_maps_;
  LineReader lines_;
  std::mt19937 random_;

  TextPool texts_;
  std::vector<const std::uint64_t*> text_roots_;
  bool texts_are_held_ = false;
  std::size_t sweep_at_;   // bytes of texts that are worth a sweep
  std::size_t breath_at_;  // bytes of texts at which the next loop turn is made to offer one

  std::vector<std::uint64_t> record_;  // memory for events
  bool record_is_open_ = false;        // reserved and not submitted: it may name texts
};

}  // namespace hawk
