// PacketCapture: what skboutput() hands over, written to files in the format of tcpdump (pcap, nanoseconds), of link
// type RAW: packets begin with their IP header.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "image/program_image.h"
#include "runtime/clocks.h"
#include "support/result.h"

struct perf_buffer;

namespace hawk {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// A file as tcpdump writes it. What is written is flushed when the object goes.
class PacketFile {
 public:
  [[nodiscard]] static Result<PacketFile> create(const std::string& path);
  void write(std::int64_t wall_ns, std::span<const std::uint8_t> packet);
  void flush() { std::fflush(file_.get()); }

 private:
  explicit PacketFile(std::unique_ptr<std::FILE, FileCloser> file) : file_(std::move(file)) {}
  std::unique_ptr<std::FILE, FileCloser> file_;
};

class PacketCapture {
 public:
  // `map_fd`: of the perf event array in which the packets arrive. Creates the files of all calls in the image.
  [[nodiscard]] static Result<std::unique_ptr<PacketCapture>> open(int map_fd, const ProgramImage& image);
  ~PacketCapture();
  PacketCapture(const PacketCapture&) = delete;
  PacketCapture& operator=(const PacketCapture&) = delete;

  [[nodiscard]] int fd() const;  // for poll(): readable when there are packets
  void consume();                // writes all that have arrived
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  explicit PacketCapture(const ProgramImage& image) : image_(image) {}
  static void on_packet(void* context, int cpu, void* data, std::uint32_t size);
  static void on_loss(void* context, int cpu, unsigned long long count);
  void write(std::span<const std::uint8_t> record);

  const ProgramImage& image_;
  ClockOffsets clocks_;
  std::map<std::string, PacketFile> files_;
  ::perf_buffer* packets_ = nullptr;
  std::uint64_t lost_ = 0;
};

}  // namespace hawk
