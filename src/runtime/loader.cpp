// Opens the image's ELF file in memory, fills in what only this machine and moment know, and loads it.
#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>

#include "runtime/attach_error.h"
#include "runtime/bpf_object.h"
#include "runtime/fentry_support.h"
#include "runtime/kprobe_session.h"
#include "runtime/libbpf_log.h"
#include "runtime/load_error.h"
#include "runtime/probe_program.h"
#include "runtime/ring_size.h"
#include "support/check.h"

namespace hawk {

namespace {

// enum bpf_attach_type BPF_TRACE_UPROBE_MULTI of Linux 6.6; the headers of Debian 12 do not have it.
constexpr int kUprobeMultiType = 48;

bpf_attach_type expected_attach_type(ProbeKind kind, AttachMode mode) {
  if (kind == ProbeKind::kFentry) return BPF_TRACE_FENTRY;
  if (kind == ProbeKind::kFexit) return BPF_TRACE_FEXIT;
  if (kind == ProbeKind::kIter) return BPF_TRACE_ITER;
  switch (mode) {
    case AttachMode::kRawSyscalls:
    case AttachMode::kOneByOne: return static_cast<bpf_attach_type>(0);
    case AttachMode::kKprobeMulti: return BPF_TRACE_KPROBE_MULTI;
    case AttachMode::kKprobeSession: return static_cast<bpf_attach_type>(kKprobeSessionType);
    case AttachMode::kUprobeMulti: return static_cast<bpf_attach_type>(kUprobeMultiType);
  }
  HAWK_UNREACHABLE("attach mode");
}

// `traced` keeps the programs that others are put on, until those are loaded.
Result<> prepare_program(bpf_program* program, const ProgramSpec& spec, AttachMode mode,
                         std::vector<UniqueFd>& traced) {
  const ProbeSpec& probe = spec.probes.front();
  bpf_program__set_type(program, kernel_program_type(spec.type));
  bpf_program__set_expected_attach_type(program, expected_attach_type(probe.kind, mode));
  if (spec.sleepable) bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_SLEEPABLE);
  bpf_program__set_autoload(program, true);
  if (spec.type != ProgramType::kTracing) return Ok{};
  int target = 0;  // the kernel
  if (probe.target == kBpfPrograms) {
    traced.emplace_back(bpf_prog_get_fd_by_id(static_cast<std::uint32_t>(probe.address)));
    if (!traced.back().valid()) return attach_error({.probe = &probe, .error = errno});
    target = traced.back().get();
  }
  int error = bpf_program__set_attach_target(program, target, probe.function.c_str());
  return error == 0 ? Result<>(Ok{}) : attach_error({.probe = &probe, .error = -error});
}

Result<> prepare_programs(const LoadRequest& request, LoadedObject& loaded) {
  const ProgramImage& image = request.image;
  bpf_program* each = nullptr;
  bpf_object__for_each_program(each, loaded.object.get()) bpf_program__set_autoload(each, false);
  loaded.hooks = choose_hooks(image.programs, request.allowed);
  for (std::size_t i = 0; i < image.programs.size(); ++i) {
    const ProgramSpec& spec = image.programs[i];
    if (spec.placement == Placement::kHost) continue;
    bpf_program* program = bpf_object__find_program_by_name(loaded.object.get(), spec.symbol.c_str());
    if (program == nullptr) return Error{.message = "the program image lacks the code of `" + spec.symbol + "`"};
    if (auto prepared = prepare_program(program, spec, loaded.hooks[i].mode, loaded.traced); !prepared) return prepared;
  }
  return Ok{};
}

Result<> fill_constants(bpf_object* object, const RuntimeConstants& constants) {
  bpf_map* map = bpf_object__find_map_by_name(object, kConstantsSection);
  if (map == nullptr) return Ok{};  // nothing in the script asks for any
  std::size_t size = 0;
  const void* initial = bpf_map__initial_value(map, &size);
  if (initial == nullptr || size < sizeof(constants)) {
    return Error{.message = "the program image's constants have another layout than this hawk's"};
  }
  std::vector<std::uint8_t> value(size);
  std::memcpy(value.data(), initial, size);
  std::memcpy(value.data(), &constants, sizeof(constants));
  bpf_map__set_initial_value(map, value.data(), size);
  return Ok{};
}

// A ring counts twice as hawk's memory, since the kernel maps its data two times in a row, so it is large only
// where that pays. Clauses that run on demand (begin, end) are drained one by one.
std::uint32_t ring_bytes_for(const ProgramImage& image) {
  constexpr std::uint32_t kOnDemandBytes = 4 << 20;
  constexpr std::uint32_t kControlBytes = 1 << 20;
  std::uint32_t bytes = ring_buffer_bytes(image.config.perf_rb_pages, machine_memory_bytes());
  if (image.config.perf_rb_pages != 0) return bytes;
  bool data = std::any_of(image.events.begin(), image.events.end(),
                          [](const EventSchema& event) { return is_data_event(event.kind); });
  bool attached = std::any_of(image.programs.begin(), image.programs.end(), [](const ProgramSpec& program) {
    return program.placement == Placement::kKernel && is_attachable(program.probes.front().kind);
  });
  if (!data) return std::min(bytes, kControlBytes);
  return attached ? bytes : std::min(bytes, kOnDemandBytes);
}

// What data may fill of a ring of `bytes`, so that an exit() always finds room.
std::uint64_t bytes_for_data(std::uint32_t bytes) {
  constexpr std::uint32_t kMostForControl = 64 << 10;
  return bytes - std::min(bytes / 4, kMostForControl);
}

// The image does not know how many CPUs this machine has, and lets maps allocate as they go that would be large with
// many. But where several new keys come at once, the kernel has no memory ready for the values of all of them
// (bpf_mem_alloc refills in the background), and refuses some; values of several KiB it hardly ever has. So what is not
// too much here is allocated in advance, and maps of such large values take no more keys than that.
void allocate_in_advance(const ProgramImage& image, bpf_object* object) {
  constexpr std::uint64_t kMuch = 192 << 20;
  constexpr std::uint32_t kLargeValue = 4096;
  auto cpus = static_cast<std::uint64_t>(std::max(libbpf_num_possible_cpus(), 1));
  for (std::size_t i = 0; i < image.maps.size(); ++i) {
    const MapSchema& schema = image.maps[i];
    if (schema.storage != MapStorage::kPerCpuHash || schema.placement != Placement::kKernel) continue;
    for (const std::string& symbol : {map_symbol(i), short_map_symbol(i)}) {
      bpf_map* map = bpf_object__find_map_by_name(object, symbol.c_str());
      std::uint64_t entry = map_key_size(schema) + map_value_size(schema) * cpus;
      bool fits = entry * schema.max_entries <= kMuch;
      if (map == nullptr || (!fits && map_value_size(schema) < kLargeValue)) continue;
      if (!fits) bpf_map__set_max_entries(map, static_cast<std::uint32_t>(std::max<std::uint64_t>(kMuch / entry, 1)));
      bpf_map__set_map_flags(map, bpf_map__map_flags(map) & ~std::uint32_t{BPF_F_NO_PREALLOC});
    }
  }
}

Result<> make_generations(const ProgramImage& image, LoadedObject& loaded) {
  loaded.generations.resize(image.maps.size());
  for (std::size_t i = 0; i < image.maps.size(); ++i) {
    if (!image.maps[i].has_generations) continue;
    bpf_map* pattern = bpf_object__find_map_by_name(loaded.object.get(), map_symbol(i).c_str());
    bpf_map* live = bpf_object__find_map_by_name(loaded.object.get(), live_map_symbol(i).c_str());
    if (pattern == nullptr || live == nullptr) continue;  // no program uses it
    Result<MapGenerations> made = MapGenerations::create(image.maps[i], *pattern, *live);
    if (!made) return made.error();
    loaded.generations[i].emplace(std::move(made).value());
  }
  return Ok{};
}

Result<> start_generations(LoadedObject& loaded) {
  for (std::size_t i = 0; i < loaded.generations.size(); ++i) {
    if (!loaded.generations[i]) continue;
    if (auto started = loaded.generations[i]->start(); !started) return started.error();
    loaded.maps[i] = loaded.generations[i]->live();
  }
  return Ok{};
}

int map_descriptor(bpf_object* object, const std::string& name) {
  bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
  return map == nullptr ? -1 : bpf_map__fd(map);
}

void collect_descriptors(const ProgramImage& image, LoadedObject& loaded) {
  bpf_object* object = loaded.object.get();
  for (const ProgramSpec& spec : image.programs) {
    bpf_program* program = bpf_object__find_program_by_name(object, spec.symbol.c_str());
    loaded.programs.push_back(program == nullptr ? -1 : bpf_program__fd(program));
  }
  for (std::size_t i = 0; i < image.maps.size(); ++i) {
    loaded.maps.push_back(map_descriptor(object, map_symbol(i)));
    loaded.short_maps.push_back(map_descriptor(object, short_map_symbol(i)));
  }
  loaded.event_ring = map_descriptor(object, kEventRingSymbol);
  loaded.packets = map_descriptor(object, kPacketsSymbol);
  loaded.account = map_descriptor(object, kAccountSymbol);
  loaded.refused = map_descriptor(object, kRefusedSymbol);
}

UnwindTables size_unwind_maps(const LoadRequest& request, bpf_object* object) {
  bpf_map* files = bpf_object__find_map_by_name(object, kUnwindFilesSymbol);
  bpf_map* rows = bpf_object__find_map_by_name(object, kUnwindRowsSymbol);
  if (files == nullptr || rows == nullptr) return {};
  UnwindTables tables = request.unwind_tables();
  bpf_map__set_max_entries(files, static_cast<std::uint32_t>(std::max<std::size_t>(tables.files.size(), 1)));
  bpf_map__set_max_entries(rows, static_cast<std::uint32_t>(std::max<std::size_t>(tables.rows.size(), 1)));
  return tables;
}

Result<> fill_unwind_maps(const UnwindTables& tables, bpf_object* object) {
  if (tables.files.empty()) return Ok{};
  int files = map_descriptor(object, kUnwindFilesSymbol);
  int rows = map_descriptor(object, kUnwindRowsSymbol);
  std::vector<std::uint32_t> places(tables.rows.size());
  std::iota(places.begin(), places.end(), 0U);
  auto count = static_cast<std::uint32_t>(places.size());
  int error = bpf_map_update_batch(rows, places.data(), tables.rows.data(), &count, nullptr);
  for (const UnwindTables::File& file : tables.files) {
    if (error == 0) error = bpf_map_update_elem(files, &file.key, &file.rows, BPF_ANY);
  }
  if (error == 0) return Ok{};
  return Error{.message = fmt::format("cannot write the tables of dw_ustack: {}", std::strerror(-error)),
               .exit_code = kExitKernel};
}

// Why programs of this kind cannot work here, if that is so.
Result<> check_tracing(const ProgramImage& image) {
  for (const ProgramSpec& program : image.programs) {
    if (program.type != ProgramType::kTracing) continue;
    return program.probes.front().kind == ProbeKind::kIter ? check_iterators() : check_fentry();
  }
  return Ok{};
}

Error unavailable(Error error) {
  error.exit_code = kExitKernel;
  return error;
}

}  // namespace

Result<LoadedObject> load_object(const LoadRequest& request) {
  const ProgramImage& image = request.image;
  LibbpfLog log;
  bpf_object_open_opts options{};
  options.sz = sizeof(options);
  options.object_name = "hawk";
  LoadedObject loaded;
  loaded.object.reset(bpf_object__open_mem(image.object.data(), image.object.size(), &options));
  if (!loaded.object) {
    std::string help = request.verbose ? log.text() : "run with -v for the details";
    return Error{.message = "the program image is damaged", .help = std::move(help), .exit_code = kExitKernel};
  }
  if (auto prepared = prepare_programs(request, loaded); !prepared) return prepared.error();
  RuntimeConstants constants = request.constants;
  if (bpf_map* ring = bpf_object__find_map_by_name(loaded.object.get(), kEventRingSymbol)) {
    constants.event_limit = bytes_for_data(ring_bytes_for(image));
    bpf_map__set_max_entries(ring, ring_bytes_for(image));
  }
  if (auto filled = fill_constants(loaded.object.get(), constants); !filled) return filled.error();
  allocate_in_advance(image, loaded.object.get());
  if (auto made = make_generations(image, loaded); !made) return made.error();
  UnwindTables unwind = size_unwind_maps(request, loaded.object.get());
  if (int error = bpf_object__load(loaded.object.get()); error != 0) {
    if (Result<> tracing = check_tracing(image); !tracing) return unavailable(tracing.error());
    return load_error(image, -error, log.text(), request.verbose);
  }
  if (Result<> filled = fill_unwind_maps(unwind, loaded.object.get()); !filled) return filled.error();
  collect_descriptors(image, loaded);
  if (auto started = start_generations(loaded); !started) return started.error();
  return loaded;
}

}  // namespace hawk
