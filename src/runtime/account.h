// What has become of the hits and the events of clauses in the kernel: what their programs have counted there, against
// what has arrived here.
#pragma once

#include <vector>

#include "runtime/attachment.h"
#include "runtime/bpf_object.h"
#include "runtime/session.h"

namespace hawk {

class Account {
 public:
  // Both must outlive it.
  Account(const ProgramImage& image, const LoadedObject& loaded);

  void received(std::uint32_t event) { ++received_[event]; }
  // Of what has been received: an exit() had come before it.
  void dropped(std::uint32_t event) { ++dropped_[event]; }

  [[nodiscard]] std::uint64_t lost() const;  // events, so far
  // Whether records that programs have reported are still on their way: one may be at work on another CPU.
  [[nodiscard]] bool is_open() const;
  // What the kernel has kept from running since; to be called while the probes are attached.
  void note_missed(const std::vector<Attachment>& attachments);
  // Of all clauses in the kernel, in their order.
  [[nodiscard]] std::vector<ClauseAccount> settle() const;

 private:
  [[nodiscard]] ProgramAccount counted(std::size_t program) const;

  const ProgramImage& image_;
  const LoadedObject& loaded_;
  std::vector<std::uint64_t> received_;  // by event
  std::vector<std::uint64_t> dropped_;   // likewise
  std::vector<std::uint64_t> missed_;    // by program
};

}  // namespace hawk
