#pragma once
#include "StressBot/engine/Program.h"
#include "StressBot/json/JsonDocument.h"

namespace stressbot {

/// Reads the executor of a group and the keys that belong to it: how many bots there are when, or
/// when they arrive. Refuses keys that no group, or not this executor, has. False when the executor
/// is not known, so that nothing more can be said about the group.
bool ReadExecutor(const JsonNode& node, Group& group);

}  // namespace stressbot
