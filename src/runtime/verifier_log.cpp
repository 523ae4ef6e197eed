#include "runtime/verifier_log.h"

#include <linux/bpf.h>

#include <array>
#include <charconv>
#include <iterator>

#include "runtime/read_file.h"

namespace hawk {

namespace {

constexpr std::string_view kBegin = "-- BEGIN PROG LOAD LOG --";
constexpr std::string_view kEnd = "-- END PROG LOAD LOG --";

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// "13: (05) goto pc-12", "R0_w=scalar() R10=fp0"; but "R0 invalid mem access" is a verdict.
bool is_numbered(std::string_view line, std::string_view after) {
  std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  return digits > 0 && digits < line.size() && after.find(line[digits]) != std::string_view::npos;
}

// Instructions, registers, the search for their precision and statistics: they surround the verdict.
bool is_dump(std::string_view line) {
  constexpr std::array<std::string_view, 20> kStarts = {"processed ",    "verification time",
                                                        "stack depth",   "max_states_per_insn",
                                                        "mark_precise:", "cur state",
                                                        "old state",     "from ",
                                                        "last_idx ",     "regs=",
                                                        "parent ",       "propagating ",
                                                        "func#",         "caller:",
                                                        "callee:",       "returning ",
                                                        "to caller ",    "Validating ",
                                                        "Func#",         "fp-"};
  for (std::string_view start : kStarts) {
    if (line.starts_with(start)) return true;
  }
  if (line.starts_with('R')) return is_numbered(line.substr(1), "_=");
  constexpr std::string_view kFrame = "frame";
  if (line.starts_with(kFrame)) return is_numbered(line.substr(kFrame.size()), ":");
  return is_numbered(line, ":");
}

// "prog 'hawk_0': BPF program load failed: ..."
std::string_view quoted_program(std::string_view log) {
  constexpr std::string_view kLead = "prog '";
  std::size_t begin = log.find(kLead);
  if (begin == std::string_view::npos) return {};
  std::string_view rest = log.substr(begin + kLead.size());
  std::size_t end = rest.find('\'');
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

// The helper of that number: kernels that do not have it do not know its name either.
std::string helper_name(std::string_view number) {
#define HELPER(name) #name
  constexpr const char* kNames[] = {__BPF_FUNC_MAPPER(HELPER)};
#undef HELPER
  std::size_t index = 0;
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
  bool known = error == std::errc() && index < std::size(kNames);
  return known ? std::string("bpf_") + kNames[index] : "of number " + std::string(number);
}

// "unknown func bpf_x#12", "invalid func unknown#12", "program of this type cannot use helper bpf_x#12"
std::string helper_in(std::string_view reason) {
  for (std::string_view lead : {"unknown func ", "invalid func ", "cannot use helper "}) {
    std::size_t at = reason.find(lead);
    if (at == std::string_view::npos) continue;
    std::string_view rest = reason.substr(at + lead.size());
    std::string_view name = rest.substr(0, rest.find_first_of("# "));
    bool named = name != "unknown" || name.size() == rest.size();
    return named ? std::string(name) : helper_name(without_blanks(rest.substr(name.size() + 1)));
  }
  return {};
}

std::uint32_t line_of(std::string_view script, std::string_view source_text) {
  std::uint32_t line = 1;
  while (!script.empty()) {
    std::string_view current = script.substr(0, script.find('\n'));
    if (without_blanks(current) == source_text) return line;
    script.remove_prefix(std::min(current.size() + 1, script.size()));
    ++line;
  }
  return 0;
}

// "; @x = nsecs; @ script.bt:3" or, without the position, "; @x = nsecs;"
void read_source_comment(std::string_view comment, std::string_view script, VerifierComplaint& complaint) {
  comment = without_blanks(comment.substr(1));
  complaint.line = 0;
  std::size_t at = comment.rfind(" @ ");
  std::size_t colon = comment.rfind(':');
  if (at != std::string_view::npos && colon != std::string_view::npos && colon > at) {
    const char* end = comment.data() + comment.size();
    auto [last, error] = std::from_chars(comment.data() + colon + 1, end, complaint.line);
    if (error == std::errc() && last == end) comment = without_blanks(comment.substr(0, at));
  }
  complaint.source_text = std::string(comment);
  if (complaint.line == 0) complaint.line = line_of(script, comment);
}

}  // namespace

VerifierComplaint parse_verifier_log(std::string_view log, std::string_view script) {
  VerifierComplaint complaint;
  complaint.program = std::string(quoted_program(log));
  std::size_t begin = log.find(kBegin);
  if (begin == std::string_view::npos) return complaint;
  log.remove_prefix(begin + kBegin.size());
  log = log.substr(0, log.find(kEnd));
  for (std::string_view line : lines_of(log)) {
    line = without_blanks(line);
    if (line.starts_with("libbpf:")) line = without_blanks(line.substr(line.find(':') + 1));
    if (line.starts_with(';')) {
      read_source_comment(line, script, complaint);
    } else if (!line.empty() && !is_dump(line)) {
      complaint.reason = std::string(line);
    }
  }
  complaint.helper = helper_in(complaint.reason);
  return complaint;
}

}  // namespace hawk
