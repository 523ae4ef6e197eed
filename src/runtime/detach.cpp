#include "runtime/detach.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace hawk {

namespace {

// Calls `action` once for each attachment, on several threads where it pays.
void for_each_in_parallel(std::vector<Attachment>& attachments, const std::function<void(Attachment&)>& action) {
  constexpr std::size_t kMaxThreads = 32;
  constexpr std::size_t kShare = 4;  // attachments that are not worth another thread
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    for (std::size_t i = next++; i < attachments.size(); i = next++) action(attachments[i]);
  };
  std::vector<std::thread> threads;
  std::size_t count = std::min(attachments.size() / kShare, kMaxThreads);
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

void stop_programs(std::vector<Attachment>& attachments) {
  for_each_in_parallel(attachments, [](Attachment& attachment) {
    if (!attachment.link.valid()) attachment.event.reset();
    attachment.link.reset();
  });
}

void close_events(std::vector<Attachment>& attachments) {
  for_each_in_parallel(attachments, [](Attachment& attachment) { attachment.event.reset(); });
  attachments.clear();
}

}  // namespace hawk
