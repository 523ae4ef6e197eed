// Target: the real traced machine. The compiler sees it as TargetInfo; listings also ask for its types and
// arguments as C text. Every source (BTF, tracefs, kallsyms, ELF files) is opened when first asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/target_info.h"

namespace hawk {

class Target : public TargetInfo {
 public:
  // Whether one process alone is traced, so that `*` means its files.
  virtual bool has_process() = 0;
  // Ok if fentry and fexit work here, else why not.
  virtual Result<> fentry_available() = 0;
  // Arguments as a C programmer writes them: {"char comm[16]", "pid_t pid"}, {"struct file * file"}.
  // Those of a tracepoint are without the common fields.
  virtual Result<std::vector<std::string>> tracepoint_arguments(std::string_view category, std::string_view event) = 0;
  virtual std::vector<std::string> raw_tracepoint_arguments(std::string_view event) = 0;
  // With `result`, "TYPE retval" comes last.
  virtual std::vector<std::string> function_arguments(const KernelFunctionName& function, bool result) = 0;

  // Of a function of a user program, from its debug information: {"int count", "struct point * p"}, or, with
  // `result`, {"int retval"} alone. Empty without.
  virtual std::vector<std::string> user_function_arguments(const UserCode& code, bool result) = 0;

  // Iterators ("task", "bpf_map"): sorted names that match. Empty without BTF.
  virtual std::vector<std::string> match_iterators(std::string_view pattern) = 0;
  // What an iterator's program gets to see, but for its `meta`: {"struct task_struct * task", "u32 fd"}.
  virtual std::vector<std::string> iterator_arguments(std::string_view iterator) = 0;

  // "struct task_*", "union *", "enum pid_type": names that match, sorted, and their definitions in C, one for
  // each name.
  virtual std::vector<std::string> match_types(std::string_view pattern) = 0;
  virtual std::vector<std::string> type_definitions(const std::vector<std::string>& names) = 0;
};

// Whether the kernel's types can be read, without reading them.
[[nodiscard]] bool kernel_types_readable();

struct TargetOptions {
  std::uint32_t pid = 0;  // the process that alone is traced; 0: all
  // The kernel functions that may be probed, as a file like tracefs' available_filter_functions has them; else that
  // file is asked.
  std::optional<std::string> traceable_functions = std::nullopt;
};

// The machine hawk runs on. Costs nothing until asked.
[[nodiscard]] std::unique_ptr<Target> make_target(TargetOptions options = {});

}  // namespace hawk
