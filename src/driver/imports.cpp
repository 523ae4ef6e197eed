#include "driver/imports.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "driver/script.h"
#include "parser/parser.h"

namespace hawk {

namespace {

namespace fs = std::filesystem;

enum class FileKind { kScript, kHeader, kObject, kOther };

FileKind kind_of(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(".bpf.c") || name.ends_with(".bpf.o")) return FileKind::kObject;
  if (name.ends_with(".bt") || name.ends_with(".hawk")) return FileKind::kScript;
  return name.ends_with(".h") ? FileKind::kHeader : FileKind::kOther;
}

// Whether anybody may put another file in the place of this one.
bool is_writable_by_all(const fs::path& path) {
  struct stat file{};
  struct stat directory{};
  bool known = ::stat(path.c_str(), &file) == 0 && ::stat(path.parent_path().c_str(), &directory) == 0;
  return !known || ((file.st_mode | directory.st_mode) & S_IWOTH) != 0;
}

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

class Loader {
 public:
  Loader(const ImportOptions& options, Sources& sources, DiagSink& diagnostics)
      : options_(options), sources_(sources), diagnostics_(diagnostics) {}

  // Adds the imports of `program`, then the program itself.
  void add(ast::Program program, const fs::path& directory) {
    for (const ast::Import& import : program.imports) load(import, directory);
    append(whole_.definitions, std::move(program.definitions));
    append(whole_.macros, std::move(program.macros));
    append(whole_.functions, std::move(program.functions));
    append(whole_.maps, std::move(program.maps));
    append(whole_.clauses, std::move(program.clauses));
    append(whole_.config, std::move(program.config));
    append(whole_.c_section.lines, std::move(program.c_section.lines));
    append(whole_.c_section.directories, std::move(program.c_section.directories));
    whole_.c_section.includes = whole_.c_section.includes || program.c_section.includes;
    whole_.file = program.file;
  }
  void mark_read(const fs::path& path) { read_.insert(fs::weakly_canonical(path)); }
  ast::Program take() { return std::move(whole_); }

 private:
  // False: an import that stands in a body is not allowed.
  bool pass_gate(const ast::Import& import) {
    if (!import.in_body || options_.in_body == "enable") return true;
    if (options_.in_body == "warn") {
      diagnostics_.report(Diag::UnstableImport, import.span);
      return true;
    }
    diagnostics_.report(Diag::ImportStatement, import.span).help =
        "allow it: config = { unstable_import_statement = enable }";
    return false;
  }

  void load(const ast::Import& import, const fs::path& directory) {
    if (!pass_gate(import)) return;
    std::error_code error;
    fs::path path = directory / import.path;  // `..` behind a link is where the link leads to
    fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      diagnostics_.report(Diag::ImportMissing, import.span, import.path).help =
          fmt::format("looked for {}", path.string());
    } else if (!fs::is_directory(status)) {
      load_file(import, path);
    } else if (import.in_body) {
      diagnostics_.report(Diag::ImportInBody, import.span);
    } else {
      load_directory(import, path);
    }
  }

  void load_directory(const ast::Import& import, const fs::path& directory) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
      FileKind kind = kind_of(entry.path());
      bool hidden = entry.path().filename().string().starts_with('.');
      if (!hidden && (kind == FileKind::kScript || kind == FileKind::kHeader) && !entry.is_directory(error))
        paths.push_back(entry.path());
    }
    if (error) diagnostics_.report(Diag::ImportUnreadable, import.span, directory.string(), error.message());
    if (!error && paths.empty()) diagnostics_.report(Diag::ImportEmptyDirectory, import.span, directory.string());
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) load_file(import, path);
  }

  void load_file(const ast::Import& import, const fs::path& path) {
    std::error_code error;
    fs::path file = fs::canonical(path, error);
    if (error) {
      diagnostics_.report(Diag::ImportUnreadable, import.span, path.string(), error.message());
      return;
    }
    if (!read_.insert(file).second) return;
    if (is_writable_by_all(file)) {
      diagnostics_.report(Diag::ImportUnsafe, import.span, path.string()).help =
          "take away the write permission of others: chmod o-w FILE, and its directory";
      return;
    }
    // Anything but a file might not end.
    FileKind kind = fs::is_regular_file(file, error) ? kind_of(path) : FileKind::kOther;
    if (kind == FileKind::kScript && !import.in_body) return load_script(import, path);
    if (kind == FileKind::kHeader) {
      include_header(whole_.c_section, file.string(), import.span);
      return;
    }
    if (kind == FileKind::kScript) {
      diagnostics_.report(Diag::ImportInBody, import.span);
    } else {
      bool object = kind == FileKind::kObject;
      diagnostics_.report(Diag::ImportKind, import.span, path.string()).help =
          object ? "write its functions in hawk: fn name($a : int64) : int64 { ... }" : "";
    }
  }

  void load_script(const ast::Import& import, const fs::path& path) {
    auto script = read_script_file(path.string());
    if (!script) {
      diagnostics_.report(Diag::ImportUnreadable, import.span, path.string(), script.error().message);
      return;
    }
    FileId id = sources_.add(script.value().name, script.value().text);
    ast::Program program = parse(sources_, id, options_.parsing, diagnostics_);
    for (const ast::ConfigBlock& config : program.config) diagnostics_.report(Diag::ConfigInImport, config.span);
    program.config.clear();
    add(std::move(program), path.parent_path());
  }

  const ImportOptions& options_;
  Sources& sources_;
  DiagSink& diagnostics_;
  std::set<fs::path> read_;
  ast::Program whole_;
};

}  // namespace

ast::Program load_imports(ast::Program program, const ImportOptions& options, Sources& sources, DiagSink& diagnostics) {
  if (program.imports.empty()) return program;
  Loader loader(options, sources, diagnostics);
  if (!options.path.empty()) loader.mark_read(options.path);
  loader.add(std::move(program), fs::path(options.path).parent_path());
  return loader.take();
}

}  // namespace hawk
