// A hook for tests: one that behaves, and many that do not, by {"mode": "..."} of its config.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "StressBot/protocol/hook/stressbot_hook.h"

#ifndef TEST_HOOK_ABI_VERSION
#define TEST_HOOK_ABI_VERSION STRESSBOT_HOOK_ABI_VERSION
#endif

namespace {

// "mirror":    wire packets are plain packets, with the chat's header.
// "handshake": the server begins with EE and a key, which is answered by the plain packet
// C_ENTER_GAME.
//              Before, nothing can be sent; then it is sent as it is. The server's packets are
//              their size in one byte, the id and the payload, all XOR the key: a byte less than
//              plain ones.
// others:      as "mirror", with one function that does what it must not.
struct Hook {
  std::string mode;
};
struct Connection {
  const Hook* hook;
  int key = -1;
  bool asked_more = false;

  bool Is(const char* mode) const { return hook->mode == mode; }
};

void* Create(const stressbot_hook_setting* settings, std::size_t count,
             stressbot_hook_output* error) {
  const std::string mode = count == 1 ? settings[0].value : "mirror";
  if (mode == "create-refuses") {
    const char text[] = "nothing pleases it";
    std::memcpy(error->bytes, text, sizeof text - 1);
    error->size = sizeof text - 1;
    return nullptr;
  }
  if (mode == "create-says-too-much") {
    error->size = error->capacity * 2;
    std::memset(error->bytes, 'x', error->capacity);
    return nullptr;
  }
  return new Hook{mode};
}
void Destroy(void* hook) { delete static_cast<Hook*>(hook); }

void* Open(void* hook, std::uint64_t /*seed*/, stressbot_hook_output* greeting) {
  auto* connection = new Connection{static_cast<Hook*>(hook)};
  if (connection->Is("greeting-too-much")) greeting->size = greeting->capacity + 1;
  if (!connection->Is("open-refuses")) return connection;
  delete connection;
  return nullptr;
}
void Close(void* connection) { delete static_cast<Connection*>(connection); }

std::int32_t MeasureHandshake(const Connection& connection, const std::uint8_t* bytes,
                              std::size_t* wire_bytes) {
  const bool has_key = connection.key >= 0;
  *wire_bytes = has_key ? static_cast<std::size_t>(bytes[0] ^ connection.key) : 2;
  return STRESSBOT_HOOK_OK;
}

std::int32_t Measure(void* state, const std::uint8_t* bytes, std::size_t size,
                     std::size_t* wire_bytes) {
  auto& connection = *static_cast<Connection*>(state);
  if (connection.Is("handshake")) return MeasureHandshake(connection, bytes, wire_bytes);
  if (connection.Is("measure-fails")) return STRESSBOT_HOOK_FAILED;
  if (connection.Is("measure-says-nothing")) return STRESSBOT_HOOK_OK;
  if (connection.Is("measure-unknown-code")) return 77;
  if (connection.Is("measure-huge")) *wire_bytes = static_cast<std::size_t>(-1);
  if (connection.Is("measure-huge")) return STRESSBOT_HOOK_OK;
  if (connection.Is("measure-goes-back")) {
    *wire_bytes = size;
    return STRESSBOT_HOOK_MORE;
  }
  if (connection.Is("measure-shrinks") && size >= 4) {
    *wire_bytes = connection.asked_more ? 3 : size + 1;
    return std::exchange(connection.asked_more, true) ? STRESSBOT_HOOK_OK : STRESSBOT_HOOK_MORE;
  }
  *wire_bytes = size < 4 ? 4 : static_cast<std::size_t>(bytes[0] + 256 * bytes[1]);
  return size < 4 ? STRESSBOT_HOOK_MORE : STRESSBOT_HOOK_OK;
}

std::int32_t DecodeHandshake(Connection& connection, const std::uint8_t* wire, std::size_t bytes,
                             stressbot_hook_output* plain, stressbot_hook_output* answer) {
  if (connection.key < 0) {
    if (bytes != 2 || wire[0] != 0xEE) return STRESSBOT_HOOK_FAILED;
    connection.key = wire[1];
    const std::uint8_t enter[] = {4, 0, 0xEA, 3};
    std::memcpy(answer->bytes, enter, sizeof enter);
    answer->size = sizeof enter;
    return STRESSBOT_HOOK_OK;
  }
  if (bytes < 3 || bytes + 1 > plain->capacity) return STRESSBOT_HOOK_FAILED;
  plain->size = bytes + 1;
  plain->bytes[0] = static_cast<std::uint8_t>(bytes + 1);
  plain->bytes[1] = 0;
  for (std::size_t i = 1; i < bytes; ++i)
    plain->bytes[i + 1] = static_cast<std::uint8_t>(wire[i] ^ connection.key);
  return STRESSBOT_HOOK_OK;
}

std::int32_t Copy(const std::uint8_t* from, std::size_t bytes, stressbot_hook_output* to) {
  if (bytes > to->capacity) return STRESSBOT_HOOK_FAILED;
  std::memcpy(to->bytes, from, bytes);
  to->size = bytes;
  return STRESSBOT_HOOK_OK;
}

std::int32_t Decode(void* state, const std::uint8_t* wire, std::size_t bytes,
                    stressbot_hook_output* plain, stressbot_hook_output* answer) {
  auto& connection = *static_cast<Connection*>(state);
  if (connection.Is("handshake")) return DecodeHandshake(connection, wire, bytes, plain, answer);
  if (connection.Is("decode-fails")) return STRESSBOT_HOOK_FAILED;
  if (connection.Is("decode-unknown-code")) return STRESSBOT_HOOK_MORE;
  const std::int32_t code = Copy(wire, bytes, plain);
  if (connection.Is("decode-too-much")) plain->size = plain->capacity + 1;
  if (connection.Is("decode-headless")) plain->size = 3;
  if (connection.Is("decode-wrong-length")) ++plain->size;
  if (connection.Is("answer-too-much")) answer->size = static_cast<std::size_t>(-1);
  return code;
}

std::int32_t Encode(void* state, const std::uint8_t* plain, std::size_t bytes,
                    stressbot_hook_output* wire) {
  auto& connection = *static_cast<Connection*>(state);
  if (connection.Is("handshake") && connection.key < 0) return STRESSBOT_HOOK_FAILED;
  if (connection.Is("encode-fails")) return STRESSBOT_HOOK_FAILED;
  if (connection.Is("encode-nothing")) return STRESSBOT_HOOK_OK;
  const std::int32_t code = Copy(plain, bytes, wire);
  if (connection.Is("encode-too-much")) wire->size = wire->capacity + 1;
  return code;
}

const stressbot_hook_functions kFunctions = {
    TEST_HOOK_ABI_VERSION, 16, Create, Destroy, Open, Close, Measure, Decode, Encode};

}  // namespace

#ifndef TEST_HOOK_EXPORTS_NOTHING
extern "C" STRESSBOT_HOOK_EXPORT const stressbot_hook_functions* stressbot_hook(
    std::uint32_t abi_version) {
  return abi_version == STRESSBOT_HOOK_ABI_VERSION ? &kFunctions : nullptr;
}
#endif
