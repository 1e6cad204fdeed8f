#pragma once
#include <string>

#include "StressBot/protocol/PackedShape.h"

/// Private to the protocol library.
namespace stressbot {

/// One line for people: {success: true, players: [{id: 7, name: "a"}]}.
std::string DescribePacked(const PackedShape& packet, const PackedPayload& payload);

}  // namespace stressbot
