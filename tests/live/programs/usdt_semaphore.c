// Probes that a counter guards: the program prints it before each round and at the end. With LIBRARY defined the file
// is a library that has the probes alone.
#include <stdio.h>
#include <unistd.h>

#include "usdt_probe.h"

USDT_SEMAPHORE(guard);

__attribute__((noinline)) void work(int round) {
  if (guard) __asm__ volatile(USDT_PROBE("hawk", "guarded", guard, "-4@%0 -4@%1") : : "r"(round), "r"(-round));
  if (guard && round % 2 == 0) __asm__ volatile(USDT_PROBE("hawk", "even", guard, "-4@%0") : : "r"(round));
}

#ifndef LIBRARY
int main(int count, char** arguments) {
  (void)arguments;
  for (int round = 1; round <= 3; ++round) {
    printf("guard %d\n", guard);
    fflush(stdout);
    work(round);
  }
  // With an argument: until nobody listens any more.
  for (int turn = 0; count > 1 && guard != 0 && turn < 2000; ++turn) usleep(10000);
  printf("guard %d\n", guard);
  return 0;
}
#endif
