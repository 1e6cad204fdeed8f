#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "StressBot/protocol/PacketSources.h"

/// What names of messages usually mean. Private to the protocol library.
namespace stressbot {

/// How packets are told apart from other messages, and who sends which.
struct DirectionGuess {
  std::vector<std::string> send;     ///< patterns of names: "C_", "*Req"
  std::vector<std::string> receive;  ///< likewise: "S_", "*Res", "*Notify"
  std::size_t matched = 0;           ///< names that match one
};
/// Empty lists when the names follow no known way.
DirectionGuess GuessDirections(const std::vector<std::string>& names);

/// An enum whose values name messages once a prefix is taken off.
struct EnumGuess {
  std::string full_name;
  std::string prefix;
  std::vector<std::string> matched;  ///< the messages
};
/// The enum that names the most of these messages; nullopt when none names half of them.
std::optional<EnumGuess> GuessEnum(const std::vector<IdEnum>& enums,
                                   const std::vector<std::string>& names);

}  // namespace stressbot
