#pragma once
#include <filesystem>
#include <memory>

#include "StressBot/json/JsonNode.h"
#include "StressBot/protocol/Hook.h"

/// Private to the protocol library.
namespace stressbot {

/// Reads "hook" of the protocol's root and loads its library, named relative to `directory`.
/// nullptr without one, and after a mistake, which is a Diagnostic.
std::shared_ptr<const Hook> ReadHook(const JsonNode& root, const std::filesystem::path& directory);

}  // namespace stressbot
