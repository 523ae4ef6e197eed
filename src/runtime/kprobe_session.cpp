#include "runtime/kprobe_session.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

#include "runtime/probe_program.h"

namespace hawk {

namespace {

constexpr const char* kName = "hawk_ends";
constexpr const char* kAtReturn = "bpf_session_is_return";  // kfunc; takes the context since Linux 7.0
constexpr std::uint32_t kEnds = 2;                          // key of the program array: what kAtReturn says

// The part of union bpf_attr that BPF_LINK_CREATE reads for these links: those of kprobe_multi.
struct SessionLink {
  std::uint32_t program = 0;
  std::uint32_t target = 0;
  std::uint32_t attach_type = kKprobeSessionType;
  std::uint32_t flags = 0;
  std::uint32_t kprobe_flags = 0;
  std::uint32_t count = 0;
  std::uint64_t symbols = 0;  // of pointers to names
  std::uint64_t addresses = 0;
  std::uint64_t cookies = 0;
};

UniqueFd make_program_array() {
  return UniqueFd(
      bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, kName, sizeof(std::uint32_t), sizeof(std::uint32_t), kEnds, nullptr));
}

UniqueFd load_dispatcher(int programs) {
  static const int at_return = libbpf_find_vmlinux_btf_id(kAtReturn, static_cast<bpf_attach_type>(0));
  if (at_return < 0) {
    errno = ENOENT;
    return {};
  }
  constexpr std::uint8_t kMove = BPF_ALU64 | BPF_MOV | BPF_X;
  constexpr std::uint8_t kSet = BPF_ALU64 | BPF_MOV | BPF_K;
  constexpr std::uint8_t kCall = BPF_JMP | BPF_CALL;
  const std::array<bpf_insn, 10> instructions = {{
      {.code = kMove, .dst_reg = BPF_REG_6, .src_reg = BPF_REG_1, .off = 0, .imm = 0},  // the context
      {.code = kCall, .dst_reg = 0, .src_reg = BPF_PSEUDO_KFUNC_CALL, .off = 0, .imm = at_return},
      {.code = kMove, .dst_reg = BPF_REG_3, .src_reg = BPF_REG_0, .off = 0, .imm = 0},
      {.code = BPF_ALU64 | BPF_AND | BPF_K, .dst_reg = BPF_REG_3, .src_reg = 0, .off = 0, .imm = 1},  // a bool
      {.code = BPF_LD | BPF_IMM | BPF_DW,
       .dst_reg = BPF_REG_2,
       .src_reg = BPF_PSEUDO_MAP_FD,
       .off = 0,
       .imm = programs},
      {.code = 0, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = kMove, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_6, .off = 0, .imm = 0},
      {.code = kCall, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_tail_call},
      {.code = kSet, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 1},  // of an entry: no return
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  options.expected_attach_type = static_cast<bpf_attach_type>(kKprobeSessionType);
  return UniqueFd(
      bpf_prog_load(BPF_PROG_TYPE_KPROBE, kName, "GPL", instructions.data(), instructions.size(), &options));
}

bool try_kprobe_session() {
  // Kernels that do not know it are found out without their types.
  if (!load_probe_program({.type = BPF_PROG_TYPE_KPROBE, .attach_type = kKprobeSessionType}).valid()) return false;
  UniqueFd programs = make_program_array();
  return programs.valid() && load_dispatcher(programs.get()).valid();
}

Error refusal(int error) {
  return Error{.message = fmt::format("the kernel refuses these functions: {}", std::strerror(error))};
}

}  // namespace

bool has_kprobe_session() {
  static const bool has = try_kprobe_session();
  return has;
}

Result<std::shared_ptr<KprobeSession>> KprobeSession::open(std::span<const ProbeSpec> functions) {
  auto session = std::make_shared<KprobeSession>();
  session->programs_ = make_program_array();
  if (!session->programs_.valid()) return refusal(errno);
  session->dispatcher_ = load_dispatcher(session->programs_.get());
  if (!session->dispatcher_.valid()) return refusal(errno);
  std::vector<const char*> symbols;
  for (const ProbeSpec& function : functions) symbols.push_back(function.function.c_str());
  std::vector<std::uint64_t> cookies(symbols.size());  // the same for both ends
  std::iota(cookies.begin(), cookies.end(), 0);
  SessionLink link{.program = static_cast<std::uint32_t>(session->dispatcher_.get()),
                   .count = static_cast<std::uint32_t>(symbols.size()),
                   .symbols = reinterpret_cast<std::uint64_t>(symbols.data()),
                   .cookies = reinterpret_cast<std::uint64_t>(cookies.data())};
  session->link_ = UniqueFd(static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link))));
  if (!session->link_.valid()) return refusal(errno);
  return session;
}

int KprobeSession::start(ProbeKind end, int program_fd) {
  std::uint32_t key = end == ProbeKind::kKretprobe ? 1 : 0;
  return bpf_map_update_elem(programs_.get(), &key, &program_fd, BPF_ANY) == 0 ? 0 : errno;
}

}  // namespace hawk
