// Points in time as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawk {

// Appends strftime(3) of `ns` nanoseconds since 1970, in local time. With `fractions`, %f is the microseconds (6
// digits), %k the nanoseconds (9) and %l the milliseconds (3) of the second, in place of what libc means.
void append_time(std::string& out, std::string_view format, std::int64_t ns, bool fractions);

// The same in UTC, with fractions.
void append_utc_time(std::string& out, std::string_view format, std::int64_t ns);

// Nanoseconds since 1970 now.
[[nodiscard]] std::int64_t wall_clock_now();

}  // namespace hawk
