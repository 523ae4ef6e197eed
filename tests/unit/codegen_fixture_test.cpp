// The fixture of the codegen tests (codegen_fixture.h).
#include "codegen_fixture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/event.h"

namespace hawk::test {

ExprPtr number(std::int64_t value, Type type) {
  return expr(std::move(type), typed::Constant{static_cast<std::uint64_t>(value)});
}
ExprPtr text(const std::string& value, std::uint32_t capacity) {
  return expr(string_type(capacity), typed::DataConstant{value});
}
ExprPtr variable(typed::VariableId id, Type type) { return expr(std::move(type), typed::ReadVariable{id}); }

ExprPtr binary(typed::BinaryOp op, ExprPtr left, ExprPtr right) {
  bool compares = op >= typed::BinaryOp::kEqual;
  Type type = compares ? bool_type() : left->type;
  return expr(std::move(type), typed::Binary{op, std::move(left), std::move(right), std::nullopt});
}

ExprPtr call(Builtin builtin, Type type, std::vector<ExprPtr> arguments) {
  return expr(std::move(type), typed::Call{builtin, std::move(arguments)});
}
ExprPtr convert(ExprPtr operand, Type type) { return expr(std::move(type), typed::Convert{std::move(operand)}); }
ExprPtr read_map(typed::MapId map, ExprPtr key, Type type) {
  return expr(std::move(type), typed::ReadMap{map, std::move(key)});
}

ExprPtr unknown(std::int64_t value, Type type) {
  ExprPtr zero = expr(type, typed::ContextLoad{0});
  if (value == 0) return zero;
  std::uint32_t size = type.size;
  bool is_signed = type.is_signed;
  Type wide = int_type(8, is_signed);
  ExprPtr sum = binary(typed::BinaryOp::kAdd, expr(wide, typed::ContextLoad{0}), number(value, wide));
  return size == 8 ? std::move(sum) : convert(std::move(sum), type);
}

StmtPtr set_variable(typed::VariableId id, ExprPtr value) { return stmt(typed::SetVariable{id, std::move(value)}); }
StmtPtr set_map(typed::MapId map, ExprPtr key, ExprPtr value) {
  return stmt(typed::SetMap{map, std::move(key), std::move(value), std::nullopt});
}

// --- Program ------------------------------------------------------------------------------------

Program::Program() {
  checked.file = sources.add("test.bt", "begin { one }\nend { two }\n");
  next_clause(ProbeKind::kTest);
}

void Program::next_clause(ProbeKind kind) {
  typed::Clause added;
  added.kind = kind;
  added.span = {checked.clauses.empty() ? 0U : 14U, checked.clauses.empty() ? 13U : 25U, 0};
  checked.clauses.push_back(std::move(added));
}

typed::VariableId Program::add_variable(Type type) {
  clause().variables.push_back({"$v", std::move(type)});
  return static_cast<typed::VariableId>(clause().variables.size() - 1);
}

typed::MapId Program::add_scalar(Type value) {
  MapSchema map;
  map.name = "m" + std::to_string(checked.maps.size());
  map.key = none_type();
  map.storage = is_aggregation(value) ? MapStorage::kPerCpuArray : MapStorage::kArray;
  map.value = std::move(value);
  checked.maps.push_back(std::move(map));
  return static_cast<typed::MapId>(checked.maps.size() - 1);
}

typed::MapId Program::add_map(Type key, Type value, std::uint32_t entries) {
  MapSchema map;
  map.name = "m" + std::to_string(checked.maps.size());
  map.keyed = true;
  map.key = std::move(key);
  map.storage = is_aggregation(value) ? MapStorage::kPerCpuHash : MapStorage::kHash;
  map.value = std::move(value);
  map.max_entries = entries;
  checked.maps.push_back(std::move(map));
  return static_cast<typed::MapId>(checked.maps.size() - 1);
}

typed::EventId Program::add_event(EventKind kind, std::vector<Type> fields) {
  EventSchema event;
  event.kind = kind;
  for (Type& field : fields) add_field(event, std::move(field));
  checked.events.push_back(std::move(event));
  return static_cast<typed::EventId>(checked.events.size() - 1);
}

Result<Generated> Program::compile(CodegenOptions options) const { return generate(checked, sources, options); }

// --- Loaded -------------------------------------------------------------------------------------

namespace {

std::string* current_log = nullptr;

int collect_log(libbpf_print_level, const char* format, va_list arguments) {
  char line[4096];
  std::vsnprintf(line, sizeof line, format, arguments);
  if (current_log != nullptr) *current_log += line;
  return 0;
}

}  // namespace

bool bpf_allowed() {
  LIBBPF_OPTS(bpf_map_create_opts, options);
  int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 8, 1, &options);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

RuntimeConstants test_constants() {
  return {.hawk_pid = 1,
          .child_pid = 4711,
          .target_pid = 0,
          .start_boot_ns = 0,
          .cpu_count = static_cast<std::uint64_t>(libbpf_num_possible_cpus()),
          .pid_ns_device = 0,
          .pid_ns_inode = 0,
          .tai_offset_ns = 0};
}

std::int64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

std::string own_command_name() {
  char name[16] = {};
  ::prctl(PR_GET_NAME, name);
  return name;
}

PidNamespace pid_namespace_of_this_process() {
  struct stat info{};
  if (::stat("/proc/self/ns/pid", &info) != 0) return {};
  return {.initial = false, .device = info.st_dev, .inode = info.st_ino};
}

Loaded::Loaded(Program& program, ProgramImage image, RuntimeConstants constants)
    : program_(program), image_(std::move(image)) {
  current_log = &log_;
  libbpf_set_print(collect_log);
  LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "hawk_test");
  object_ = bpf_object__open_mem(image_.object.data(), image_.object.size(), &options);
  if (object_ == nullptr) return;
  bpf_program* each = nullptr;
  bpf_object__for_each_program(each, object_) bpf_program__set_type(each, BPF_PROG_TYPE_RAW_TRACEPOINT);
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, object_) {
    if (std::string_view(bpf_map__name(map)).find("rodata.hawk") != std::string_view::npos)
      bpf_map__set_initial_value(map, &constants, sizeof constants);
  }
  loaded_ = bpf_object__load(object_) == 0;
  if (loaded_) twin_ = HostTwin::of(program.checked, program.sources, constants);
}

Loaded::~Loaded() {
  current_log = nullptr;
  bpf_object__close(object_);
}

std::int64_t Loaded::run(std::size_t index) {
  bpf_program* program = bpf_object__find_program_by_name(object_, image_.programs[index].symbol.c_str());
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = context, .ctx_size_in = sizeof context);
  int failed = bpf_prog_test_run_opts(bpf_program__fd(program), &options);
  EXPECT_EQ(failed, 0) << "BPF_PROG_TEST_RUN";
  auto result = static_cast<std::int32_t>(options.retval);
  if (twin_) {
    EXPECT_EQ(static_cast<std::int32_t>(twin_->run(index, context)), result) << "inside hawk";
    compare_maps();
  }
  return result;
}

void Loaded::compare_maps() {
  for (typed::MapId map = 0; map < program_.checked.maps.size(); ++map) {
    const MapSchema& schema = program_.checked.maps[map];
    if (map_fd(map_symbol(map)) < 0) continue;
    std::map<ByteString, ByteString> contents;
    for (ByteString& key : keys(map)) {
      ByteString bytes = value(map, key).value();
      bytes.resize(schema.value.size);
      contents.emplace(schema.keyed ? std::move(key) : ByteString(), std::move(bytes));
    }
    EXPECT_EQ(twin_->contents(map), contents) << "map @" << schema.name << " inside hawk and in the kernel";
    if (schema.keyed) continue;
    EXPECT_EQ(twin_->written(map), written(map)) << "map @" << schema.name;
  }
}

int Loaded::map_fd(const std::string& name) const {
  bpf_map* map = bpf_object__find_map_by_name(object_, name.c_str());
  return map == nullptr ? -1 : bpf_map__fd(map);
}

std::vector<std::uint8_t> Loaded::merged(typed::MapId map, const std::vector<std::uint8_t>& bytes) const {
  const MapSchema& schema = program_.checked.maps[map];
  std::size_t stride = (map_value_size(schema) + 7) / 8 * 8;
  std::vector<std::uint8_t> result(schema.value.size, 0);
  for (std::size_t offset = 0; offset < bytes.size(); offset += stride)
    merge_per_cpu(schema.value, result, std::span(bytes).subspan(offset, schema.value.size));
  return result;
}

std::optional<std::vector<std::uint8_t>> Loaded::value(typed::MapId map, const std::vector<std::uint8_t>& key) {
  const MapSchema& schema = program_.checked.maps[map];
  std::vector<std::uint8_t> lookup = key;
  lookup.resize(map_key_size(schema), 0);
  std::size_t stride = (map_value_size(schema) + 7) / 8 * 8;
  std::size_t copies = is_per_cpu(schema.storage) ? static_cast<std::size_t>(libbpf_num_possible_cpus()) : 1;
  std::vector<std::uint8_t> bytes(stride * copies, 0);
  if (bpf_map_lookup_elem(map_fd(map_symbol(map)), lookup.data(), bytes.data()) != 0) return std::nullopt;
  return is_per_cpu(schema.storage) ? merged(map, bytes) : bytes;
}

std::int64_t Loaded::integer(typed::MapId map, std::int64_t key) {
  auto bytes = value(map, bytes_of(key));
  return bytes ? at<std::int64_t>(*bytes) : -1;
}

std::int64_t Loaded::scalar(typed::MapId map) { return at<std::int64_t>(value(map).value()); }

bool Loaded::written(typed::MapId map) {
  const MapSchema& schema = program_.checked.maps[map];
  std::size_t stride = (map_value_size(schema) + 7) / 8 * 8;
  std::vector<std::uint8_t> bytes(stride * static_cast<std::size_t>(libbpf_num_possible_cpus()), 0);
  std::uint32_t key = 0;
  bpf_map_lookup_elem(map_fd(map_symbol(map)), &key, bytes.data());
  bool any = false;
  for (std::size_t offset = 0; offset < bytes.size(); offset += stride)
    any = any || at<std::uint64_t>(bytes, offset + presence_offset(schema)) == 1;
  return any;
}

void Loaded::put(typed::MapId map, std::int64_t key, std::int64_t value) {
  bpf_map_update_elem(map_fd(map_symbol(map)), &key, &value, BPF_ANY);
  if (twin_) twin_->put(map, &key, &value);
}

void Loaded::put_on_every_cpu(typed::MapId map, std::int64_t key, const ByteString& value) {
  ByteString values;
  for (int cpu = 0; cpu < libbpf_num_possible_cpus(); ++cpu) values.insert(values.end(), value.begin(), value.end());
  bpf_map_update_elem(map_fd(map_symbol(map)), &key, values.data(), BPF_ANY);
  if (twin_) twin_->put(map, &key, value.data());
}

std::vector<ByteString> Loaded::keys(typed::MapId map) const {
  std::vector<ByteString> keys;
  ByteString next(map_key_size(program_.checked.maps[map]), 0);
  const void* previous = nullptr;
  while (bpf_map_get_next_key(map_fd(map_symbol(map)), previous, next.data()) == 0) {
    keys.push_back(next);
    previous = keys.back().data();
  }
  return keys;
}

std::size_t Loaded::entries(typed::MapId map) { return keys(map).size(); }

// Time and CPU of two runs differ.
std::vector<std::vector<std::uint8_t>> Loaded::timeless(std::vector<std::vector<std::uint8_t>> records) const {
  for (std::vector<std::uint8_t>& record : records) {
    if (!image_.events[at<std::uint32_t>(record)].has_origin) continue;
    std::fill_n(record.begin() + kEventHeaderSize, offsetof(EventOrigin, program), 0);
  }
  return records;
}

std::vector<std::vector<std::uint8_t>> Loaded::events() {
  std::vector<std::vector<std::uint8_t>> records;
  auto add = [](void* list, void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    static_cast<std::vector<std::vector<std::uint8_t>>*>(list)->emplace_back(bytes, bytes + size);
    return 0;
  };
  ring_buffer* ring = ring_buffer__new(map_fd(kEventRingSymbol), add, &records, nullptr);
  if (ring == nullptr) return records;
  ring_buffer__consume(ring);
  ring_buffer__free(ring);
  // Of maps without room the kernel says it once on each CPU and counts, hawk itself is told each time.
  bool any_lost =
      std::any_of(image_.events.begin(), image_.events.end(), [](const EventSchema& event) { return event.refuses; });
  for (std::size_t clause = 0; clause < image_.programs.size(); ++clause) any_lost = any_lost || lost(clause) != 0;
  if (twin_ && !any_lost) {
    EXPECT_EQ(timeless(twin_->events()), timeless(records)) << "events inside hawk and in the kernel";
  }
  return records;
}

std::uint64_t Loaded::lost(std::size_t clause) { return account(clause).lost; }

ProgramAccount Loaded::account(std::size_t clause) {
  std::vector<ProgramAccount> per_cpu(static_cast<std::size_t>(libbpf_num_possible_cpus()));
  auto key = static_cast<std::uint32_t>(clause);
  ProgramAccount sum;
  if (bpf_map_lookup_elem(map_fd(kAccountSymbol), &key, per_cpu.data()) != 0) return sum;
  for (const ProgramAccount& each : per_cpu) {
    sum.hits += each.hits;
    sum.passed += each.passed;
    sum.events += each.events;
    sum.lost += each.lost;
  }
  return sum;
}
std::uint64_t Loaded::refused(typed::MapId map) { return counted(kRefusedSymbol, map); }

std::uint64_t Loaded::counted(const char* counters, std::size_t index) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(libbpf_num_possible_cpus()), 0);
  auto key = static_cast<std::uint32_t>(index);
  bpf_map_lookup_elem(map_fd(counters), &key, counts.data());
  std::uint64_t sum = 0;
  for (std::uint64_t count : counts) sum += count;
  return sum;
}

std::unique_ptr<Loaded> load(Program& program, RuntimeConstants constants) {
  Result<Generated> generated = program.compile();
  EXPECT_TRUE(generated.ok()) << (generated.ok() ? "" : generated.error().message);
  if (!generated.ok()) return nullptr;
  auto loaded = std::make_unique<Loaded>(program, generated.value().image, constants);
  EXPECT_TRUE(loaded->ok()) << loaded->log() << generated.value().ir << generated.value().assembly;
  return loaded->ok() ? std::move(loaded) : nullptr;
}

std::vector<std::uint8_t> evaluate_bytes(ExprPtr expression) {
  Program p;
  std::uint32_t size = expression->type.size;
  auto map = p.add_scalar(expression->type);
  p.add(set_map(map, nullptr, std::move(expression)));
  auto loaded = load(p);
  if (loaded == nullptr) return {};
  loaded->run();
  std::vector<std::uint8_t> bytes = loaded->value(map).value();
  bytes.resize(size);
  return bytes;
}

std::int64_t evaluate(ExprPtr expression) {
  std::vector<std::uint8_t> bytes = evaluate_bytes(convert(std::move(expression), kInt64));
  return bytes.empty() ? -1 : at<std::int64_t>(bytes);
}

std::string string_at(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
  std::string result;
  while (offset < bytes.size() && bytes[offset] != 0) result += static_cast<char>(bytes[offset++]);
  return result;
}

std::vector<std::uint8_t> bytes_of(std::int64_t value) {
  std::vector<std::uint8_t> bytes(8);
  std::memcpy(bytes.data(), &value, 8);
  return bytes;
}

}  // namespace hawk::test
