// FakeTarget: a machine in memory. Has the types, probes and symbols that a test gives it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ast/target_info.h"
#include "support/glob.h"

namespace hawk {

class FakeTarget : public TargetInfo {
 public:
  std::map<std::string, Type, std::less<>> types;
  std::map<std::string, TracepointFormat> tracepoints;  // "sched:sched_switch"
  std::map<std::string, std::uint64_t> kernel_symbols;
  std::map<std::string, std::vector<UserSymbol>> binaries;
  std::vector<std::string> kernel_functions;
  bool kprobes = true;

  std::optional<Type> find_type(std::string_view name) override {
    auto found = types.find(name);
    return found == types.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view) override { return std::nullopt; }
  std::optional<FunctionSignature> find_kernel_function(std::string_view) override { return std::nullopt; }
  bool has_btf() override { return !types.empty(); }

  Result<std::vector<std::string>> match_tracepoints(std::string_view category, std::string_view event) override {
    std::vector<std::string> names;
    for (const auto& [name, format] : tracepoints) {
      if (glob_match(std::string(category) + ":" + std::string(event), name)) names.push_back(name);
    }
    return names;
  }
  Result<TracepointFormat> tracepoint_format(std::string_view category, std::string_view event) override {
    return tracepoints.at(std::string(category) + ":" + std::string(event));
  }
  Result<std::vector<std::string>> match_raw_tracepoints(std::string_view) override {
    return std::vector<std::string>{};
  }
  std::optional<FunctionSignature> raw_tracepoint_signature(std::string_view) override { return std::nullopt; }
  Result<std::vector<std::string>> match_kernel_functions(std::string_view, std::string_view function) override {
    std::vector<std::string> names;
    for (const std::string& name : kernel_functions) {
      if (glob_match(function, name)) names.push_back(name);
    }
    return names;
  }
  std::map<KernelFunctionName, FunctionSignature> typed_functions;
  std::vector<BpfProgramName> match_bpf_programs(std::string_view) override {
    return {{7, "xdp_pass"}, {9, "xdp_pass"}};
  }
  std::vector<KernelFunctionName> match_typed_functions(std::string_view module, std::string_view function) override {
    std::vector<KernelFunctionName> names;
    for (const auto& [name, signature] : typed_functions) {
      bool in_module = module.empty() || glob_match(module, name.module);
      if (in_module && glob_match(function, name.function)) names.push_back(name);
    }
    return names;
  }
  std::optional<FunctionSignature> typed_function(const KernelFunctionName& function) override {
    auto found = typed_functions.find(function);
    return found == typed_functions.end() ? std::nullopt : std::optional(found->second);
  }
  Result<> kprobes_available() override {
    if (kprobes) return Ok{};
    return Error{"this kernel has no kprobes", "use a tracepoint"};
  }
  std::optional<std::uint64_t> kernel_symbol(std::string_view name) override {
    auto found = kernel_symbols.find(std::string(name));
    return found == kernel_symbols.end() ? std::nullopt : std::optional(found->second);
  }
  bool may_call_kernel_function(std::string_view, ProgramType) override { return true; }
  Result<std::uint64_t> cgroup_id(const std::string& path) override {
    if (path == "/sys/fs/cgroup/web") return std::uint64_t{4711};
    return Error{"no such directory: `" + path + "`"};
  }
  Result<std::vector<std::string>> resolve_binary(std::string_view name) override {
    if (!binaries.contains(std::string(name))) return Error{"no such file: `" + std::string(name) + "`"};
    return std::vector<std::string>{std::string(name)};
  }
  Result<std::vector<UserSymbol>> match_user_functions(const std::string& path, std::string_view function) override {
    std::vector<UserSymbol> found;
    for (const UserSymbol& symbol : binaries.at(path)) {
      if (glob_match(function, symbol.name)) found.push_back(symbol);
    }
    return found;
  }
  Result<std::vector<UserSymbol>> match_demangled_functions(const std::string& path, std::string_view) override {
    return binaries.at(path);
  }
  Result<std::vector<std::uint64_t>> source_line(const std::string&, const SourceLine&) override { return Error{}; }
  Result<UserSymbol> user_symbol(const std::string& path, std::string_view name) override {
    for (const UserSymbol& symbol : binaries.at(path)) {
      if (symbol.name == name) return symbol;
    }
    return Error{"no symbol"};
  }
  std::optional<UserSymbol> user_symbol_at(const std::string&, std::uint64_t) override { return std::nullopt; }

  std::map<UserCode, UserFunction> user_functions;
  std::map<std::uint64_t, Type> user_structs;  // by origin
  std::map<std::string, Type, std::less<>> user_types;
  std::string inlined;
  int debug_questions = 0;  // how often debug information was asked for
  Result<UserFunction> user_function(const UserCode& code) override {
    ++debug_questions;
    auto found = user_functions.find(code);
    if (found == user_functions.end()) return Error{"`" + code.path + "` has no debug information", "compile it"};
    return found->second;
  }
  std::optional<Type> find_user_type(const UserCode&, std::string_view name) override {
    ++debug_questions;
    auto found = user_types.find(name);
    return found == user_types.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::pair<Type, std::uint64_t>> find_user_enumerator(const UserCode&, std::string_view name) override {
    ++debug_questions;
    for (const auto& [type_name, type] : user_types) {
      if (!type.enumerators) continue;
      for (const Enumerator& each : type.enumerators->values) {
        if (each.name == name) return std::pair(type, each.value);
      }
    }
    return std::nullopt;
  }
  std::optional<Type> user_struct(std::uint64_t origin) override {
    auto found = user_structs.find(origin);
    return found == user_structs.end() ? std::nullopt : std::optional(found->second);
  }
  bool is_inlined(const std::string&, std::string_view function) override { return function == inlined; }

  std::map<std::string, std::vector<UsdtSite>> usdt;
  Result<std::vector<UsdtSite>> usdt_sites(const std::string& path) override { return usdt[path]; }

  std::uint32_t cpu_count() override { return 2; }
  PidNamespace pid_namespace() override { return {}; }
  std::set<std::string, std::less<>> missing_helpers;  // "bpf_loop"
  bool has_kernel_helper(std::string_view helper) override { return !missing_helpers.contains(helper); }
};

}  // namespace hawk
