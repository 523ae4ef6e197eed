// Busy for as many seconds as it is told, three parts of four in one function and one in another:
// main -> work -> heavy, main -> work -> light -> leaf. Prints nothing.
#include <stdlib.h>
#include <time.h>

#define KEEP __attribute__((noinline, noclone))

static volatile unsigned long sink;

KEEP void spin(unsigned long turns) {
  for (unsigned long i = 0; i < turns; ++i) sink += i;
}
KEEP void heavy(void) { spin(300000); sink++; }
KEEP void leaf(void) { spin(100000); sink++; }
KEEP void light(void) { leaf(); sink++; }
KEEP void work(void) {
  heavy();
  light();
  sink++;
}

int main(int count, char** arguments) {
  struct timespec begin, now;
  double seconds = count > 1 ? atof(arguments[1]) : 1;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do {
    work();
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while ((double)(now.tv_sec - begin.tv_sec) + (double)(now.tv_nsec - begin.tv_nsec) / 1e9 < seconds);
  return 0;
}
