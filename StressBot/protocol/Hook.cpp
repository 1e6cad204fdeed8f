#include "StressBot/protocol/Hook.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "ServerCore/Assert.h"
#include "StressBot/system/SharedLibrary.h"
#include "StressBot/system/Utf8Path.h"

namespace stressbot {
namespace {

constexpr std::size_t kWireBytesExtraMax = 65'536;
constexpr std::size_t kErrorBytesMax = 512;
constexpr const char* kTooMuch = "more bytes than there was room for, from the hook";

stressbot_hook_output OutputTo(std::span<std::byte> room) {
  return {reinterpret_cast<std::uint8_t*>(room.data()), room.size(), 0};
}

const std::uint8_t* AsBytes(std::span<const std::byte> bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

/// What is missing in the table of functions; nullptr: nothing.
const char* MissingIn(const stressbot_hook_functions& functions) {
  if (functions.create == nullptr) return "create";
  if (functions.destroy == nullptr) return "destroy";
  if (functions.open == nullptr) return "open";
  if (functions.close == nullptr) return "close";
  if (functions.decode == nullptr) return "decode";
  return functions.encode == nullptr ? "encode" : nullptr;
}

/// The library's functions; nullptr, and why, when they cannot be used.
const stressbot_hook_functions* FunctionsOf(const SharedLibrary& library, std::string& error) {
  const SharedLibrary::Function entry = library.Find("stressbot_hook");
  if (entry == nullptr) {
    error = "exports no function \"stressbot_hook\", so it is no hook (see stressbot_hook.h)";
    return nullptr;
  }
  const auto* functions = reinterpret_cast<const stressbot_hook_functions* (*)(std::uint32_t)>(
      entry)(STRESSBOT_HOOK_ABI_VERSION);
  const std::string ours = std::to_string(STRESSBOT_HOOK_ABI_VERSION);
  if (functions == nullptr) {
    error = "does not know version " + ours +
            " of the hook interface; build it with this "
            "version's stressbot_hook.h";
    return nullptr;
  }
  if (functions->abi_version != STRESSBOT_HOOK_ABI_VERSION) {
    error = "was built for version " + std::to_string(functions->abi_version) +
            " of the hook interface, and this is version " + ours +
            "; build it with this version's stressbot_hook.h";
    return nullptr;
  }
  if (const char* missing = MissingIn(*functions)) {
    error = "has no function \"" + std::string(missing) + "\"";
    return nullptr;
  }
  if (functions->wire_bytes_extra > kWireBytesExtraMax) {
    error = "wants wire packets to be longer by " + std::to_string(functions->wire_bytes_extra) +
            " bytes; at most " + std::to_string(kWireBytesExtraMax) + " are allowed";
    return nullptr;
  }
  return functions;
}

}  // namespace

std::shared_ptr<const Hook> Hook::Load(const std::filesystem::path& file,
                                       std::span<const Setting> settings, std::string& error) {
  std::string why;
  std::unique_ptr<SharedLibrary> library = SharedLibrary::Load(file, why);
  if (!library) {
    error = "cannot load " + Utf8Of(file) + ": " + why;
    return nullptr;
  }
  const stressbot_hook_functions* functions = FunctionsOf(*library, why);
  if (functions == nullptr) {
    error = Utf8Of(file) + " " + why;
    return nullptr;
  }
  std::vector<stressbot_hook_setting> given;
  given.reserve(settings.size());
  for (const Setting& setting : settings)
    given.push_back({setting.name.c_str(), setting.value.c_str()});
  std::array<std::byte, kErrorBytesMax> room;
  stressbot_hook_output said = OutputTo(room);
  void* created = functions->create(given.data(), given.size(), &said);
  if (created == nullptr) {
    const std::size_t bytes = std::min(said.size, room.size());
    error = "the hook refuses its \"config\"";
    if (bytes > 0) error.append(": ").append(reinterpret_cast<const char*>(room.data()), bytes);
    return nullptr;
  }
  return std::shared_ptr<const Hook>(new Hook(std::move(library), *functions, created));
}

Hook::Hook(std::unique_ptr<SharedLibrary> library, const stressbot_hook_functions& functions,
           void* created)
    : library_(std::move(library)), functions_(&functions), created_(created) {}

Hook::~Hook() { functions_->destroy(created_); }

HookConnection::HookConnection(const Hook& hook, std::size_t packet_bytes_max)
    : functions_(*hook.functions_),
      created_(hook.created_),
      wire_bytes_max_(packet_bytes_max + hook.wire_bytes_extra()) {
  SC_ASSERT(wire_bytes_max_ <= std::numeric_limits<std::uint32_t>::max());
}

HookConnection::~HookConnection() {
  if (connection_ != nullptr) functions_.close(connection_);
}

HookConnection::Bytes HookConnection::Open(std::uint64_t seed, std::span<std::byte> room) {
  SC_ASSERT(connection_ == nullptr);
  stressbot_hook_output greeting = OutputTo(room.first(kAnswerBytesMax));
  connection_ = functions_.open(created_, seed, &greeting);
  if (connection_ == nullptr) return {"a connection that the hook refused"};
  if (greeting.size > kAnswerBytesMax) return {kTooMuch};
  return {nullptr, room.first(greeting.size)};
}

HookConnection::Measured HookConnection::Measure(std::span<const std::byte> bytes) {
  std::size_t wire_bytes = 0;
  const std::int32_t code =
      functions_.measure(connection_, AsBytes(bytes), bytes.size(), &wire_bytes);
  if (code != STRESSBOT_HOOK_OK && code != STRESSBOT_HOOK_MORE)
    return {"a packet whose size the hook could not tell"};
  const bool is_whole = code == STRESSBOT_HOOK_OK;
  if (wire_bytes > wire_bytes_max_) return {"a packet too large, by the hook's measure"};
  if (wire_bytes == 0 || (!is_whole && wire_bytes <= bytes.size()))
    return {"a packet of an impossible size, by the hook's measure"};
  return {nullptr, is_whole, static_cast<std::uint32_t>(wire_bytes)};
}

HookConnection::Decoded HookConnection::Decode(std::span<const std::byte> wire,
                                               std::span<std::byte> plain_room,
                                               std::span<std::byte> answer_room) {
  stressbot_hook_output plain = OutputTo(plain_room);
  stressbot_hook_output answer = OutputTo(answer_room.first(kAnswerBytesMax));
  if (functions_.decode(connection_, AsBytes(wire), wire.size(), &plain, &answer) !=
      STRESSBOT_HOOK_OK) {
    return {"a packet that the hook could not decode"};
  }
  if (plain.size > plain_room.size() || answer.size > kAnswerBytesMax) return {kTooMuch};
  return {nullptr, plain_room.first(plain.size), answer_room.first(answer.size)};
}

HookConnection::Bytes HookConnection::Encode(std::span<const std::byte> plain,
                                             std::span<std::byte> room) {
  const std::span<std::byte> allowed = room.first(wire_bytes_max_);
  stressbot_hook_output wire = OutputTo(allowed);
  if (functions_.encode(connection_, AsBytes(plain), plain.size(), &wire) != STRESSBOT_HOOK_OK ||
      wire.size == 0) {
    return {"it could not be encoded"};
  }
  if (wire.size > allowed.size()) return {kTooMuch};
  return {nullptr, allowed.first(wire.size)};
}

}  // namespace stressbot
