#include "runtime/header_flags.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace hawk {

namespace {

struct KernelTree {
  std::string source;
  std::string build;  // holds what the kernel's configuration made; often the same
};

bool is_directory(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Empty paths where there is none.
KernelTree kernel_tree() {
  KernelTree tree{.source = from_environment("BPFTRACE_KERNEL_SOURCE"),
                  .build = from_environment("BPFTRACE_KERNEL_BUILD")};
  if (tree.source.empty() && tree.build.empty()) {
    utsname machine{};
    if (::uname(&machine) != 0) return {};
    std::string modules = fmt::format("/lib/modules/{}", machine.release);
    if (is_directory(modules + "/build")) tree.build = modules + "/build";
    if (is_directory(modules + "/source")) tree.source = modules + "/source";
  }
  if (tree.source.empty()) tree.source = tree.build;
  if (tree.build.empty()) tree.build = tree.source;
  return tree;
}

// The path of `#include <path>`; empty for other lines.
std::string_view angled_path(std::string_view line) {
  if (line.find("include") == std::string_view::npos) return {};
  std::size_t open = line.find('<');
  std::size_t close = line.find('>', std::min(open, line.size()));
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return line.substr(open + 1, close - open - 1);
}

bool serves(const KernelTree& tree, const CSection& section) {
  if (tree.source.empty()) return false;
  return std::any_of(section.lines.begin(), section.lines.end(), [&](const CSection::Line& line) {
    std::string_view path = angled_path(line.text);
    return !path.empty() && is_file(fmt::format("{}/include/{}", tree.source, path));
  });
}

// As the kernel's own Makefile has them.
void add_kernel_flags(const KernelTree& tree, std::vector<std::string>& flags) {
  constexpr const char* kArchitecture =
#if defined(__aarch64__)
      "arm64";
#else
      "x86";
#endif
  std::string arch = fmt::format("/arch/{}/include", kArchitecture);
  auto add_directory = [&](const std::string& path) {
    if (is_directory(path)) flags.push_back("-I" + path);
  };
  add_directory(tree.source + arch);
  add_directory(tree.build + arch + "/generated");
  add_directory(tree.source + "/include");
  add_directory(tree.build + "/include");
  add_directory(tree.source + arch + "/uapi");
  add_directory(tree.build + arch + "/generated/uapi");
  add_directory(tree.source + "/include/uapi");
  add_directory(tree.build + "/include/generated/uapi");
  for (const char* file : {"/include/linux/kconfig.h", "/include/linux/compiler_types.h"}) {
    if (!is_file(tree.source + file)) continue;
    flags.emplace_back("-include");
    flags.push_back(tree.source + file);
  }
  // __BPF_TRACING__: no `asm goto`, which not every clang knows.
  for (const char* flag :
       {"-D__KERNEL__", "-D__BPF_TRACING__", "-DKBUILD_MODNAME=\"hawk\"", "-fms-extensions", "-fshort-wchar"})
    flags.emplace_back(flag);
}

}  // namespace

std::vector<std::string> header_flags(const HeaderOptions& options, const CSection& section) {
  std::vector<std::string> flags;
  if (options.have_btf) flags.emplace_back("-DBPFTRACE_HAVE_BTF=1");
  for (const std::string& directory : section.directories) {
    flags.emplace_back("-iquote");
    flags.push_back(directory);
  }
  for (const std::string& directory : options.directories) flags.push_back("-I" + directory);
  KernelTree tree = kernel_tree();
  if (serves(tree, section)) add_kernel_flags(tree, flags);
  for (const std::string& file : options.files) {
    flags.emplace_back("-include");
    flags.push_back(file);
  }
  return flags;
}

}  // namespace hawk
