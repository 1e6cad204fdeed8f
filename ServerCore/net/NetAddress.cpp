#include "ServerCore/net/NetAddress.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "ServerCore/io/backends/SystemNames.h"

namespace servercore {
namespace {

struct HostAndPort {
  std::string_view host;  ///< without brackets
  std::uint16_t port = 0;
  bool bracketed = false;
};

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "host:port" or "[host]:port". A host with colons needs the brackets: "::1:7777" has two
/// readings.
std::optional<HostAndPort> Split(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = ParseNumber<std::uint16_t>(text.substr(colon + 1));
  if (!port) return std::nullopt;

  HostAndPort parts{.host = text.substr(0, colon), .port = *port};
  if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
    parts.bracketed = true;
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  const bool has_colon = parts.host.find(':') != std::string_view::npos;
  if (parts.host.empty() || has_colon != parts.bracketed) return std::nullopt;
  if (parts.host.find('\0') != std::string_view::npos) return std::nullopt;
  return parts;
}

std::error_code InvalidArgument() { return std::make_error_code(std::errc::invalid_argument); }

Result<NetAddress> ParseDigits(const HostAndPort& parts) {
  const std::size_t percent = parts.host.find('%');
  Result<NetAddress> address =
      ParseHostDigits(std::string(parts.host.substr(0, percent)), parts.port);
  if (!address || percent == std::string_view::npos) return address;

  const auto scope = ParseNumber<std::uint32_t>(parts.host.substr(percent + 1));
  if (!scope || address->family() != NetAddress::Family::kIpv6) return InvalidArgument();
  std::array<std::uint8_t, 16> bytes{};
  std::ranges::copy(address->bytes(), bytes.begin());
  return NetAddress::Ipv6(bytes, parts.port, *scope);
}

}  // namespace

NetAddress NetAddress::Ipv4(std::array<std::uint8_t, 4> bytes, std::uint16_t port) {
  NetAddress address;
  std::ranges::copy(bytes, address.bytes_.begin());
  address.port_ = port;
  address.family_ = Family::kIpv4;
  return address;
}

NetAddress NetAddress::Ipv6(std::array<std::uint8_t, 16> bytes, std::uint16_t port,
                            std::uint32_t scope) {
  NetAddress address;
  address.bytes_ = bytes;
  address.scope_ = scope;
  address.port_ = port;
  address.family_ = Family::kIpv6;
  return address;
}

Result<NetAddress> NetAddress::Parse(std::string_view text) {
  const auto parts = Split(text);
  if (!parts) return InvalidArgument();
  return ParseDigits(*parts);
}

Result<std::vector<NetAddress>> NetAddress::Resolve(std::string_view host_and_port) {
  const auto parts = Split(host_and_port);
  if (!parts) return InvalidArgument();
  if (const Result<NetAddress> digits = ParseDigits(*parts)) return std::vector{*digits};
  return ResolveHost(std::string(parts->host), parts->port);
}

std::span<const std::uint8_t> NetAddress::bytes() const {
  return std::span(bytes_).first(family_ == Family::kIpv6 ? 16 : 4);
}

NetAddress NetAddress::WithPort(std::uint16_t port) const {
  NetAddress address = *this;
  address.port_ = port;
  return address;
}

bool NetAddress::IsLoopback() const {
  if (family_ == Family::kIpv4) return bytes_[0] == 127;
  if (family_ != Family::kIpv6) return false;
  const auto lead = std::span(bytes_).first(15);
  return std::ranges::all_of(lead, [](std::uint8_t byte) { return byte == 0; }) && bytes_[15] == 1;
}

bool NetAddress::IsPrivate() const {
  if (IsLoopback()) return true;
  if (family_ == Family::kIpv4) {
    const bool rfc1918 = bytes_[0] == 10 || (bytes_[0] == 172 && (bytes_[1] & 0xf0) == 16) ||
                         (bytes_[0] == 192 && bytes_[1] == 168);
    const bool link_local = bytes_[0] == 169 && bytes_[1] == 254;
    return rfc1918 || link_local;
  }
  if (family_ != Family::kIpv6) return false;
  const bool unique_local = (bytes_[0] & 0xfe) == 0xfc;
  const bool link_local = bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
  return unique_local || link_local;
}

std::string NetAddress::ToString() const {
  if (family_ == Family::kNone) return "(no address)";
  std::string text = FormatHostDigits(*this);
  if (scope_ != 0) text.append("%").append(std::to_string(scope_));
  if (family_ == Family::kIpv6) text.insert(0, 1, '[').append("]");
  return text.append(":").append(std::to_string(port_));
}

}  // namespace servercore
