#define AREA(a, b) ((a) * (b))
#define LOOP do {
