#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "Enum.pb.h"

namespace reference {

/// Metres from the middle of the map.
struct Position {
  double x = 0;
  double y = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

/// What a new account offers to play with.
inline constexpr std::array<Protocol::PlayerType, 2> kCharacterTypes{Protocol::PLAYER_TYPE_KNIGHT,
                                                                     Protocol::PLAYER_TYPE_MAGE};

/// What is kept of a character.
struct Character {
  std::uint64_t id = 0;  ///< for ever this character's, never another's
  Protocol::PlayerType type = Protocol::PLAYER_TYPE_NONE;
  Position position;
};

/// The characters of one name, in the order of kCharacterTypes.
using Account = std::vector<Character>;

}  // namespace reference
