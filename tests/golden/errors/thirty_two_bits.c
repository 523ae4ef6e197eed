// A function of a 32-bit program. thirty_two_bits.elf was made of it so:
//   gcc -m32 -O2 -g -gno-record-gcc-switches -fdebug-prefix-map=$PWD=. -nostdlib -static -fno-asynchronous-unwind-tables \
//     -Wl,-z,noseparate-code,--build-id=none -o thirty_two_bits.elf thirty_two_bits.c
__attribute__((noinline, noclone)) void add(int a, int b) { __asm__ volatile("" : : "r"(a), "r"(b)); }
void _start(void) { add(3, 4); }
