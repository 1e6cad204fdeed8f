#include "StressBot/engine/TargetAddress.h"

#include <algorithm>
#include <charconv>

namespace stressbot {

namespace {

constexpr std::size_t kHostCharsMax = 253;  // of a name in DNS

bool IsHostChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == ':' || c == '%';
}

bool SameHost(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

bool IsHost(std::string_view text) {
  return !text.empty() && text.size() <= kHostCharsMax && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), IsHostChar);
}

std::optional<HostPort> ParseHostPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0 || !IsHost(host))
    return std::nullopt;
  return HostPort{std::string(host), port};
}

HostPort Mapped(HostPort target, const std::vector<TargetMapping>& mappings) {
  for (const TargetMapping& mapping : mappings) {
    const bool fits = SameHost(mapping.from_host, target.host) &&
                      mapping.from_port.value_or(target.port) == target.port;
    if (!fits) continue;
    return {mapping.to_host, mapping.to_port.value_or(target.port)};
  }
  return target;
}

}  // namespace stressbot
