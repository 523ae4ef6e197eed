#ifndef SHAPES_H
#define SHAPES_H
#include <stdint.h>
#include "units.h"

#define SHAPE_NAME "round" " thing"
#define SHAPE_SIDES (1 << 4)
#define SHAPE_BYTES sizeof(struct shape)
#define SHAPE_ALIAS SHAPE_SIDES
#define SHAPE_UNIT UNIT(3)
#define SHAPE_AREA(a, b) ((a) * (b))
#define SHAPE_DO do {

enum colour { RED, GREEN = 5 };
enum { SHAPE_LIMIT = 70 };
typedef struct { int x; int y; } point_t;
typedef uint32_t shape_id;
struct hidden;
struct shape {
  shape_id id;
  char name[8];
  point_t at;
  unsigned visible : 1, layer : 5;
  struct shape *next;
  struct hidden *details;
  union { long l; double d; };
  long double exact;
  enum colour colour;
};
#endif
