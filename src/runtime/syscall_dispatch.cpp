#include "runtime/syscall_dispatch.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "ast/target_info.h"
#include "runtime/kernel_config.h"
#include "runtime/perf_event.h"
#include "runtime/syscall_events.h"

namespace hawk {

namespace {

constexpr const char* kName = "hawk_syscalls";
constexpr std::uint32_t kMostSyscalls = 1024;
constexpr std::int16_t kNumberOffset = 8;  // of raw_syscalls' `id`

UniqueFd load_dispatcher(int programs) {
  constexpr std::uint8_t kMove = BPF_ALU64 | BPF_MOV | BPF_X;
  constexpr std::uint8_t kSet = BPF_ALU64 | BPF_MOV | BPF_K;
  constexpr std::uint8_t kAdd = BPF_ALU64 | BPF_ADD | BPF_K;
  constexpr std::uint8_t kCall = BPF_JMP | BPF_CALL;
  constexpr std::uint8_t kLoad = BPF_LDX | BPF_MEM;
  const std::array<bpf_insn, 17> instructions = {{
      {.code = kMove, .dst_reg = BPF_REG_6, .src_reg = BPF_REG_1, .off = 0, .imm = 0},  // the context
      {.code = kCall, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_get_current_task},
      {.code = kMove, .dst_reg = BPF_REG_3, .src_reg = BPF_REG_0, .off = 0, .imm = 0},
      {.code = kAdd,
       .dst_reg = BPF_REG_3,
       .src_reg = 0,
       .off = 0,
       .imm = static_cast<std::int32_t>(thread_status_offset())},
      {.code = kSet, .dst_reg = BPF_REG_2, .src_reg = 0, .off = 0, .imm = 4},
      {.code = kMove, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10, .off = 0, .imm = 0},
      {.code = kAdd, .dst_reg = BPF_REG_1, .src_reg = 0, .off = 0, .imm = -8},
      {.code = kCall, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_probe_read_kernel},
      {.code = kLoad | BPF_W, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_10, .off = -8, .imm = 0},
      {.code = BPF_JMP | BPF_JSET | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 5, .imm = kThreadIsCompat},
      {.code = kLoad | BPF_DW, .dst_reg = BPF_REG_3, .src_reg = BPF_REG_6, .off = kNumberOffset, .imm = 0},
      {.code = BPF_LD | BPF_IMM | BPF_DW,
       .dst_reg = BPF_REG_2,
       .src_reg = BPF_PSEUDO_MAP_FD,
       .off = 0,
       .imm = programs},
      {.code = 0, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = kMove, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_6, .off = 0, .imm = 0},
      {.code = kCall, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_tail_call},
      {.code = kSet, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  return UniqueFd(
      bpf_prog_load(BPF_PROG_TYPE_TRACEPOINT, kName, "GPL", instructions.data(), instructions.size(), nullptr));
}

}  // namespace

int SyscallDispatch::add_layer(const Tracefs& tracefs, bool enters, AttachOutcome& outcome) {
  Layer layer{.enters = enters,
              .programs = UniqueFd(bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, kName, 4, 4, kMostSyscalls, nullptr)),
              .used = {}};
  if (!layer.programs.valid()) return errno;
  UniqueFd dispatcher = load_dispatcher(layer.programs.get());
  if (!dispatcher.valid()) return errno;
  Result<int> id = tracefs.event_id(kAllSyscallEvents, enters ? "sys_enter" : "sys_exit");
  if (!id) return ENOENT;
  if (int error = attach_tracepoint_event(outcome, id.value(), dispatcher.get()); error != 0) return error;
  outcome.attachments.back().dispatcher = std::move(dispatcher);
  layers_.push_back(std::move(layer));
  return 0;
}

int SyscallDispatch::add(const Tracefs& tracefs, std::string_view event, int program_fd, AttachOutcome& outcome) {
  std::optional<SyscallEvent> wanted = find_syscall_event(event);
  if (!wanted) return ENOENT;
  auto has_room = [&](const Layer& layer) {
    return layer.enters == wanted->enters && !layer.used.contains(wanted->number);
  };
  auto layer = std::find_if(layers_.begin(), layers_.end(), has_room);
  if (layer == layers_.end()) {
    if (int error = add_layer(tracefs, wanted->enters, outcome); error != 0) return error;
    layer = std::prev(layers_.end());
  }
  auto key = static_cast<std::uint32_t>(wanted->number);
  if (bpf_map_update_elem(layer->programs.get(), &key, &program_fd, BPF_ANY) != 0) return errno;
  layer->used.insert(wanted->number);
  return 0;
}

}  // namespace hawk
