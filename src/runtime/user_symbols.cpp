#include "runtime/user_symbols.h"
#include "runtime/demangle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "runtime/printable_name.h"
#include "runtime/read_file.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

constexpr std::size_t kJitLimit = std::size_t{256} << 20;  // bytes

struct ProcessStatus {
  std::string own_pid;
  uid_t owner = 0;
};

// From /proc/PID/status: the last number of "NSpid:	1234	7" (`pid` itself without namespaces) and of
// "Uid:	1000	1000	1000	1000", the one that owns the files a process makes.
ProcessStatus read_status(std::uint32_t pid) {
  ProcessStatus found{.own_pid = std::to_string(pid)};
  std::string status = read_file(fmt::format("/proc/{}/status", pid)).value_or("");
  for (std::string_view line : lines_of(status)) {
    std::string_view last = line.substr(line.find_last_of("\t ") + 1);
    if (line.starts_with("NSpid:")) found.own_pid = last;
    if (line.starts_with("Uid:")) std::from_chars(last.data(), last.data() + last.size(), found.owner);
  }
  return found;
}

struct JitFile {
  UniqueFd fd;
  off_t size = 0;
};

// Anyone may write to /tmp: neither a FIFO, nor a link, nor another user's file, nor one without end is read.
JitFile open_jit(const std::string& path, uid_t owner) {
  JitFile file{.fd = UniqueFd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC))};
  struct stat status{};
  if (!file.fd.valid() || ::fstat(file.fd.get(), &status) != 0) return {};
  bool trusted = S_ISREG(status.st_mode) && (status.st_uid == owner || status.st_uid == 0);
  if (!trusted || status.st_size > static_cast<off_t>(kJitLimit)) return {};
  file.size = status.st_size;
  return file;
}

}  // namespace

StackFrame UserSymbols::frame(std::uint64_t address, std::uint32_t pid) {
  Process& owner = process(pid);
  auto [entry, is_new] = owner.frames.try_emplace(address);
  if (is_new) {
    entry->second.address = address;
    resolve(owner, pid, entry->second);
    entry->second.symbol = printable_name(std::move(entry->second.symbol));
    entry->second.module = printable_name(std::move(entry->second.module));
  }
  return entry->second;
}

void UserSymbols::remember(std::uint32_t pid) { read_maps(process(pid), pid); }

UserSymbols::Process& UserSymbols::process(std::uint32_t pid) {
  auto [entry, is_new] = processes_.try_emplace(pid);
  if (is_new) read_maps(entry->second, pid);
  return entry->second;
}

void UserSymbols::record_processes() { recorder_ = std::make_unique<MappingRecorder>(); }

void UserSymbols::collect_records() {
  if (recorder_) recorder_->collect(journal_);
}

// What a process that has just ended had mapped stays known.
void UserSymbols::read_maps(Process& process, std::uint32_t pid) {
  ProcessMaps maps = ProcessMaps::read(pid);
  if (maps.empty()) return;
  process.maps = std::move(maps);
  ProcessStatus status = read_status(pid);
  process.own_pid = std::move(status.own_pid);
  process.owner = status.owner;
}

// False if the file is absent, not to be trusted or has not grown since it was read.
bool UserSymbols::read_jit(Process& process, std::uint32_t pid) {
  JitFile file = open_jit(fmt::format("/proc/{}/root/tmp/perf-{}.map", pid, process.own_pid), process.owner);
  // The process has ended, its file has not.
  if (!file.fd.valid()) file = open_jit(fmt::format("/tmp/perf-{}.map", pid), process.owner);
  if (!file.fd.valid() || file.size == process.jit_size) return false;
  process.jit_size = file.size;
  process.jit = JitSymbols::parse(read_all(file.fd.get(), kJitLimit).value_or(""));
  return true;
}

const Mapping* UserSymbols::find_mapping(Process& process, std::uint32_t pid, std::uint64_t address) {
  const Mapping* mapping = process.maps.find(address);
  if (mapping != nullptr) return mapping;
  read_maps(process, pid);  // a library that was loaded since
  mapping = process.maps.find(address);
  if (mapping != nullptr) return mapping;
  collect_records();
  const ProcessMaps* recorded = journal_.find(pid);
  return recorded == nullptr ? nullptr : recorded->find(address);
}

void UserSymbols::resolve(Process& process, std::uint32_t pid, StackFrame& frame) {
  const Mapping* mapping = find_mapping(process, pid, frame.address);
  if (mapping != nullptr && !mapping->path.empty()) resolve_mapped(*mapping, pid, frame);
  if (!frame.symbol.empty()) return;
  JitSymbols::Located found = process.jit.find(frame.address);
  if (found.name.empty() && read_jit(process, pid)) found = process.jit.find(frame.address);
  frame.symbol = std::string(found.name);
  frame.offset = found.offset;
}

void UserSymbols::resolve_mapped(const Mapping& mapping, std::uint32_t pid, StackFrame& frame) {
  frame.module = mapping.path;
  const ElfSymbolTable* symbols = table(mapping.path, pid);
  if (symbols == nullptr) return;
  ElfSymbolTable::Located found = symbols->find_file_offset(frame.address - mapping.begin + mapping.offset);
  if (found.symbol == nullptr) return;
  frame.symbol = display_name(symbols->name(*found.symbol));
  frame.offset = found.offset;
}

const ElfSymbolTable* UserSymbols::table(const std::string& path, std::uint32_t pid) {
  if (path == "[vdso]") return vdso_table();
  if (!path.starts_with('/')) return nullptr;
  // The process may see another file under this path than hawk does (containers).
  const ElfSymbolTable* found = read_table(fmt::format("/proc/{}/root{}", pid, path));
  return found != nullptr ? found : read_table(path);
}

const ElfSymbolTable* UserSymbols::read_table(const std::string& file) {
  // Held from here on: the process, and with it its view of the files, may end at any moment.
  UniqueFd held(::open(file.c_str(), O_PATH | O_CLOEXEC));
  struct stat status{};
  if (!held.valid() || ::fstat(held.get(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  auto [entry, is_new] = tables_.try_emplace({status.st_dev, status.st_ino});
  if (is_new) {
    Result<ElfSymbolTable> read = ElfSymbolTable::read(fmt::format("/proc/self/fd/{}", held.get()));
    if (read) entry->second = std::make_unique<ElfSymbolTable>(std::move(read).value());
  }
  return entry->second.get();
}

// The kernel maps the same code into every process, so hawk's own copy serves for all.
const ElfSymbolTable* UserSymbols::vdso_table() {
  if (vdso_read_) return vdso_.get();
  vdso_read_ = true;
  std::uint64_t base = ::getauxval(AT_SYSINFO_EHDR);
  ProcessMaps own = ProcessMaps::parse(read_file("/proc/self/maps").value_or(""));
  const Mapping* mapping = own.find(base);
  if (mapping == nullptr) return nullptr;
  UniqueFd copy(::memfd_create("vdso", MFD_CLOEXEC));
  auto size = static_cast<std::size_t>(mapping->end - mapping->begin);
  if (!copy.valid() || ::write(copy.get(), reinterpret_cast<const void*>(base), size) < 0) return nullptr;
  Result<ElfSymbolTable> read = ElfSymbolTable::read(fmt::format("/proc/self/fd/{}", copy.get()));
  if (read) vdso_ = std::make_unique<ElfSymbolTable>(std::move(read).value());
  return vdso_.get();
}

std::string UserSymbols::display_name(std::string_view symbol) const {
  std::string name(symbol);
  return demangle_ && name.starts_with("_Z") ? demangled(name) : name;
}

}  // namespace hawk
