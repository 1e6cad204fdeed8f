#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ServerCore/net/NetAddress.h"
#include "StressBot/cli/Options.h"
#include "StressBot/engine/TargetAddress.h"

/// The little languages of option values. Each gives nothing and fills `error` with a sentence when
/// the text cannot be understood.
namespace stressbot {

/// "game=127.0.0.1:7777" → {"game", "127.0.0.1:7777"}; without a name: {"", ...}.
std::pair<std::string, std::string> SplitNamed(const std::string& text);

std::optional<std::uint32_t> ParseBots(const std::string& text, std::string& error);
/// From 0, as bots are numbered.
std::optional<std::uint32_t> ParseBotId(const std::string& text, std::string& error);
std::optional<std::uint64_t> ParsePacketCount(const std::string& text, std::string& error);
/// "50", "50/s", "3000/m", "1/10s" → arrivals a second.
std::optional<double> ParseRate(const std::string& text, std::string& error);
/// "0.1": more than zero.
std::optional<double> ParseScale(const std::string& text, std::string& error);
std::optional<std::uint64_t> ParseSeed(const std::string& text, std::string& error);
std::optional<std::size_t> ParseShards(const std::string& text, std::string& error);

/// "127.0.0.1-127.0.0.4", "10.0.0.5", or several with commas between; ports are 0.
std::optional<std::vector<servercore::NetAddress>> ParseSourceAddresses(const std::string& text,
                                                                        std::string& error);

/// "10.1.2.3=127.0.0.1", "lobby:7001=127.0.0.1:8001": hosts, with ports or without.
std::optional<TargetMapping> ParseTargetMapping(const std::string& text, std::string& error);

/// "4711", "database=4711".
std::optional<WatchRequest> ParseWatchRequest(const std::string& text, std::string& error);

/// Of --repeat: from 1.
std::optional<std::uint64_t> ParseTimes(const std::string& text, std::string& error);
/// "players=500..20000" → the name and the range.
std::optional<std::pair<std::string, SearchRange>> ParseVaried(const std::string& text,
                                                               std::string& error);
/// "chat_rtt: p(99)<100ms" → {"chat_rtt", "p(99)<100ms"}.
std::optional<std::pair<std::string, std::string>> ParseCondition(const std::string& text,
                                                                  std::string& error);
/// "10%" → 0.1.
std::optional<double> ParsePercent(const std::string& text, std::string& error);

/// "127.0.0.1:6565", "localhost:6565", "[::1]:0".
std::optional<servercore::NetAddress> ParseControlAddress(const std::string& text,
                                                          std::string& error);
/// Fills `error` when who comes from elsewhere would be let in, or the token is easily guessed.
std::optional<ControlPoint> MakeControlPoint(const servercore::NetAddress& address,
                                             const std::string& token, std::string& error);

/// "json=FILE", of these kinds.
std::optional<FileOutput> ParseOutput(const std::string& text,
                                      const std::vector<std::string_view>& kinds,
                                      std::string& error);
/// The same of all kinds of report that a run has.
std::optional<ReportOutput> ParseReportOutput(const std::string& text, std::string& error);

}  // namespace stressbot
