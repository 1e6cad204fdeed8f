#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stressbot {

/// HOST:PORT as a server or a user wrote it. The host is a name or digits, without brackets.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
/// Takes `name:7777`, `10.0.0.5:7777`, `[::1]:7777` and `::1:7777`. Nothing for whatever else, port
/// 0 included: the text may come from a hostile server.
std::optional<HostPort> ParseHostPort(std::string_view text);
/// Whether the text could be a host; no name is looked up.
bool IsHost(std::string_view text);

/// --map-target: where bots go instead of where a server sends them.
struct TargetMapping {
  std::string from_host;
  std::optional<std::uint16_t> from_port;  ///< none: any
  std::string to_host;
  std::optional<std::uint16_t> to_port;  ///< none: the same
};
/// The first mapping that fits; names are compared without regard to case.
HostPort Mapped(HostPort target, const std::vector<TargetMapping>& mappings);

}  // namespace stressbot
