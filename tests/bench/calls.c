// What is traced: COUNT getppid() in all, RATE a second (0: as fast as they go), or as often another thing:
//   calls COUNT [RATE]        system calls
//   calls open COUNT          openat() of a file that is not there
//   calls function COUNT      calls of traced_function()
//   calls pair COUNT          COUNT system calls in each of two processes at once, on a CPU each where there are two
// Says how many ns each took.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

__attribute__((noinline)) long traced_function(long argument) {
  __asm__ volatile("" : "+r"(argument));
  return argument;
}

static void open_files(long count) {
  for (long i = 0; i < count; ++i) syscall(SYS_openat, AT_FDCWD, "/no such file", O_RDONLY);
}

static void call_function(long count) {
  for (long i = 0; i < count; ++i) traced_function(i);
}

static void call_system(long count, double rate) {
  double begin = now();
  for (long i = 0; i < count; ++i) {
    syscall(SYS_getppid);
    while (rate > 0 && now() < begin + (double)(i + 1) * 1e9 / rate) {
    }
  }
}

static void stay_on(int index) {
  cpu_set_t allowed, one;
  CPU_ZERO(&one);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  index %= CPU_COUNT(&allowed);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed) && index-- == 0) CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
}

static int call_in_two_processes(long count) {
  int failed = 0;
  for (int index = 0; index < 2; ++index) {
    pid_t child = fork();
    if (child < 0) return 1;
    if (child > 0) continue;
    stay_on(index);
    call_system(count, 0);
    _exit(0);
  }
  for (int status = 0; wait(&status) > 0;) failed |= status != 0;
  return failed;
}

int main(int argc, char** argv) {
  const char* what = argc > 1 && (argv[1][0] < '0' || argv[1][0] > '9') ? argv[1] : "";
  char** rest = argv + (*what != '\0' ? 2 : 1);
  long count = *rest != NULL ? atol(*rest) : 1000000;
  double rate = *rest != NULL && rest[1] != NULL ? atof(rest[1]) : 0;
  int failed = 0;
  double begin = now();
  if (strcmp(what, "open") == 0) open_files(count);
  else if (strcmp(what, "function") == 0) call_function(count);
  else if (strcmp(what, "pair") == 0) failed = call_in_two_processes(count);
  else call_system(count, rate);
  fprintf(stderr, "ns a call: %.1f\n", (now() - begin) / (double)count);
  return failed;
}
