#pragma once
#include "StressBot/engine/Program.h"
#include "StressBot/json/JsonDocument.h"

namespace stressbot {

/// A time that is drawn at use, in ns: "2s", {"uniform": ["1s", "3s"]},
/// {"exponential": {"mean": "30s"}}, {"normal": {"mean": "2s", "deviation": "300ms"}}.
Distribution ReadDurations(const JsonNode& node);

/// The middle of what is drawn; a negative draw of a normal distribution counts as it is.
double MeanOf(const Distribution& distribution);

}  // namespace stressbot
