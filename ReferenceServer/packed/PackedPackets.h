#pragma once
#include <cstdint>

#include "ServerCore/packet/PackedLayout.h"

/// The packets of `--protocol packed`: structs in place of protobuf messages, with ids of their
/// own. scenarios/packed_chat.protocol.json says the same to StressBot. Texts that players see are
/// UTF-16, as in the documents. What this small protocol lacks (moves, leave, heartbeats, S_ERROR)
/// is not sent: a refused chat is counted and not answered.
namespace reference::packed {

using servercore::Packed;
using servercore::PackedList;
using servercore::PackedString;
using servercore::PackedString16;

struct Player {
  Packed<std::uint64_t> id;
  Packed<std::uint8_t> type;  ///< Protocol::PlayerType
  PackedString16 name;
};

struct PKT_C_LOGIN {
  static constexpr std::uint16_t kPacketId = 1;
  PackedString16 name;
};

struct PKT_S_LOGIN {
  static constexpr std::uint16_t kPacketId = 2;
  Packed<bool> success;
  PackedString reason;
  PackedList<Player> players;
};

struct PKT_C_ENTER_GAME {
  static constexpr std::uint16_t kPacketId = 3;
  Packed<std::uint64_t> player_index;
};

struct PKT_S_ENTER_GAME {
  static constexpr std::uint16_t kPacketId = 4;
  Packed<bool> success;
  PackedString reason;
  Packed<std::uint64_t> room_id;
  Player player;
};

struct PKT_C_CHAT {
  static constexpr std::uint16_t kPacketId = 5;
  PackedString16 msg;
};

struct PKT_S_CHAT {
  static constexpr std::uint16_t kPacketId = 6;
  Packed<std::uint64_t> player_id;
  PackedString16 msg;
};

}  // namespace reference::packed
