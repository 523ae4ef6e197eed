// For the tests of output: values as bytes, a resolver with a few known answers, and streams that can
// be read back.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "output/printer.h"
#include "support/unique_fd.h"

namespace hawk::test {

using Data = std::vector<std::uint8_t>;

template <class T>
Data word(T value) {
  Data data(sizeof value);
  std::memcpy(data.data(), &value, sizeof value);
  return data;
}
inline Data u64(std::uint64_t value) { return word(value); }
inline Data i64(std::int64_t value) { return word(value); }
inline Data i32(std::int32_t value) { return word(value); }
inline Data f64(double value) { return word(value); }
inline Data i8(std::int8_t value) { return word(value); }

// The text, zeros behind it up to `size`.
inline Data text(const std::string& value, std::size_t size) {
  Data data(value.begin(), value.end());
  data.resize(size);
  return data;
}

inline Data operator+(Data left, const Data& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

inline Data buffer(const std::string& value, std::size_t capacity) {
  return word(static_cast<std::uint32_t>(value.size())) + text(value, capacity);
}

inline Type enum_type(std::vector<Enumerator> values) {
  Type type = int_type(4, true);
  type.kind = TypeKind::kEnum;
  type.enumerators = std::make_shared<const EnumDef>(EnumDef{std::move(values)});
  return type;
}

inline Type struct_type(std::uint32_t size, std::vector<Field> fields) {
  Type type = record_type({});
  type.kind = TypeKind::kStruct;
  type.size = size;
  type.def = std::make_shared<const StructDef>(StructDef{std::move(fields)});
  return type;
}

// Knows `work` at 0x1000 in the kernel, `main` at 0x2000 in process 7, user 0, cgroup 5 and the texts 1 ("b"), 2 ("a
// c") and 3 (of 300 bytes); its wall clock is the reading itself.
class FakeResolver : public Resolver {
 public:
  StackFrame kernel_frame(std::uint64_t address) override {
    if (address < 0x1000 || address >= 0x1100) return {.address = address, .symbol = {}};
    return {.address = address, .symbol = "work", .offset = address - 0x1000};
  }
  StackFrame user_frame(std::uint64_t address, std::uint32_t tgid) override {
    if (tgid != 7 || address < 0x2000 || address >= 0x2100) return {.address = address, .symbol = {}};
    return {.address = address, .symbol = "main", .offset = address - 0x2000, .module = "/bin/prog"};
  }
  std::string user_name(std::uint64_t uid) override { return uid == 0 ? "root" : ""; }
  std::string cgroup_path(std::uint64_t id, const std::string& filter) override {
    return id == 5 ? "unified:/a" + (filter.empty() ? "" : "?" + filter) : "";
  }
  std::int64_t wall_clock_ns(std::uint64_t ns, Clock /*clock*/) override { return static_cast<std::int64_t>(ns); }
  std::string_view text(std::uint64_t id) override {
    static const std::string long_text(300, 'x');
    return id == 1 ? "b" : id == 2 ? "a c" : id == 3 ? std::string_view(long_text) : "";
  }
};

// What a FormatContext points to.
struct World {
  FakeResolver resolver;
  Config config;
  std::vector<std::string> strings = {"%H:%M:%S", "%s.%f %k %l %%f", "cpu*"};
  [[nodiscard]] FormatContext context() { return {.resolver = &resolver, .config = &config, .strings = &strings}; }
};

// A file in memory that a printer writes to.
class Sink {
 public:
  Sink() : fd_(::memfd_create("sink", MFD_CLOEXEC)) {}
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::string read() const {
    std::string text(static_cast<std::size_t>(::lseek(fd_.get(), 0, SEEK_END)), '\0');
    text.resize(static_cast<std::size_t>(::pread(fd_.get(), text.data(), text.size(), 0)));
    return text;
  }

 private:
  UniqueFd fd_;
};

// An event with its bytes: header, then the fields as add_field lays them out.
class MadeEvent {
 public:
  explicit MadeEvent(EventKind kind, const std::string& format = "") {
    schema_.kind = kind;
    schema_.format = parse_format(format);
    bytes_.resize(kEventHeaderSize);
  }
  MadeEvent& field(const Type& type, const Data& value) {
    add_field(schema_, type);
    bytes_.resize(schema_.fields.back().offset);
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    bytes_.resize(schema_.size);
    return *this;
  }
  EventSchema& schema() { return schema_; }
  [[nodiscard]] Event event() const { return {.schema = &schema_, .bytes = bytes_}; }

 private:
  EventSchema schema_;
  Data bytes_;
};

}  // namespace hawk::test
