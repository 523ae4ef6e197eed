// Functions for the cases of this directory about arguments by name. arguments.elf was made of it so:
//   gcc -O2 -g -gno-record-gcc-switches -fdebug-prefix-map=$PWD=. -nostdlib -static -fno-asynchronous-unwind-tables \
//     -Wl,-z,noseparate-code,--build-id=none -o arguments.elf arguments.c
#define TRACED __attribute__((noinline, noclone))

struct item {
  long price;
  char name[12];
  unsigned sold : 1, kind : 3;
};

TRACED void sell(struct item *item, int count, double share) { __asm__ volatile("" : : "r"(item), "r"(count), "x"(share)); }
TRACED void sell_all(struct item *items) { __asm__ volatile("" : : "r"(items)); }
TRACED void idle(void) { __asm__ volatile(""); }
TRACED void seven(int a, int b, int c, int d, int e, int f, struct item *last) {
  __asm__ volatile("" : : "r"(a), "r"(b), "r"(c), "r"(d), "r"(e), "r"(f), "r"(last));
}

static inline __attribute__((always_inline)) int twice(int x) { return x + x; }
static __attribute__((noinline)) int scale(int value, int unused, int factor) {
  __asm__ volatile("" : "+r"(value));
  return value * factor;
}

void _start(void) {
  struct item item = {5, "tea", 1, 2};
  sell(&item, scale(twice((int)item.price), 3, 4) + scale(2, 5, 4), 0.5);
  sell_all(&item);
  seven(1, 2, 3, 4, 5, 6, &item);
  idle();
  __asm__ volatile("syscall" : : "a"(60), "D"(0));
}
