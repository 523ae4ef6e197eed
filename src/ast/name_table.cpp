#include "ast/name_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "support/check.h"

namespace hawk {

namespace {

constexpr int kMostErrno = 4095;  // MAX_ERRNO of include/linux/err.h
constexpr int kMostSignal = 64;   // SIGRTMAX, which is a variable of the C library

NameTable error_names() {
  NameTable table{.names = {}, .unknown = "Unknown error", .takes_negative = true};
  for (int number = 0; number <= kMostErrno; ++number) {
    const char* text = strerrordesc_np(number);  // not translated, as strerror's may be
    if (text == nullptr) continue;
    table.names.resize(static_cast<std::size_t>(number) + 1);
    table.names.back() = text;
  }
  return table;
}

NameTable signal_names() {
  NameTable table{.names = {}, .unknown = "N/A"};
  for (int number = 0; number <= kMostSignal; ++number) table.names.emplace_back(strsignal(number));
  return table;
}

struct Syscall {
  std::size_t number;
  const char* name;
};

constexpr Syscall kSyscalls[] = {
#include "ast/syscall_names.inc"
};

NameTable syscall_names() {
  NameTable table{.names = {}, .unknown = "Unknown syscall"};
  for (const Syscall& row : kSyscalls) {
    table.names.resize(std::max(table.names.size(), row.number + 1));
    table.names[row.number] = row.name;
  }
  return table;
}

}  // namespace

const std::string& NameTable::find(std::int64_t number) const {
  std::int64_t low = static_cast<std::int32_t>(number);
  if (takes_negative && low < 0) low = -low;
  bool known =
      low >= 0 && low < static_cast<std::int64_t>(names.size()) && !names[static_cast<std::size_t>(low)].empty();
  return known ? names[static_cast<std::size_t>(low)] : unknown;
}

std::string NameTable::bytes() const {
  std::string all;
  for (std::size_t i = 0; i <= names.size(); ++i) {
    const std::string& name = i == names.size() || names[i].empty() ? unknown : names[i];
    HAWK_CHECK(name.size() < kRowSize, "a name fits its row");
    all += name;
    all.resize((i + 1) * kRowSize);
  }
  all.resize(std::bit_ceil(names.size() + 1) * kRowSize);
  return all;
}

const NameTable& name_table(NameTableId id) {
  static const NameTable errors = error_names();
  static const NameTable signals = signal_names();
  static const NameTable syscalls = syscall_names();
  switch (id) {
    case NameTableId::kErrors: return errors;
    case NameTableId::kSignals: return signals;
    case NameTableId::kSyscalls: return syscalls;
  }
  HAWK_UNREACHABLE("name table");
}

}  // namespace hawk
