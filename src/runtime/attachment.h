// Attachment: one hold of a BPF program on one event source. Everything is a file descriptor, so nothing
// stays behind when hawk dies, however it dies.
#pragma once

#include <string>
#include <vector>

#include "ast/probe.h"
#include "support/unique_fd.h"

namespace hawk {

// Closing `link` stops the program; closing `event` may wait for an RCU grace period, so it is left for
// later.
struct Attachment {
  UniqueFd event;
  UniqueFd link;
  std::size_t program = 0;           // index: ProgramImage::programs
  std::uint64_t watched = 0;         // of a watchpoint: the address
  UniqueFd dispatcher = {};          // what runs first and goes on as the program, if there is such a thing
  UniqueFd elements = {};            // of an iterator: reading runs the program, one byte for each element
  bool event_holds_program = false;  // no perf links before Linux 5.15: closing `event` does both
};

struct AttachFailure {
  const ProbeSpec* probe = nullptr;
  int error = 0;            // errno
  std::string reason = {};  // in words, when more is known than the errno says
};

// What became of the probes of one program.
struct AttachOutcome {
  std::vector<Attachment> attachments;
  std::size_t probes = 0;  // that are attached now
  std::vector<AttachFailure> failures;
  std::uint64_t cookie = 0;  // of the probe that is to be attached next: its index in the program

  void add(Attachment attachment) { attachments.push_back(std::move(attachment)); }
  void fail(const ProbeSpec& probe, int error, std::string reason = {}) {
    failures.push_back({&probe, error, std::move(reason)});
  }
};

}  // namespace hawk
