#pragma once
#include <filesystem>
#include <memory>

#include "StressBot/json/Diagnostics.h"
#include "StressBot/json/JsonDocument.h"
#include "StressBot/protocol/Protocol.h"

namespace stressbot {

/// Reads a protocol file (docs/PROTOCOLS.md) with the .proto files that it names, relative to
/// itself. nullptr when there was a mistake; all that could be found are then in `errors`, with the
/// line in the file that they are in.
std::shared_ptr<const Protocol> LoadProtocol(const std::filesystem::path& file,
                                             Diagnostics& errors);
/// The same for a document that is in memory; the .proto files are relative to its file.
std::shared_ptr<const Protocol> CompileProtocol(const JsonDocument& document, Diagnostics& errors);

}  // namespace stressbot
