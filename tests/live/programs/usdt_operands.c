// A program whose probes keep their arguments in every kind of place. All values are known: the registers are set
// right before the probes.
#include "usdt_probe.h"

long counter = -77;
unsigned char small = 200;
long table[4] = {10, 20, -30, 40};

// Called once; rdi is the table.
__asm__(
    ".text\n"
    ".globl operands\n"
    ".type operands, @function\n"
    "operands:\n"
    "push %rbp\n"
    "mov %rsp, %rbp\n"
    "push %rbx\n"
    "push %r12\n"
    "push %r13\n"
    "sub $24, %rsp\n"
    "movabs $0x8182838485868788, %rax\n"
    "movabs $0x1112131415169798, %rbx\n"
    "mov $-5, %r12\n"
    "mov $2, %r13\n"
    "movl $-2, (%rsp)\n"
    "movw $-3, 4(%rsp)\n" USDT_PROBE("hawk", "widths", 0,
                                     "8@%rax -8@%rax 4@%eax -4@%eax 2@%ax -2@%ax 1@%al -1@%al 1@%ah -1@%ah")
    USDT_PROBE("hawk", "registers", 0, "-8@%r12 4@%r12d -2@%r12w 1@%r12b -1@%bh 1@%bl 8@%r13 4@%rax")
    USDT_PROBE("hawk", "constants", 0, "8@$5 -4@$-5 4@$-5 1@$255 -8@$0x10")
    USDT_PROBE("hawk", "memory", 0,
               "-4@(%rsp) 4@(%rsp) -2@4(%rsp) 8@(%rdi) -8@16(%rdi) -8@(%rdi,%r13,8) 8@-8(%rdi,%r13,8) -8@counter(%rip) "
               "1@small(%rip) -1@small(%rip) 8@table+8(%rip) 8@24+table(%rip)")
    USDT_PROBE("hawk", "floats", 0, "8f@%xmm0 4@%xmm1 -4@$1")
    USDT_PROBE("hawk", "none", 0, "") USDT_MOVED_PROBE("hawk", "moved", 0, "-8@%r12 -8@counter(%rip)", 4096)
    "add $24, %rsp\n"
    "pop %r13\n"
    "pop %r12\n"
    "pop %rbx\n"
    "pop %rbp\n"
    "ret\n"
    ".size operands, . - operands\n");
void operands(long* table);

// Two sites of one probe, with different operands, and a probe in two namespaces.
__attribute__((noinline)) void first(int number) {
  __asm__ volatile(USDT_PROBE("hawk", "sites", 0, "-4@%0 8@$1") : : "r"(number));
  __asm__ volatile(USDT_PROBE("hawk", "twice", 0, ""));
}
__attribute__((noinline)) void second(int number) {
  volatile int stored = number;
  __asm__ volatile(USDT_PROBE("hawk", "sites", 0, "-4@%0 8@$2") : : "m"(stored));
  __asm__ volatile(USDT_PROBE("other", "twice", 0, ""));
}

int main(void) {
  operands(table);
  first(-100);
  second(-200);
  return 0;
}
