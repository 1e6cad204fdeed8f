#pragma once
#include "StressBot/cli/Options.h"

namespace stressbot {

/// `stressbot protocol init`: writes a protocol file to start from.
ExitCode DraftProtocolFile(const ProtocolOptions& options);
/// `stressbot protocol show`: prints ids, messages, directions and fields.
ExitCode ShowProtocol(const ProtocolOptions& options);

}  // namespace stressbot
