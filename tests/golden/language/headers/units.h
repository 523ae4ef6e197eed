#define UNIT(n) ((n) * 1000UL)
