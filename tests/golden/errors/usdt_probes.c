// The probes that the usdt cases of this directory are about. usdt_probes.so was made of it so, without symbols:
//   gcc -O1 -s -shared -nostdlib -fno-asynchronous-unwind-tables -Wl,-z,noseparate-code,-z,norelro,--build-id=none,--hash-style=gnu \
//     -o usdt_probes.so usdt_probes.c
#include "../../live/programs/usdt_probe.h"

void places(void) {
  __asm__ volatile(USDT_PROBE("shop", "sold", 0, "-4@%edi 8@%rsi"));
  __asm__ volatile(USDT_PROBE("shop", "priced", 0, "8f@%xmm0 4@%xmm1"));
  __asm__ volatile(USDT_PROBE("shop", "stored", 0, "8@stock(%rip) 8@%fs:16"));
  __asm__ volatile(USDT_PROBE("shop", "opened", 0, ""));
  __asm__ volatile(USDT_PROBE("bank", "opened", 0, ""));
}
