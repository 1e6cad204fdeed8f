#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ServerCore/io/StopRequests.h"
#include "StressBot/metrics/Exposition.h"
#include "StressBot/metrics/MetricsFrame.h"

namespace httplib {
class Client;
}

namespace stressbot {

/// `--scrape http://HOST[:PORT][/PATH] --series NAME,...`.
struct ScrapeRequest {
  std::string url;  ///< as it was written
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/metrics";
  std::vector<SeriesSelector> series;
};
/// Reads the address only. http alone: what is scraped lies in the same network, and StressBot
/// brings no certificates.
std::optional<ScrapeRequest> ParseScrapeUrl(const std::string& text, std::string& error);

/// Where the numbers go.
struct ScrapeMetrics {
  ScrapeMetrics(const ScrapeRequest& request, MetricsCatalog& catalog);

  std::vector<GaugeId> series;  ///< by ScrapeRequest::series
  RateId failed;
};

struct ScrapeLimits {
  std::chrono::milliseconds period{1'000};
  std::chrono::milliseconds answer{2'000};
  std::size_t bytes = 4 * 1024 * 1024;
  /// Until the first answer that is right: a server that was just started may open the port late.
  std::chrono::milliseconds first{5'000};
};

/// Asks a Prometheus endpoint once a second, in a thread of its own: however slow it is, nothing of
/// the load waits for it. What it answers is not trusted: it is cut at the limits, and redirections
/// are not followed.
class Scraper {
 public:
  explicit Scraper(ScrapeRequest request, ScrapeLimits limits = {});
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;
  ~Scraper();  ///< ends the thread, at once

  // Thread: the main one.
  /// Scrapes until one answer was right, and goes on by itself. False when there was none, or a
  /// series is unknown, and `error` is a sentence; or when a signal came, without one. Once.
  bool Begin(servercore::StopRequests& stops, std::string& error);
  /// The latest values, and how the scrapes since the last call went.
  void SetMetrics(const ScrapeMetrics& ids, MetricsFrame& frame);
  /// Why a scrape failed: the first time only.
  std::optional<std::string> TakeComplaint();

 private:
  using Clock = std::chrono::steady_clock;
  void Run();
  bool WaitUntil(Clock::time_point due);  ///< false when it is to end
  /// One scrape; false when it failed, and `error` says why.
  bool Scrape(std::string& error);
  std::optional<std::string> Fetch(std::string& error);
  void Take(const Exposition& exposition);
  void NoteFailure(const std::string& why);
  void CutLongAnswer();  ///< REQUIRES that mutex_ is held

  const ScrapeRequest request_;
  const ScrapeLimits limits_;
  std::unique_ptr<httplib::Client> client_;  ///< its stop() may be called from any thread
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool ended_ = false;                         ///< the thread
  std::optional<Clock::time_point> asked_at_;  ///< while an answer is awaited
  bool begun_ = false;                         ///< an answer was right
  std::string unknown_;                        ///< what the first one says of unknown series
  std::string why_not_;                        ///< the latest failure before that
  std::vector<double> values_;
  std::uint64_t answered_ = 0, failed_ = 0;
  std::string complaint_;
  bool complained_ = false;

  // The thread's own.
  std::vector<std::optional<double>> counts_;  ///< of counters, by series
  Clock::time_point counted_at_{};
};

}  // namespace stressbot
