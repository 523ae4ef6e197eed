#include "runtime/event_reader.h"

#include <bpf/libbpf.h>

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hawk {

namespace {

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

Result<std::unique_ptr<EventReader>> EventReader::open(int ring_fd, Handler handler) {
  std::unique_ptr<EventReader> reader(new EventReader(std::move(handler)));
  if (ring_fd < 0) return reader;
  reader->ring_ = ring_buffer__new(ring_fd, on_sample, reader.get(), nullptr);
  if (reader->ring_ == nullptr) {
    return Error{.message = std::string("cannot read the event buffer: ") + std::strerror(errno),
                 .help = "a smaller one may do: config = { perf_rb_pages = 64 }",
                 .exit_code = kExitKernel};
  }
  void* pages = ::mmap(nullptr, 2 * page_size(), PROT_READ, MAP_SHARED, ring_fd, 0);
  if (pages == MAP_FAILED) {
    return Error{.message = std::string("cannot read the event buffer: ") + std::strerror(errno),
                 .exit_code = kExitKernel};
  }
  reader->positions_ = pages;
  return reader;
}

EventReader::~EventReader() {
  if (positions_ != nullptr) ::munmap(positions_, 2 * page_size());
  ring_buffer__free(ring_);
}

int EventReader::fd() const { return ring_ == nullptr ? -1 : ring_buffer__epoll_fd(ring_); }

bool EventReader::consume(std::size_t limit) {
  if (ring_ == nullptr) return false;
  left_ = limit;
  ++round_;
  return ring_buffer__consume(ring_) < 0;
}

void EventReader::consume_reported() {
  if (ring_ == nullptr) return;
  target_ = written();
  if (*target_ != read()) static_cast<void>(consume(SIZE_MAX));
  target_.reset();
}

unsigned long EventReader::read() const {
  return __atomic_load_n(static_cast<const unsigned long*>(positions_), __ATOMIC_ACQUIRE);
}

unsigned long EventReader::written() const {
  const char* page = static_cast<const char*>(positions_) + page_size();
  return __atomic_load_n(reinterpret_cast<const unsigned long*>(page), __ATOMIC_ACQUIRE);
}

int EventReader::on_sample(void* context, void* data, std::size_t size) {
  auto* reader = static_cast<EventReader*>(context);
  bool go_on = reader->handler_({static_cast<const std::uint8_t*>(data), size});
  --reader->left_;
  // The position moves on behind this record when libbpf is back.
  constexpr unsigned long kHeader = 8;  // BPF_RINGBUF_HDR_SZ
  if (reader->target_) {
    unsigned long behind = reader->read() + kHeader + (size + 7) / 8 * 8;
    go_on = go_on && static_cast<long>(*reader->target_ - behind) > 0;
  }
  // A negative number makes libbpf return at once; the record counts as read all the same.
  return go_on && reader->left_ > 0 ? 0 : -ECANCELED;
}

}  // namespace hawk
