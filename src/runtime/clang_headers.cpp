#include "runtime/clang_headers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/btf_file.h"
#include "runtime/btf_types.h"
#include "runtime/child_process.h"
#include "runtime/clang_error.h"
#include "runtime/read_file.h"
#include "runtime/run_program.h"
#include "runtime/types_module.h"

namespace hawk {

namespace {

constexpr int kNewestClang = 40;
constexpr int kOldestClang = 11;               // the first that keeps unused types
constexpr std::string_view kMark = "\"hawk:";  // begins the lines that show what a macro stands for

// The newest `clang-N` in $PATH, else `clang`. Before 15 it cuts enumerators to 32 bits.
Result<std::string> find_clang() {
  for (int version = kNewestClang; version >= kOldestClang; --version) {
    if (Result<std::string> found = find_executable(fmt::format("clang-{}", version))) return found;
  }
  if (Result<std::string> found = find_executable("clang")) return found;
  return Error{.message = "C headers are read by clang, and there is no clang in $PATH",
               .help = "install clang (Debian, Ubuntu: apt install clang); kernel types need no #include",
               .exit_code = kExitPreprocess};
}

std::string text_of(const CSection& section) {
  std::string text;
  for (const CSection::Line& line : section.lines) text.append(line.text).append("\n");
  return text;
}

Span first_include(const CSection& section) {
  const auto& lines = section.lines;
  return std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.text.starts_with("#include"); })
      ->span;
}

class ClangHeaders final : public CHeaders {
 public:
  explicit ClangHeaders(HeaderOptions options) : options_(std::move(options)) {}

  Result<bool> holds(const CSection& section, std::string_view condition) override {
    constexpr std::string_view kYes = "hawk_condition_holds";
    std::string text = fmt::format("{}#if {}\n{}\n#endif\n", text_of(section), condition, kYes);
    Result<std::string> output = run(section, {"-x", "c", "-E", "-P"}, text);
    if (!output) return output.error();
    return output.value().find(kYes) != std::string::npos;
  }

  Result<> open(const CSection& section) override {
    section_ = section;
    Result<std::string> ir =
        run(section, {"-x", "c", "-g", "-O0", "-fno-eliminate-unused-debug-types", "-S", "-emit-llvm", "-o", "-"},
            text_of(section));
    if (!ir) {
      Error error = ir.error();
      if (!error.span && section.includes && !clang_->ok()) error.span = first_include(section);
      return error;
    }
    std::optional<std::string> module = types_module(ir.value());
    if (!module)
      return Error{.message = "the C headers have more types than hawk can take", .exit_code = kExitPreprocess};
    auto object = run_clang({"-x", "ir", "-target", "bpf", "-Wno-override-module", "-c", "-o", "-"}, *module);
    if (!object) return object.error();
    if (!object.value().succeeded) return clang_error(object.value().errors, {});
    Result<std::unique_ptr<BtfFile>> file = BtfFile::open(fmt::format("/proc/self/fd/{}", object.value().output.get()));
    if (!file) return file.error();
    file_ = std::move(file).value();
    types_ = std::make_unique<BtfTypes>(*file_, AddressSpace::kNone);
    return Ok{};
  }

  std::optional<Type> find_type(std::string_view name) override {
    return types_ ? types_->find_type(name) : std::nullopt;
  }

  std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name) override {
    if (!types_) return std::nullopt;
    return types_->find_enumerator(name);
  }

  std::optional<std::string> find_macro(std::string_view name) override {
    read_macros();
    auto found = macros_.find(name);
    return found == macros_.end() ? std::nullopt : std::optional(found->second);
  }

  bool is_function_macro(std::string_view name) override {
    read_macros();
    return function_macros_.contains(name);
  }

 private:
  Result<FinishedProgram> run_clang(std::vector<std::string> arguments, std::string_view input) {
    if (!clang_) clang_ = find_clang();
    if (!clang_->ok()) return clang_->error();
    arguments.insert(arguments.begin(), clang_->value());
    arguments.emplace_back("-");
    return run_program(std::move(arguments), input);
  }

  // What clang prints for a C text that begins with the section.
  Result<std::string> run(const CSection& section, std::vector<std::string> arguments, const std::string& text) {
    for (std::string& flag : header_flags(options_, section)) arguments.push_back(std::move(flag));
    for (const char* flag : {"-w", "-fno-color-diagnostics", "-fno-caret-diagnostics"}) arguments.emplace_back(flag);
    Result<FinishedProgram> finished = run_clang(std::move(arguments), text);
    if (!finished) return finished.error();
    if (!finished.value().succeeded) return clang_error(finished.value().errors, section);
    return read_all(finished.value().output.get()).value_or("");
  }

  // What every macro of the headers stands for: clang lists them, and then expands each.
  void read_macros() {
    if (macros_read_ || !types_) return;
    macros_read_ = true;
    std::string text = text_of(section_);
    Result<std::string> list = run(section_, {"-x", "c", "-dM", "-E"}, text);
    if (!list) return;  // open() has preprocessed the same text
    for (std::string_view line : lines_of(list.value())) {
      constexpr std::string_view kDefine = "#define ";
      if (!line.starts_with(kDefine)) continue;
      line.remove_prefix(kDefine.size());
      std::string_view name = line.substr(0, line.find_first_of(" ("));
      if (line.substr(name.size()).starts_with('(')) {
        function_macros_.emplace(name);
      } else {
        text += fmt::format("{}{}\" {}\n", kMark, name, name);
      }
    }
    Result<std::string> expanded = run(section_, {"-x", "c", "-E", "-P"}, text);
    if (!expanded) return;
    for (std::string_view line : lines_of(expanded.value())) add_macro(line);
  }

  // A line `"hawk:NAME" TEXT`. A macro that stands for nothing, or for its own name, is none.
  void add_macro(std::string_view line) {
    if (!line.starts_with(kMark)) return;
    line.remove_prefix(kMark.size());
    std::size_t quote = line.find('"');
    std::string_view name = line.substr(0, quote);
    std::string_view text = line.substr(std::min(quote + 2, line.size()));
    if (!text.empty() && text != name) macros_.emplace(name, text);
  }

  HeaderOptions options_;
  std::optional<Result<std::string>> clang_;  // once looked for
  CSection section_;
  std::unique_ptr<BtfFile> file_;
  std::unique_ptr<BtfTypes> types_;
  bool macros_read_ = false;
  std::map<std::string, std::string, std::less<>> macros_;
  std::set<std::string, std::less<>> function_macros_;
};

}  // namespace

std::unique_ptr<CHeaders> make_headers(HeaderOptions options) {
  return std::make_unique<ClangHeaders>(std::move(options));
}

}  // namespace hawk
