#include "StressBot/report/HdrReport.h"

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <string_view>

#include "StressBot/report/JsonValues.h"
#include "StressBot/report/StartTime.h"
#include "StressBot/report/Utf8.h"

namespace stressbot {

namespace {

/// Cookies of HdrHistogram's AbstractHistogram.java, with its word size bits.
constexpr std::uint32_t kV2Cookie = 0x1C849303 | 0x10;
constexpr std::uint32_t kV2CompressedCookie = 0x1C849304 | 0x10;
constexpr std::uint32_t kSignificantDigits = 3;
constexpr std::uint64_t kHighestTrackable = (std::uint64_t{1} << Histogram::kValueBits) - 1;

template <typename Unsigned>
void AppendBigEndian(Unsigned value, std::string& out) {
  for (int shift = static_cast<int>(sizeof(value)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xFF);
  }
}

/// ZigZag, then seven bits a byte, the lowest first; the ninth byte holds eight.
void AppendZigZag(std::int64_t value, std::string& out) {
  auto rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (int i = 0; i < 8 && rest >= 0x80; ++i) {
    out += static_cast<char>((rest & 0x7F) | 0x80);
    rest >>= 7;
  }
  out += static_cast<char>(rest);
}

/// Counts by bucket; a run of empty ones is its negative length.
std::string EncodeCounts(const Histogram& histogram) {
  std::string out;
  std::size_t next = 0;
  histogram.ForEachBucket([&](std::size_t bucket, std::uint64_t count) {
    const std::size_t empty = bucket - next;
    if (empty == 1) AppendZigZag(0, out);
    if (empty > 1) AppendZigZag(-static_cast<std::int64_t>(empty), out);
    AppendZigZag(static_cast<std::int64_t>(count), out);
    next = bucket + 1;
  });
  return out;
}

/// RFC 1950 and 1951, stored blocks only.
std::string Zlib(std::string_view bytes) {
  constexpr std::size_t kBlockBytesMax = 65'535;
  std::string out("\x78\x01", 2);
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % 65'521;
    b = (b + a) % 65'521;
  }
  do {
    const std::string_view block = bytes.substr(0, kBlockBytesMax);
    bytes.remove_prefix(block.size());
    const auto size = static_cast<unsigned>(block.size());
    out += bytes.empty() ? '\x01' : '\x00';
    for (const unsigned half : {size, ~size}) {
      out += static_cast<char>(half & 0xFF);
      out += static_cast<char>(half >> 8 & 0xFF);
    }
    out += block;
  } while (!bytes.empty());
  AppendBigEndian(b << 16 | a, out);
  return out;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 3))) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= bytes.size() ? kLetters[group >> (18 - 6 * i) & 0x3F] : '=';
    }
  }
  return out;
}

std::string TagOfSeries(const Series& series) {
  std::string tags;
  for (const auto& [name, value] : series.tags) {
    tags += (tags.empty() ? "" : ";") + name + ":" + value;
  }
  std::string text = ToPrintable(series.metric + (tags.empty() ? "" : "{" + tags + "}"));
  for (char& letter : text) {
    if (letter == ',' || letter == ' ' || letter == '#') letter = '_';
  }
  return text;
}

std::chrono::nanoseconds MeasuredFrom(const Timeline& timeline) {
  for (const Timeline::Span& span : timeline.spans()) {
    if (span.phase == Phase::kLoad) return span.from;
  }
  return {};
}

}  // namespace

std::string EncodeHdr(const Histogram& histogram) {
  const std::string counts = EncodeCounts(histogram);
  std::string plain;
  AppendBigEndian(kV2Cookie, plain);
  AppendBigEndian(static_cast<std::uint32_t>(counts.size()), plain);
  AppendBigEndian(std::uint32_t{0}, plain);  // normalizing index offset
  AppendBigEndian(kSignificantDigits, plain);
  AppendBigEndian(std::uint64_t{1}, plain);  // lowest discernible value
  AppendBigEndian(kHighestTrackable, plain);
  AppendBigEndian(std::bit_cast<std::uint64_t>(1.0), plain);  // integer to double conversion
  const std::string packed = Zlib(plain + counts);
  std::string whole;
  AppendBigEndian(kV2CompressedCookie, whole);
  AppendBigEndian(static_cast<std::uint32_t>(packed.size()), whole);
  return Base64(whole + packed);
}

std::string WriteHdrLog(const RunResult& result) {
  std::string text = fmt::format(
      "#[stressbot {}: {}; values in ns]\n#[Histogram log format version 1.3]\n"
      "#[StartTime: {}.000 (seconds since epoch), {}]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      ToPrintable(result.tool_version), ToPrintable(result.scenario),
      EpochSeconds(result.started_at), ToPrintable(result.started_at));
  if (result.metrics == nullptr) return text;
  const RunMetrics& metrics = *result.metrics;
  const double from = SecondsOf(MeasuredFrom(metrics.timeline()));
  const std::vector<Series>& trends = metrics.catalog().trends();
  for (std::uint32_t i = 0; i < trends.size(); ++i) {
    const Histogram& trend = metrics.measured().trend(TrendId{i});
    if (trend.empty()) continue;
    text += fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", TagOfSeries(trends[i]), from,
                        SecondsOf(metrics.measured_time()), MillisecondsOf(trend.max_ns()),
                        EncodeHdr(trend));
  }
  return text;
}

}  // namespace stressbot
