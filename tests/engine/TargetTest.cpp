#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <utility>

#include "StressBot/engine/NameThread.h"
#include "StressBot/engine/TargetAddress.h"
#include "tests/engine/SimRun.h"

/// Connects whose target a reply named: a login server that hands out the game server's address.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using servercore::NetAddress;
using servercore::Result;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Answers when the test says so.
class PatientResolver final : public NameResolver {
 public:
  void Resolve(std::string host, Answer answer) override {
    asked.push_back(std::move(host));
    answers_.push_back(std::move(answer));
  }
  void AnswerAll(const Result<NetAddress>& found) {
    for (const Answer& answer : std::exchange(answers_, {})) answer(found);
  }
  std::vector<std::string> asked;

 private:
  std::vector<Answer> answers_;
};

constexpr std::uint8_t kGameServer = 1;

/// Logs in, and connects to where the reply says.
FlowBuilder SentElsewhere(Nanoseconds timeout = 5s) {
  Asked login = Login();
  login.check = {};
  login.save = {{0, "players.0.name"}};
  FlowBuilder flow(ChatProtocol());
  flow.Connect().Request(login).ConnectTo(Variable(0), kGameServer, timeout);
  return flow;
}

FlowProgram SentAndChatting() {
  Asked chat = Chat();
  chat.server = kGameServer;
  return SentElsewhere().Request(chat).Disconnect(kGameServer).Build(1);
}

class TargetTest : public ::testing::Test {
 protected:
  void Make(Group group, std::size_t shards = 1) {
    SimRunOptions options;
    options.shards = shards;
    options.load.targets = rules_;
    options.load.names = &names_;
    run_.emplace(ProgramOf({std::move(group)}, 2), options);
  }
  SimRun& run() { return *run_; }
  /// The login server sends everybody there.
  void SendTo(std::string target) {
    run().server().on_packet = [target = std::move(target)](ScriptedServer::Peer& peer,
                                                            std::string_view packet, auto&&) {
      if (packet != "C_LOGIN") return false;
      peer.SendPacket("S_LOGIN",
                      Wire().Number(1, 1).Message(2, Wire().Number(1, 1).Text(2, target)));
      return true;
    };
  }
  std::string GameAddress() { return run().server(kGameServer).address().ToString(); }
  std::string GamePort() { return std::to_string(run().server(kGameServer).address().port()); }
  std::uint64_t FailedFor(const std::string& reason) {
    return run().Rate("connects_failed", {{"reason", reason}, {"server", "game1"}}).passed;
  }
  void Finish() {
    run().Start();
    ASSERT_TRUE(run().Finish());
  }

  TargetRules rules_;
  PatientResolver names_;
  std::optional<SimRun> run_;
};

TEST_F(TargetTest, BotsConnectToWhereAReplySays) {
  Make(Iterating(SentAndChatting(), 3, 2, 1min));
  SendTo(GameAddress());
  Finish();
  EXPECT_EQ(run().server(kGameServer).Count("C_CHAT"), 6U);
  EXPECT_EQ(run().Counter("iterations", {{"outcome", "completed"}}), 6U);
  EXPECT_EQ(run().Rate("connects_failed").passed, 0U);
  EXPECT_EQ(run().Rate("connects_failed").total, 12U);
  EXPECT_EQ(run().Trend("connect_duration", {{"server", "game1"}}).max_ns(),
            Nanoseconds(kRoundTrip).count());
  EXPECT_THAT(names_.asked, IsEmpty());  // digits need no resolver
}

TEST_F(TargetTest, GarbageIsAFailedConnectWithAReason) {
  const std::vector<std::string> garbage = {"",
                                            "game",
                                            "127.0.0.1",
                                            ":7777",
                                            "127.0.0.1:",
                                            "127.0.0.1:0",
                                            "127.0.0.1:65536",
                                            "127.0.0.1:-1",
                                            "127.0.0.1:7777 ",
                                            "127.0.0.1:0x50",
                                            "a b:80",
                                            "-option:80",
                                            std::string("127.0.0.1\0:80", 13),
                                            "a/../b:80",
                                            "[]:80",
                                            "[::1]",
                                            "[[::1]]:80",
                                            "\xff\xfe:80",
                                            std::string(254, 'a') + ":80",
                                            std::string(60'000, 'A')};
  for (const std::string& target : garbage) {
    Make(Iterating(SentAndChatting(), 1, 1, 1min));
    SendTo(target);
    Finish();
    EXPECT_EQ(FailedFor("target"), 1U) << target;
    EXPECT_EQ(run().Counter("iterations", {{"outcome", "failed"}}), 1U);
    const auto told = run().Failures("connects_failed");
    ASSERT_EQ(told.size(), 1U) << target;
    EXPECT_THAT(told[0], HasSubstr("is no HOST:PORT"));
    EXPECT_LT(told[0].size(), 250U);
    run_.reset();
  }
}

TEST_F(TargetTest, PublicAddressesAreForThoseWhoSaySo) {
  Make(Iterating(SentAndChatting(), 1, 1, 1min));
  SendTo("8.8.8.8:7777");
  Finish();
  EXPECT_EQ(FailedFor("target"), 1U);
  EXPECT_THAT(run().Failures("connects_failed"), ElementsAre(HasSubstr("8.8.8.8:7777 is public")));
  run_.reset();

  rules_.allow_public = true;
  Make(Iterating(SentAndChatting(), 1, 1, 1min));
  SendTo("8.8.8.8:7777");
  Finish();
  EXPECT_EQ(FailedFor("target"), 0U);
  EXPECT_EQ(run().Rate("connects_failed", {{"server", "game1"}}).passed, 1U);  // nobody is there
}

TEST_F(TargetTest, ANameIsJudgedByWhatItMeans) {
  Make(Iterating(SentAndChatting(), 1, 1, 1min));
  SendTo("looks.harmless:7777");
  run().Start();
  run().RunFor(1s);
  names_.AnswerAll(NetAddress::Ipv4({93, 184, 216, 34}, 0));
  ASSERT_TRUE(run().Finish());
  EXPECT_EQ(FailedFor("target"), 1U);
}

TEST_F(TargetTest, ANameIsAskedOnceAndRememberedForAWhile) {
  Make(Iterating(SentAndChatting(), 50, 1, 1min));
  SendTo("lobby:" + GamePort());
  run().Start();
  run().RunFor(10ms);
  EXPECT_THAT(names_.asked, ElementsAre("lobby"));
  names_.AnswerAll(run().server(kGameServer).address().WithPort(0));
  ASSERT_TRUE(run().Finish());
  EXPECT_EQ(run().server(kGameServer).Count("C_CHAT"), 50U);
  // The wait for the name is part of the connect.
  EXPECT_GT(run().Trend("connect_duration", {{"server", "game1"}}).min_ns(),
            Nanoseconds(9ms).count());
  run_.reset();

  names_.asked.clear();
  Group visits = Arriving(SentAndChatting(), 1, 100s, 5);
  Make(visits);
  SendTo("lobby:" + GamePort());
  run().Start();
  for (int i = 0; i < 1'000; ++i) {
    run().RunFor(100ms);
    names_.AnswerAll(run().server(kGameServer).address().WithPort(0));
  }
  ASSERT_TRUE(run().Finish());
  EXPECT_EQ(run().server(kGameServer).Count("C_CHAT"), 100U);
  EXPECT_EQ(names_.asked.size(), 2U);  // again after a minute
}

TEST_F(TargetTest, WhoIsNotKnownIsAskedForAgainSoon) {
  Group group = Iterating(SentAndChatting(), 1, 4, 1min);
  group.retry = {.after = 2s, .factor = 1, .max = 2s, .jitter = 0};
  Make(group);
  SendTo("nobody:7777");
  run().Start();
  for (int i = 0; i < 200; ++i) {
    run().RunFor(50ms);
    names_.AnswerAll(std::make_error_code(std::errc::host_unreachable));
  }
  ASSERT_TRUE(run().Finish());
  EXPECT_EQ(FailedFor("target"), 4U);
  EXPECT_EQ(names_.asked.size(), 2U);  // at 0 and 6 s
  EXPECT_THAT(run().Failures("connects_failed")[0], HasSubstr("the name \"nobody\" is not known"));
}

TEST_F(TargetTest, AnAnswerThatComesTooLateIsNobodys) {
  Make(Iterating(SentElsewhere(300ms).Build(1), 1, 1, 1min));
  SendTo("slow:" + GamePort());
  Finish();
  EXPECT_EQ(FailedFor("timeout"), 1U);
  EXPECT_TRUE(run().Trend("connect_duration", {{"server", "game1"}}).IsLowerBound(50));
  names_.AnswerAll(run().server(kGameServer).address().WithPort(0));
  run().RunFor(1s);
  EXPECT_THAT(run().server(kGameServer).peers(), IsEmpty());
}

TEST_F(TargetTest, ABotThatIsCutWhileItsNameIsLookedUpForgetsIt) {
  Group group = Constant(SentElsewhere(1h).Think(Exactly(1h)).Build(1), 2, 10s);
  group.churn = Churn{Exactly(1s), 0, Exactly(1s)};
  group.graceful_stop = 0s;
  Make(group, 2);
  SendTo("slow:" + GamePort());
  run().Start();
  run().RunFor(1500ms);
  names_.AnswerAll(run().server(kGameServer).address().WithPort(0));  // while they are away
  run().RunFor(100ms);
  EXPECT_THAT(run().server(kGameServer).peers(), IsEmpty());
  ASSERT_TRUE(run().Finish());
  EXPECT_GT(run().server(kGameServer).peers().size(), 0U);
  EXPECT_EQ(run().Rate("connects_failed").passed, 0U);
}

TEST_F(TargetTest, ADisconnectCutsTheLookup) {
  FlowBuilder flow(ChatProtocol());
  flow.Parallel({[](FlowBuilder& branch) {
                   branch.ConnectTo(Literal(std::string("slow:7777")), kGameServer, 1h);
                 },
                 [](FlowBuilder& branch) { branch.Think(Exactly(1s)).Disconnect(kGameServer); }});
  Make(Iterating(flow.Build(1), 1, 1, 1min));
  Finish();
  EXPECT_EQ(run().Counter("iterations", {{"outcome", "completed"}}), 1U);
  EXPECT_EQ(run().load().Elapsed(), 1s);
  EXPECT_EQ(run().Rate("connects_failed").total, 0U);
}

TEST_F(TargetTest, AServerThatHandsOutEndlessNamesCostsLittle) {
  Make(Iterating(SentAndChatting(), 3'000, 1, 1min));
  run().server().on_packet = [n = 0](ScriptedServer::Peer& peer, std::string_view packet,
                                     auto&&) mutable {
    if (packet != "C_LOGIN") return false;
    const std::string target = "host" + std::to_string(++n) + ":80";
    peer.SendPacket("S_LOGIN", Wire().Number(1, 1).Message(2, Wire().Number(1, 1).Text(2, target)));
    return true;
  };
  run().Start();
  run().RunFor(1s);
  EXPECT_EQ(names_.asked.size(), TargetLookup::kNamesMax);
  EXPECT_EQ(FailedFor("target"), 3'000U - TargetLookup::kNamesMax);
  ASSERT_TRUE(run().Finish());
  EXPECT_EQ(FailedFor("timeout"), TargetLookup::kNamesMax);
}

TEST_F(TargetTest, MapTargetLeadsElsewhereBeforeAnythingIsLookedUp) {
  Make(Iterating(SentAndChatting(), 1, 1, 1min));
  const auto game = run().server(kGameServer).address();
  const std::string host = game.ToString().substr(0, game.ToString().rfind(':'));
  run_.reset();
  rules_.mappings = {{"other", {}, "nowhere", {}}, {"Lobby", 5, host, game.port()}};
  Make(Iterating(SentAndChatting(), 1, 1, 1min));
  ASSERT_EQ(run().server(kGameServer).address(), game);
  SendTo("lobby:5");
  Finish();
  EXPECT_THAT(names_.asked, IsEmpty());
  EXPECT_EQ(run().server(kGameServer).Count("C_CHAT"), 1U);
}

TEST(TargetAddressTest, HostsAndPorts) {
  const auto parsed = [](std::string_view text) {
    const auto place = ParseHostPort(text);
    return place ? place->host + " " + std::to_string(place->port) : "-";
  };
  EXPECT_EQ(parsed("10.0.0.5:7777"), "10.0.0.5 7777");
  EXPECT_EQ(parsed("a-b_c.example:1"), "a-b_c.example 1");
  EXPECT_EQ(parsed("[::1]:65535"), "::1 65535");
  EXPECT_EQ(parsed("::1:7777"), "::1 7777");
  EXPECT_EQ(parsed("a:00080"), "a 80");
  EXPECT_EQ(parsed("a:+80"), "-");
}

TEST(TargetAddressTest, TheFirstMappingThatFitsWins) {
  const std::vector<TargetMapping> mappings = {
      {"a", 1, "b", {}}, {"a", {}, "c", 9}, {"A", {}, "never", {}}};
  EXPECT_EQ(Mapped({"a", 1}, mappings).host, "b");
  EXPECT_EQ(Mapped({"a", 1}, mappings).port, 1);
  EXPECT_EQ(Mapped({"A", 2}, mappings).host, "c");
  EXPECT_EQ(Mapped({"A", 2}, mappings).port, 9);
  EXPECT_EQ(Mapped({"x", 2}, mappings).host, "x");
}

TEST(NameThreadTest, AsksTheSystem) {
  NameThread names;
  std::promise<Result<NetAddress>> answered;
  names.Resolve("localhost",
                [&](Result<NetAddress> found) { answered.set_value(std::move(found)); });
  const Result<NetAddress> found = answered.get_future().get();
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_TRUE(found->IsLoopback());
  names.Stop();
  names.Resolve("localhost", [](const Result<NetAddress>&) { FAIL() << "after Stop"; });
}

}  // namespace
}  // namespace stressbot::testing
