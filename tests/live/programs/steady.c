// A program to trace for as long as its standard input is open: it calls step(), which has a probe behind a counter, and changes
// `steps`. Says at the start where these lie.
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "usdt_probe.h"

USDT_SEMAPHORE(guard);
volatile long steps;

__attribute__((noinline, noclone)) int step(int number) {
  steps = steps + 1;
  if (guard) __asm__ volatile(USDT_PROBE("hawk", "step", guard, "-4@%0") : : "r"(number));
  return number;
}

int main(void) {
  printf("%p %p %p\n", (void*)step, (void*)&guard, (void*)&steps);
  fflush(stdout);
  struct pollfd input = {.fd = 0, .events = POLLIN};
  while (poll(&input, 1, 1) == 0) {
    step((int)steps);
    getppid();
  }
  return 0;
}
