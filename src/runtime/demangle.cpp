#include "runtime/demangle.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace hawk {

namespace {

// Goes through the characters of a name, over what brackets hold and over names of operators, in which brackets and
// blanks stand.
class Scan {
 public:
  explicit Scan(std::string_view name) : name_(name) { skip(); }
  [[nodiscard]] bool done() const { return position_ >= name_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] bool is(char c) const { return depth_ == 0 && name_[position_] == c; }
  void next() {
    if (name_[position_] == '<') ++depth_;
    if (name_[position_] == '>') --depth_;
    ++position_;
    skip();
  }

 private:
  void skip() {
    constexpr std::string_view kAnonymous = "(anonymous namespace)";
    constexpr std::string_view kOperator = "operator";
    std::string_view rest = name_.substr(std::min(position_, name_.size()));
    if (rest.starts_with(kAnonymous)) position_ += kAnonymous.size();
    bool begins = position_ == 0 || name_[position_ - 1] == ':' || name_[position_ - 1] == ' ';
    if (!begins || !rest.starts_with(kOperator)) return;
    position_ += kOperator.size();
    if (name_.substr(position_).starts_with("()")) position_ += 2;
    while (position_ < name_.size() && name_[position_] != '(') ++position_;
  }

  std::string_view name_;
  std::size_t position_ = 0;
  int depth_ = 0;  // of template arguments
};

}  // namespace

std::string demangled(const std::string& symbol) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status),
                                              std::free);
  return status == 0 && text ? std::string(text.get()) : symbol;
}

std::string_view without_result(std::string_view name) {
  std::size_t begin = 0;
  for (Scan scan(name); !scan.done(); scan.next()) {
    if (scan.is(' ')) begin = scan.position() + 1;
    if (scan.is('(')) break;
  }
  return name.substr(begin);
}

std::string_view without_parameters(std::string_view name) {
  for (Scan scan(name); !scan.done(); scan.next()) {
    if (scan.is('(')) return name.substr(0, scan.position());
  }
  return name;
}

}  // namespace hawk
