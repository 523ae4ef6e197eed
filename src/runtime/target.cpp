#include "runtime/target.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <map>

#include "runtime/basic_types.h"
#include "runtime/binary_paths.h"
#include "runtime/bpf_programs.h"
#include "runtime/btf_file.h"
#include "runtime/cgroup_paths.h"
#include "runtime/demangle.h"
#include "runtime/elf_symbols.h"
#include "runtime/fentry_support.h"
#include "runtime/kernel_config.h"
#include "runtime/kernel_functions.h"
#include "runtime/kernel_symbols.h"
#include "runtime/kernel_types.h"
#include "runtime/libbpf_log.h"
#include "runtime/mapped_files.h"
#include "runtime/probe_program.h"
#include "runtime/source_lines.h"
#include "runtime/syscall_events.h"
#include "runtime/tracefs.h"
#include "runtime/tracepoint_format.h"
#include "runtime/usdt_notes.h"
#include "runtime/user_debug_info.h"
#include "support/glob.h"

namespace hawk {

namespace {

constexpr std::string_view kRawTracepointPrefix = "btf_trace_";
constexpr std::string_view kIteratorPrefix = "bpf_iter__";

void sort_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

// What a tag in front of a type's name allows.
BtfKinds kinds_of_tag(std::string_view tag) {
  if (tag == "struct") return btf_kinds({BTF_KIND_STRUCT});
  if (tag == "union") return btf_kinds({BTF_KIND_UNION});
  if (tag == "enum") return btf_kinds({BTF_KIND_ENUM, BTF_KIND_ENUM64});
  return 0;
}

struct TaggedName {
  std::string_view tag;
  std::string_view name;
};

TaggedName split_tag(std::string_view name) {
  std::size_t blank = std::min(name.find(' '), name.size());
  return {.tag = name.substr(0, blank), .name = name.substr(std::min(blank + 1, name.size()))};
}

class RunningMachine final : public Target {
 public:
  explicit RunningMachine(TargetOptions options)
      : pid_(options.pid),
        is_given_(options.traceable_functions.has_value()),
        traceable_(std::move(options.traceable_functions).value_or("")) {}

  // --- kernel types ---
  std::optional<Type> find_type(std::string_view name) override {
    if (std::optional<Type> basic = basic_type(name)) return basic;
    return types_.find_type(name);
  }

  std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name) override {
    if (types() == nullptr) return std::nullopt;
    return types()->types.find_enumerator(name);
  }

  std::optional<FunctionSignature> find_kernel_function(std::string_view name) override {
    if (types() == nullptr) return std::nullopt;
    return types()->types.find_function(name);
  }

  bool has_btf() override { return types() != nullptr; }
  bool offers_btf() override { return ::access("/sys/kernel/btf/vmlinux", R_OK) == 0; }

  // --- tracepoints ---
  Result<std::vector<std::string>> match_tracepoints(std::string_view category, std::string_view event) override {
    Result<const Tracefs*> tracefs = this->tracefs();
    if (!tracefs.ok()) return tracefs.error();
    if (!has_wildcard(category) && !has_wildcard(event)) {  // the list of all takes the kernel 5 ms
      bool exists = !category.empty() && !event.empty() && tracefs.value()->has_event(category, event);
      return exists ? std::vector{fmt::format("{}:{}", category, event)} : std::vector<std::string>{};
    }
    if (events_.empty()) {
      Result<std::vector<std::string>> events = tracefs.value()->events();
      if (!events.ok()) return events.error();
      events_ = std::move(events).value();
    }
    std::vector<std::string> matches;
    for (const std::string& name : events_) {
      std::size_t colon = name.find(':');
      if (glob_match(category, name.substr(0, colon)) && glob_match(event, name.substr(colon + 1)))
        matches.push_back(name);
    }
    return matches;
  }

  Result<TracepointFormat> tracepoint_format(std::string_view category, std::string_view event) override {
    Result<std::vector<FormatField>> fields = format_fields(category, event);
    if (!fields.ok()) return fields.error();
    // A syscall's arguments come from the program that made it.
    AddressSpace space = category == kSyscallEvents ? AddressSpace::kUser : AddressSpace::kKernel;
    return to_tracepoint_format(fields.value(), space, [this](std::string_view name) { return find_type(name); });
  }

  std::optional<std::uint32_t> system_call(std::string_view event) override {
    std::optional<SyscallEvent> found = find_syscall_event(event);
    return found ? std::optional(static_cast<std::uint32_t>(found->number)) : std::nullopt;
  }

  // Since Linux 7 they can be interrupted, and hits are missed: see why_all_syscalls().
  bool prefers_raw_syscalls() override { return running_kernel() < KernelRelease{7, 0}; }
  std::uint32_t thread_status_offset() override { return hawk::thread_status_offset(); }

  Result<std::vector<std::string>> match_raw_tracepoints(std::string_view event) override {
    if (types() == nullptr) return raw_tracepoints_of_events(event);
    std::vector<std::string> names;
    types()->file->for_each(btf_kinds({BTF_KIND_TYPEDEF}), [&](std::uint32_t, std::string_view name) {
      if (!name.starts_with(kRawTracepointPrefix)) return;
      name.remove_prefix(kRawTracepointPrefix.size());
      if (glob_match(event, name)) names.emplace_back(name);
    });
    sort_unique(names);
    return names;
  }

  std::optional<FunctionSignature> raw_tracepoint_signature(std::string_view event) override {
    if (types() == nullptr) return std::nullopt;
    return types()->types.raw_tracepoint(event);
  }

  // --- kernel functions ---
  Result<std::vector<std::string>> match_kernel_functions(std::string_view module, std::string_view function) override {
    std::vector<std::string> names = match_functions(functions(), module, function);
    if (!names.empty() || has_wildcard(function) || is_given_) return names;
    // The list has what ftrace can reach, under one name each; kprobes also go on other code, and on its other names.
    return match_functions(symbol_functions(symbols()), module, function);
  }

  std::vector<KernelFunctionName> match_typed_functions(std::string_view module, std::string_view function) override {
    std::vector<KernelFunctionName> names;
    if (types() == nullptr) return names;
    for (const KernelFunction& found : find_functions(functions(), module, function)) {
      KernelFunctionName name{found.module.empty() ? kKernelItself : std::string(found.module),
                              std::string(found.name)};
      if (types_.is_traceable(name)) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<BpfProgramName> match_bpf_programs(std::string_view name) override { return find_bpf_programs(name); }

  std::optional<FunctionSignature> typed_function(const KernelFunctionName& function) override {
    TypeSource* source = types_.module(function.module);
    return source == nullptr ? std::nullopt : source->types.find_function(function.function);
  }

  Result<> kprobes_available() override { return check_kprobes(); }
  Result<> fentry_available() override { return check_fentry(); }

  std::optional<std::uint64_t> kernel_symbol(std::string_view name) override { return symbols().address_of(name); }

  bool may_call_kernel_function(std::string_view name, ProgramType type) override {
    return find_kernel_function(name) && is_kernel_function_callable(std::string(name), type);
  }

  // --- user programs ---
  Result<std::vector<std::string>> resolve_binary(std::string_view name) override {
    if (name == "*") return mapped_files(pid_);
    return find_binaries(name);
  }

  bool has_process() override { return pid_ != 0; }

  Result<std::vector<UserSymbol>> match_user_functions(const std::string& path, std::string_view function) override {
    return functions_of(path, [&](std::string_view name) { return glob_match(function, name); });
  }

  Result<std::vector<UserSymbol>> match_demangled_functions(const std::string& path,
                                                            std::string_view function) override {
    return functions_of(path, [&](std::string_view name) {
      if (!name.starts_with("_Z")) return false;
      std::string text = demangled(std::string(name));
      std::string_view plain = without_result(text);
      return glob_match(function, text) || glob_match(function, plain) ||
             glob_match(function, without_parameters(plain));
    });
  }

  Result<UserSymbol> user_symbol(const std::string& path, std::string_view name) override {
    Result<const ElfSymbolTable*> table = elf(path);
    if (!table.ok()) return table.error();
    const ElfSymbolTable::Symbol* symbol = table.value()->find(name);
    if (symbol != nullptr) return table.value()->describe(*symbol);
    Error error{.message = fmt::format("no symbol `{}` in `{}`", name, path)};
    if (table.value()->symbols().empty()) error.help = "the file is stripped: install its debug symbols";
    return error;
  }

  std::optional<UserSymbol> user_symbol_at(const std::string& path, std::uint64_t address) override {
    Result<const ElfSymbolTable*> table = elf(path);
    if (!table.ok()) return std::nullopt;
    ElfSymbolTable::Located located = table.value()->find_address(address);
    if (located.symbol == nullptr) return std::nullopt;
    return table.value()->describe(*located.symbol);
  }

  Result<std::vector<std::uint64_t>> source_line(const std::string& path, const SourceLine& wanted) override {
    return find_source_line(path, wanted);
  }

  Result<std::vector<UsdtSite>> usdt_sites(const std::string& path) override { return read_usdt_sites(path); }

  // --- debug information ---
  Result<UserFunction> user_function(const UserCode& code) override {
    auto symbol = user_symbol_at(code.path, code.address);
    return debug_info_.function(code, symbol ? symbol->name : fmt::format("{}", code.address));
  }

  std::optional<Type> find_user_type(const UserCode& code, std::string_view name) override {
    return debug_info_.find_type(code, name);
  }

  std::optional<std::pair<Type, std::uint64_t>> find_user_enumerator(const UserCode& code,
                                                                     std::string_view name) override {
    return debug_info_.find_enumerator(code, name);
  }

  std::optional<Type> user_struct(std::uint64_t origin) override { return debug_info_.complete(origin); }

  bool is_inlined(const std::string& path, std::string_view function) override {
    return debug_info_.is_inlined(path, function);
  }

  // --- the machine ---
  std::uint32_t cpu_count() override { return static_cast<std::uint32_t>(std::max(libbpf_num_possible_cpus(), 1)); }

  Result<std::uint64_t> cgroup_id(const std::string& path) override { return find_cgroup_id(path); }

  PidNamespace pid_namespace() override {
    constexpr ino_t kInitial = 0xEFFFFFFC;  // PROC_PID_INIT_INO, include/linux/proc_ns.h
    struct stat status{};
    if (stat("/proc/self/ns/pid", &status) != 0 || status.st_ino == kInitial) return {};
    // The helper compares with the kernel's own dev_t: 12 bits major, 20 bits minor.
    std::uint64_t device = std::uint64_t{major(status.st_dev)} << 20 | minor(status.st_dev);
    return {.initial = false, .device = device, .inode = status.st_ino};
  }

  bool has_kernel_helper(std::string_view helper) override {
    // The release answers for most without BTF; distributions also carry helpers back into older ones.
    std::optional<KernelRelease> since = release_of_helper(helper);
    if (since && running_kernel() >= *since) return true;
    if (!helper.starts_with("bpf_")) return false;
    std::optional<Type> helpers = find_type("enum bpf_func_id");
    if (!helpers) return false;
    std::string name = fmt::format("BPF_FUNC_{}", helper.substr(4));
    const auto& values = helpers->enumerators->values;
    return std::any_of(values.begin(), values.end(), [&](const Enumerator& value) { return value.name == name; });
  }

  // --- C text ---
  Result<std::vector<std::string>> tracepoint_arguments(std::string_view category, std::string_view event) override {
    Result<std::vector<FormatField>> fields = format_fields(category, event);
    if (!fields.ok()) return fields.error();
    std::vector<std::string> texts;
    for (const FormatField& field : fields.value()) {
      if (!is_common_field(field)) texts.push_back(field.declaration);
    }
    return texts;
  }

  std::vector<std::string> raw_tracepoint_arguments(std::string_view event) override {
    return arguments({kKernelItself, fmt::format("__traceiter_{}", event)}, {.skipped_parameters = 1});
  }

  std::vector<std::string> function_arguments(const KernelFunctionName& function, bool result) override {
    return arguments(function, {.result = result});
  }

  std::vector<std::string> user_function_arguments(const UserCode& code, bool result) override {
    auto symbol = user_symbol_at(code.path, code.address);
    return debug_info_.arguments(code, symbol ? symbol->name : "", result);
  }

  std::vector<std::string> match_iterators(std::string_view pattern) override {
    std::vector<std::string> names;
    if (types() == nullptr) return names;
    types()->file->for_each(btf_kinds({BTF_KIND_STRUCT}), [&](std::uint32_t, std::string_view name) {
      if (!name.starts_with(kIteratorPrefix)) return;
      name.remove_prefix(kIteratorPrefix.size());
      bool for_verifier = name.find("__") != std::string_view::npos;  // bpf_iter__task__safe_trusted
      if (!for_verifier && glob_match(pattern, name)) names.emplace_back(name);
    });
    sort_unique(names);
    return names;
  }

  std::vector<std::string> iterator_arguments(std::string_view iterator) override {
    if (types() == nullptr) return {};
    std::uint32_t id =
        types()->file->find(fmt::format("{}{}", kIteratorPrefix, iterator), btf_kinds({BTF_KIND_STRUCT}));
    if (id == 0) return {};
    std::vector<std::string> members = types()->declarations.members(id);
    std::erase(members, "struct bpf_iter_meta * meta");
    return members;
  }

  std::vector<std::string> match_types(std::string_view pattern) override {
    std::vector<std::string> names;
    TaggedName wanted = split_tag(pattern);
    if (kinds_of_tag(wanted.tag) == 0 || types() == nullptr) return names;
    types()->file->for_each(kinds_of_tag(wanted.tag), [&](std::uint32_t, std::string_view name) {
      if (glob_match(wanted.name, name)) names.push_back(fmt::format("{} {}", wanted.tag, name));
    });
    sort_unique(names);
    return names;
  }

  std::vector<std::string> type_definitions(const std::vector<std::string>& names) override {
    if (types() == nullptr) return {};
    std::vector<std::uint32_t> ids;
    for (const std::string& name : names) {
      TaggedName wanted = split_tag(name);
      std::uint32_t id = types()->file->find(wanted.name, kinds_of_tag(wanted.tag));
      if (id != 0) ids.push_back(id);
    }
    return types()->declarations.definitions(ids);
  }

 private:
  // Those whose name is wanted, sorted by it.
  template <class IsWanted>
  Result<std::vector<UserSymbol>> functions_of(const std::string& path, const IsWanted& is_wanted) {
    Result<const ElfSymbolTable*> table = elf(path);
    if (!table.ok()) return table.error();
    std::vector<UserSymbol> matches;
    for (const ElfSymbolTable::Symbol& symbol : table.value()->symbols()) {
      bool match = symbol.is_function && is_wanted(table.value()->name(symbol));
      if (match) matches.push_back(table.value()->describe(symbol));
    }
    std::sort(matches.begin(), matches.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return matches;
  }

  // Null where the kernel has no type information.
  TypeSource* types() { return types_.kernel(); }

  Result<const Tracefs*> tracefs() {
    if (!tracefs_) tracefs_ = Tracefs::open();
    if (!tracefs_->ok()) return tracefs_->error();
    return &tracefs_->value();
  }

  Result<std::vector<FormatField>> format_fields(std::string_view category, std::string_view event) {
    Result<const Tracefs*> tracefs = this->tracefs();
    if (!tracefs.ok()) return tracefs.error();
    Result<std::string> text = tracefs.value()->format(category, event);
    if (!text.ok()) return text.error();
    std::vector<FormatField> fields = parse_format(std::string_view(text.value()));
    // Since Linux 6.19 ftrace keeps the strings behind the arguments (__filename_val); BPF programs get the arguments.
    if (category == kSyscallEvents) std::erase_if(fields, [](const FormatField& field) { return field.data_loc; });
    return fields;
  }

  // Without BTF the events of tracefs say most of the names; those of syscalls have no raw tracepoint.
  Result<std::vector<std::string>> raw_tracepoints_of_events(std::string_view event) {
    Result<std::vector<std::string>> events = match_tracepoints("*", event);
    if (!events.ok()) return events.error();
    std::vector<std::string> names;
    for (const std::string& name : events.value()) {
      std::size_t colon = name.find(':');
      if (name.substr(0, colon) != kSyscallEvents) names.push_back(name.substr(colon + 1));
    }
    sort_unique(names);
    return names;
  }

  const KernelSymbolTable& symbols() {
    if (!symbols_) symbols_ = KernelSymbolTable::read();
    return *symbols_;
  }

  const std::vector<KernelFunction>& functions() {
    if (is_given_ && functions_.empty()) functions_ = parse_traceable_functions(traceable_);
    if (!is_given_ && functions_.empty()) {
      Result<const Tracefs*> tracefs = this->tracefs();
      Result<std::string> text = tracefs.ok() ? tracefs.value()->read("available_filter_functions") : tracefs.error();
      if (text.ok()) traceable_ = std::move(text).value();
      functions_ = traceable_.empty() ? symbol_functions(symbols()) : parse_traceable_functions(traceable_);
    }
    return functions_;
  }

  Result<const ElfSymbolTable*> elf(const std::string& path) {
    auto found = elf_.find(path);
    if (found == elf_.end()) {
      Result<ElfSymbolTable> table = ElfSymbolTable::read(path);
      if (!table.ok()) return table.error();
      found = elf_.emplace(path, std::move(table).value()).first;
    }
    return &found->second;
  }

  std::vector<std::string> arguments(const KernelFunctionName& function, BtfDeclarations::Parts parts) {
    TypeSource* source = types_.module(function.module);
    if (source == nullptr) return {};
    std::uint32_t id = source->file->find(function.function, btf_kinds({BTF_KIND_FUNC}));
    if (id == 0) return {};
    return source->declarations.parameters(source->file->type(id).type, parts);
  }

  std::uint32_t pid_;
  KernelTypes types_;
  std::optional<Result<Tracefs>> tracefs_;
  std::vector<std::string> events_;
  std::optional<KernelSymbolTable> symbols_;
  bool is_given_ = false;  // traceable_, by the user
  std::string traceable_;  // functions_ refers to it or to symbols_
  std::vector<KernelFunction> functions_;
  std::map<std::string, ElfSymbolTable> elf_;
  UserDebugInfo debug_info_;
};

}  // namespace

bool kernel_types_readable() { return BtfFile::readable(); }

std::unique_ptr<Target> make_target(TargetOptions options) {
  silence_libbpf();
  return std::make_unique<RunningMachine>(std::move(options));
}

}  // namespace hawk
