// USDT probes without <sys/sdt.h>: the notes that it writes, in assembly, with operands as the test wants them.
#pragma once

// A string of assembly: a probe at this place. `semaphore` is the symbol of its counter or 0. In an asm statement with
// operands a register is written `%%rax`, and `%0` is what the compiler chose.
#define USDT_PROBE(provider, name, semaphore, arguments) USDT_MOVED_PROBE(provider, name, semaphore, arguments, 0)

// The same in a file that was moved up by `distance` bytes after it was linked, for which nobody corrects notes.
#define USDT_MOVED_PROBE(provider, name, semaphore, arguments, distance)          \
  "990: nop\n"                                                                    \
  ".pushsection .note.stapsdt,\"\",\"note\"\n"                                    \
  ".balign 4\n"                                                                   \
  ".4byte 992f - 991f, 994f - 993f, 3\n"                                          \
  "991: .asciz \"stapsdt\"\n"                                                     \
  "992: .balign 4\n"                                                              \
  "993: .8byte 990b - " #distance ", _.stapsdt.base - " #distance ", " #semaphore \
  "\n"                                                                            \
  ".asciz \"" provider "\", \"" name "\", \"" arguments                           \
  "\"\n"                                                                          \
  "994: .balign 4\n"                                                              \
  ".popsection\n"                                                                 \
  ".ifndef _.stapsdt.base\n"                                                      \
  ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"         \
  ".weak _.stapsdt.base\n"                                                        \
  ".hidden _.stapsdt.base\n"                                                      \
  "_.stapsdt.base: .space 1\n"                                                    \
  ".popsection\n"                                                                 \
  ".endif\n"

// The counter of a probe that is computed for only where somebody listens.
#define USDT_SEMAPHORE(name) \
  __attribute__((section(".probes"))) volatile unsigned short name __attribute__((visibility("hidden")))
