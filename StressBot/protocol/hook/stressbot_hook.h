#ifndef STRESSBOT_HOOK_H
#define STRESSBOT_HOOK_H
/*
 * How a shared library of yours teaches StressBot a protocol that its files cannot describe:
 * encrypted or compressed packets, hidden lengths, keys from a handshake. This header is the
 * specification. It is plain C and needs nothing else of StressBot.
 *
 * A hook translates packets, one at a time, between two forms:
 *
 *   - the PLAIN packet is what the protocol file describes: its header, payload and trailer;
 *   - the WIRE packet is what is sent over the connection. It may be longer or shorter.
 *
 * StressBot makes plain packets and gives them to `encode`; it cuts the stream from the server into
 * wire packets, with the help of `measure` where that needs one, and gives them to `decode`. Length
 * and id of a plain packet must be as the protocol file says; sequence numbers, checksums and
 * transforms of the file, if any, belong to the plain packet.
 *
 * Threads. `create` and `destroy` run on one thread, while nothing else does. All other functions
 * run on the thread of the connection: those of one connection never at the same time, those of
 * different connections at the same time on several threads. So what `create` returns must not be
 * changed later, or be locked. A call must not block; it holds up all bots of its thread.
 *
 * Bounds. StressBot gives pointers to buffers together with their sizes, for the time of the call
 * only, and looks at every size and code that comes back. What is impossible ends the connection
 * and is reported; it is never used. That protects from mistakes in sizes, not from a library that
 * writes where it was not told to: it runs in StressBot's process, so load only what you trust.
 *
 * The bytes from the server are untrusted, here as everywhere: judge them before you use them, and
 * return STRESSBOT_HOOK_FAILED for what cannot be.
 *
 * Versions. STRESSBOT_HOOK_ABI_VERSION changes whenever a library built for another one would
 * misunderstand. StressBot loads libraries of its own version only.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STRESSBOT_HOOK_ABI_VERSION 1u

/* What functions return. Anything else counts as STRESSBOT_HOOK_FAILED. */
enum {
  STRESSBOT_HOOK_OK = 0,
  STRESSBOT_HOOK_MORE = 1,   /* `measure` only: it needs to see more bytes */
  STRESSBOT_HOOK_FAILED = -1 /* cannot be; a connection is closed for it */
};

/* NOLINTBEGIN(modernize-use-using): C has no other way. */
/* Room for bytes of yours. Write at most `capacity` bytes to `bytes` and set `size`; it is 0 at
   first, which means nothing. */
typedef struct stressbot_hook_output {
  uint8_t* bytes;
  size_t capacity;
  size_t size;
} stressbot_hook_output;

/* One member of "config" in the protocol file: a text as it is, a number or a boolean as JSON
   writes it ("50", "true"). UTF-8, ending in 0. */
typedef struct stressbot_hook_setting {
  const char* name;
  const char* value;
} stressbot_hook_setting;

typedef struct stressbot_hook_functions {
  /* STRESSBOT_HOOK_ABI_VERSION of the header that the library was built with. */
  uint32_t abi_version;

  /* By how many bytes a wire packet may be longer than "maxPacketBytes", at most 65536. */
  uint32_t wire_bytes_extra;

  /* Once for each protocol file, when it is read, by `stressbot check` too. Returns what the other
     functions are then given as `hook`. NULL: the configuration is wrong, and `error` says why, in
     a sentence. Never NULL otherwise, even if there is nothing to keep. */
  void* (*create)(const stressbot_hook_setting* settings, size_t count,
                  stressbot_hook_output* error);
  /* After the last connection was closed. */
  void (*destroy)(void* hook);

  /* A connection was established. Returns its state, which the functions below are given as
     `connection`; NULL: it cannot be used and is closed. Keep it small: there is one for each bot.
     `seed` is all the randomness that you may use: it is another one for each connection, and the
     same in each run with the same --seed. What is written to `greeting` (up to 4096 bytes) is sent
     first, as it is. */
  void* (*open)(void* hook, uint64_t seed, stressbot_hook_output* greeting);
  /* It ended. Exactly once for each `open` that did not return NULL. */
  void (*close)(void* connection);

  /* How long is the wire packet that begins at `bytes`, of which `size` (at least 1) were received?
     STRESSBOT_HOOK_OK: `*wire_bytes` is its size. STRESSBOT_HOOK_MORE: that cannot be told before
     there are `*wire_bytes` bytes, more than `size`. Must not change the connection's state, since
     it may be asked again for the same packet, and must give the same answer then.
     NULL: the length field of the protocol file's header can be read on the wire as it is. */
  int32_t (*measure)(void* connection, const uint8_t* bytes, size_t size, size_t* wire_bytes);

  /* A whole wire packet from the server, in the order of arrival, each once. Write the plain packet
     to `plain`, whose capacity is "maxPacketBytes". Nothing written means that it was not for the
     bot, as part of a handshake. What is written to `answer` (up to 4096 bytes) is sent at once, as
     it is: an answer to a handshake, for example. */
  int32_t (*decode)(void* connection, const uint8_t* wire, size_t wire_bytes,
                    stressbot_hook_output* plain, stressbot_hook_output* answer);

  /* A plain packet that a bot sends. Write the wire packet to `wire`, whose capacity is
     "maxPacketBytes" and wire_bytes_extra. Nothing written, or STRESSBOT_HOOK_FAILED, means that it
     cannot be sent (there is no key yet, for example): the bot's step fails. */
  int32_t (*encode)(void* connection, const uint8_t* plain, size_t plain_bytes,
                    stressbot_hook_output* wire);
} stressbot_hook_functions;
/* NOLINTEND(modernize-use-using) */

/* The one function that a library must export, by this name. `abi_version` is StressBot's. Returns
   the library's functions, which must live as long as the library; NULL if it knows no such
   version. Only `measure` may be NULL in them. */
#if defined(_WIN32)
#define STRESSBOT_HOOK_EXPORT __declspec(dllexport)
#else
#define STRESSBOT_HOOK_EXPORT __attribute__((visibility("default")))
#endif
STRESSBOT_HOOK_EXPORT const stressbot_hook_functions* stressbot_hook(uint32_t abi_version);

#ifdef __cplusplus
}
#endif
#endif
