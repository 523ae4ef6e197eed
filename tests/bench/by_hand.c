// by_hand nothing|count COMMAND...: what a program written for one purpose costs. Loads a BPF program for the raw
// tracepoint sys_enter, which leaves all calls but getppid() alone and does nothing, or counts them per CPU; runs
// COMMAND.
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define INSN(c, d, s, o, i) ((struct bpf_insn){.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

static int load(int map, int counts) {
  struct bpf_insn program[16];
  size_t n = 0;
  program[n++] = INSN(BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_1, 8, 0);  // the number of the call
  program[n++] = INSN(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_1, 0, counts ? 10 : 0, SYS_getppid);
  if (counts) {
    program[n++] = INSN(BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -4, 0);
    program[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0);
    program[n++] = INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -4);
    program[n++] = INSN(BPF_LD | BPF_IMM | BPF_DW, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map);
    program[n++] = INSN(0, 0, 0, 0, 0);
    program[n++] = INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
    program[n++] = INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 3, 0);
    program[n++] = INSN(BPF_LDX | BPF_MEM | BPF_DW, BPF_REG_1, BPF_REG_0, 0, 0);
    program[n++] = INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_1, 0, 0, 1);
    program[n++] = INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_0, BPF_REG_1, 0, 0);
  }
  program[n++] = INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0);
  program[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
  return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "by_hand", "GPL", program, n, NULL);
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  int counts = strcmp(argv[1], "count") == 0;
  int map = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "by_hand", 4, 8, 1, NULL);
  int program = load(map, counts);
  int link = bpf_raw_tracepoint_open("sys_enter", program);
  if (map < 0 || program < 0 || link < 0) {
    perror("by_hand");
    return 1;
  }
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}
