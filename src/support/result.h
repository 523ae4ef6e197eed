// Result<T>: a value, or why the machine or the user cannot have it. Used where the answer comes
// from outside the script (files, the kernel, options); a wrong script goes to a DiagSink instead.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "support/check.h"
#include "support/source_file.h"

namespace hawk {

// Exit status, as bpftrace's users know them (census 8.2).
inline constexpr int kExitUser = 1;        // usage, script or diagnostic error
inline constexpr int kExitPreprocess = 2;  // C preprocessing failed
inline constexpr int kExitKernel = 255;    // the kernel refused to load or attach
inline constexpr int kExitBug = 70;        // hawk is wrong (HAWK_CHECK)

struct Error {
  std::string message;    // lower case, no full stop, user text in backticks
  std::string help = {};  // what to do, or empty
  std::optional<Span> span = std::nullopt;
  int exit_code = kExitUser;
};

struct Ok {};

template <class T = Ok>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& value() & {
    HAWK_CHECK(ok(), "value of a failed Result");
    return std::get<T>(state_);
  }
  [[nodiscard]] const T& value() const& {
    HAWK_CHECK(ok(), "value of a failed Result");
    return std::get<T>(state_);
  }
  [[nodiscard]] T&& value() && {
    HAWK_CHECK(ok(), "value of a failed Result");
    return std::get<T>(std::move(state_));
  }
  [[nodiscard]] const Error& error() const { return std::get<Error>(state_); }
  [[nodiscard]] Error& error() { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace hawk
