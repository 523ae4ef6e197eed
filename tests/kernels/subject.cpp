// What the rows of probe_kinds and features trace: $SUBJECT calls each of its functions five times.
#include <cstdio>

#include "../live/programs/usdt_probe.h"

volatile long counter;
struct Note {
  int number;
  char text[12];
};

extern "C" __attribute__((noinline, noclone)) int work(int turn) {
  counter = counter + turn;  // the statement of the row `uprobe at a line`
  return turn * 2;
}

extern "C" __attribute__((noinline, noclone)) void show(const Note* note) {
  __asm__ volatile("" : : "r"(note) : "memory");
}

namespace ns {
__attribute__((noinline)) void twice(int turn) { __asm__ volatile("" : : "r"(turn)); }
}  // namespace ns

int main() {
  Note note = {1, "before"};
  int sum = 0;
  for (int turn = 1; turn <= 5; ++turn) {
    sum += work(turn);
    ns::twice(turn);
    show(&note);
    __asm__ volatile(USDT_PROBE("hawk", "tick", 0, "-4@%0") : : "r"(turn));
  }
  std::printf("%d %s\n", note.number, note.text);
  return sum == 30 ? 0 : 1;
}
