#include "runtime/packet_capture.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "support/check.h"

namespace hawk {

namespace {

constexpr std::size_t kPagesPerCpu = 64;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint32_t kLongestPacket = 262144;

// draft-ietf-opsawg-pcap; in the byte order of who writes.
struct PcapHeader {
  std::uint32_t magic = 0xa1b23c4d;  // times in nanoseconds
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t reserved[2] = {};
  std::uint32_t longest_packet = kLongestPacket;
  std::uint32_t link_type = 101;  // LINKTYPE_RAW
};
static_assert(sizeof(PcapHeader) == 24);

struct PcapRecord {
  std::uint32_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  std::uint32_t captured = 0;
  std::uint32_t length = 0;
};

std::uint64_t field(const EventSchema& schema, std::size_t index, std::span<const std::uint8_t> record) {
  std::uint64_t value = 0;
  std::memcpy(&value, record.data() + schema.fields[index].offset, sizeof value);
  return value;
}

}  // namespace

Result<PacketFile> PacketFile::create(const std::string& path) {
  std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "wbe"));
  if (!file) return Error{.message = fmt::format("cannot write `{}`: {}", path, std::strerror(errno))};
  PcapHeader header;
  std::fwrite(&header, sizeof header, 1, file.get());
  return PacketFile(std::move(file));
}

void PacketFile::write(std::int64_t wall_ns, std::span<const std::uint8_t> packet) {
  auto bytes = static_cast<std::uint32_t>(packet.size());
  PcapRecord record{.seconds = static_cast<std::uint32_t>(wall_ns / kNsPerSecond),
                    .nanoseconds = static_cast<std::uint32_t>(wall_ns % kNsPerSecond),
                    .captured = bytes,
                    .length = bytes};
  std::fwrite(&record, sizeof record, 1, file_.get());
  std::fwrite(packet.data(), 1, packet.size(), file_.get());
}

Result<std::unique_ptr<PacketCapture>> PacketCapture::open(int map_fd, const ProgramImage& image) {
  std::unique_ptr<PacketCapture> capture(new PacketCapture(image));
  for (const EventSchema& event : image.events) {
    if (event.kind != EventKind::kPacket || capture->files_.contains(event.text)) continue;
    Result<PacketFile> file = PacketFile::create(event.text);
    if (!file) return file.error();
    capture->files_.emplace(event.text, std::move(file).value());
  }
  capture->packets_ = perf_buffer__new(map_fd, kPagesPerCpu, on_packet, on_loss, capture.get(), nullptr);
  if (capture->packets_ == nullptr) {
    return Error{.message = fmt::format("cannot read packets: {}", std::strerror(errno)), .exit_code = kExitKernel};
  }
  return capture;
}

PacketCapture::~PacketCapture() { perf_buffer__free(packets_); }

int PacketCapture::fd() const { return perf_buffer__epoll_fd(packets_); }

void PacketCapture::consume() {
  perf_buffer__consume(packets_);
  for (auto& [path, file] : files_) file.flush();
}

void PacketCapture::on_packet(void* context, int, void* data, std::uint32_t size) {
  static_cast<PacketCapture*>(context)->write({static_cast<const std::uint8_t*>(data), size});
}

void PacketCapture::on_loss(void* context, int, unsigned long long count) {
  static_cast<PacketCapture*>(context)->lost_ += count;
}

// A record as in the event ring, and behind it the packet, padded.
void PacketCapture::write(std::span<const std::uint8_t> record) {
  std::uint32_t id = 0;
  HAWK_CHECK(record.size() >= kEventHeaderSize, "a packet without a header");
  std::memcpy(&id, record.data(), sizeof id);
  HAWK_CHECK(id < image_.events.size() && record.size() >= image_.events[id].size, "a packet cut short");
  const EventSchema& schema = image_.events[id];
  std::span<const std::uint8_t> packet = record.subspan(schema.size);
  packet = packet.first(std::min<std::uint64_t>(packet.size(), field(schema, 1, record)));
  packet = packet.subspan(std::min<std::uint64_t>(packet.size(), field(schema, 2, record)));
  files_.at(schema.text).write(clocks_.wall_ns(field(schema, 0, record), Clock::kBoot), packet);
}

}  // namespace hawk
