// Functions that take arguments of every kind, for the cases of arguments.live. Each is called once, from main.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TRACED __attribute__((noinline))
#define KEEP __asm__ volatile("")

enum colour { RED, GREEN = 5, BLUE };
enum level { LOW = -1, HIGH = 1 };

struct name {
  char text[16];
  unsigned len;
};

struct file;  // another one than the kernel's

struct person {
  struct name *name;
  struct person *next;
  struct file *open;
  int ages[3];
  unsigned flag : 1, kind : 3;
  int delta : 4;
  enum colour colour;
  union {
    int number;
    unsigned char bytes[4];
  };
  struct {
    short low, high;
  };
  struct name own;
  short table[2][3];
};

struct file {
  int descriptor;
};

typedef struct {
  int x, y;
} point_t;

typedef long my_long;
struct tiny { char a, b, c; };
struct pair { long first; int second; };
struct odd { int a, b, c; };
struct large { long values[4]; };
struct floats { float x, y; };
struct mixed { double ratio; long count; };

TRACED void integers(signed char a, unsigned char b, short c, unsigned short d, int e, unsigned f) { KEEP; }
TRACED void longs(long a, unsigned long b, my_long c, bool d, char e, uint64_t f) { KEEP; }
TRACED void enums(enum colour colour, enum level level) { KEEP; }
TRACED void pointers(struct person *p, const char *text, const point_t *point, void *any, int *number) { KEEP; }
TRACED void eight(int a, int b, int c, int d, int e, int f, int g, long h) { KEEP; }
TRACED void with_floats(double x, int a, float y, long b) { KEEP; }
TRACED void by_value(struct tiny t, struct pair p, struct odd o, point_t point) { KEEP; }
TRACED void in_memory(struct large l, int after, struct pair p, struct pair q, struct pair r, int last) { KEEP; }
TRACED void float_structs(struct floats f, int a, struct mixed m, long b) { KEEP; }
TRACED struct large returns_large(int seed) {
  struct large l = {{seed, 2, 3, 4}};
  return l;
}
TRACED void wide(__int128 w, int a) { KEEP; }
TRACED void get_one(int x) { KEEP; }
TRACED void get_two(long x) { KEEP; }
TRACED void get_three(const char *x) { KEEP; }
TRACED void get_other(int y) { KEEP; }
TRACED void nothing(void) { KEEP; }
TRACED void ignores(int unused, int used) { __asm__ volatile("" : : "r"(used)); }

static inline __attribute__((always_inline)) int inside(int x) { return x * 3; }
// Optimising compilers give this one no second argument.
static TRACED int specialised(int a, int always, int c) {
  __asm__ volatile("");
  return a * always + c;
}

int main(int count, char **arguments) {
  struct name name = {"Ada Lovelace", 12};
  struct file file = {77};
  struct person next = {.ages = {9}, .colour = BLUE};
  struct person person = {.name = &name, .next = &next, .open = &file, .ages = {1, 2, 3}, .flag = 1, .kind = 5, .delta = -3,
                          .colour = GREEN, .number = 0x01020304, .low = -7, .high = 8, .own = {"own", 3}};
  person.table[1][2] = -12;
  point_t point = {3, -4};
  char text[] = "some text";  // in memory that is there
  int number = -9;
  struct large large = {{10, 20, 30, 40}};
  integers(-1, 200, -300, 60000, -70000, 4000000000u);
  longs(-5000000000, 1ul << 63, -6, true, 'x', 7);
  enums(GREEN, LOW);
  pointers(&person, text, &point, &person, &number);
  eight(1, 2, 3, 4, 5, 6, -7, -8);
  with_floats(1.5, -11, 2.5f, 22);
  by_value((struct tiny){1, 2, 3}, (struct pair){-4, -5}, (struct odd){6, 7, -8}, point);
  in_memory(large, 50, (struct pair){1, 2}, (struct pair){3, 4}, (struct pair){5, 6}, 60);
  float_structs((struct floats){1, 2}, 3, (struct mixed){1.5, 4}, 5);
  large = returns_large(count + 41);
  wide(((__int128)7 << 64) + 5, 6);
  get_one(1);
  get_two(-2);
  get_three("three");
  get_other(4);
  nothing();
  ignores(31, 32);
  (void)arguments;
  return inside(count) + specialised(count + 1, 7, 13) + specialised(count + 2, 7, 14) == 0 || large.values[0] != 42;
}
