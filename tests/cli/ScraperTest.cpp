#include "StressBot/cli/Scraper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <functional>

#include "ServerCore/io/StopSignals.h"
#include "StressBot/metrics/RunMetrics.h"

namespace stressbot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// An endpoint on a free port, whose answers a test says.
class Endpoint {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  explicit Endpoint(Handler handler) {
    server_.Get("/metrics", std::move(handler));
    port_ = static_cast<std::uint16_t>(server_.bind_to_any_port("127.0.0.1"));
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // else stop() would do nothing
  }
  ~Endpoint() {
    // The library forgets a stop that comes before its loop begins.
    while (!server_.is_running()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  httplib::Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

Endpoint::Handler Says(std::string text) {
  return [text](const httplib::Request&, httplib::Response& response) {
    response.set_content(text, "text/plain");
  };
}

class ScraperTest : public testing::Test {
 protected:
  bool Begin(std::uint16_t port, const std::string& series, std::chrono::milliseconds first = 60s) {
    ScrapeRequest request =
        ParseScrapeUrl("http://127.0.0.1:" + std::to_string(port) + "/metrics", error_).value();
    request.series = ParseSeriesSelectors(series, error_).value();
    ids_.emplace(request, catalog_);
    scrapes_ = MetricsFrame(catalog_);
    scraper_.emplace(request, ScrapeLimits{5ms, answer_, 100'000, first});
    return scraper_->Begin(signals_, error_);
  }
  /// Takes what there is now into the run's metrics.
  MetricsFrame Take() {
    MetricsFrame frame(catalog_);
    scraper_->SetMetrics(*ids_, frame);
    scrapes_.Merge(frame);
    return frame;
  }
  std::uint64_t failed() const { return scrapes_.rate(ids_->failed).passed; }
  std::uint64_t scrapes() const { return scrapes_.rate(ids_->failed).total; }
  /// Looks again and again until it is so.
  bool Until(const std::function<bool(const MetricsFrame&)>& condition) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < until) {
      if (condition(Take())) return true;
      signals_.WaitFor(1ms);
    }
    return false;
  }

  std::chrono::milliseconds answer_{60'000};
  servercore::StopSignals signals_;
  MetricsCatalog catalog_;
  std::optional<ScrapeMetrics> ids_;
  MetricsFrame scrapes_;
  std::string error_;
  std::optional<Scraper> scraper_;
};

TEST_F(ScraperTest, GaugesAreTakenAndCountersAreRates) {
  std::atomic<int> asked{0};
  const Endpoint endpoint([&asked](const httplib::Request&, httplib::Response& response) {
    const int n = ++asked;
    response.set_content("players{room=\"1\"} 2\nplayers{room=\"2\"} " + std::to_string(n) +
                             "\nsaves_total " + std::to_string(1'000 * n) + "\n",
                         "text/plain");
  });
  ASSERT_TRUE(Begin(endpoint.port(), "players,players{room=\"1\"},saves_total")) << error_;
  EXPECT_TRUE(Until([&](const MetricsFrame& frame) {
    return frame.gauge(ids_->series[0]) > 10 && frame.gauge(ids_->series[2]) > 0;
  }));
  const MetricsFrame frame = Take();
  EXPECT_EQ(frame.gauge(ids_->series[1]), 2);
  // A thousand in the time between two: 5 ms or more.
  EXPECT_LE(frame.gauge(ids_->series[2]), 1'000 / 0.001);
  EXPECT_EQ(failed(), 0U);
  EXPECT_FALSE(scraper_->TakeComplaint());
}

TEST_F(ScraperTest, AnEndpointThatFailsLaterIsToldOnceAndCounted) {
  std::atomic<bool> broken{false};
  const Endpoint endpoint([&broken](const httplib::Request&, httplib::Response& response) {
    response.set_content(broken ? "oops\n" : "players 7\n", "text/plain");
  });
  ASSERT_TRUE(Begin(endpoint.port(), "players")) << error_;
  broken = true;
  EXPECT_TRUE(Until([&](const MetricsFrame&) { return failed() >= 3; }));
  EXPECT_GE(scrapes(), failed());
  EXPECT_EQ(Take().gauge(ids_->series[0]), 7);  // as it was
  EXPECT_THAT(scraper_->TakeComplaint().value_or(""),
              HasSubstr("is no Prometheus text: line 1 is no sample; its values stay"));
  EXPECT_TRUE(Until([&, before = failed()](const MetricsFrame&) { return failed() > before; }));
  EXPECT_FALSE(scraper_->TakeComplaint());
}

TEST_F(ScraperTest, NobodyThereIsASentence) {
  std::uint16_t port = 0;
  { port = Endpoint(Says("a 1\n")).port(); }
  EXPECT_FALSE(Begin(port, "a", 0s));
  EXPECT_THAT(error_, HasSubstr("/metrics gives nothing: nobody answers there"));
}

TEST_F(ScraperTest, AnUnknownSeriesIsASentence) {
  const Endpoint endpoint(Says("players 1\n"));
  EXPECT_FALSE(Begin(endpoint.port(), "plaiers"));
  EXPECT_THAT(error_, HasSubstr("has no series \"plaiers\". Did you mean \"players\"?"));
}

TEST_F(ScraperTest, OtherStatusesAndRedirectionsAreNoAnswers) {
  const Endpoint endpoint([](const httplib::Request&, httplib::Response& response) {
    response.set_redirect("/elsewhere");
  });
  EXPECT_FALSE(Begin(endpoint.port(), "a", 0s));
  EXPECT_THAT(error_, HasSubstr("answers with status 302 instead of 200"));
}

TEST_F(ScraperTest, WhatIsTooLongIsCut) {
  const Endpoint endpoint(Says(std::string(1'000'000, '\n') + "a 1\n"));
  EXPECT_FALSE(Begin(endpoint.port(), "a", 0s));
  EXPECT_THAT(error_, HasSubstr("too long"));
}

TEST_F(ScraperTest, WhatDripsInIsCut) {
  answer_ = 100ms;
  const Endpoint endpoint([](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [](std::size_t, httplib::DataSink& sink) {
      std::this_thread::sleep_for(2ms);
      return sink.write("\n", 1);  // for ever
    });
  });
  EXPECT_FALSE(Begin(endpoint.port(), "a", 0s));
  EXPECT_THAT(error_, HasSubstr("takes too long"));
}

TEST(ScrapeUrlTest, HasAHostAndPerhapsAPortAndAPath) {
  std::string error;
  const auto full = ParseScrapeUrl("http://game.local:9100/a/b?c=d", error);
  ASSERT_TRUE(full) << error;
  EXPECT_EQ(full->host, "game.local");
  EXPECT_EQ(full->port, 9100);
  EXPECT_EQ(full->path, "/a/b?c=d");
  const auto bare = ParseScrapeUrl("http://[::1]", error);
  ASSERT_TRUE(bare) << error;
  EXPECT_EQ(bare->host, "::1");
  EXPECT_EQ(bare->port, 80);
  EXPECT_EQ(bare->path, "/metrics");
  EXPECT_FALSE(ParseScrapeUrl("https://game.local/metrics", error));
  EXPECT_THAT(error, HasSubstr("no TLS"));
  for (const char* text : {"", "game.local", "http://", "http://:9100", "http://a:b/",
                           "http://user:secret@a/", "http://a b/", "ftp://a/", "http://a:0/"}) {
    EXPECT_FALSE(ParseScrapeUrl(text, error)) << text;
    EXPECT_THAT(error, HasSubstr("is no address")) << text;
  }
}

}  // namespace
}  // namespace stressbot
