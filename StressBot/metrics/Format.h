#pragma once
#include <chrono>
#include <cstdint>
#include <string>

/// Numbers as people read them, the same in progress lines, the summary and verdicts. Independent
/// of the locale.
namespace stressbot {

/// 1448300 → "1,448,300".
std::string FormatCount(std::uint64_t count);
/// With thousands separators and that many decimals: 1000, 1 → "1,000.0".
std::string FormatNumber(double value, int decimals);
/// Three significant digits in the fitting unit: "850 ns", "98.0 us", "12.4 ms", "1.20 s".
std::string FormatLatency(double ns);
/// A stretch of a run: "30.0 s", "12 min 05 s", "2 h 05 min".
std::string FormatSpan(std::chrono::nanoseconds span);
/// Decimal units: "512 B", "1.1 MB", "61 MB".
std::string FormatBytes(double bytes);
/// Binary units, for memory a bot: "1.9 KiB".
std::string FormatBinaryBytes(double bytes);
/// A share of 1 with four decimals, and more where these would round it to 0 or 1: "0.99999".
std::string FormatShare(double share);
/// As short as the number allows: "3", "0.5".
std::string FormatShort(double value);

}  // namespace stressbot
