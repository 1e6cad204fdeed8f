#include "StressBot/control/ControlServer.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>

#include "tests/control/ControlledRun.h"

/// The interface over real sockets, and a run in simulated time behind it.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;

class Served {
 public:
  explicit Served(std::string token = {}) : run_(PlayersAndVisitors()) {
    std::string error;
    server_ = ControlServer::Start({servercore::NetAddress::Loopback(0), std::move(token)},
                                   run_.control(), error);
    EXPECT_TRUE(server_) << error;
    run_.Begin();
    run_.run().RunFor(1s);
  }
  httplib::Client Client() { return httplib::Client("127.0.0.1", server_->address().port()); }
  httplib::Result Get(const std::string& path, const httplib::Headers& headers = {}) {
    return Client().Get(path, headers);
  }
  httplib::Result Post(const std::string& path, const std::string& body = {},
                       const httplib::Headers& headers = {}) {
    return Client().Post(path, headers, body, "application/json");
  }
  ControlledRun& run() { return run_; }
  std::uint16_t port() const { return server_->address().port(); }

 private:
  ControlledRun run_;
  std::unique_ptr<ControlServer> server_;
};

void ExpectStatus(const httplib::Result& result, int status, const std::string& words) {
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->status, status) << result->body;
  EXPECT_NE(result->body.find(words), std::string::npos) << result->body;
  EXPECT_FALSE(nlohmann::json::parse(result->body, nullptr, false).is_discarded()) << result->body;
}

TEST(ControlServerTest, StatusAndCommands) {
  Served served;
  ExpectStatus(served.Get("/status"), 200, "\"state\": \"running\"");
  ExpectStatus(served.Get("/status"), 200, "\"bots_wanted\": 20,");
  ExpectStatus(served.Post("/pause"), 200, "the load is paused");
  ExpectStatus(served.Get("/status"), 200, "\"state\": \"paused\"");
  ExpectStatus(served.Post("/pause"), 409, "paused already");
  ExpectStatus(served.Post("/resume", "{}"), 200, "goes on");
  ExpectStatus(served.Post("/bots", R"({"bots": 3})"), 200, "players goes to 3 bots");
  ExpectStatus(served.Post("/bots", R"({"bots": 300})"), 400, "20 bots at most; \\\"maxBots\\\"");
  ExpectStatus(served.Post("/mark", R"({"name": "deploy"})"), 200, "mark deploy");
  served.run().run().RunFor(1s);
  EXPECT_EQ(served.run().run().server().open().size(), 3U);
  const auto metrics = served.Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_EQ(metrics->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(metrics->body.find("stressbot_bots_wanted{group=\"players\"} 3"), std::string::npos);
}

TEST(ControlServerTest, BadRequestsAreOneSentence) {
  Served served;
  ExpectStatus(served.Post("/bots", "{\"bots\": "), 400, "error");
  ExpectStatus(served.Post("/bots", R"({"bot": 3})"), 400, "did you mean");
  ExpectStatus(served.Post("/paus"), 404, "did you mean \\\"pause\\\"?");
  ExpectStatus(served.Get("/pause"), 405, "POST it");
  ExpectStatus(served.Get("/"), 404, "GET /status");
  ExpectStatus(served.Get("/" + std::string(2'000, 'a')), 404, "no such path");
  ExpectStatus(served.Post("/mark", std::string(5'000, ' ')), 413, "4,096");
  ExpectStatus(served.Client().Put("/status", "", "text/plain"), 405, "GET and POST only");
  ExpectStatus(served.Client().Options("/status"), 405, "GET and POST only");
  EXPECT_FALSE(served.run().control().changed());
}

TEST(ControlServerTest, PagesOfABrowserAreKeptOut) {
  Served served;
  const std::string own = "127.0.0.1:" + std::to_string(served.port());
  ExpectStatus(served.Post("/pause", "", {{"Origin", "http://evil.example"}}), 403, "origin");
  ExpectStatus(served.Post("/pause", "", {{"Host", "evil.example"}}), 403, "loopback");
  ExpectStatus(served.Get("/status", {{"Host", "evil.example"}}), 403, "loopback");
  EXPECT_FALSE(served.run().control().changed());
  ExpectStatus(served.Post("/pause", "", {{"Host", own}, {"Origin", "http://" + own}}), 200,
               "done");
}

TEST(ControlServerTest, ATokenLetsIn) {
  Served served("0123456789abcdef");
  ExpectStatus(served.Get("/status"), 401, "Bearer");
  ExpectStatus(served.Get("/metrics"), 401, "Bearer");
  ExpectStatus(served.Post("/pause", "", {{"Authorization", "Bearer 0123456789abcdeX"}}), 401,
               "token");
  ExpectStatus(served.Post("/pause", "", {{"Authorization", "Bearer 0123456789abcdef"}}), 200,
               "done");
}

TEST(ControlServerTest, ATakenPortIsASentence) {
  Served served;
  std::string error;
  EXPECT_FALSE(ControlServer::Start({servercore::NetAddress::Loopback(served.port()), {}},
                                    served.run().control(), error));
  EXPECT_NE(error.find("the port is taken"), std::string::npos);
}

TEST(ControlServerTest, ItMayEndBeforeAnybodyAsked) {
  Served served;
  std::string error;
  EXPECT_TRUE(ControlServer::Start({servercore::NetAddress::Loopback(0), {}},
                                   served.run().control(), error));
}

}  // namespace
}  // namespace stressbot::testing
