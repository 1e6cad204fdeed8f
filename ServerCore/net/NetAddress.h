#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ServerCore/Result.h"

namespace servercore {

/// An IPv4 or IPv6 address with its port. A plain value, safe on any thread.
class NetAddress {
 public:
  enum class Family : std::uint8_t { kNone, kIpv4, kIpv6 };

  NetAddress() = default;
  static NetAddress Ipv4(std::array<std::uint8_t, 4> bytes, std::uint16_t port);
  static NetAddress Ipv6(std::array<std::uint8_t, 16> bytes, std::uint16_t port,
                         std::uint32_t scope = 0);
  static NetAddress Loopback(std::uint16_t port) { return Ipv4({127, 0, 0, 1}, port); }

  /// "127.0.0.1:7777" or "[::1]:7777": digits only, no name is looked up.
  /// Errors: invalid_argument.
  static Result<NetAddress> Parse(std::string_view text);
  /// Also names ("game.example:7777"). Blocks while the system resolves, so only before a run.
  /// Errors: invalid_argument, host_unreachable when the name is not known.
  static Result<std::vector<NetAddress>> Resolve(std::string_view host_and_port);

  Family family() const { return family_; }
  std::uint16_t port() const { return port_; }
  std::span<const std::uint8_t> bytes() const;  ///< 4 or 16, network order
  std::uint32_t scope() const { return scope_; }
  NetAddress WithPort(std::uint16_t port) const;
  bool IsLoopback() const;
  /// Loopback, link-local, RFC 1918 and unique-local: addresses that cannot be a stranger's server.
  bool IsPrivate() const;
  std::string ToString() const;

  friend bool operator==(const NetAddress&, const NetAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
  std::uint32_t scope_ = 0;
  std::uint16_t port_ = 0;
  Family family_ = Family::kNone;
};

}  // namespace servercore
