// A chain of calls in which no function keeps a frame pointer, with the C library in the middle:
// main -> outer -> middle -> inner -> qsort -> compare -> leaf. Built with -O2 -fomit-frame-pointer.
#include <stdlib.h>

#define APART __attribute__((noinline, noclone))
volatile int sink;

APART void leaf(const int *value) {
  sink += *value;
  __asm__ volatile("" ::: "memory");
}

APART int compare(const void *left, const void *right) {
  leaf(left);
  sink++;
  return *(const int *)left - *(const int *)right;
}

APART void inner(int *values, unsigned count) {
  qsort(values, count, sizeof *values, compare);
  sink++;
}

// Many values that live across the call, so that the register of the frame pointer holds one of them.
APART int middle(int *values, int a, int b, int c, int d, int e) {
  int f = a * b, g = b * c, h = c * d, i = d * e;
  inner(values, 2);
  sink++;
  return a + b + c + d + e + f + g + h + i + sink;
}

// A frame of a size that is not known before.
APART int outer(int count) {
  int values[count];
  for (int i = 0; i < count; i++) values[i] = count - i;
  __asm__ volatile("" ::"r"(values) : "memory");
  int sum = middle(values, count, sink, count + sink, count * 3, sink + 7);
  sink++;
  return sum + values[0];
}

int main(int argc, char **argv) {
  (void)argv;
  return outer(argc + 1) == 12345;
}
