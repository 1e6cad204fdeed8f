// A hook to copy from: the header of many Korean IOCP servers, with a scrambled payload.
//
//   code u8        always the same number; what does not begin with it is no packet
//   length u16     bytes of the payload, little-endian
//   key u8         a random number for each packet
//   checksum u8    sum of the payload's bytes, modulo 256
//   payload        begins with the packet's id
//
// Checksum and payload are scrambled together, byte by byte, the checksum being the first. With the
// packet's key R and a key K that both sides know, byte n (from 1) of the plain bytes D becomes
//
//   P[n] = D[n] ^ (P[n-1] + R + n)        P[0] = 0
//   E[n] = P[n] ^ (E[n-1] + K + n)        E[0] = 0
//
// modulo 256, and E is sent. In the protocol file key and checksum are opaque fields: what they
// hold is the hook's business. The lengths do not change and the length can be read as it is;
// `measure` is here only to see at once that something begins with another code, instead of waiting
// for as many bytes as it seems to announce. Configured by {"code": 119, "key": 50}.
#include "StressBot/protocol/hook/stressbot_hook.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

constexpr std::size_t kHeaderBytes = 5;
constexpr std::size_t kKeyAt = 3;
constexpr std::size_t kChecksumAt = 4;

struct Hook {
  std::uint8_t code = 0x77;
  std::uint8_t key = 0x32;
};

struct Connection {
  const Hook* hook;
  std::uint64_t random;  // its next packet's key is made from it
};

std::uint8_t Low(std::size_t number) { return static_cast<std::uint8_t>(number & 0xFFU); }

// Text into `error`, as far as it fits.
void Say(stressbot_hook_output* error, const char* text) {
  error->size = std::strlen(text);
  if (error->size > error->capacity) error->size = error->capacity;
  std::memcpy(error->bytes, text, error->size);
}

// From 0 to 255; false when the text is nothing of that kind.
bool ReadByte(const char* text, std::uint8_t* value) {
  char* end = nullptr;
  const unsigned long number = std::strtoul(text, &end, 10);
  if (end == text || *end != '\0' || number > 255) return false;
  *value = static_cast<std::uint8_t>(number);
  return true;
}

void* Create(const stressbot_hook_setting* settings, std::size_t count,
             stressbot_hook_output* error) {
  Hook made;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint8_t* value = nullptr;
    if (std::strcmp(settings[i].name, "code") == 0) value = &made.code;
    if (std::strcmp(settings[i].name, "key") == 0) value = &made.key;
    if (value == nullptr) {
      Say(error, "it knows \"code\" and \"key\" only");
      return nullptr;
    }
    if (!ReadByte(settings[i].value, value)) {
      Say(error, "\"code\" and \"key\" must be whole numbers from 0 to 255");
      return nullptr;
    }
  }
  return new (std::nothrow) Hook(made);
}

void Destroy(void* hook) { delete static_cast<Hook*>(hook); }

void* Open(void* hook, std::uint64_t seed, stressbot_hook_output* /*greeting*/) {
  return new (std::nothrow) Connection{static_cast<const Hook*>(hook), seed};
}

void Close(void* connection) { delete static_cast<Connection*>(connection); }

std::uint8_t SumOf(const std::uint8_t* bytes, std::size_t size) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += bytes[i];
  return Low(sum);
}

// Numerical Recipes' linear congruence; its upper bits are the better ones.
std::uint8_t NextKey(Connection* connection) {
  connection->random = connection->random * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<std::uint8_t>(connection->random >> 56U);
}

std::int32_t Measure(void* state, const std::uint8_t* bytes, std::size_t size,
                     std::size_t* wire_bytes) {
  if (bytes[0] != static_cast<Connection*>(state)->hook->code) return STRESSBOT_HOOK_FAILED;
  *wire_bytes = kHeaderBytes;
  if (size < kHeaderBytes) return STRESSBOT_HOOK_MORE;
  *wire_bytes += bytes[1] + std::size_t{256} * bytes[2];
  return STRESSBOT_HOOK_OK;
}

std::int32_t Encode(void* state, const std::uint8_t* plain, std::size_t bytes,
                    stressbot_hook_output* wire) {
  auto* connection = static_cast<Connection*>(state);
  if (bytes < kHeaderBytes || bytes > wire->capacity) return STRESSBOT_HOOK_FAILED;
  std::uint8_t* const out = wire->bytes;
  std::memcpy(out, plain, bytes);
  out[0] = connection->hook->code;
  const std::uint8_t random_key = NextKey(connection);
  out[kKeyAt] = random_key;
  out[kChecksumAt] = SumOf(plain + kHeaderBytes, bytes - kHeaderBytes);
  std::uint8_t p = 0;
  std::uint8_t e = 0;
  for (std::size_t i = kChecksumAt, n = 1; i < bytes; ++i, ++n) {
    p = Low(out[i] ^ Low(p + random_key + n));
    e = Low(p ^ Low(e + connection->hook->key + n));
    out[i] = e;
  }
  wire->size = bytes;
  return STRESSBOT_HOOK_OK;
}

std::int32_t Decode(void* state, const std::uint8_t* wire, std::size_t bytes,
                    stressbot_hook_output* plain, stressbot_hook_output* /*answer*/) {
  const Hook* hook = static_cast<Connection*>(state)->hook;
  if (bytes < kHeaderBytes || bytes > plain->capacity) return STRESSBOT_HOOK_FAILED;
  std::uint8_t* const out = plain->bytes;
  std::memcpy(out, wire, bytes);
  const std::uint8_t random_key = wire[kKeyAt];
  std::uint8_t last_p = 0;
  std::uint8_t last_e = 0;
  for (std::size_t i = kChecksumAt, n = 1; i < bytes; ++i, ++n) {
    const std::uint8_t e = wire[i];
    const std::uint8_t p = Low(e ^ Low(last_e + hook->key + n));
    out[i] = Low(p ^ Low(last_p + random_key + n));
    last_p = p;
    last_e = e;
  }
  if (out[kChecksumAt] != SumOf(out + kHeaderBytes, bytes - kHeaderBytes))
    return STRESSBOT_HOOK_FAILED;
  plain->size = bytes;
  return STRESSBOT_HOOK_OK;
}

const stressbot_hook_functions kFunctions = {
    STRESSBOT_HOOK_ABI_VERSION, 0, Create, Destroy, Open, Close, Measure, Decode, Encode};

}  // namespace

extern "C" STRESSBOT_HOOK_EXPORT const stressbot_hook_functions* stressbot_hook(
    std::uint32_t abi_version) {
  return abi_version == STRESSBOT_HOOK_ABI_VERSION ? &kFunctions : nullptr;
}
