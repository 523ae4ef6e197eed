// Addresses of the network, cgroup paths and timestamps as text.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <iterator>

#include "output/clock_text.h"
#include "output/text_value.h"

namespace hawk {

namespace {

const std::string* find_string(const FormatContext& context, std::uint64_t id) {
  if (context.strings == nullptr || id >= context.strings->size()) return nullptr;
  return &(*context.strings)[id];
}

}  // namespace

void append_inet(std::string& out, Bytes bytes) {
  std::uint64_t family = load_word(bytes, 0);
  if ((family != AF_INET && family != AF_INET6) || bytes.size() < 24) return;
  char text[INET6_ADDRSTRLEN] = {};
  if (inet_ntop(static_cast<int>(family), bytes.data() + 8, text, sizeof text) != nullptr) out += text;
}

void append_mac_address(std::string& out, Bytes bytes) {
  const char* separator = "";
  for (std::uint8_t byte : bytes.first(std::min<std::size_t>(bytes.size(), 6))) {
    fmt::format_to(std::back_inserter(out), "{}{:02X}", separator, byte);
    separator = ":";
  }
}

void append_cgroup_path(const TextTarget& to, Bytes bytes) {
  const std::string* filter = find_string(to.context, load_word(bytes, 0));
  std::string wanted = filter != nullptr ? *filter : std::string();
  append_foreign(to, to.context.resolver->cgroup_path(load_word(bytes, 1), wanted));
}

void append_timestamp(const TextTarget& to, Bytes bytes) {
  const std::string* format = find_string(to.context, load_word(bytes, 0) >> 32);
  if (format == nullptr) {
    to.out += "(?)";
    return;
  }
  auto clock = static_cast<Clock>(load_unsigned(bytes, 4));
  append_time(to.out, *format, to.context.resolver->wall_clock_ns(load_word(bytes, 1), clock), true);
}

}  // namespace hawk
