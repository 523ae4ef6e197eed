// Iterators: programs that the kernel runs for each of its objects of a kind, when somebody reads.
#include <bpf/bpf.h>

#include <cerrno>

#include "runtime/attach.h"

namespace hawk {

int attach_iterator(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome) {
  Attachment attachment;
  attachment.link = UniqueFd(::bpf_link_create(program_fd, 0, BPF_TRACE_ITER, nullptr));
  if (!attachment.link.valid()) return errno;
  if (!probe.pin.empty()) {
    if (::bpf_obj_pin(attachment.link.get(), probe.pin.c_str()) != 0) return errno;
  } else {
    attachment.elements = UniqueFd(::bpf_iter_create(attachment.link.get()));
    if (!attachment.elements.valid()) return errno;
  }
  outcome.add(std::move(attachment));
  return 0;
}

}  // namespace hawk
