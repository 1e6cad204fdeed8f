#include "StressBot/cli/OptionValues.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <system_error>
#include <vector>

#include "StressBot/metrics/Suggestion.h"
#include "StressBot/system/Utf8Path.h"

#include "StressBot/json/JsonNode.h"

namespace stressbot {

namespace {

using servercore::NetAddress;

/// Beyond this somebody mistyped an address.
constexpr std::uint32_t kSourceAddressesMax = 1'024;

template <typename T>
std::optional<T> ToNumber(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<NetAddress> ParseHost(const std::string& text) {
  const bool is_ipv6 = text.find(':') != std::string::npos;
  const auto address = NetAddress::Parse(is_ipv6 ? "[" + text + "]:0" : text + ":0");
  if (!address) return std::nullopt;
  return *address;
}

std::uint32_t ToInteger(const NetAddress& address) {
  std::uint32_t number = 0;
  for (const std::uint8_t byte : address.bytes()) number = number << 8 | byte;
  return number;
}

NetAddress FromInteger(std::uint32_t number) {
  const auto byte = [number](unsigned shift) {
    return static_cast<std::uint8_t>(number >> shift & 0xFF);
  };
  return NetAddress::Ipv4({byte(24), byte(16), byte(8), byte(0)}, 0);
}

bool AddRange(const std::string& text, std::vector<NetAddress>& addresses) {
  const std::size_t dash = text.find('-');
  const auto first = ParseHost(text.substr(0, dash));
  if (!first) return false;
  if (dash == std::string::npos) {
    addresses.push_back(*first);
    return true;
  }
  const auto last = ParseHost(text.substr(dash + 1));
  const auto is_ipv4 = [](const NetAddress& address) {
    return address.family() == NetAddress::Family::kIpv4;
  };
  if (!last || !is_ipv4(*first) || !is_ipv4(*last)) return false;
  const std::uint32_t from = ToInteger(*first);
  const std::uint32_t to = ToInteger(*last);
  if (to < from || to - from >= kSourceAddressesMax) return false;
  for (std::uint32_t i = 0; i <= to - from; ++i) addresses.push_back(FromInteger(from + i));
  return true;
}

/// HOST or HOST:PORT. More than one colon without brackets: an IPv6 address without a port.
bool ReadPlace(const std::string& text, std::string& host, std::optional<std::uint16_t>& port) {
  const std::size_t colons = static_cast<std::size_t>(std::count(text.begin(), text.end(), ':'));
  const bool has_brackets = text.starts_with('[');
  if (colons == 1 || (has_brackets && !text.ends_with(']'))) {
    const auto place = ParseHostPort(text);
    if (!place) return false;
    host = place->host;
    port = place->port;
    return true;
  }
  host = has_brackets ? text.substr(1, text.size() - 2) : text;
  return IsHost(host);
}

}  // namespace

std::pair<std::string, std::string> SplitNamed(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::optional<std::uint32_t> ParseBots(const std::string& text, std::string& error) {
  const auto bots = ToNumber<std::uint32_t>(text);
  if (bots && *bots > 0) return bots;
  error = "\"" + text + "\" is no number of bots; write a whole number from 1, such as 1000";
  return std::nullopt;
}

std::optional<std::uint32_t> ParseBotId(const std::string& text, std::string& error) {
  const auto bot = ToNumber<std::uint32_t>(text);
  if (!bot) error = "\"" + text + "\" is no bot; they are numbered from 0";
  return bot;
}

std::optional<std::uint64_t> ParsePacketCount(const std::string& text, std::string& error) {
  const auto packets = ToNumber<std::uint64_t>(text);
  if (packets && *packets > 0) return packets;
  error = "\"" + text + "\" is no number of packets; write a whole number from 1";
  return std::nullopt;
}

std::optional<double> ParseRate(const std::string& text, std::string& error) {
  const std::size_t slash = text.find('/');
  const auto number = ToNumber<double>(text.substr(0, slash));
  std::string unit = slash == std::string::npos ? "1s" : text.substr(slash + 1);
  if (!unit.empty() && (unit.front() < '0' || unit.front() > '9')) unit.insert(0, 1, '1');
  const auto time = ParseDuration(unit);
  const bool has_time = time && *time > std::chrono::nanoseconds::zero();
  if (number && std::isfinite(*number) && *number > 0 && has_time)
    return *number / std::chrono::duration<double>(*time).count();
  error = "\"" + text + "\" is no rate; write a number above 0, such as 50, 50/s, 3000/m or 1/10s";
  return std::nullopt;
}

std::optional<double> ParseScale(const std::string& text, std::string& error) {
  const auto scale = ToNumber<double>(text);
  if (scale && std::isfinite(*scale) && *scale > 0) return scale;
  error = "\"" + text + "\" is no scale; write a number above 0, such as 0.1";
  return std::nullopt;
}

std::optional<std::uint64_t> ParseSeed(const std::string& text, std::string& error) {
  const auto seed = ToNumber<std::uint64_t>(text);
  if (!seed) error = "\"" + text + "\" is no seed; write a whole number from 0, such as 42";
  return seed;
}

std::optional<std::size_t> ParseShards(const std::string& text, std::string& error) {
  constexpr std::size_t kShardsMax = 256;
  const auto shards = ToNumber<std::size_t>(text);
  if (shards && *shards > 0 && *shards <= kShardsMax) return shards;
  error = "\"" + text + "\" is no number of threads; write a whole number from 1 to 256";
  return std::nullopt;
}

std::optional<std::vector<NetAddress>> ParseSourceAddresses(const std::string& text,
                                                            std::string& error) {
  std::vector<NetAddress> addresses;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    if (!AddRange(text.substr(from, to - from), addresses)) {
      error = "\"" + text.substr(from, to - from) +
              "\" is no address and no range of up to 1,024 IPv4 addresses; write for example "
              "127.0.0.1-127.0.0.4";
      return std::nullopt;
    }
    from = to + 1;
  }
  return addresses;
}

std::optional<TargetMapping> ParseTargetMapping(const std::string& text, std::string& error) {
  const std::size_t equals = text.find('=');
  TargetMapping mapping;
  if (equals != std::string::npos &&
      ReadPlace(text.substr(0, equals), mapping.from_host, mapping.from_port) &&
      ReadPlace(text.substr(equals + 1), mapping.to_host, mapping.to_port)) {
    return mapping;
  }
  error = "\"" + text + "\" is no FROM=TO; write hosts with or without ports, such as " +
          "10.1.2.3=127.0.0.1 or lobby:7001=127.0.0.1:8001";
  return std::nullopt;
}

std::optional<WatchRequest> ParseWatchRequest(const std::string& text, std::string& error) {
  const auto [name, number] = SplitNamed(text);
  const auto pid = ToNumber<std::int64_t>(number);
  if (pid && *pid > 0 && !text.starts_with('=')) return WatchRequest{name, *pid};
  error = "\"" + text + "\" is no process; write its number, such as 4711, or NAME=4711";
  return std::nullopt;
}

std::optional<std::uint64_t> ParseTimes(const std::string& text, std::string& error) {
  const auto times = ToNumber<std::uint64_t>(text);
  if (times && *times > 0) return times;
  error = "\"" + text + "\" is no number of runs; write a whole number from 1, such as 10";
  return std::nullopt;
}

std::optional<std::pair<std::string, SearchRange>> ParseVaried(const std::string& text,
                                                               std::string& error) {
  const auto [name, range] = SplitNamed(text);
  const std::size_t dots = range.find("..");
  if (!name.empty() && dots != std::string::npos) {
    const auto from = ToNumber<std::uint64_t>(range.substr(0, dots));
    const auto to = ToNumber<std::uint64_t>(range.substr(dots + 2));
    if (from && to && *from > 0 && *from <= *to) return std::pair{name, SearchRange{*from, *to}};
  }
  error = "\"" + text + "\" is no NAME=FROM..TO; write whole numbers from 1, as players=500..20000";
  return std::nullopt;
}

std::optional<std::pair<std::string, std::string>> ParseCondition(const std::string& text,
                                                                  std::string& error) {
  const std::size_t tags_end = text.rfind('}');
  const std::size_t colon = text.find(':', tags_end == std::string::npos ? 0 : tags_end);
  if (colon != std::string::npos) {
    const std::size_t from = text.find_first_not_of(' ', colon + 1);
    if (colon > 0 && from != std::string::npos)
      return std::pair{text.substr(0, colon), text.substr(from)};
  }
  error = "\"" + text + "\" is no METRIC: EXPRESSION; write for example chat_rtt: p(99)<100ms";
  return std::nullopt;
}

std::optional<double> ParsePercent(const std::string& text, std::string& error) {
  const auto number = text.ends_with('%') ? ToNumber<double>(text.substr(0, text.size() - 1))
                                          : std::optional<double>{};
  if (number && std::isfinite(*number) && *number >= 0) return *number / 100;
  error = "\"" + text + "\" is no percentage; write for example 10%";
  return std::nullopt;
}

std::optional<servercore::NetAddress> ParseControlAddress(const std::string& text,
                                                          std::string& error) {
  constexpr std::string_view kName = "localhost:";
  const bool is_name = text.starts_with(kName);
  const auto address =
      servercore::NetAddress::Parse(is_name ? "127.0.0.1:" + text.substr(kName.size()) : text);
  if (address) return *address;
  error = "\"" + text + "\" is no address to listen on; write 127.0.0.1:6565";
  return std::nullopt;
}

std::optional<ControlPoint> MakeControlPoint(const servercore::NetAddress& address,
                                             const std::string& token, std::string& error) {
  constexpr std::size_t kTokenBytesMin = 16;
  if (token.empty() && !address.IsLoopback()) {
    error = address.ToString() +
            " can be reached from other machines: set the environment's STRESSBOT_CONTROL_TOKEN to "
            "a secret, or give --control-token";
    return std::nullopt;
  }
  if (!token.empty() && token.size() < kTokenBytesMin) {
    error = "the token has fewer than 16 characters, which can be guessed";
    return std::nullopt;
  }
  return ControlPoint{address, token};
}

std::optional<FileOutput> ParseOutput(const std::string& text,
                                      const std::vector<std::string_view>& kinds,
                                      std::string& error) {
  std::string list;
  for (const std::string_view kind : kinds) list.append(list.empty() ? "" : ", ").append(kind);
  const std::size_t equals = text.find('=');
  const std::string kind = text.substr(0, equals);
  const bool is_known = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  if (equals == std::string::npos) {
    const std::string name = is_known ? kind : "json";
    error = "\"" + text + "\" names no file; write for example " + name + "=FILE";
  } else if (!is_known) {
    error = "\"" + kind + "\" is no kind of report; the kinds are " + list + "." +
            DidYouMean(kind, kinds);
  } else if (equals + 1 == text.size()) {
    error = "\"" + text + "\" names no file; write " + kind + "=FILE";
  } else {
    return FileOutput{kind, PathOf(text.substr(equals + 1))};
  }
  return std::nullopt;
}

std::optional<ReportOutput> ParseReportOutput(const std::string& text, std::string& error) {
  std::vector<std::string_view> kinds;
  for (const ReportFormat& format : ReportFormats()) kinds.push_back(format.name);
  auto output = ParseOutput(text, kinds, error);
  if (!output) return std::nullopt;
  return ReportOutput{FindReportFormat(output->kind), std::move(output->file)};
}

}  // namespace stressbot
