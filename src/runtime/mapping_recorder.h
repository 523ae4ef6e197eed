// MappingRecorder: has the kernel report every mapping of code, exec, fork and exit on this machine, and
// writes them into a MappingJournal. One perf event and a small buffer for each CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/mapping_journal.h"
#include "support/unique_fd.h"

namespace hawk {

// A record as the kernel wrote it (struct perf_event_header and what follows), with its time.
struct PerfRecord {
  std::uint64_t time = 0;
  std::vector<std::uint8_t> bytes;
};

// Applies one MMAP2, COMM, FORK or EXIT record; others mean nothing to a journal.
void apply_perf_record(MappingJournal& journal, std::span<const std::uint8_t> record);

class MappingRecorder {
 public:
  // Records from now on. Where the kernel refuses, it records nothing: symbols of live processes still work.
  MappingRecorder();

  // Writes what happened since into the journal. To be called often: the buffers hold some 500 records each.
  void collect(MappingJournal& journal);

 private:
  class Buffer {
   public:
    explicit Buffer(int cpu);
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&&) = delete;
    ~Buffer();
    void read(std::vector<PerfRecord>& records);

   private:
    UniqueFd event_;
    std::uint8_t* pages_ = nullptr;
  };

  std::vector<Buffer> buffers_;
};

}  // namespace hawk
