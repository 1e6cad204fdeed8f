#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace reference {

/// A mistake of real servers that this one makes when asked to, so that a test can find it.
enum class Defect : std::uint8_t {
  kNone,
  kBroadcastDisconnect,
  kHandlerTable,
  kPlayerIndex,
  kEnterBeforeLogin,
  kSizeZero,
  kSpawnList,
  kPlayersNeverRemoved,
  kRoomLock,
  kSessionLeak,
  kLostReply
};

struct DefectKind {
  Defect defect;
  std::string_view name;     ///< as --defect takes it
  std::string_view mistake;  ///< what is broken, in a sentence without its beginning
};
std::span<const DefectKind> AllDefects();  ///< without kNone

/// REQUIRES that it is not kNone.
const DefectKind& KindOf(Defect defect);

}  // namespace reference
