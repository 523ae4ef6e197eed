#ifdef ROOM
struct room { char bytes[ROOM]; };
#endif
