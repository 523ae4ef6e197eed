#include "semantics/alternatives.h"

#include <fmt/format.h>

#include <vector>

namespace hawk {

namespace {

struct Row {
  std::string_view function;
  std::string_view entry;   // "CATEGORY:EVENT"; a system call is named alone
  std::string_view result;  // likewise; "" if the entry is all there is
};

// The functions that tutorials and the tools of the field put kprobes on.
constexpr Row kRows[] = {
    {"vfs_read", "read", "read"},
    {"vfs_write", "write", "write"},
    {"vfs_open", "openat", "openat"},
    {"vfs_fsync", "fsync", "fsync"},
    {"vfs_unlink", "unlinkat", "unlinkat"},
    {"vfs_mkdir", "mkdirat", "mkdirat"},
    {"vfs_statx", "newfstatat", "newfstatat"},
    {"do_sys_open", "openat", "openat"},
    {"do_sys_openat2", "openat", "openat"},
    {"do_filp_open", "openat", "openat"},
    {"do_unlinkat", "unlinkat", "unlinkat"},
    {"do_nanosleep", "clock_nanosleep", "clock_nanosleep"},
    {"hrtimer_nanosleep", "clock_nanosleep", "clock_nanosleep"},
    {"do_execve", "sched:sched_process_exec", ""},
    {"do_execveat_common", "sched:sched_process_exec", ""},
    {"bprm_execve", "sched:sched_process_exec", ""},
    {"do_exit", "sched:sched_process_exit", ""},
    {"do_fork", "sched:sched_process_fork", ""},
    {"_do_fork", "sched:sched_process_fork", ""},
    {"kernel_clone", "sched:sched_process_fork", ""},
    {"finish_task_switch", "sched:sched_switch", ""},
    {"schedule", "sched:sched_switch", ""},
    {"try_to_wake_up", "sched:sched_waking", ""},
    {"ttwu_do_wakeup", "sched:sched_wakeup", ""},
    {"blk_account_io_start", "block:block_rq_issue", ""},
    {"blk_start_request", "block:block_rq_issue", ""},
    {"blk_mq_start_request", "block:block_rq_issue", ""},
    {"blk_account_io_done", "block:block_rq_complete", ""},
    {"blk_account_io_completion", "block:block_rq_complete", ""},
    {"blk_mq_end_request", "block:block_rq_complete", ""},
    {"submit_bio", "block:block_bio_queue", ""},
    {"tcp_v4_connect", "connect", "connect"},
    {"tcp_v6_connect", "connect", "connect"},
    {"tcp_connect", "connect", "connect"},
    {"inet_csk_accept", "accept4", "accept4"},
    {"inet_listen", "listen", "listen"},
    {"tcp_set_state", "sock:inet_sock_set_state", ""},
    {"tcp_sendmsg", "sendto", "sendto"},
    {"tcp_recvmsg", "recvfrom", "recvfrom"},
    {"tcp_cleanup_rbuf", "recvfrom", "recvfrom"},
    {"tcp_drop", "skb:kfree_skb", ""},
    {"ip_rcv", "net:netif_receive_skb", ""},
    {"dev_queue_xmit", "net:net_dev_queue", ""},
    {"handle_mm_fault", "exceptions:page_fault_user", ""},
    {"oom_kill_process", "oom:mark_victim", ""},
    {"__kmalloc", "kmem:kmalloc", ""},
    {"kmem_cache_alloc", "kmem:kmem_cache_alloc", ""},
    {"__alloc_pages", "kmem:mm_page_alloc", ""},
    {"do_softirq", "irq:softirq_entry", "irq:softirq_exit"},
    {"cap_capable", "capability:cap_capable", ""},
};

// "__x64_sys_read", "ksys_read", "__do_sys_read", "SyS_read" implement the system call.
std::string_view system_call_of(std::string_view function) {
  constexpr std::string_view kLeads[] = {"__x64_sys_", "__arm64_sys_", "__se_sys_", "__do_sys_",
                                         "ksys_",      "sys_",         "SyS_"};
  for (std::string_view lead : kLeads) {
    if (function.starts_with(lead)) return function.substr(lead.size());
  }
  return {};
}

std::string existing(TargetInfo& target, std::string_view category, std::string_view event) {
  auto found = target.match_tracepoints(category, event);
  return found.ok() && !found.value().empty() ? "tracepoint:" + found.value().front() : "";
}

std::string system_call_event(TargetInfo& target, std::string_view call, bool returns) {
  return existing(target, "syscalls", fmt::format("sys_{}_{}", returns ? "exit" : "enter", call));
}

}  // namespace

std::string tracepoint_for(std::string_view function, bool returns, TargetInfo& target) {
  if (std::string_view call = system_call_of(function); !call.empty()) return system_call_event(target, call, returns);
  for (const Row& row : kRows) {
    if (row.function != function) continue;
    std::string_view event = returns && !row.result.empty() ? row.result : row.entry;
    std::size_t colon = event.find(':');
    if (colon == std::string_view::npos) return system_call_event(target, event, returns);
    return existing(target, event.substr(0, colon), event.substr(colon + 1));
  }
  // Some events have the name of the function that they are in.
  return existing(target, "*", function);
}

}  // namespace hawk
