#include "runtime/mapping_recorder.h"

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/perf_event.h"

namespace hawk {

namespace {

constexpr std::size_t kDataPages = 16;  // a power of two

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// Bodies of the records, behind struct perf_event_header (perf_event_open(2)).
struct TaskBody {  // FORK, EXIT
  std::uint32_t pid, parent, tid, parent_tid;
};
struct CommBody {
  std::uint32_t pid, tid;
};
struct MapBody {  // MMAP2; the file's name follows
  std::uint32_t pid, tid;
  std::uint64_t address, length, offset;
  std::uint32_t major, minor;
  std::uint64_t inode, inode_generation;
  std::uint32_t protection, flags;
};

template <class Body>
bool read_body(std::span<const std::uint8_t> record, Body& body) {
  if (record.size() < sizeof(perf_event_header) + sizeof(body)) return false;
  std::memcpy(&body, record.data() + sizeof(perf_event_header), sizeof(body));
  return true;
}

std::string file_name(std::span<const std::uint8_t> record) {
  constexpr std::size_t kStart = sizeof(perf_event_header) + sizeof(MapBody);
  const char* text = reinterpret_cast<const char*>(record.data()) + kStart;
  std::string name(text, ::strnlen(text, record.size() - kStart));
  return name.starts_with("//anon") ? "" : name;
}

// With sample_id_all every record ends with its sample fields: here the time alone.
std::uint64_t time_of(std::span<const std::uint8_t> record) {
  std::uint64_t time = 0;
  std::memcpy(&time, record.data() + record.size() - sizeof(time), sizeof(time));
  return time;
}

perf_event_attr journal_attributes() {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_DUMMY;
  attr.mmap = 1;  // of executable memory
  attr.mmap2 = 1;
  attr.comm = 1;
  attr.comm_exec = 1;
  attr.task = 1;
  attr.sample_id_all = 1;
  attr.sample_type = PERF_SAMPLE_TIME;
  attr.watermark = 1;  // nobody waits for these records
  return attr;
}

}  // namespace

void apply_perf_record(MappingJournal& journal, std::span<const std::uint8_t> record) {
  perf_event_header header{};
  std::memcpy(&header, record.data(), sizeof(header));
  TaskBody task{};
  CommBody comm{};
  MapBody map{};
  if (header.type == PERF_RECORD_MMAP2 && read_body(record, map)) {
    journal.mapped(map.pid, {map.address, map.address + map.length, map.offset, file_name(record)});
  } else if (header.type == PERF_RECORD_COMM && read_body(record, comm)) {
    if ((header.misc & PERF_RECORD_MISC_COMM_EXEC) != 0) journal.executed(comm.pid);
  } else if (header.type == PERF_RECORD_FORK && read_body(record, task)) {
    if (task.pid != task.parent) journal.forked(task.pid, task.parent);
  } else if (header.type == PERF_RECORD_EXIT && read_body(record, task)) {
    if (task.pid == task.tid) journal.ended(task.pid);
  }
}

MappingRecorder::MappingRecorder() {
  for (int cpu : online_cpus()) buffers_.emplace_back(cpu);
}

// Records of one process may lie in the buffers of several CPUs; their times put them in order.
void MappingRecorder::collect(MappingJournal& journal) {
  std::vector<PerfRecord> records;
  for (Buffer& buffer : buffers_) buffer.read(records);
  std::stable_sort(records.begin(), records.end(),
                   [](const PerfRecord& a, const PerfRecord& b) { return a.time < b.time; });
  for (const PerfRecord& record : records) apply_perf_record(journal, record.bytes);
}

MappingRecorder::Buffer::Buffer(int cpu) : event_(open_perf_event(journal_attributes(), {.pid = -1, .cpu = cpu})) {
  if (!event_.valid()) return;
  void* pages = ::mmap(nullptr, (kDataPages + 1) * page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, event_.get(), 0);
  if (pages != MAP_FAILED) pages_ = static_cast<std::uint8_t*>(pages);
}

MappingRecorder::Buffer::Buffer(Buffer&& other) noexcept
    : event_(std::move(other.event_)), pages_(std::exchange(other.pages_, nullptr)) {}

MappingRecorder::Buffer::~Buffer() {
  if (pages_ != nullptr) ::munmap(pages_, (kDataPages + 1) * page_size());
}

void MappingRecorder::Buffer::read(std::vector<PerfRecord>& records) {
  if (pages_ == nullptr) return;
  auto* control = reinterpret_cast<perf_event_mmap_page*>(pages_);
  const std::uint8_t* data = pages_ + page_size();
  const std::uint64_t size = kDataPages * page_size();
  std::uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
  std::uint64_t tail = control->data_tail;
  while (tail < head) {
    perf_event_header header{};
    std::memcpy(&header, data + tail % size, sizeof(header));  // 8-byte aligned: never split
    PerfRecord record;
    for (std::uint64_t i = 0; i < header.size; ++i) record.bytes.push_back(data[(tail + i) % size]);
    record.time = time_of(record.bytes);
    records.push_back(std::move(record));
    tail += header.size;
  }
  __atomic_store_n(&control->data_tail, tail, __ATOMIC_RELEASE);
}

}  // namespace hawk
