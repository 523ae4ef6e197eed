#include "runtime/event_reader.h"

#include <bpf/libbpf.h>

#include <cerrno>
#include <cstring>

namespace hawk {

Result<std::unique_ptr<EventReader>> EventReader::open(int ring_fd, Handler handler) {
  std::unique_ptr<EventReader> reader(new EventReader(std::move(handler)));
  if (ring_fd < 0) return reader;
  reader->ring_ = ring_buffer__new(ring_fd, on_sample, reader.get(), nullptr);
  if (reader->ring_ == nullptr) {
    return Error{.message = std::string("cannot read the event buffer: ") + std::strerror(errno),
                 .help = "a smaller one may do: config = { perf_rb_pages = 64 }",
                 .exit_code = kExitKernel};
  }
  return reader;
}

EventReader::~EventReader() { ring_buffer__free(ring_); }

int EventReader::fd() const { return ring_ == nullptr ? -1 : ring_buffer__epoll_fd(ring_); }

bool EventReader::consume(std::size_t limit) {
  if (ring_ == nullptr) return false;
  left_ = limit;
  ++round_;
  return ring_buffer__consume(ring_) < 0;
}

int EventReader::on_sample(void* context, void* data, std::size_t size) {
  auto* reader = static_cast<EventReader*>(context);
  bool go_on = reader->handler_({static_cast<const std::uint8_t*>(data), size});
  --reader->left_;
  // A negative number makes libbpf return at once; the record counts as read all the same.
  return go_on && reader->left_ > 0 ? 0 : -ECANCELED;
}

}  // namespace hawk
