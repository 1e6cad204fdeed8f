#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "StressBot/engine/TraceLog.h"
#include "tests/engine/SimRun.h"

/// A failure comes with the conversation that led to it, and a followed bot tells everything.
namespace stressbot::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using RecordKind = TraceHead::Kind;

/// "-> C_LOGIN", "<- S_CHAT", "-- words".
std::string Shown(const TraceRecord& record) {
  if (record.head.kind == RecordKind::kNote) {
    return "-- " +
           std::string(reinterpret_cast<const char*>(record.bytes.data()), record.bytes.size());
  }
  const Protocol& protocol = *ChatProtocol();
  const PacketIndex packet = protocol.IndexOfId(record.head.packet_id);
  const std::string name = packet == kUnknownPacket ? std::to_string(record.head.packet_id)
                                                    : protocol.packet(packet).name;
  switch (record.head.kind) {
    case RecordKind::kSent:
      return "-> " + name;
    case RecordKind::kTaken:
      return "<- " + name;
    case RecordKind::kUnwanted:
      return "(< " + name + ")";
    default:
      return "?< " + name;
  }
}

std::vector<std::string> ShownAll(const std::vector<TraceRecord>& records) {
  std::vector<std::string> shown;
  for (const TraceRecord& record : records) shown.push_back(Shown(record));
  return shown;
}

FailureLog::Entry FirstFailure(SimRun& run, std::string_view metric) {
  for (const FailureLog::Entry& entry : run.load().failures().Entries())
    if (entry.metric == metric) return entry;
  ADD_FAILURE() << "no failure of " << metric;
  return {};
}

TEST(TraceTest, AFailedCheckShowsWhatItFoundAndTheConversation) {
  Asked enter = Enter();
  enter.check = {{"player.name", Literal(Value("somebody"))}};
  SimRun run(ProgramOf({Constant(
      Flow().Connect().Request(Login()).Request(enter).Think(Exactly(1h)).Build(), 1, 1s)}));
  run.Start();
  run.RunFor(1s);
  const FailureLog::Entry failure = FirstFailure(run, "checks");
  EXPECT_THAT(failure.text, HasSubstr(": it is \""));
  EXPECT_THAT(ShownAll(failure.conversation),
              ElementsAre(HasSubstr("-- connected to"), "-> C_LOGIN", "<- S_LOGIN",
                          "-> C_ENTER_GAME", "<- S_ENTER_GAME"));
  const TraceHead& last = failure.conversation.back().head;
  EXPECT_EQ(*last.step, "C_ENTER_GAME");
  EXPECT_EQ(last.received, 2U);
  EXPECT_EQ(last.packet_bytes, failure.conversation.back().bytes.size() + 4);
}

TEST(TraceTest, OthersChatsAreCountedNotShown) {
  Asked chat = Chat();
  chat.timeout = 2s;
  SimRun run(ProgramOf({Constant(Flow().Connect().Request(Login()).Request(chat).Build(), 1, 5s)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view) {
    if (packet != "C_CHAT") return false;
    for (int i = 0; i < 30; ++i) peer.SendPacket("S_CHAT", Wire().Text(2, "of somebody else"));
    return true;
  };
  run.Start();
  run.RunFor(4s);
  const FailureLog::Entry failure = FirstFailure(run, "requests_failed");
  EXPECT_THAT(ShownAll(failure.conversation),
              ElementsAre(HasSubstr("-- connected to"), "-> C_LOGIN", "<- S_LOGIN", "-> C_CHAT"));
}

TEST(TraceTest, ADropTellsHowItEnded) {
  SimRun run(ProgramOf({Constant(LoginEnterChat(), 1, 5s)}));
  run.server().on_packet = [](ScriptedServer::Peer& peer, std::string_view packet,
                              std::string_view) {
    if (packet != "C_CHAT") return false;
    peer.Disconnect(servercore::CloseKind::kReset);
    return true;
  };
  run.Start();
  run.RunFor(3s);
  const auto shown = ShownAll(FirstFailure(run, "bots_dropped").conversation);
  ASSERT_GE(shown.size(), 2U);
  EXPECT_EQ(shown[shown.size() - 2], "-> C_CHAT");
  EXPECT_THAT(shown.back(), HasSubstr("reset by the server"));
}

TEST(TraceTest, OneOfEachKindIsKeptForItsConversation) {
  FailureLog log;
  for (int i = 0; i < 5; ++i) log.Add("checks", 1s, "first ones");
  EXPECT_FALSE(log.Wants("checks", false));
  EXPECT_TRUE(log.Wants("checks", true));
  log.Add("checks", 2s, "not recorded either");
  log.Add("checks", 3s, "recorded", {TraceRecord{}});
  EXPECT_FALSE(log.Wants("checks", true));
  log.Add("checks", 4s, "recorded too", {TraceRecord{}});
  ASSERT_EQ(log.Entries().size(), 6U);
  EXPECT_EQ(log.Entries().back().text, "recorded");
}

TEST(TraceTest, AFollowedBotIsAloneAndTellsEverything) {
  TraceLog log;
  SimRunOptions options;
  options.shards = 2;
  options.load.only_bot = 3;
  options.load.trace = &log;
  Asked expected{.packet = "", .expect = "S_CHAT", .timeout = 300ms};
  SimRun run(ProgramOf({Constant(Flow()
                                     .Connect()
                                     .Request(Login())
                                     .Request(Enter())
                                     .Request(Chat())
                                     .Think(Exactly(100ms))
                                     .Expect(expected)
                                     .Disconnect()
                                     .Build(),
                                 5, 500ms)}),
             options);
  run.server().on_connected = [](ScriptedServer::Peer& peer) { peer.SendPacket("S_CHAT"); };
  run.Start();
  ASSERT_TRUE(run.Finish());
  EXPECT_EQ(run.server().peers().size(), 1U);
  const auto records = log.Take();
  const auto shown = ShownAll(records);
  for (const TraceRecord& record : records) EXPECT_EQ(record.head.bot, 3U);
  EXPECT_THAT(shown[0], HasSubstr("iteration 1 begins"));
  EXPECT_THAT(shown[1], HasSubstr("-- connects to"));
  for (const char* line :
       {"(< S_CHAT)", "-> C_LOGIN", "<- S_LOGIN", "<- S_ENTER_GAME", "-> C_CHAT", "<- S_CHAT"})
    EXPECT_THAT(shown, Contains(line));
  for (const char* words : {"thinks for", "waits for", "failed: nothing received in time",
                            "is away", "iteration 1 is failed", "closed, by us"})
    EXPECT_THAT(shown, Contains(HasSubstr(words)));
}

TEST(TraceTest, UnknownPacketsKeepTheirBytes) {
  SimRun run(ProgramOf({Constant(Flow().Connect().Think(Exactly(1h)).Build(), 1, 1s)}));
  run.server().on_connected = [](ScriptedServer::Peer& peer) {
    peer.SendBytes(std::string_view("\x06\x00\xff\x7f\x01\x02", 6));
  };
  run.Start();
  run.RunFor(500ms);
  const FailureLog::Entry failure = FirstFailure(run, "packets_invalid");
  ASSERT_EQ(failure.conversation.size(), 2U);
  EXPECT_EQ(Shown(failure.conversation[1]), "?< 32767");
  EXPECT_EQ(failure.conversation[1].bytes.size(), 2U);
}

}  // namespace
}  // namespace stressbot::testing
