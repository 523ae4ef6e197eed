// EventReader: the user-space end of the event ring buffer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "support/result.h"

struct ring_buffer;

namespace hawk {

class EventReader {
 public:
  // A record, valid during the call; false ends the current consume() behind it.
  using Handler = std::function<bool(std::span<const std::uint8_t>)>;

  // `ring_fd` -1: a reader that never has anything.
  [[nodiscard]] static Result<std::unique_ptr<EventReader>> open(int ring_fd, Handler handler);
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;

  // For poll(): readable when there are records; -1 without a ring.
  [[nodiscard]] int fd() const;
  // Handles at most `limit` records; true if it stopped before the ring was empty.
  bool consume(std::size_t limit);
  // Handles the records that are in the ring now, however fast others come behind them.
  void consume_reported();
  // Which consume() it is, or was last.
  [[nodiscard]] std::uint64_t round() const { return round_; }

 private:
  explicit EventReader(Handler handler) : handler_(std::move(handler)) {}
  // How far the programs have written, in bytes since the beginning; modulo the size of a word.
  [[nodiscard]] unsigned long written() const;
  [[nodiscard]] unsigned long read() const;
  static int on_sample(void* context, void* data, std::size_t size);

  Handler handler_;
  ::ring_buffer* ring_ = nullptr;
  void* positions_ = nullptr;            // two pages of the ring: the reader's position, the programs' position
  std::optional<unsigned long> target_;  // where consume_reported() ends
  std::size_t left_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace hawk
