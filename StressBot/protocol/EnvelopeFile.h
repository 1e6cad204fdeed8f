#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "StressBot/protocol/HeaderLayout.h"

/// Private to the protocol library.
namespace stressbot {

/// What a protocol file says of a packet's surroundings.
struct EnvelopeParts {
  std::unique_ptr<const Envelope> envelope;  ///< null: there is nothing to do
  std::vector<std::byte> trailer;            ///< its constant bytes
};

/// Reads "trailer", "transforms" and what fields say beside their roles. Each mistake is a
/// Diagnostic.
EnvelopeParts ReadEnvelope(const JsonNode& root, const HeaderLayout& header);

}  // namespace stressbot
