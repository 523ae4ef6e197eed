// System calls to trace: COUNT getppid() in all, RATE a second (0: as fast as they go). Says how many ns each took.
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char** argv) {
  long count = argc > 1 ? atol(argv[1]) : 1000000;
  double rate = argc > 2 ? atof(argv[2]) : 0;
  double begin = now();
  for (long i = 0; i < count; ++i) {
    syscall(SYS_getppid);
    while (rate > 0 && now() < begin + (double)(i + 1) * 1e9 / rate) {
    }
  }
  fprintf(stderr, "ns a call: %.1f\n", (now() - begin) / (double)count);
  return 0;
}
