#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "StressBot/protocol/PackedTemplate.h"
#include "StressBot/protocol/Protocol.h"

/// Private to the protocol library.
namespace stressbot {

/// The parts of a packet with these fields; those that are not given are 0 or empty. The fields
/// come first, then the lists that lie elsewhere, in the order in which they are named.
/// nullopt and the first mistake in `error` when a field does not fit.
std::optional<std::vector<PackedTemplate::Part>> CompilePacked(
    const std::shared_ptr<const PackedShape>& packet, const FieldNode& root, CompileError& error);

}  // namespace stressbot
