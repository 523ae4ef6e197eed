// Calls a function and passes a probe a hundred times a second, for twenty seconds.
#include <unistd.h>

#include "usdt_probe.h"

__attribute__((noinline)) void hawk_beats(int turn) { __asm__ volatile(USDT_PROBE("heart", "beat", 0, "-4@%0") : : "r"(turn)); }

int main(void) {
  for (int turn = 0; turn < 2000; ++turn) {
    hawk_beats(turn);
    usleep(10000);
  }
  return 0;
}
