// Reading the kernel's verifier log, as libbpf collects it: which program, which line of the script, why.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawk {

struct VerifierComplaint {
  std::string program;      // symbol of the program, "" if the log names none
  std::string reason;       // the kernel's verdict: "R1 invalid mem access 'scalar'"
  std::string source_text;  // of the line that was being verified, "" if unknown
  std::uint32_t line = 0;   // of the script, 0 if unknown
  std::string helper;       // a helper function that this kernel or program type does not have, else ""
};

// `log` is everything libbpf printed. Line numbers are in it since Linux 6.9 ("; text @ FILE:LINE"); for
// older kernels the line is found by its text in `script`.
[[nodiscard]] VerifierComplaint parse_verifier_log(std::string_view log, std::string_view script);

}  // namespace hawk
