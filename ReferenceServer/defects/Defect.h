#pragma once
#include <cstdint>
#include <string_view>

namespace reference {

/// A mistake of real servers that this one makes when asked to, so that a test can find it.
enum class Defect : std::uint8_t { kNone, kBroadcastDisconnect };

/// As --defect takes it: "broadcast-disconnect".
std::string_view NameOf(Defect defect);
/// What is broken, in a sentence without its subject.
std::string_view MistakeOf(Defect defect);

}  // namespace reference
